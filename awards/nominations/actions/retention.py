"""What is kept of people who did not become candidates, and until when."""

from uuid import UUID

from awards import clock
from awards.actor import system
from awards.audit.actions import record
from awards.db import in_transaction
from awards.media.actions import forget_picture
from awards.media.store import Store
from awards.nominations.models import (
    Candidate,
    Consent,
    ModerationDecision,
    Nomination,
    NominationPhoto,
)
from awards.nominations.queries import list_to_forget, list_with_contacts
from awards.nominations.rules import CLOSED_FOR, FORGET_AFTER
from awards.words import Words

JOBS = system("jobs", roles=())
NOBODY = {"nominee_contact": "", "nominator_name": "", "nominator_contact": ""}


async def forget_nominations(*, store: Store) -> int:
    """Delete what is kept of people who said no a month ago, and of papers that led to nothing a
    year ago (a child’s as soon as after a no): how many. State, rule and day stay on record,
    without the person. A year after an award nobody is left who could be written to.
    """
    now = clock.now()
    due = await list_to_forget(refused=now - FORGET_AFTER, closed=now - CLOSED_FOR)
    for id in due:
        photos = await NominationPhoto.filter(nomination_id=id)
        await _forget(id)
        for photo in photos:
            await forget_picture(photo.picture_id, store=store)
    for id in await list_with_contacts(closed=now - CLOSED_FOR):
        await _forget_contacts(id)
    return len(due)


async def _forget(id: UUID) -> None:
    async with in_transaction():
        await NominationPhoto.filter(nomination_id=id).delete()
        await Nomination.filter(id=id).update(
            name="", gender="", birth_month="", occupation="", employer="", one_liner="",
            summary="", story="", past_honours="", **NOBODY,
        )  # fmt: skip
        await ModerationDecision.filter(nomination_id=id).update(reason="")
        await Consent.filter(nomination_id=id).update(note="")
        await Candidate.filter(nomination_id=id, published_at__isnull=True).update(name=Words())
        await record(by=JOBS, action="nomination.forgotten", subject=f"nomination:{id}")


async def _forget_contacts(id: UUID) -> None:
    async with in_transaction():
        await Nomination.filter(id=id).update(**NOBODY)
        await record(by=JOBS, action="nomination.contacts_forgotten", subject=f"nomination:{id}")
