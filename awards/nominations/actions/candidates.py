"""Candidates: made of approved papers, shown once the nominee agrees, taken back after a “no”."""

from collections.abc import Iterable
from uuid import UUID

from awards import clock
from awards.actor import Actor
from awards.audit.actions import record
from awards.campaigns.actions import raise_version
from awards.campaigns.models import Campaign, Stage
from awards.campaigns.queries import windows_of
from awards.campaigns.rules import StageKind, Timeline
from awards.db import in_transaction
from awards.errors import Conflict, Invalid
from awards.i18n import mark as _
from awards.media.actions import publish_picture, unpublish_picture
from awards.nominations.models import (
    Candidate,
    CandidatePhoto,
    Consent,
    Nomination,
    NominationPhoto,
)
from awards.nominations.queries import EDITORS, find_candidate_for_editor
from awards.nominations.rules import (
    CandidateState,
    CandidateWords,
    ConsentState,
    NominationState,
    honours_of,
    late_approval,
    next_number,
    words_objections,
)
from awards.words import Words


async def add_candidate(nomination: Nomination) -> Candidate:
    """Give approved papers a number, inside the caller's transaction. Nobody sees them yet."""
    # One at a time in a campaign, so that two approvals never take the same number.
    await Campaign.select_for_update().get(id=nomination.campaign_id)
    taken = await Candidate.filter(campaign_id=nomination.campaign_id).values_list(
        "number", flat=True
    )

    def said(text: str) -> Words:
        return Words.written(text, nomination.language)

    return await Candidate.create(
        campaign_id=nomination.campaign_id,
        category_id=nomination.category_id,
        region_id=nomination.region_id,
        nomination_id=nomination.id,
        number=next_number(nomination.category.number, {int(str(each)) for each in taken}),
        kind=nomination.kind,
        gender=nomination.gender,
        birth_month=nomination.birth_month,
        name=said(nomination.name),
        occupation=said(nomination.occupation),
        employer=said(nomination.employer),
        one_liner=said(nomination.one_liner),
        summary=said(nomination.summary),
        story=said(nomination.story),
        past_honours=[
            {"title": said(line).as_json()} for line in honours_of(nomination.past_honours)
        ],
    )


async def publish_candidate(*, by: Actor, nomination: UUID) -> Candidate | None:
    """Show the candidate if all that it takes is there: approval, a number and consent. Called
    inside the transaction that completes it; None while something is missing.
    """
    papers = await Nomination.get(id=nomination).prefetch_related("photos", "consent", "candidate")
    candidate, consent = papers.candidate, papers.consent
    if not (candidate and consent and papers.state == NominationState.APPROVED):
        return None
    if consent.state != ConsentState.GRANTED or candidate.state not in (
        CandidateState.PRELIMINARY,
        CandidateState.PUBLISHED,
    ):
        return None
    if candidate.published_at is None:
        if late_approval(await timeline_of(papers.campaign_id), clock.now()):
            return None
        await Candidate.filter(id=candidate.id).update(
            state=CandidateState.PUBLISHED.value, published_at=clock.now()
        )
        await record(by=by, action="candidate.published", subject=f"candidate:{candidate.id}")
    await _show_as_agreed(papers, candidate, consent)
    await raise_version(papers.campaign_id)
    return candidate


async def timeline_of(campaign: int) -> Timeline:
    """The campaign's stages, read inside the caller's transaction."""
    return Timeline(windows_of(await Stage.filter(campaign_id=campaign)))


async def withdraw_candidate(*, by: Actor, candidate: Candidate) -> None:
    """Take a candidate off the list, inside the caller's transaction.

    Before the vote nothing stays to be seen. Once votes were given the card stays with its name
    and number, and nothing else, so that the ballots can still be read.
    """
    voting = (await timeline_of(candidate.campaign_id)).has_opened(StageKind.VOTING, clock.now())
    stays = voting and candidate.published_at is not None
    await _hide_pictures(candidate.id)
    await Candidate.filter(id=candidate.id).update(
        state=CandidateState.WITHDRAWN.value,
        published_at=candidate.published_at if stays else None,
        portrait_id=None, gender="", birth_month="", past_honours=[], facts=[],
        occupation=Words(), employer=Words(), one_liner=Words(), summary=Words(), story=Words(),
        portrait_alt=Words(),
    )  # fmt: skip
    await raise_version(candidate.campaign_id)
    await record(by=by, action="candidate.withdrawn", subject=f"candidate:{candidate.id}")


async def change_candidate(
    *, by: Actor, id: UUID, words: CandidateWords, portrait: UUID | None = None
) -> Candidate:
    """Keep an editor's words. `portrait` is the photo of the nomination that stands first."""
    candidate = await find_candidate_for_editor(id, by=by)
    by.require(*EDITORS, campaign=candidate.campaign_id)
    if objections := words_objections(words):
        raise objections[0]
    if candidate.state == CandidateState.WITHDRAWN:
        raise Conflict(
            "candidate.withdrawn", _("This person has left the list; there is nothing to change.")
        )
    async with in_transaction():
        row = await Candidate.select_for_update().get(id=id)
        await row.update_from_dict(_columns(words, _may_show_story(candidate))).save()
        if portrait:
            await _put_first(candidate, portrait)
        await record(by=by, action="candidate.changed", subject=f"candidate:{id}")
    return await find_candidate_for_editor(id, by=by)


def _columns(words: CandidateWords, show_story: bool) -> dict[str, Words]:
    return {
        "name": words.name,
        "occupation": words.occupation,
        "employer": words.employer,
        "one_liner": words.one_liner,
        "summary": words.summary,
        "story": words.story if show_story else Words(),
        "portrait_alt": words.portrait_alt,
    }


def _may_show_story(candidate: Candidate) -> bool:
    """Whoever came in with a kit has agreed to what the kit says."""
    consent = candidate.nomination.consent if candidate.nomination else None
    return consent is None or consent.show_story


async def _show_as_agreed(papers: Nomination, candidate: Candidate, consent: Consent) -> None:
    """Pictures and story as the nominee chose. What is not agreed to has no way to the public."""
    if not consent.show_story:
        await Candidate.filter(id=candidate.id).update(story=Words())
    elif not candidate.story:
        story = Words.written(papers.story, papers.language)
        await Candidate.filter(id=candidate.id).update(story=story)
    if not consent.show_photo:
        await _hide_pictures(candidate.id)
    elif candidate.portrait_id is None:
        await _show_pictures(candidate, _in_order(papers.photos))


async def _show_pictures(candidate: Candidate, pictures: list[UUID]) -> None:
    for picture in pictures:
        await publish_picture(picture)
    await Candidate.filter(id=candidate.id).update(portrait_id=pictures[0] if pictures else None)
    await CandidatePhoto.filter(candidate_id=candidate.id).delete()
    for position, picture in enumerate(pictures[1:], 1):
        await CandidatePhoto.create(
            candidate_id=candidate.id, picture_id=picture, position=position
        )


async def _hide_pictures(candidate: UUID) -> None:
    row = await Candidate.get(id=candidate).prefetch_related("photos")
    shown = [photo.picture_id for photo in row.photos]
    for picture in [*shown, row.portrait_id] if row.portrait_id else shown:
        await unpublish_picture(picture)
    await CandidatePhoto.filter(candidate_id=candidate).delete()
    await Candidate.filter(id=candidate).update(portrait_id=None)


async def _put_first(candidate: Candidate, portrait: UUID) -> None:
    pictures = _in_order(candidate.nomination.photos) if candidate.nomination else []
    if portrait not in pictures:
        raise Invalid("candidate.portrait", _("Please choose one of the photos."), field="portrait")
    order = [portrait, *(each for each in pictures if each != portrait)]
    await NominationPhoto.filter(nomination_id=candidate.nomination_id).delete()
    for position, picture in enumerate(order, 1):
        await NominationPhoto.create(
            nomination_id=candidate.nomination_id, picture_id=picture, position=position
        )
    if candidate.portrait_id:  # Else the nominee has not agreed, or not to photos.
        await _show_pictures(candidate, order)


def _in_order(photos: Iterable[NominationPhoto]) -> list[UUID]:
    return [photo.picture_id for photo in sorted(photos, key=lambda each: each.position)]
