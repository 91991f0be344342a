"""Something of each kind out of the demonstration season, so that every address has a page to
show.
"""

from dataclasses import dataclass, field

from awards.actor import system
from awards.campaigns.queries import find_campaign
from awards.config import Config
from awards.db import in_transaction
from awards.demo.load import load_demo
from awards.honours.models import Profile
from awards.nominations.models import Candidate, Consent, Nomination
from awards.portal.models import Article
from awards.signing import digest, random_secret
from awards.voting.typed import make_batch
from tests.flows.conftest import Visitor
from tests.flows.voter import ask_for_code, enter_code

VOTING, NOMINATING = "2026-wanghe-hometown", "2026-winter-kindness"
FINISHED = "2025-wanghe-good-neighbours"


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


async def load_samples(config: Config) -> Samples:
    """Load the demonstration season and look something of each kind up."""
    await load_demo(config)
    candidate = await Candidate.filter(campaign__slug=VOTING).order_by("number").first()
    profile = await Profile.filter(campaign__slug=FINISHED).order_by("position").first()
    article = await Article.filter(published_at__isnull=False, cover_id__isnull=False).first()
    assert candidate and profile and article
    return Samples(
        {
            ("/campaigns/", "slug"): VOTING,
            ("/campaigns/{slug}/nominations", "slug"): NOMINATING,
            ("/campaigns/{slug}/results", "slug"): FINISHED,
            ("/campaigns/", "number"): candidate.number,
            ("/campaigns/", "secret"): random_secret(),
            ("/nominations/", "code"): await _nomination("submitted"),
            ("/nominations/{code}/revision", "code"): await _nomination("returned"),
            ("/consents/", "token"): await _consent_token(),
            ("/judge/", "code"): await _nomination("submitted"),
            ("/sections/", "slug"): "news",
            ("/articles/", "id"): article.id,
            ("/pages/", "slug"): "about",
            ("/showcase/", "slug"): profile.slug,
            ("/admin/campaigns/", "slug"): VOTING,
            ("/admin/campaigns/{slug}/result", "slug"): FINISHED,
            ("/admin/candidates/", "id"): candidate.id,
            ("/admin/articles/", "id"): article.id,
            ("/admin/sections/", "slug"): "news",
            ("/admin/pages/", "slug"): "about",
            ("/admin/honours/", "slug"): profile.slug,
            ("/sign-in/", "secret"): random_secret(),
            ("/booth/", "secret"): random_secret(),
            ("/arrivals/", "channel"): "oidc",
            ("/admin/papers/", "id"): await _urn(),
        },
        queries={"site:search": "?q=灯"},
    )


async def _urn() -> object:
    """A batch of ballots of paper."""
    campaign = await find_campaign(VOTING)
    return await make_batch(by=system("sample"), campaign=campaign, count=3)


async def _nomination(state: str) -> str:
    found = await Nomination.filter(state=state).order_by("submitted_at").first()
    assert found, f"no nomination is {state}"
    return str(found.code)


async def _consent_token() -> str:
    """What a nominee who has not answered yet has in their letter."""
    token, waiting = random_secret(), await Consent.filter(state="requested").first()
    assert waiting
    async with in_transaction():
        await Consent.filter(id=waiting.id).update(digest=digest(token))
    return token


async def vote(visitor: Visitor, samples: Samples) -> None:
    """Give the browser what a voter has who proved an address and voted: a proof, a receipt, and
    an address that a code is on the way to.
    """
    number = samples.of("/campaigns/", "number")
    await visitor.open(f"/campaigns/{VOTING}/ballot?choice={number}")
    await enter_code(visitor, await ask_for_code(visitor, "zhou@example.com"))
    page = await visitor.press("form[action$='/ballots'] button")
    samples.places["/receipts/", "tracker"] = page.url.rsplit("/", 1)[-1]
