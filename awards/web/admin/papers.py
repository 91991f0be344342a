"""Ballots of paper: a batch is taken in, typed by two people apart from each other, and cast."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from awards.actor import Actor, Role
from awards.campaigns.queries import channels_of, find_campaign_of, list_campaigns
from awards.campaigns.rules import Channel
from awards.errors import Forbidden, NotFound, Refused
from awards.i18n import language
from awards.i18n import translate as _
from awards.voting.rules.typed import LineState
from awards.voting.typed import (
    MOST_PAPERS,
    Line,
    close_batch,
    find_paper_batch,
    list_batches,
    list_lines,
    make_batch,
    type_paper,
)
from awards.web.errors import status_of
from awards.web.forms import Form, WholeNumberField, said
from awards.web.forms import lazy as _l
from awards.web.guards import staff
from awards.web.render import page, see_other
from awards.web.sessions import actor


class BatchForm(Form):
    """The ballots of one urn."""

    campaign = SelectField(_l("Campaign"), [InputRequired()], choices=[])
    count = WholeNumberField(
        _l("How many ballots"), [InputRequired(), NumberRange(min=1, max=MOST_PAPERS)]
    )
    label = StringField(_l("Which urn"), [Length(max=80)])


class ReadingForm(Form):
    """What is marked on one ballot. A blank one is a reading too."""

    serial = WholeNumberField(_l("Number of the ballot"), [InputRequired()])
    marks = StringField(_l("Marked candidates"), [Length(max=1000)])


@staff(Role.MODERATOR)
async def index(request: Request) -> Response:
    """The batches of one campaign."""
    return await _listed(request, BatchForm(), request.query_params.get("campaign", ""))


@staff(Role.MODERATOR)
async def create(request: Request) -> Response:
    """Take a batch in."""
    form, campaigns = BatchForm(await request.form()), await _own_campaigns(request)
    if not campaigns:
        raise NotFound()
    form.campaign.choices = _choices(campaigns)
    if not form.validate():
        return await _listed(request, form, "", status=422)
    campaign = _chosen(campaigns, form.campaign.data or "")
    try:
        batch = await make_batch(
            by=actor(request), campaign=campaign, count=form.count.data or 0,
            label=form.label.data or "",
        )  # fmt: skip
    except Forbidden:
        raise
    except Refused as refused:
        form.blame(refused)
        return await _listed(request, form, campaign.slug, status=status_of(refused))
    return see_other(request, "admin:paper_batch", id=batch)


@staff(Role.MODERATOR)
async def show(request: Request) -> Response:
    """One batch: the next ballot to type, and those that were read differently."""
    return await _shown(request, None, serial=request.query_params.get("serial", ""))


@staff(Role.MODERATOR)
async def read(request: Request) -> Response:
    """Keep what this person reads on one ballot, and go on to the next."""
    form, batch = ReadingForm(await request.form()), request.path_params["id"]
    if not form.validate():
        await find_paper_batch(batch, by=actor(request))
        return await _shown(request, form, status=422)
    try:
        line = await type_paper(
            by=actor(request), batch=batch, serial=form.serial.data or 0,
            text=form.marks.data or "",
        )  # fmt: skip
    except (Forbidden, NotFound):
        raise
    except Refused as refused:
        refused.field = "marks" if refused.field == "choices" else refused.field
        form.blame(refused)
        return await _shown(request, form, status=status_of(refused))
    said_now = _("Read differently: please look at the paper once more.")
    is_differing = line.state is LineState.DIFFERING
    return see_other(request, "admin:paper_batch", id=batch, said=said_now if is_differing else "")


@staff(Role.MODERATOR)
async def close(request: Request) -> Response:
    """Cast what was agreed on."""
    batch = request.path_params["id"]
    try:
        await close_batch(request.app.state.ballot_box, by=actor(request), batch=batch)
    except (Forbidden, NotFound):
        raise
    except Refused as refused:
        return await _shown(request, None, refusal=said(refused), status=status_of(refused))
    return see_other(request, "admin:paper_batch", id=batch, said=_("The ballots are cast."))


async def _listed(request: Request, form: BatchForm, slug: str, *, status: int = 200) -> Response:
    campaigns = await _own_campaigns(request)
    campaign = _chosen(campaigns, slug) if slug else next(iter(campaigns), None)
    form.campaign.choices = _choices(campaigns)
    return page(
        request, "admin/papers/index.html", form=form, campaigns=campaigns, campaign=campaign,
        batches=await list_batches(campaign.id) if campaign else [], status=status,
    )  # fmt: skip


async def _shown(
    request: Request,
    form: ReadingForm | None,
    *,
    serial: str = "",
    refusal: str = "",
    status: int = 200,
) -> Response:
    by: Actor = actor(request)
    batch = await find_paper_batch(request.path_params["id"], by=by)
    lines = await list_lines(batch.id)
    states = Counter(line.state for line in lines)
    asked = int(serial) if serial.isascii() and serial.isdigit() and len(serial) < 5 else 0
    wanted = _asked(lines, asked) or _next(lines, by)
    if form is None:
        mine = wanted.readings.get(by.person) if wanted and by.person else None
        marks = " ".join(map(str, mine)) if mine else ""
        form = ReadingForm(data={"serial": wanted.serial if wanted else None, "marks": marks})
    return page(
        request, "admin/papers/show.html", batch=batch, form=form, refusal=refusal, status=status,
        campaign=await find_campaign_of(batch.campaign_id), wanted=wanted,
        states={state.value: states[state] for state in LineState},
        differing=[_compared(line) for line in lines if line.state is LineState.DIFFERING],
        mine=sum(by.person in line.readings for line in lines),
    )  # fmt: skip


def _asked(lines: Sequence[Line], serial: int) -> Line | None:
    return lines[serial - 1] if 1 <= serial <= len(lines) else None


def _next(lines: Sequence[Line], by: Actor) -> Line | None:
    """The first ballot that still needs this person's reading."""
    waiting = (
        line for line in lines if line.state != LineState.AGREED and by.person not in line.readings
    )
    return next(waiting, None)


def _compared(line: Line) -> dict[str, Any]:
    """A ballot that was read differently: what was read, and never by whom."""
    readings = [", ".join(map(str, each)) or _("blank") for each in line.readings.values()]
    return {"serial": line.serial, "readings": sorted(readings)}


async def _own_campaigns(request: Request) -> list[Any]:
    by = actor(request)
    return [
        each
        for each in await list_campaigns()
        if by.may(Role.MODERATOR, campaign=each.id) and Channel.PAPER in channels_of(each)
    ]


def _chosen(campaigns: Sequence[Any], slug: str) -> Any:
    for each in campaigns:
        if each.slug == slug:
            return each
    raise NotFound()


def _choices(campaigns: Sequence[Any]) -> list[tuple[str, str]]:
    return [(each.slug, each.title.best(language())[0]) for each in campaigns]
