"""Candidates for those who write: all numbers with their states, the words in both languages."""

from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from wtforms import RadioField, StringField, TextAreaField

from awards.campaigns.queries import find_campaign
from awards.errors import Refused
from awards.i18n import translate as _
from awards.nominations.actions import change_candidate
from awards.nominations.queries import EDITORS, find_candidate_for_editor, list_all_candidates
from awards.nominations.rules import (
    CandidateState,
    CandidateWords,
    clean_name,
    clean_text,
    words_objections,
)
from awards.web.errors import status_of
from awards.web.forms import Form
from awards.web.forms import lazy as _l
from awards.web.guards import staff
from awards.web.render import page, see_other
from awards.web.sessions import actor
from awards.words import Words

STATE_NAMES = {
    CandidateState.PRELIMINARY: _l("Not public yet"),
    CandidateState.PUBLISHED: _l("Public"),
    CandidateState.WITHDRAWN: _l("Left the list"),
    CandidateState.DISQUALIFIED: _l("Taken off"),
}
PARTS = (
    "name", "occupation", "employer", "one_liner", "summary", "story", "portrait_alt",
)  # fmt: skip


class CandidateForm(Form):
    """The words that the public reads."""

    name_zh = StringField(_l("Name in Chinese"), filters=[clean_name])
    name_en = StringField(_l("Name in English"), filters=[clean_name])
    occupation_zh = StringField(_l("What they do, in Chinese"), filters=[clean_text])
    occupation_en = StringField(_l("What they do, in English"), filters=[clean_text])
    employer_zh = StringField(_l("Workplace or community, in Chinese"), filters=[clean_text])
    employer_en = StringField(_l("Workplace or community, in English"), filters=[clean_text])
    one_liner_zh = StringField(_l("The deed in one line, in Chinese"), filters=[clean_text])
    one_liner_en = StringField(_l("The deed in one line, in English"), filters=[clean_text])
    summary_zh = TextAreaField(_l("What happened, in Chinese"), filters=[clean_text])
    summary_en = TextAreaField(_l("What happened, in English"), filters=[clean_text])
    story_zh = TextAreaField(_l("The whole story, in Chinese"), filters=[clean_text])
    story_en = TextAreaField(_l("The whole story, in English"), filters=[clean_text])
    portrait_alt_zh = StringField(_l("What the portrait shows, in Chinese"), filters=[clean_text])
    portrait_alt_en = StringField(_l("What the portrait shows, in English"), filters=[clean_text])
    portrait = RadioField(_l("Photo that stands first"), choices=[], validate_choice=False)

    @property
    def words(self) -> CandidateWords:
        """What was written, as the rules read it."""
        return CandidateWords(
            **{
                part: Words(self[f"{part}_zh"].data or "", self[f"{part}_en"].data or "")
                for part in PARTS
            }
        )


@staff(*EDITORS)
async def index(request: Request) -> Response:
    """Everybody with a number in this campaign."""
    campaign = await find_campaign(request.path_params["slug"], by=actor(request))
    actor(request).require(*EDITORS, campaign=campaign.id)
    return page(
        request, "admin/candidates/index.html", campaign=campaign, state_names=STATE_NAMES,
        candidates=await list_all_candidates(campaign.id),
    )  # fmt: skip


@staff(*EDITORS)
async def edit(request: Request) -> Response:
    """The words, filled in."""
    candidate = await find_candidate_for_editor(request.path_params["id"], by=actor(request))
    texts = {f"{part}_zh": getattr(candidate, part).zh for part in PARTS}
    texts |= {f"{part}_en": getattr(candidate, part).en for part in PARTS}
    photos = _photos(candidate)
    first = {"portrait": str(photos[0].picture.id)} if photos else {}
    return _shown(request, candidate, CandidateForm(data={**texts, **first}))


@staff(*EDITORS)
async def change(request: Request) -> Response:
    """Keep the words."""
    candidate = await find_candidate_for_editor(request.path_params["id"], by=actor(request))
    form = CandidateForm(await request.form())
    if objections := words_objections(form.words):
        for objection in objections:
            form.blame(objection)
        return _shown(request, candidate, form, status=422)
    try:
        await change_candidate(
            by=actor(request), id=candidate.id, words=form.words, portrait=_chosen(candidate, form)
        )
    except Refused as refused:
        form.blame(refused)
        return _shown(request, candidate, form, status=status_of(refused))
    return see_other(
        request, "admin:candidates", slug=candidate.campaign.slug, said=_("Your changes are kept.")
    )


def _shown(request: Request, candidate: Any, form: CandidateForm, *, status: int = 200) -> Response:
    consent = candidate.nomination.consent if candidate.nomination else None
    return page(
        request, "admin/candidates/edit.html", candidate=candidate, form=form, status=status,
        campaign=candidate.campaign, state_names=STATE_NAMES, consent=consent,
        photos=[photo.picture for photo in _photos(candidate)],
    )  # fmt: skip


def _photos(candidate: Any) -> list[Any]:
    photos = list(candidate.nomination.photos) if candidate.nomination else []
    return sorted(photos, key=lambda each: int(each.position))


def _chosen(candidate: Any, form: CandidateForm) -> UUID | None:
    """The photo to put first, when it is another one than stands there."""
    photos = {str(photo.picture.id): photo.picture.id for photo in _photos(candidate)}
    chosen: UUID | None = photos.get(form.portrait.data or "")
    return chosen if chosen and chosen != next(iter(photos.values())) else None
