"""What the nominator does: send papers with photos, mend what was returned, withdraw."""

import secrets
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from tortoise.exceptions import IntegrityError

from awards import clock
from awards.actor import VISITOR, Actor
from awards.audit.actions import record
from awards.campaigns.models import Campaign
from awards.campaigns.queries import timeline_of
from awards.clock import day_in
from awards.db import in_transaction
from awards.errors import Refused
from awards.media.actions import keep_picture, prepare_picture
from awards.media.models import Picture
from awards.media.store import Store
from awards.nominations.actions.consents import ask_for_consent
from awards.nominations.models import Nomination, NominationPhoto
from awards.nominations.queries import find_nomination, find_sent
from awards.nominations.rules import (
    CODE_LENGTH,
    Choices,
    ConsentState,
    Links,
    NominationState,
    Papers,
    contact_of_nominee,
    is_email,
    normal_contact,
    papers_objections,
    photos_objection,
    revision_objection,
    stage_objection,
    withdrawal_objection,
)
from awards.notifications.actions import post

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


async def keep_photo(data: bytes, *, store: Store) -> Picture:
    """Take in one photo, privately, before the papers that it belongs to are complete."""
    prepared = await prepare_picture(data, store=store)
    async with in_transaction():
        return await keep_picture(prepared)


async def submit_nomination(
    *,
    campaign: Campaign,
    papers: Papers,
    photos: Sequence[UUID],
    send_key: str,
    language: str,
    links: Links,
    by: Actor = VISITOR,
) -> Nomination:
    """Keep a nomination, and write to both. The same `send_key` again gives the same nomination."""
    if no := stage_objection(timeline_of(campaign), clock.now()) or _objection(
        campaign, papers, photos, language
    ):
        raise no
    try:
        async with in_transaction():
            if sent := await find_sent(send_key):
                return sent
            nomination = await _create(campaign, papers, send_key, language)
            await _keep_order(nomination, photos)
            await record(
                by=by, action="nomination.submitted", subject=f"nomination:{nomination.id}"
            )
            await _thank(nomination, links)
            if is_email(nomination.nominee_contact):
                await ask_for_consent(nomination, links)
    except IntegrityError:
        # On PostgreSQL a second press may arrive while the first is being kept.
        if sent := await find_sent(send_key):
            return sent
        raise
    return nomination


async def revise_nomination(
    *,
    code: str,
    revision: int,
    papers: Papers,
    photos: Sequence[UUID],
    links: Links,
    by: Actor = VISITOR,
) -> Nomination:
    """Keep the mended papers; they go back to the moderators."""
    nomination = await find_nomination(code)
    campaign = nomination.campaign
    if no := _objection(campaign, papers, photos, nomination.language):
        raise no
    async with in_transaction():
        row = await Nomination.select_for_update().get(id=nomination.id)
        if no := revision_objection(row.state, row.revision, revision):
            raise no
        columns = _columns(campaign, papers)
        await row.update_from_dict(
            {
                **columns,
                "state": NominationState.SUBMITTED.value,
                "changed_at": clock.now(),
                "revision": row.revision + 1,
            }
        ).save()
        await _keep_order(row, photos)
        await record(by=by, action="nomination.revised", subject=f"nomination:{row.id}")
        if _asks_anew(nomination, columns["nominee_contact"]):
            await ask_for_consent(await find_nomination(code), links)
    return await find_nomination(code)


async def withdraw_nomination(*, code: str, by: Actor = VISITOR) -> Nomination:
    """Take it back, as long as nothing has been decided."""
    nomination = await find_nomination(code)
    async with in_transaction():
        row = await Nomination.select_for_update().get(id=nomination.id)
        if no := withdrawal_objection(row.state):
            raise no
        await Nomination.filter(id=row.id).update(
            state=NominationState.WITHDRAWN.value,
            changed_at=clock.now(),
            revision=row.revision + 1,
        )
        await record(by=by, action="nomination.withdrawn", subject=f"nomination:{row.id}")
    return await find_nomination(code)


def _objection(
    campaign: Campaign, papers: Papers, photos: Sequence[UUID], language: str
) -> Refused | None:
    today = day_in(campaign.zone, clock.now())
    choices = Choices.of(campaign.categories, campaign.regions)
    objections = papers_objections(papers, choices, language=language, today=today)
    return next(iter(objections), None) or photos_objection(len(photos))


async def _create(campaign: Campaign, papers: Papers, send_key: str, language: str) -> Nomination:
    now = clock.now()
    made = await Nomination.create(
        code="".join(secrets.choice(ALPHABET) for _n in range(CODE_LENGTH)),
        campaign_id=campaign.id,
        language=language,
        submitted_at=now,
        changed_at=now,
        send_key=send_key,
        **_columns(campaign, papers),
    )
    return await find_nomination(made.code)


def _columns(campaign: Campaign, papers: Papers) -> dict[str, Any]:
    nominee = contact_of_nominee(papers)
    return {
        "category_id": next(c.id for c in campaign.categories if c.slug == papers.category),
        "region_id": next(r.id for r in campaign.regions if r.slug == papers.region),
        "kind": papers.kind,
        "name": papers.name,
        "gender": papers.gender if papers.kind == "person" else "",
        "birth_month": papers.birth_month if papers.kind == "person" else "",
        "occupation": papers.occupation,
        "employer": papers.employer,
        "one_liner": papers.one_liner,
        "summary": papers.summary,
        "story": papers.story,
        "past_honours": papers.past_honours,
        "nominee_contact": normal_contact(nominee, "nominee_contact") if nominee else "",
        "nominator_name": papers.nominator_name,
        "nominator_contact": normal_contact(papers.nominator_contact, "nominator_contact"),
        "relation": papers.relation,
    }


async def _keep_order(nomination: Nomination, photos: Sequence[UUID]) -> None:
    await NominationPhoto.filter(nomination_id=nomination.id).delete()
    for position, picture in enumerate(photos, 1):
        await NominationPhoto.create(
            nomination_id=nomination.id, picture_id=picture, position=position
        )


async def _thank(nomination: Nomination, links: Links) -> None:
    if not is_email(nomination.nominator_contact):
        return
    await post(
        notice="nomination_received",
        address=nomination.nominator_contact,
        language=nomination.language,
        zone=nomination.campaign.zone,
        key=f"nomination_received:{nomination.id}",
        nominator=nomination.nominator_name,
        nominee=nomination.name,
        title=nomination.campaign.title,
        link=links.nomination.format(code=nomination.code),
    )


def _asks_anew(before: Nomination, contact: str) -> bool:
    """Whether the nominee has an address now that was not written to."""
    unanswered = before.consent is None or before.consent.state == ConsentState.REQUESTED
    return unanswered and is_email(contact) and contact != before.nominee_contact
