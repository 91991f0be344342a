"""Reading winners' pages."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tortoise.queryset import QuerySet

from awards.actor import VISITOR, Actor, Role
from awards.campaigns.models import Campaign
from awards.errors import NotFound
from awards.honours.models import Profile
from awards.honours.rules import WALL, Rung, around, ladder
from awards.nominations.models import Candidate, Consent
from awards.results.models import ResultLine
from awards.results.queries import find_result
from awards.words import Words

HONOURERS = (Role.ORGANISER, Role.EDITOR, Role.ADMIN)


@dataclass(frozen=True)
class Winning:
    """What the published result says of a winner, and of those in the same category."""

    votes: int
    rank: int
    category: Words
    others: list[tuple[Words, int, bool]]
    """Name, votes, and whether it is this person; most votes first."""


@dataclass(frozen=True)
class ProfilePage:
    """All that a winner's page shows."""

    profile: Profile
    ladder: list[Rung]
    previous: Profile | None
    next: Profile | None
    same_campaign: list[Profile]
    winning: Winning | None


@dataclass(frozen=True)
class Waiting:
    """A winner by the published result who has no page yet."""

    candidate: Candidate
    line: ResultLine


def public_profiles() -> QuerySet[Profile]:
    """Pages that visitors may read: the newest campaign first, within it in the order of honour."""
    shown = Profile.filter(published_at__isnull=False).prefetch_related("portrait", "campaign")
    return shown.order_by("-conferred_on", "campaign_id", "position", "slug")


async def find_profile(slug: str, *, by: Actor = VISITOR) -> Profile:
    """A winner with all that is written of them. An unpublished page is for those who honour."""
    related = ("portrait", "campaign", "candidate__category", "photos__picture", "honours")
    profile = await Profile.get_or_none(slug=slug).prefetch_related(*related)
    if profile is None or not (
        profile.published_at or by.may(*HONOURERS, campaign=profile.campaign_id)
    ):
        raise NotFound()
    return profile


async def find_profile_page(slug: str, *, by: Actor = VISITOR) -> ProfilePage:
    """A winner's page with all that stands around it."""
    profile = await find_profile(slug, by=by)
    same = await public_profiles().filter(campaign_id=profile.campaign_id)
    place = [each.id for each in same]
    before, after = around(same, place.index(profile.id)) if profile.id in place else (None, None)
    return ProfilePage(
        profile=profile,
        ladder=ladder_of(profile),
        previous=before,
        next=after,
        same_campaign=[each for each in same if each.id != profile.id],
        winning=await find_winning(profile),
    )


def ladder_of(profile: Profile) -> list[Rung]:
    """The honours as they are shown."""
    return ladder(
        Rung(each.title, each.issuer, each.conferred, each.is_top) for each in profile.honours
    )


async def find_winning(profile: Profile) -> Winning | None:
    """How this winner won, as far as the result is public."""
    result = await find_result(profile.campaign_id)
    if result is None:
        return None
    lines = {line.number: line for line in result.lines}
    own = lines.get(profile.candidate.number)
    if own is None:
        return None
    group = await Candidate.filter(
        campaign_id=profile.campaign_id,
        category_id=profile.candidate.category_id,
        published_at__isnull=False,
    )
    others = [
        (each.name, lines[each.number].votes, each.number == own.number)
        for each in group
        if each.number in lines
    ]
    others.sort(key=lambda other: -other[1])
    return Winning(own.votes, own.rank, profile.candidate.category.title, others)


async def list_profiles(
    *, year: int | None = None, campaign: str = "", page: int = 1
) -> list[Profile]:
    """A page of the wall."""
    chosen = _chosen(year, campaign).offset((page - 1) * WALL).limit(WALL)
    return await chosen


async def count_profiles(*, year: int | None = None, campaign: str = "") -> int:
    """How many people the wall shows."""
    return await _chosen(year, campaign).count()


def _chosen(year: int | None, campaign: str) -> QuerySet[Profile]:
    chosen = public_profiles()
    if year:
        chosen = chosen.filter(
            conferred_on__gte=date(year, 1, 1), conferred_on__lte=date(year, 12, 31)
        )
    return chosen.filter(campaign__slug=campaign) if campaign else chosen


async def list_years() -> list[int]:
    """The years in which somebody was honoured, newest first."""
    return sorted({each.conferred_on.year for each in await public_profiles()}, reverse=True)


async def list_honouring_campaigns() -> list[Campaign]:
    """The campaigns that have winners on the wall, newest first."""
    ids = await public_profiles().values_list("campaign_id", flat=True)
    return await Campaign.filter(id__in=set(ids)).order_by("-id")


async def newest_profiles(*, most: int) -> list[Profile]:
    """Those on top of the wall."""
    return await public_profiles().limit(most)


async def every_profile() -> list[Profile]:
    """Every public page; for searches and maps."""
    return await public_profiles()


async def list_desk_profiles() -> list[Profile]:
    """Every winner's page for the desk, unpublished ones first."""
    profiles = (
        await Profile.all().prefetch_related("campaign").order_by("-conferred_on", "position")
    )
    return sorted(profiles, key=lambda each: each.published_at is not None)


async def list_waiting() -> list[Waiting]:
    """Winners by a published result who have no page yet, in the order of the result."""
    lines = await ResultLine.filter(won=True, result__published_at__isnull=False).prefetch_related(
        "result"
    )
    waiting = []
    for line in sorted(lines, key=lambda line: (line.result.campaign_id, line.rank, line.number)):
        candidate = await Candidate.get_or_none(
            campaign_id=line.result.campaign_id, number=line.number, profile__id__isnull=True
        ).prefetch_related("campaign", "category")
        if candidate is not None:
            waiting.append(Waiting(candidate, line))
    return waiting


async def find_winner(candidate: UUID) -> tuple[Candidate, ResultLine | None]:
    """A candidate with all that a page takes over, and their line of the published result."""
    related = ("campaign", "category", "region", "photos")
    found = await Candidate.get_or_none(id=candidate).prefetch_related(*related)
    if found is None:
        raise NotFound()
    line = await ResultLine.filter(
        result__campaign_id=found.campaign_id,
        result__published_at__isnull=False,
        number=found.number,
    ).first()
    return found, line


async def has_consent(candidate: Candidate) -> bool:
    """Whether the person agreed to be public, and still does."""
    if candidate.published_at is None:
        return False
    if candidate.nomination_id is None:
        return True
    return await Consent.filter(nomination_id=candidate.nomination_id, state="granted").exists()
