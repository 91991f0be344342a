"""What moderators decide, with the record and the letter that belong to it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from awards import clock
from awards.actor import Actor
from awards.audit.actions import record
from awards.campaigns.queries import timeline_of
from awards.db import in_transaction
from awards.i18n import speaking, translate
from awards.nominations.actions.candidates import add_candidate, publish_candidate
from awards.nominations.actions.consents import ask_for_consent
from awards.nominations.models import Candidate, Consent, ModerationDecision, Nomination
from awards.nominations.queries import MODERATORS, find_nomination
from awards.nominations.rules import (
    REJECTION_RULES,
    DecisionKind,
    Links,
    NominationState,
    decision_objection,
    is_email,
    late_approval,
    rejection_objection,
    return_objection,
)
from awards.notifications.actions import post


async def approve_nomination(
    *, by: Actor, code: str, revision: int, links: Links, note: str = ""
) -> Candidate:
    """Make the nominee a candidate with a number. The public sees them once they agree."""
    nomination = await find_nomination(code)
    by.require(*MODERATORS, campaign=nomination.campaign_id)
    if no := late_approval(timeline_of(nomination.campaign), clock.now()):
        raise no
    async with _deciding(by, nomination, revision, DecisionKind.APPROVED, reason=note):
        candidate = await add_candidate(nomination)
        if not await Consent.exists(nomination_id=nomination.id):
            # A letter that was sent stays good; somebody who was never asked is asked now.
            await ask_for_consent(nomination, links)
        await publish_candidate(by=by, nomination=nomination.id)
        await _tell(nomination, "nomination_approved", links, number=candidate.number)
    return await Candidate.get(id=candidate.id)


async def return_nomination(
    *, by: Actor, code: str, revision: int, reason: str, links: Links
) -> None:
    """Send it back to the nominator with what is still needed."""
    nomination = await find_nomination(code)
    by.require(*MODERATORS, campaign=nomination.campaign_id)
    if no := return_objection(reason):
        raise no
    async with _deciding(by, nomination, revision, DecisionKind.RETURNED, reason=reason):
        await _tell(nomination, "nomination_returned", links, reason=reason)


async def reject_nomination(
    *, by: Actor, code: str, revision: int, rule: str, reason: str, links: Links
) -> None:
    """Say no, by which rule, and why."""
    nomination = await find_nomination(code)
    by.require(*MODERATORS, campaign=nomination.campaign_id)
    if no := rejection_objection(rule, reason):
        raise no
    async with _deciding(by, nomination, revision, DecisionKind.REJECTED, rule=rule, reason=reason):
        with speaking(nomination.language):
            said = translate(REJECTION_RULES[rule])
        await _tell(nomination, "nomination_rejected", links, rule=said, reason=reason)


@asynccontextmanager
async def _deciding(
    by: Actor,
    nomination: Nomination,
    seen: int,
    kind: DecisionKind,
    *,
    reason: str,
    rule: str = "",
) -> AsyncIterator[None]:
    """The transaction of one decision: nobody else has decided, and it is on record."""
    now = clock.now()
    async with in_transaction():
        row = await Nomination.select_for_update().get(id=nomination.id)
        last = await ModerationDecision.filter(nomination_id=row.id).order_by("-decided_at").first()
        if no := decision_objection(
            row.state, row.revision, seen, by=last.decided_by if last else ""
        ):
            raise no
        await Nomination.filter(id=row.id).update(
            state=NominationState(kind.value).value, changed_at=now, revision=row.revision + 1
        )
        await ModerationDecision.create(
            nomination_id=row.id,
            kind=kind.value,
            rule=rule,
            reason=reason,
            decided_by=by.name,
            decided_at=now,
        )
        await record(by=by, action=f"nomination.{kind}", subject=f"nomination:{row.id}", rule=rule)
        yield


async def _tell(nomination: Nomination, notice: str, links: Links, **context: object) -> None:
    if not is_email(nomination.nominator_contact):
        return
    await post(
        notice=notice,
        address=nomination.nominator_contact,
        language=nomination.language,
        zone=nomination.campaign.zone,
        key=f"{notice}:{nomination.id}:{nomination.revision}",
        nominator=nomination.nominator_name,
        nominee=nomination.name,
        title=nomination.campaign.title,
        link=links.nomination.format(code=nomination.code),
        **context,
    )
