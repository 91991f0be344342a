"""Asking the nominee, and recording the answer: how it came, when, and from whom."""

from uuid import UUID

from awards import clock
from awards.actor import VISITOR, Actor
from awards.audit.actions import record
from awards.db import in_transaction
from awards.errors import Conflict, Refused
from awards.i18n import mark as _
from awards.nominations.actions.candidates import publish_candidate, withdraw_candidate
from awards.nominations.models import Consent, Nomination
from awards.nominations.queries import (
    MODERATORS,
    consent_unknown,
    find_consent,
    find_nomination,
)
from awards.nominations.rules import (
    CONSENT_LIFE,
    Answer,
    ConsentState,
    Links,
    NominationState,
    answer_objection,
    is_email,
    is_minor,
    record_objection,
)
from awards.notifications.actions import post
from awards.signing import digest, random_secret


async def ask_for_consent(nomination: Nomination, links: Links) -> None:
    """Write the nominee a letter, inside the caller's transaction. A newer letter's link takes the
    place of an older one's. Without an e-mail address a moderator asks.
    """
    token, now = random_secret(), clock.now()
    given = await Consent.get_or_none(nomination_id=nomination.id)
    if given and given.state != ConsentState.REQUESTED:
        return
    consent = given or Consent(nomination_id=nomination.id)
    consent.digest, consent.requested_at = digest(token), now
    consent.expires_at = now + CONSENT_LIFE
    await consent.save()
    if not is_email(nomination.nominee_contact):
        return
    await post(
        notice="consent_request",
        address=nomination.nominee_contact,
        language=nomination.language,
        zone=nomination.campaign.zone,
        key=f"consent_request:{nomination.id}:{digest(token).hex()[:16]}",
        nominee=nomination.name,
        title=nomination.campaign.title,
        link=links.consent.format(token=token),
        until=consent.expires_at,
        phone=nomination.campaign.enquiry_phone,
    )


async def request_consent(*, by: Actor, code: str, links: Links) -> None:
    """Write to the nominee once more."""
    nomination = await find_nomination(code)
    by.require(*MODERATORS, campaign=nomination.campaign_id)
    if no := _asking_objection(nomination):
        raise no
    async with in_transaction():
        await ask_for_consent(nomination, links)
        await record(by=by, action="consent.requested", subject=f"nomination:{nomination.id}")


async def answer_consent(*, token: str, answer: Answer, by: Actor = VISITOR) -> Consent:
    """The nominee's own answer, by the link in the letter. The same answer again changes nothing
    more; a “no” later on takes everything back.
    """
    found = await find_consent(token)
    async with in_transaction():
        nomination, consent = await _locked(found.nomination_id)
        if consent is None or consent.digest != digest(token):
            raise consent_unknown()
        if no := answer_objection(
            consent.state, consent.expires_at, agrees=answer.agrees, now=clock.now()
        ) or (_gone(nomination) if answer.agrees else None):
            raise no
        await _settle(by, consent, answer, recorded_by="nominee")
    return await find_consent(token)


async def record_consent(*, by: Actor, code: str, answer: Answer) -> None:
    """A moderator records what the nominee said on paper, by telephone or in person."""
    nomination = await find_nomination(code)
    by.require(*MODERATORS, campaign=nomination.campaign_id)
    minor = is_minor(nomination.birth_month, clock.now().date())
    async with in_transaction():
        nomination, consent = await _locked(nomination.id)
        state = consent.state if consent else None
        if no := record_objection(answer, state, is_minor=minor) or _gone(nomination):
            raise no
        consent = consent or await _unasked(nomination)
        await _settle(by, consent, answer, recorded_by=by.name)


async def _locked(nomination: UUID) -> tuple[Nomination, Consent | None]:
    """Both rows. The nomination's is locked first, as a decision does: an approval and a “yes” at
    the same moment see each other, and one of them publishes.
    """
    row = await Nomination.select_for_update().get(id=nomination)
    return row, await Consent.get_or_none(nomination_id=nomination)


async def _settle(by: Actor, consent: Consent, answer: Answer, *, recorded_by: str) -> None:
    state = _state_after(consent.state, agrees=answer.agrees)
    if consent.state == state and (not answer.agrees or _same_choices(consent, answer)):
        return
    await Consent.filter(id=consent.id).update(
        state=state.value,
        how=answer.how.value,
        given_by=answer.given_by.value,
        recorded_by=recorded_by,
        note=answer.note,
        show_photo=answer.show_photo,
        show_story=answer.show_story,
        decided_at=clock.now(),
    )
    await record(
        by=by,
        action=f"consent.{state}",
        subject=f"nomination:{consent.nomination_id}",
        how=answer.how.value,
        given_by=answer.given_by.value,
        show_photo=answer.show_photo,
        show_story=answer.show_story,
    )
    if answer.agrees:
        await publish_candidate(by=by, nomination=consent.nomination_id)
    else:
        await _take_back(by, consent)


def _state_after(state: str, *, agrees: bool) -> ConsentState:
    if agrees:
        return ConsentState.GRANTED
    return ConsentState.WITHDRAWN if state in ("granted", "withdrawn") else ConsentState.DECLINED


def _same_choices(consent: Consent, answer: Answer) -> bool:
    chosen = (answer.show_photo, answer.show_story)
    return (consent.show_photo, consent.show_story) == chosen


async def _take_back(by: Actor, consent: Consent) -> None:
    nomination = await Nomination.get(id=consent.nomination_id).prefetch_related(
        "candidate", "campaign"
    )
    was_open = nomination.state not in (NominationState.REJECTED, NominationState.WITHDRAWN)
    if nomination.candidate:
        await withdraw_candidate(by=by, candidate=nomination.candidate)
    if not was_open:
        return
    await Nomination.filter(id=nomination.id).update(
        state=NominationState.WITHDRAWN.value,
        changed_at=clock.now(),
        revision=nomination.revision + 1,
    )
    if is_email(nomination.nominator_contact):
        await post(
            notice="nomination_withdrawn",
            address=nomination.nominator_contact,
            language=nomination.language,
            zone=nomination.campaign.zone,
            key=f"nomination_withdrawn:{nomination.id}",
            nominator=nomination.nominator_name,
            nominee=nomination.name,
            title=nomination.campaign.title,
        )


async def _unasked(nomination: Nomination) -> Consent:
    """A row for somebody who was never written to; its link is nobody's."""
    now = clock.now()
    return await Consent.create(
        nomination_id=nomination.id,
        digest=digest(random_secret()),
        requested_at=now,
        expires_at=now + CONSENT_LIFE,
    )


def _asking_objection(nomination: Nomination) -> Refused | None:
    if no := _gone(nomination):
        return no
    if nomination.consent and nomination.consent.state != ConsentState.REQUESTED:
        return Conflict("consent.stands", _("The nominee has answered already."))
    if not is_email(nomination.nominee_contact):
        return Conflict(
            "consent.no_address",
            _("There is no e-mail address of the nominee. Please ask in another way."),
        )
    return None


def _gone(nomination: Nomination) -> Refused | None:
    if nomination.state in (NominationState.WITHDRAWN, NominationState.REJECTED):
        return Conflict(
            "nomination.closed", _("This nomination is closed; there is nothing to ask any more.")
        )
    return None
