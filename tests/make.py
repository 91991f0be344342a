"""One plain builder for each thing that tests need. Everything has a default; name what the test is
about.
"""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from awards import clock
from awards.accounts.models import Person, RoleGrant, Session, SignInLink
from awards.actor import Actor, Grant, Role
from awards.campaigns.models import Campaign, Category, Region, Stage
from awards.campaigns.rules import PRESETS, StageKind
from awards.db import in_transaction
from awards.media.models import Picture
from awards.nominations.models import Candidate, Nomination
from awards.portal.models import Article, Section
from awards.signing import digest, random_secret
from awards.words import Words

CATEGORIES = (
    ("helping", "助人为乐", "Helping others"),
    ("bravery", "见义勇为", "Bravery"),
    ("integrity", "诚实守信", "Integrity"),
)
STAGE_DAYS = 10


async def person(*roles: Role, campaign: int | None = None, name: str = "") -> Actor:
    """Somebody with an account and these roles."""
    name = name or f"{roles[0] if roles else 'person'}-{uuid4().hex[:6]}"
    async with in_transaction():
        row = await Person.create(name=name, created_at=clock.now())
        for role in roles:
            await RoleGrant.create(
                person=row, role=role, campaign=campaign or 0, granted_at=clock.now()
            )
    return Actor(row.id, name, frozenset(Grant(role, campaign) for role in roles))


async def session(actor: Actor) -> str:
    """A session's secret for the cookie."""
    secret, now = random_secret(), clock.now()
    async with in_transaction():
        await Session.create(
            person_id=actor.person, digest=digest(secret), created_at=now, seen_at=now,
            expires_at=now + timedelta(hours=12),
        )  # fmt: skip
    return secret


async def end_sessions(actor: Actor) -> None:
    """As if half an hour had passed."""
    async with in_transaction():
        await Session.filter(person_id=actor.person).delete()


async def link(actor: Actor) -> str:
    """The secret of a one-time sign-in link."""
    secret = random_secret()
    async with in_transaction():
        await SignInLink.create(
            person_id=actor.person,
            digest=digest(secret),
            expires_at=clock.now() + timedelta(hours=1),
        )
    return secret


async def campaign(
    *,
    stage: StageKind = StageKind.VOTING,
    preset: str = "daily_tap",
    slug: str = "",
    **changes: Any,
) -> Campaign:
    """A public campaign that is in the middle of this stage now, with three categories and two
    regions.
    """
    defaults: dict[str, Any] = {
        "slug": slug or f"award-{uuid4().hex[:6]}",
        "title": Words("望河好人", "Good People of Wanghe"),
        "summary": Words("身边的好人。", "Good people nearby."),
        "host": Words("望河组委会", "Wanghe committee"),
        "preset": preset,
        "channels": "email code",
        "ballot_rule": PRESETS[preset].rule.as_json(),
        "created_at": clock.now(),
        "published_at": clock.now(),
    }
    async with in_transaction():
        row = await Campaign.create(**{**defaults, **changes})
        for number, (name, zh, en) in enumerate(CATEGORIES, 1):
            await Category.create(
                campaign=row, slug=name, number=number, title=Words(zh, en), places=1
            )
        await Region.create(
            campaign=row, slug="east", title=Words("东关区", "Dongguan"), position=1
        )
        await Region.create(campaign=row, slug="south", title=Words("南渡县", "Nandu"), position=2)
        await _stages(row, stage)
    return row


async def _stages(campaign: Campaign, now_in: StageKind) -> None:
    kinds = list(StageKind)
    begin = clock.now() - timedelta(days=STAGE_DAYS * kinds.index(now_in) + STAGE_DAYS / 2)
    for position, kind in enumerate(kinds):
        starts = begin + timedelta(days=STAGE_DAYS * position)
        await Stage.create(
            campaign=campaign,
            kind=kind,
            starts_at=starts,
            ends_at=starts + timedelta(days=STAGE_DAYS),
        )


async def candidate(
    campaign: Campaign, number: int = 101, *, name: str = "陆春芳", **changes: Any
) -> Candidate:
    """A public candidate whose number's first digit is that of their category."""
    category = await Category.get(
        campaign_id=campaign.id, number=changes.pop("category", number // 100)
    )
    region = await Region.filter(campaign_id=campaign.id).first()
    defaults: dict[str, Any] = {
        "number": number,
        "state": "published",
        "published_at": clock.now(),
        "name": Words(name, f"Candidate {number}"),
        "occupation": Words("早点铺主", "Cook"),
        "one_liner": Words("每天四点给环卫工人留一锅热汤。", "Keeps soup warm for the sweepers."),
        "summary": Words("十九年没有断过。", "For nineteen years."),
        "story": Words("凌晨四点，灯亮了。", "At four the lamp is lit."),
    }
    async with in_transaction():
        return await Candidate.create(
            campaign=campaign, category=category, region=region, **{**defaults, **changes}
        )


async def nomination(campaign: Campaign, *, name: str = "石顺", **changes: Any) -> Nomination:
    """A nomination as a citizen sends it."""
    now = clock.now()
    defaults: dict[str, Any] = {
        "code": uuid4().hex[:26],
        "category": await Category.get(campaign_id=campaign.id, number=1),
        "region": await Region.filter(campaign_id=campaign.id).first(),
        "kind": "person",
        "language": "zh-Hans",
        "name": name,
        "occupation": "修车师傅",
        "one_liner": "学生的车一律不收钱。",
        "summary": "石师傅的修车摊在小学门口，二十六年了。" * 6,
        "story": "石师傅的修车摊在小学门口，二十六年了。" * 20,
        "nominee_contact": "shi@example.com",
        "nominator_name": "李念",
        "nominator_contact": "li@example.com",
        "relation": "neighbour",
        "submitted_at": now,
        "changed_at": now,
        "send_key": uuid4().hex,
    }
    async with in_transaction():
        return await Nomination.create(campaign=campaign, **{**defaults, **changes})


async def picture(*, public: bool = True, width: int = 640, height: int = 427) -> Picture:
    """A picture's row, without files."""
    now = clock.now()
    async with in_transaction():
        return await Picture.create(
            width=width, height=height, bytes=1, digest=b"0" * 32, created_at=now,
            published_at=now if public else None,
        )  # fmt: skip


async def section(slug: str = "news", **changes: Any) -> Section:
    """A section of the portal."""
    defaults: dict[str, Any] = {
        "slug": slug,
        "title": Words("公益新闻", "News"),
        "kind": "articles",
        "position": 1,
    }
    async with in_transaction():
        return await Section.create(**{**defaults, **changes})


async def article(section: Section, **changes: Any) -> Article:
    """A published article."""
    now = clock.now()
    defaults: dict[str, Any] = {
        "id": uuid4().hex[:12],
        "title": Words("东关街的第一盏灯", "The first lamp on Dongguan Street"),
        "body": Words("凌晨四点。", "Four in the morning."),
        "source": Words("望河晚报", "Wanghe Evening News"),
        "published_at": now,
        "changed_at": now,
    }
    async with in_transaction():
        return await Article.create(section=section, **{**defaults, **changes})
