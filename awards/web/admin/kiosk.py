"""Voting booths, from the staff's side: open one, let the next voter in, close it."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import quote

import segno
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from awards.actor import Role
from awards.campaigns.queries import channels_of, list_campaigns
from awards.campaigns.rules import Channel
from awards.errors import Forbidden, NotFound, Refused
from awards.i18n import language
from awards.i18n import translate as _
from awards.voting.kiosk import close_booth, end_visit, is_occupied, let_next_in, list_booths
from awards.voting.kiosk import open_booth as open_one
from awards.web.csrf import own_origin
from awards.web.errors import status_of
from awards.web.forms import Form, said
from awards.web.forms import lazy as _l
from awards.web.guards import staff
from awards.web.render import page, see_other
from awards.web.sessions import actor


class BoothForm(Form):
    """A booth to open."""

    campaign = SelectField(_l("Campaign"), [InputRequired()], choices=[])
    label = StringField(_l("Where it stands"), [Length(max=80)])


@staff(Role.CODE_OFFICER)
async def index(request: Request) -> Response:
    """The booths of one campaign."""
    return await _shown(request, BoothForm(), request.query_params.get("campaign", ""))


@staff(Role.CODE_OFFICER)
async def create(request: Request) -> Response:
    """Open a booth, and show the link that makes a device this booth: now and never again."""
    form, campaigns = BoothForm(await request.form()), await _own_campaigns(request)
    if not campaigns:
        raise NotFound()
    form.campaign.choices = _choices(campaigns)
    if not form.validate():
        return await _shown(request, form, "", status=422)
    campaign = _chosen(campaigns, form.campaign.data or "")
    secret = await open_one(by=actor(request), campaign=campaign, label=form.label.data or "")
    link = own_origin(request) + str(request.app.url_path_for("site:booth_device", secret=secret))
    square = segno.make(link, error="m", micro=False).svg_inline(border=2, omitsize=True, scale=4)
    return page(
        request, "admin/kiosk/show.html", campaign=campaign, label=form.label.data, link=link,
        square=Markup(square),  # noqa: S704 - squares alone
    )  # fmt: skip


@staff(Role.CODE_OFFICER)
async def admit(request: Request) -> Response:
    """Let the next voter in."""
    return await _do(request, let_next_in, _("The booth is ready for the next voter."))


@staff(Role.CODE_OFFICER)
async def release(request: Request) -> Response:
    """Whoever was let in has left."""
    return await _do(request, end_visit, _("The booth is free."))


@staff(Role.CODE_OFFICER)
async def close(request: Request) -> Response:
    """Close the booth for good."""
    return await _do(request, close_booth, _("The booth is closed."))


async def _do(request: Request, action: Callable[..., Awaitable[None]], done: str) -> Response:
    slug = str((await request.form()).get("campaign", ""))
    try:
        await action(by=actor(request), booth=request.path_params["id"])
    except (Forbidden, NotFound):
        raise
    except Refused as refused:
        return await _shown(
            request, BoothForm(), slug, refusal=said(refused), status=status_of(refused)
        )
    return see_other(request, "admin:booths", query=f"campaign={quote(slug)}", said=done)


async def _shown(
    request: Request, form: BoothForm, slug: str, *, refusal: str = "", status: int = 200
) -> Response:
    campaigns = await _own_campaigns(request)
    campaign = _chosen(campaigns, slug) if slug else next(iter(campaigns), None)
    form.campaign.choices = _choices(campaigns)
    booths = await list_booths(campaign.id) if campaign else []
    return page(
        request, "admin/kiosk/index.html", form=form, campaigns=campaigns, campaign=campaign,
        booths=[(each, is_occupied(each)) for each in booths], refusal=refusal, status=status,
    )  # fmt: skip


async def _own_campaigns(request: Request) -> list[Any]:
    """Those with booths whose officer this is."""
    by = actor(request)
    return [
        each
        for each in await list_campaigns()
        if by.may(Role.CODE_OFFICER, campaign=each.id) and Channel.KIOSK in channels_of(each)
    ]


def _chosen(campaigns: Sequence[Any], slug: str) -> Any:
    for each in campaigns:
        if each.slug == slug:
            return each
    raise NotFound()


def _choices(campaigns: Sequence[Any]) -> list[tuple[str, str]]:
    return [(each.slug, each.title.best(language())[0]) for each in campaigns]
