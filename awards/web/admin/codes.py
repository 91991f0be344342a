"""Printed voting codes: made by the code officer, shown once, taken back by the batch."""

from base64 import b64encode
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from awards.actor import Role
from awards.campaigns.queries import list_campaigns, voting_ends
from awards.errors import Forbidden, NotFound, Refused
from awards.i18n import language
from awards.i18n import translate as _
from awards.voting.actions import issue_codes, revoke_batch
from awards.voting.queries import list_code_batches
from awards.voting.slips import can_draw_sheets, draw_sheets, draw_slips
from awards.web.csrf import own_origin
from awards.web.errors import status_of
from awards.web.forms import Form, WholeNumberField, said
from awards.web.forms import lazy as _l
from awards.web.guards import staff
from awards.web.render import page, see_other
from awards.web.sessions import actor

MOST = 1000
"""As many slips as a page can show; the command `codes issue` makes more."""


class CodesForm(Form):
    """A batch to make."""

    campaign = SelectField(_l("Campaign"), [InputRequired()], choices=[])
    count = WholeNumberField(_l("How many"), [InputRequired(), NumberRange(min=1, max=MOST)])
    label = StringField(_l("What they are for"), [Length(max=80)])
    batch = HiddenField()
    """Names the batch before it is made, so that the same page never makes two."""

    @property
    def batch_id(self) -> UUID | None:
        try:
            return UUID(self.batch.data or "")
        except ValueError:
            return None


@staff(Role.CODE_OFFICER)
async def index(request: Request) -> Response:
    """What was made for one campaign, and a form for more."""
    slug = request.query_params.get("campaign", "")
    return await _shown(request, CodesForm(data={"campaign": slug}), slug)


@staff(Role.CODE_OFFICER)
async def create(request: Request) -> Response:
    """Make a batch and show it: the only time that anybody sees these codes."""
    form, campaigns = CodesForm(await request.form()), await _own_campaigns(request)
    form.campaign.choices = _choices(campaigns)
    if not form.validate():
        known = "" if form.campaign.errors else form.campaign.data or ""
        return await _shown(request, form, known, status=422)
    campaign = _chosen(campaigns, form.campaign.data or "")
    try:
        made = await issue_codes(
            by=actor(request),
            campaign=campaign,
            count=form.count.data or 0,
            label=form.label.data or "",
            keys_folder=request.app.state.config.keys_folder,
            batch=form.batch_id,
        )
    except Forbidden:
        raise
    except Refused as refused:
        form.blame(refused)
        return await _shown(request, form, campaign.slug, status=status_of(refused))
    return await _slips(request, campaign, made.codes, form.label.data or "")


async def _slips(request: Request, campaign: Any, codes: list[str], label: str) -> Response:
    """The slips to print and to save. They are on this answer and nowhere else."""
    there = request.app.url_path_for("site:token_new", slug=campaign.slug)
    sheets = await run_in_threadpool(
        draw_slips, codes, title=campaign.title, label=label,
        address=f"{own_origin(request)}{there}",
        until=voting_ends(campaign),
    )  # fmt: skip
    pdf = await run_in_threadpool(draw_sheets, sheets) if can_draw_sheets() else b""
    return page(
        request, "admin/codes/show.html", campaign=campaign, sheets=sheets, label=label,
        squares=[Markup(each.square) for each in sheets.slips],  # noqa: S704 - squares alone
        text_file=quote("\n".join([*codes, ""])), pdf_file=b64encode(pdf).decode(),
    )  # fmt: skip


@staff(Role.CODE_OFFICER)
async def revoke(request: Request) -> Response:
    """Take a batch back."""
    slug = str((await request.form()).get("campaign", ""))
    try:
        await revoke_batch(by=actor(request), batch=request.path_params["id"])
    except Refused as refused:
        return await _shown(
            request, CodesForm(), slug, refusal=said(refused), status=status_of(refused)
        )
    return see_other(
        request, "admin:codes", query=f"campaign={quote(slug)}", said=_("The batch is taken back.")
    )


async def _shown(
    request: Request, form: CodesForm, slug: str, *, refusal: str = "", status: int = 200
) -> Response:
    """The batches of the campaign of this name, or of the newest."""
    campaigns = await _own_campaigns(request)
    campaign = _chosen(campaigns, slug) if slug else next(iter(campaigns), None)
    form.campaign.choices = _choices(campaigns)
    form.batch.data = str(uuid4())
    return page(
        request, "admin/codes/index.html", form=form, campaigns=campaigns, campaign=campaign,
        batches=await list_code_batches(campaign.id) if campaign else [], most=MOST,
        refusal=refusal, status=status,
    )  # fmt: skip


async def _own_campaigns(request: Request) -> list[Any]:
    """Those for which this officer makes codes."""
    by = actor(request)
    return [each for each in await list_campaigns() if by.may(Role.CODE_OFFICER, campaign=each.id)]


def _chosen(campaigns: Sequence[Any], slug: str) -> Any:
    for each in campaigns:
        if each.slug == slug:
            return each
    raise NotFound()


def _choices(campaigns: Sequence[Any]) -> list[tuple[str, str]]:
    return [(each.slug, each.title.best(language())[0]) for each in campaigns]
