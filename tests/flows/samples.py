"""Something of each kind out of the demonstration season, so that every address has a page to show."""

from dataclasses import dataclass, field

from playwright.async_api import BrowserContext

from awards.campaigns.models import Campaign
from awards.config import Config
from awards.demo.load import load_demo
from awards.honours.models import Profile
from awards.nominations.models import Candidate, Nomination
from awards.portal.models import Article
from awards.signing import random_secret


@dataclass
class Samples:
    """What stands in the places of addresses, by the address's beginning and the place's name."""

    places: dict[tuple[str, str], object]
    queries: dict[str, str] = field(default_factory=dict)

    def of(self, path: str, name: str) -> object:
        """The longest beginning that fits decides."""
        fitting = [key for key in self.places if key[1] == name and path.startswith(key[0])]
        assert fitting, f"no sample for {name} in {path}"
        return self.places[max(fitting, key=lambda key: len(key[0]))]

    async def sign_as_voter(self, context: BrowserContext, address: str) -> None:
        """Give the browser what a voter who proved an address has."""


async def load_samples(config: Config) -> Samples:
    """Load the demonstration season and look something of each kind up."""
    await load_demo(config)
    voting = await Campaign.get(slug="2026-wanghe-hometown")
    candidate = await Candidate.filter(campaign=voting).order_by("number").first()
    nomination = await Nomination.filter(state="submitted").first()
    profile = await Profile.first()
    article = await Article.filter(published_at__isnull=False).first()
    assert candidate and nomination and profile and article
    return Samples(
        {
            ("/campaigns/", "slug"): voting.slug,
            ("/campaigns/{slug}/nominations", "slug"): "2026-winter-kindness",
            ("/campaigns/{slug}/results", "slug"): "2025-wanghe-good-neighbours",
            ("/campaigns/", "number"): candidate.number,
            ("/nominations/", "code"): nomination.code,
            ("/judge/", "code"): nomination.code,
            ("/sections/", "slug"): "news",
            ("/articles/", "id"): article.id,
            ("/pages/", "slug"): "about",
            ("/showcase/", "slug"): profile.slug,
            ("/admin/campaigns/", "slug"): voting.slug,
            ("/admin/candidates/", "id"): candidate.id,
            ("/admin/articles/", "id"): article.id,
            ("/admin/honours/", "slug"): profile.slug,
            ("/admin/honours/", "id"): profile.id,
            ("/sign-in/", "secret"): random_secret(),
        }
    )
