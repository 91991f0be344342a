"""A house with something in each room of staff, and the addresses of all rooms."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from starlette.routing import Route

from awards import clock
from awards.accounts.models import Session
from awards.actor import Actor, Role
from awards.campaigns.keys import make_key
from awards.campaigns.models import Campaign
from awards.campaigns.rules import StageKind
from awards.config import Config
from awards.db import in_transaction
from awards.honours.models import Honour, Profile, ProfilePhoto
from awards.nominations.models import Nomination, NominationPhoto
from awards.portal.models import ArticlePhoto, Feedback, FixedPage
from awards.results.models import Result, ResultLine
from awards.signing import digest
from awards.voting.models import CodeBatch, PaperBatch, TypedPaper, VotingBooth
from awards.web.routes import ACCOUNT, ADMIN, JUDGE, SITE
from awards.words import Words
from tests import make
from tests.test_routes import flat

PLACE = re.compile(r"{(\w+)(?::\w+)?}")


@dataclass
class House:
    """What stands in the places of addresses: by the address's beginning and the place's name, the
    longest beginning that fits. `campaigns` are those that the roles of a test may be for.
    """

    admin: Actor
    campaigns: dict[str, Campaign]
    places: dict[tuple[str, str], Sequence[object]]

    def addresses(self, path: str) -> list[str]:
        """The address with each of the values that the house has for its places."""
        names = PLACE.findall(path)
        values = itertools.product(*(self._values(path, name) for name in names))
        return [filled(path, dict(zip(names, each, strict=True))) for each in values]

    def values(self, path: str) -> list[object]:
        """One value for each place of the address."""
        return [self._values(path, name)[0] for name in PLACE.findall(path)]

    def _values(self, path: str, name: str) -> Sequence[object]:
        fitting = [key for key in self.places if key[1] == name and path.startswith(key[0])]
        assert fitting, f"nothing for {name} in {path}"
        return self.places[max(fitting, key=lambda key: len(key[0]))]


def filled(path: str, values: dict[str, object]) -> str:
    """The address with these values in its places."""
    return PLACE.sub(lambda found: str(values[found[1]]), path)


def staff_routes(method: str) -> Iterator[Route]:
    """Every address for which somebody has to be signed in."""
    for route in flat([*ACCOUNT, *JUDGE, *ADMIN]):
        if method in (route.methods or ()) and roles_of(route) is not None:
            yield route


def public_routes() -> Iterator[Route]:
    """Every address that anybody may read."""
    return (route for route in flat(SITE) if "GET" in (route.methods or ()))


def roles_of(route: Route) -> tuple[Role, ...] | None:
    """Whom the guard lets in: these roles, with none of them anybody signed in. None: no guard."""
    handler = getattr(route.endpoint, "handler", route.endpoint)
    roles: tuple[Role, ...] | None = getattr(handler, "roles", None)
    return roles


async def furnish(config: Config) -> House:
    """Campaigns in their stages with papers and people, a portal, codes, an administrator."""
    admin = await make.person(*Role)
    await make.session(admin)
    session = await Session.filter(person_id=admin.person).first()
    assert session and admin.person
    lamp = await make.campaign(slug="lamp", stage=StageKind.NOMINATION)
    vote = await make.campaign(slug="vote", channels="email code kiosk paper")
    done = await make.campaign(slug="done", stage=StageKind.HONOURS)
    draft = await make.campaign(slug="draft", published_at=None)
    counted = await make.campaign(slug="counted", stage=StageKind.CHECKING)
    rest = await make.campaign(slug="rest", paused_at=clock.now())
    for each in (lamp, vote, done, draft, counted, rest):
        make_key(config.keys_folder, each.id)
    standing = await make.candidate(vote, 101, portrait=await make.picture())
    batch = await _codes(rest)
    booth = await _booth(vote)
    urn = await _urn(vote)
    await _result(counted, published_at=None)
    news = await _article()
    honoured = [await _winner(done, 101, public=True), await _winner(done, 102, public=False)]
    return House(
        admin,
        {each.slug: each for each in (lamp, vote, done, draft, counted, rest)},
        {
            ("/account/", "id"): [session.id],
            ("/judge/", "code"): [(await papers(lamp)).code],
            ("/admin/campaigns/", "slug"): ["lamp", "vote", "done", "draft", "counted", "rest"],
            ("/admin/candidates/", "id"): [standing.id],
            ("/admin/articles/", "id"): [news, await _draft()],
            ("/admin/articles/", "photo"): [await _article_photo(news)],
            ("/admin/sections/", "slug"): ["news"],
            ("/admin/pages/", "slug"): [await _page()],
            ("/admin/feedback/", "id"): [await _letter()],
            ("/admin/honours/", "slug"): honoured,
            ("/admin/honours/", "photo"): [await _winner_photo(honoured[0])],
            ("/admin/honours/", "honour"): [await _earlier_honour(honoured[0])],
            ("/admin/codes/", "id"): [batch],
            ("/admin/booths/", "id"): [booth],
            ("/admin/papers/", "id"): [urn],
            ("/admin/people/", "id"): [(await make.person(Role.EDITOR)).person],
            ("/campaigns/", "slug"): ["lamp", "vote", "done"],
            ("/campaigns/{slug}/nominations/", "slug"): ["lamp"],
            ("/campaigns/{slug}/candidates/", "slug"): ["vote", "done"],
            ("/campaigns/", "number"): [101],
            ("/campaigns/", "secret"): ["none"],
            ("/booth/", "secret"): ["none"],
            ("/arrivals/", "channel"): ["oidc", "wechat"],
            ("/nominations/", "code"): [(await papers(lamp)).code],
            ("/nominations/{code}/revision", "code"): [(await papers(lamp, state="returned")).code],
            ("/consents/", "token"): ["none"],
            ("/receipts/", "tracker"): ["none"],
            ("/sections/", "slug"): ["news"],
            ("/articles/", "id"): [news],
            ("/pages/", "slug"): ["about"],
            ("/showcase/", "slug"): honoured[:1],
        },
    )


async def papers(campaign: Campaign, **changes: Any) -> Nomination:
    """A nomination with a photo."""
    made = await make.nomination(campaign, birth_month="1966-05", gender="m", **changes)
    async with in_transaction():
        await NominationPhoto.create(
            nomination=made, picture=await make.picture(public=False), position=1
        )
    return made


async def _codes(campaign: Campaign) -> object:
    async with in_transaction():
        made = await CodeBatch.create(
            campaign=campaign, label="东关图书馆", count=1, made_by="文竹", made_at=clock.now()
        )
    return made.id


async def _booth(campaign: Campaign) -> object:
    """A booth with somebody in it."""
    async with in_transaction():
        made = await VotingBooth.create(
            campaign=campaign, label="东关图书馆", digest=digest("booth"), opened_by="文竹",
            opened_at=clock.now(), seat=b"seat", seated_at=clock.now(), admissions=1,
        )  # fmt: skip
    return made.id


async def _urn(campaign: Campaign) -> object:
    """Ballots of paper, of which one was read differently."""
    async with in_transaction():
        made = await PaperBatch.create(
            campaign=campaign, label="三号票箱", count=3, made_by="文竹", made_at=clock.now()
        )
        for choices in ([101], []):
            await TypedPaper.create(batch=made, serial=1, typist=uuid4(), choices=choices)
    return made.id


async def _article() -> str:
    section = await make.section()
    made = await make.article(section, cover=await make.picture(), is_recommended=True)
    return made.id


async def _draft() -> str:
    return (await make.article(await make.section("events", position=2), published_at=None)).id


async def _article_photo(article: str) -> object:
    async with in_transaction():
        made = await ArticlePhoto.create(
            article_id=article, picture=await make.picture(), position=1, alt=Words("灯")
        )
    return made.id


async def _page() -> str:
    async with in_transaction():
        await FixedPage.create(
            slug="about", title=Words("关于我们"), body=Words("本站。"), position=1,
            changed_at=clock.now(),
        )  # fmt: skip
    return "about"


async def _letter() -> object:
    async with in_transaction():
        made = await Feedback.create(kind="idea", text="加一盏灯。", received_at=clock.now())
    return made.id


async def _winner(campaign: Campaign, number: int, *, public: bool) -> str:
    """A winner with a page; one more without waits beside each."""
    candidate = await make.candidate(campaign, number)
    await make.candidate(campaign, number + 100)
    result = await _result(campaign, published_at=clock.now())
    async with in_transaction():
        for each in (number, number + 100):
            await ResultLine.create(result=result, number=each, votes=1, rank=1, won=True)
        profile = await Profile.create(
            slug=f"{campaign.slug}-{number}", campaign=campaign, candidate=candidate,
            name=candidate.name, title=campaign.title, story=candidate.story,
            citation=Words("一口锅。"), conferred_on=clock.now().date(), position=number,
            published_at=clock.now() if public else None,
        )  # fmt: skip
    return profile.slug


async def _result(campaign: Campaign, *, published_at: datetime | None) -> Result:
    async with in_transaction():
        result, _is_new = await Result.get_or_create(
            campaign=campaign,
            defaults={
                "ballots": 1, "counted_at": clock.now(), "counted_by": "文竹",
                "published_at": published_at,
            },
        )  # fmt: skip
    return result


async def _winner_photo(slug: str) -> object:
    async with in_transaction():
        made = await ProfilePhoto.create(
            profile=await Profile.get(slug=slug), picture=await make.picture(), position=1,
            alt=Words("锅"),
        )  # fmt: skip
    return made.id


async def _earlier_honour(slug: str) -> object:
    async with in_transaction():
        made = await Honour.create(
            profile=await Profile.get(slug=slug), title=Words("县好人"), conferred="2019"
        )
    return made.id


def nobody() -> str:
    """An id that names nothing."""
    return str(uuid4())
