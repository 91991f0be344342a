"""Nominations for those who sent and judge them, consent by its link, candidates for everybody."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from tortoise.expressions import Q
from tortoise.functions import Count
from tortoise.queryset import QuerySet

from awards.actor import Actor, Role
from awards.campaigns.models import Stage
from awards.errors import NotFound
from awards.i18n import mark as _
from awards.nominations.models import Candidate, Consent, Nomination
from awards.nominations.rules import CODE_LENGTH, PUBLIC, NominationState, are_similar, is_minor
from awards.signing import digest

MODERATORS = (Role.MODERATOR, Role.ORGANISER, Role.ADMIN)
EDITORS = (Role.ORGANISER, Role.EDITOR, Role.ADMIN)
NOT_CHOSEN = (NominationState.REJECTED.value, NominationState.WITHDRAWN.value)
RETURNED = NominationState.RETURNED.value
DECIDED = {NominationState.APPROVED, NominationState.REJECTED, NominationState.WITHDRAWN}
WHOLE = (
    "category",
    "region",
    "photos__picture",
    "decisions",
    "consent",
    "candidate",
    "campaign__categories",
    "campaign__regions",
    "campaign__stages",
)


@dataclass(frozen=True)
class Similar:
    """Somebody of a similar name in the same campaign: other papers, or a candidate by number."""

    name: str
    state: str
    code: str = ""
    number: int | None = None


async def find_nomination(code: str) -> Nomination:
    """One nomination with all that belongs to it."""
    is_code = len(code) <= CODE_LENGTH
    found = await Nomination.get_or_none(code=code).prefetch_related(*WHOLE) if is_code else None
    if found is None:
        raise NotFound("nomination.unknown", _("We can’t find this nomination."))
    return found


async def find_sent(send_key: str) -> Nomination | None:
    """What this form has sent already, if anything."""
    return await Nomination.get_or_none(send_key=send_key)


async def find_for_moderator(code: str, *, by: Actor) -> Nomination:
    """One nomination for somebody who may decide on it."""
    nomination = await find_nomination(code)
    by.require(*MODERATORS, campaign=nomination.campaign_id)
    return nomination


async def list_queue(
    *,
    by: Actor,
    states: Collection[str],
    campaign: str = "",
    first: int = 0,
    most: int = 30,
) -> list[Nomination]:
    """What this moderator may see in these states; what has waited longest comes first, of what is
    decided the newest.
    """
    order = "-changed_at" if DECIDED.intersection(states) else "changed_at"
    wanted = [str(state) for state in states]
    found = _visible(by, campaign).filter(state__in=wanted).order_by(order, "code")
    return (
        await found.offset(first)
        .limit(most)
        .prefetch_related("category", "region", "campaign", "consent")
    )


async def count_by_state(*, by: Actor, campaign: str = "") -> dict[str, int]:
    """How many nominations this moderator sees in each state."""
    rows = (
        await _visible(by, campaign)
        .annotate(n=Count("id"))
        .group_by("state")
        .values_list("state", "n")
    )
    found = {str(state): int(n) for state, n in rows}
    return {state.value: found.get(state.value, 0) for state in NominationState}


async def count_waiting(campaign: int) -> int:
    """How many nominations of a campaign wait for a moderator."""
    return await Nomination.filter(
        campaign_id=campaign, state=NominationState.SUBMITTED.value
    ).count()


async def next_waiting(*, by: Actor, campaign: str = "") -> Nomination | None:
    """The one that has waited longest."""
    found = await list_queue(by=by, states=[NominationState.SUBMITTED], campaign=campaign, most=1)
    return found[0] if found else None


async def list_similar(nomination: Nomination) -> list[Similar]:
    """Others in the campaign whose names are alike."""
    rows = await Nomination.filter(campaign_id=nomination.campaign_id).exclude(id=nomination.id)
    people = await Candidate.filter(campaign_id=nomination.campaign_id, nomination_id__isnull=True)
    papers = [
        Similar(each.name, each.state, code=each.code)
        for each in rows
        if are_similar(each.name, nomination.name)
    ]
    standing = [
        Similar(each.name.zh or each.name.en, each.state, number=each.number)
        for each in people
        if are_similar(each.name.zh, nomination.name) or are_similar(each.name.en, nomination.name)
    ]
    return [*standing, *papers]


async def find_consent(token: str) -> Consent:
    """The consent that this letter's link belongs to, with the nomination."""
    found = await Consent.get_or_none(digest=digest(token)).prefetch_related(
        *(f"nomination__{part}" for part in WHOLE if part not in ("decisions", "consent"))
    )
    if found is None:
        raise consent_unknown()
    return found


async def list_candidates(campaign: int) -> list[Candidate]:
    """Everybody on the public list, by number; those who left it too, with their state."""
    return await _public(campaign).prefetch_related("category", "region", "portrait")


async def find_candidate(campaign: int, number: int) -> Candidate:
    """A candidate as the public may see them."""
    found = (
        await _public(campaign)
        .get_or_none(number=number)
        .prefetch_related(
            "category", "region", "portrait", "photos__picture", "nomination__consent"
        )
    )
    if found is None:
        raise candidate_unknown()
    return found


async def list_all_candidates(campaign: int) -> list[Candidate]:
    """Everybody with a number, public or not: for staff."""
    return await Candidate.filter(campaign_id=campaign).prefetch_related(
        "category", "region", "portrait", "nomination__consent"
    )


async def find_candidate_for_editor(id: UUID, *, by: Actor) -> Candidate:
    """A candidate for somebody who may change the words."""
    found = await Candidate.get_or_none(id=id).prefetch_related(
        "campaign", "category", "region", "portrait", "photos__picture",
        "nomination__consent", "nomination__photos__picture",
    )  # fmt: skip
    if found is None:
        raise candidate_unknown()
    by.require(*EDITORS, campaign=found.campaign_id)
    return found


def consent_unknown() -> NotFound:
    """The answer to a link of no letter, or of one that a newer letter has replaced."""
    return NotFound(
        "consent.unknown",
        _("We can’t find this letter. A newer letter may have taken its place."),
    )


def candidate_unknown() -> NotFound:
    """The answer to a number that nobody has, or nobody who is public."""
    return NotFound("candidate.unknown", _("We can’t find this candidate."))


async def list_to_forget(*, refused: datetime, closed: datetime) -> Sequence[UUID]:
    """Nominations whose details have to go: the nominee had said no by `refused`, or by `closed`
    they had led to nothing or the whole award was over without showing them. A child’s go as soon
    as after a no.
    """
    refused, closed = refused.astimezone(UTC), closed.astimezone(UTC)
    said_no = Q(
        consent__state__in=("declined", "withdrawn"),
        consent__decided_at__lte=refused,
    )
    led_nowhere = Q(state__in=[*NOT_CHOSEN, RETURNED], changed_at__lte=closed)
    never_shown = Q(candidate__published_at__isnull=True) & await _is_over(closed)
    kept = Nomination.exclude(nominee_contact="", summary="", nominator_contact="")
    due = {row.id for row in await kept.filter(said_no | led_nowhere | never_shown).only("id")}
    dated = kept.filter(state__in=NOT_CHOSEN, changed_at__lte=refused).exclude(birth_month="")
    return [
        *due,
        *(
            row.id
            for row in await dated.only("id", "birth_month", "changed_at")
            if row.id not in due and is_minor(row.birth_month, row.changed_at.date())
        ),
    ]


async def list_with_contacts(*, closed: datetime) -> Sequence[UUID]:
    """Nominations of awards that were over by then which still say who sent them."""
    due = Nomination.filter(await _is_over(closed)).exclude(
        nominee_contact="", nominator_name="", nominator_contact=""
    )
    return [row.id for row in await due.only("id")]


async def _is_over(closed: datetime) -> Q:
    """Whether the last stage of the campaign had ended by then."""
    later = Stage.filter(ends_at__gt=closed.astimezone(UTC))
    running = {stage.campaign_id for stage in await later.only("campaign_id")}
    return ~Q(campaign_id__in=running) if running else Q()


def _visible(by: Actor, campaign: str) -> QuerySet[Nomination]:
    grants = [grant for grant in by.grants if grant.role in MODERATORS]
    found = Nomination.all()
    if not any(grant.campaign is None for grant in grants):
        found = found.filter(campaign_id__in=[grant.campaign for grant in grants])
    return found.filter(campaign__slug=campaign) if campaign else found


def _public(campaign: int) -> QuerySet[Candidate]:
    return Candidate.filter(
        campaign_id=campaign,
        published_at__not_isnull=True,
        state__in=[state.value for state in PUBLIC],
    )
