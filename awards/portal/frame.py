"""What stands around each page: who runs the site, its sections, its fixed pages. Kept in memory
for a second.
"""

import time
from dataclasses import dataclass, field

from awards.portal.models import FixedPage, Section, Site
from awards.words import Words

FRESH = 1.0
HOMES = {"campaigns": "/campaigns", "showcase": "/showcase"}


@dataclass(frozen=True)
class Link:
    """A place of the portal."""

    slug: str
    title: Words
    href: str


@dataclass
class Frame:
    """Site identity, navigation and footer."""

    site: Site
    nav: list[Link]
    footer_pages: list[Link]
    read_at: float = field(default_factory=time.monotonic)

    @property
    def is_fresh(self) -> bool:
        return time.monotonic() - self.read_at < FRESH


def unnamed_site() -> Site:
    """What a site is called before anybody named it."""
    return Site(
        id=1,
        name=Words("好人", "Good People"),
        slogan=Words("说好人，做好人", "Tell of good people, be one"),
        since_year=2026,
    )


async def load_frame() -> Frame:
    """Read the frame from the database."""
    sections = await Section.filter(in_navigation=True).order_by("position")
    pages = await FixedPage.filter(in_footer=True).order_by("position")
    return Frame(
        site=await Site.first() or unnamed_site(),
        nav=[Link(each.slug, each.title, href_of(each)) for each in sections],
        footer_pages=[Link(each.slug, each.title, f"/pages/{each.slug}") for each in pages],
    )


def href_of(section: Section) -> str:
    """Where a section is: campaigns and the showcase have pages of their own."""
    return HOMES.get(section.kind, f"/sections/{section.slug}")
