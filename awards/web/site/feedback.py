"""Complaints, corrections, ideas (投诉与意见): from anybody, answered by the editors."""

from starlette.requests import Request
from starlette.responses import Response
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from awards.errors import Refused
from awards.i18n import translate as _
from awards.nominations.rules import clean_text
from awards.portal.actions import send_feedback
from awards.portal.rules import LONGEST_FEEDBACK, FeedbackKind
from awards.web.errors import status_of
from awards.web.forms import Form, options
from awards.web.forms import lazy as _l
from awards.web.guards import source
from awards.web.render import page, see_other

KINDS = [
    (FeedbackKind.COMPLAINT.value, _l("A complaint")),
    (FeedbackKind.CORRECTION.value, _l("Something to correct or take down")),
    (FeedbackKind.IDEA.value, _l("An idea")),
    (FeedbackKind.OTHER.value, _l("Something else")),
]


class FeedbackForm(Form):
    """What somebody wants to tell us."""

    kind = SelectField(_l("What is it about"), choices=options(KINDS))
    text = TextAreaField(_l("Your words"), [InputRequired(), Length(max=LONGEST_FEEDBACK)])
    about = StringField(_l("Which page"), [Length(max=300)])
    contact = StringField(_l("How we can reach you"), [Length(max=254)])


async def new(request: Request) -> Response:
    """The empty form; `?about=` names the page that somebody came from."""
    about = request.query_params.get("about", "")[:300]
    return page(request, "site/feedback/new.html", form=FeedbackForm(about=about))


async def create(request: Request) -> Response:
    """Take it in."""
    form = FeedbackForm(await request.form())
    if not form.validate():
        return page(request, "site/feedback/new.html", form=form, status=422)
    try:
        await request.app.state.codes.throttle.ask("feedback.source", source(request))
        await send_feedback(
            kind=FeedbackKind(form.kind.data),
            text=clean_text(form.text.data),
            contact=clean_text(form.contact.data),
            about=clean_text(form.about.data),
        )
    except Refused as refused:
        form.blame(refused)
        return page(request, "site/feedback/new.html", form=form, status=status_of(refused))
    return see_other(
        request,
        "site:feedback_new",
        said=_("Thank you, we have it. If you left a way to reach you, we answer within 10 days."),
    )
