"""The demonstration's portal: who runs it, its sections, its pages, its articles."""

import hashlib
from typing import Any

from awards.demo.album import Album
from awards.demo.season import Calendar, Entry, read, words
from awards.portal.models import Article, ArticlePhoto, FixedPage, Section, Site
from awards.portal.rules import ID_LETTERS

ID_LENGTH = 10


async def load_portal(album: Album, calendar: Calendar) -> int:
    """Write the rows with the days that they tell, inside the caller's transaction; how many
    articles there are.
    """
    await _load_site()
    sections = await _load_sections()
    await _load_pages(calendar)
    entries = read("articles")["article"]
    for entry in entries:
        await _load_article(entry, sections[entry["section"]], album, calendar)
    return len(entries)


def pictures_of_articles() -> set[str]:
    """The files that articles show."""
    entries = read("articles")["article"]
    covers = {entry["picture"] for entry in entries if "picture" in entry}
    return covers | {photo["file"] for entry in entries for photo in entry.get("photos", [])}


def article_id(name: str) -> str:
    """The address of an article, the same at every load."""
    digest = hashlib.sha256(f"demonstration/{name}".encode()).digest()
    return "".join(ID_LETTERS[byte % len(ID_LETTERS)] for byte in digest[:ID_LENGTH])


async def _load_site() -> None:
    entry = read("site")
    plain = ("enquiry_phone", "supervision_phone", "icp_number", "psb_number", "since_year")
    said: dict[str, Any] = {name: words(entry, name) for name in entry if name not in plain}
    await Site.create(id=1, **said, **{name: entry[name] for name in plain})


async def _load_sections() -> dict[str, Section]:
    return {
        entry["slug"]: await Section.create(
            slug=entry["slug"],
            title=words(entry, "title"),
            intro=words(entry, "intro"),
            kind=entry["kind"],
            in_navigation=entry["in_nav"],
            position=entry["position"],
        )
        for entry in read("sections")["section"]
    }


async def _load_pages(calendar: Calendar) -> None:
    for entry in read("pages")["page"]:
        await FixedPage.create(
            slug=entry["slug"],
            title=words(entry, "title"),
            body=words(entry, "body"),
            in_footer=entry["in_footer"],
            position=entry["position"],
            changed_at=calendar.before(60, "10:00"),
        )


async def _load_article(entry: Entry, section: Section, album: Album, calendar: Calendar) -> None:
    moment = calendar.before(entry["days_ago"], entry["hour"])
    bilingual = ("title", "summary", "body", "source", "byline", "editor")
    written: dict[str, Any] = {name: words(entry, name) for name in bilingual}
    article = await Article.create(
        id=article_id(entry["id"]),
        section=section,
        **written,
        is_reprint=entry["is_reprint"],
        is_recommended=entry["recommended"],
        is_lead=entry.get("lead", False),
        cover_id=await album.public(entry.get("picture")),
        cover_alt=words(entry, "picture_alt"),
        cover_caption=words(entry, "picture_caption"),
        views=entry["views"],
        published_at=moment,
        changed_at=moment,
    )
    for position, photo in enumerate(entry.get("photos", [])):
        await ArticlePhoto.create(
            article=article,
            picture_id=await album.public(photo["file"]),
            position=position,
            alt=words(photo, "alt"),
            caption=words(photo, "caption"),
        )
