"""The nominee's page: what was written about them, and their answer. A GET decides nothing."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from wtforms import BooleanField

from awards import clock
from awards.errors import Refused
from awards.i18n import translate as _
from awards.nominations.actions import answer_consent
from awards.nominations.queries import find_consent
from awards.nominations.rules import Answer, ConsentState, answer_objection
from awards.web.errors import status_of
from awards.web.forms import Form, said
from awards.web.forms import lazy as _l
from awards.web.render import page, see_other
from awards.web.sessions import actor


class AgreementForm(Form):
    """What may be shown of them."""

    show_photo = BooleanField(_l("My photos may be shown"))
    show_story = BooleanField(_l("My whole story may be shown"))


async def show(request: Request) -> Response:
    """What it is about, what would be shown, and both answers."""
    return await _shown(request)


async def agree(request: Request) -> Response:
    """Yes, with what may be shown."""
    form = AgreementForm(await request.form())
    answer = Answer(
        agrees=True, show_photo=bool(form.show_photo.data), show_story=bool(form.show_story.data)
    )
    return await _answered(request, answer, _("Thank you. Your answer is recorded."))


async def refuse(request: Request) -> Response:
    """No, now or later."""
    answer = Answer(agrees=False)
    return await _answered(
        request,
        answer,
        _("Understood. Your details are deleted within 30 days and are not shown."),
    )


async def _answered(request: Request, answer: Answer, sentence: str) -> Response:
    token = request.path_params["token"]
    try:
        await answer_consent(by=actor(request), token=token, answer=answer)
    except Refused as refused:
        return await _shown(request, refusal=said(refused), status=status_of(refused))
    return see_other(request, "site:consent", token=token, said=sentence)


async def _shown(request: Request, *, refusal: str = "", status: int = 200) -> Response:
    token = request.path_params["token"]
    consent = await find_consent(token)
    nomination: Any = consent.nomination
    form = AgreementForm(data={"show_photo": consent.show_photo, "show_story": consent.show_story})
    no = answer_objection(consent.state, consent.expires_at, agrees=True, now=clock.now())
    is_closed = nomination.state in ("withdrawn", "rejected")
    return page(
        request, "site/consents/show.html", consent=consent, nomination=nomination, token=token,
        private_pictures=True,
        form=form, campaign=nomination.campaign, refusal=refusal, status=status,
        is_closed=is_closed, can_agree=no is None and not is_closed,
        has_agreed=consent.state == ConsentState.GRANTED,
        is_public=bool(nomination.candidate and nomination.candidate.published_at),
        photos=[photo.picture for photo in nomination.photos],
    )  # fmt: skip
