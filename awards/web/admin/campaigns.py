"""The organiser's campaigns: make one from a preset, change it, publish it, pause its voting."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from wtforms import DateTimeLocalField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from awards import clock
from awards.actor import Role
from awards.campaigns.actions import (
    change_campaign,
    create_campaign,
    pause_voting,
    publish_campaign,
    resume_voting,
)
from awards.campaigns.queries import find_campaign, list_campaigns, plan_of, stage_of
from awards.campaigns.rules import (
    PRESETS,
    USUAL,
    CampaignPlan,
    CategoryPlan,
    Channel,
    RegionPlan,
    StageKind,
    StageView,
    Window,
    in_order,
)
from awards.errors import Invalid, Refused
from awards.i18n import mark
from awards.i18n import translate as _
from awards.web.errors import status_of
from awards.web.forms import ChoicesField, Form, options, said
from awards.web.forms import lazy as _l
from awards.web.guards import staff
from awards.web.render import page, see_other
from awards.web.sessions import actor
from awards.words import Words

ORGANISERS = (Role.ORGANISER, Role.ADMIN)
LOCAL = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
STAGE_NAMES = {
    StageKind.NOMINATION: _l("Nomination"),
    StageKind.REVIEW: _l("Review"),
    StageKind.CANDIDATES: _l("Candidates on display"),
    StageKind.VOTING: _l("Public vote"),
    StageKind.CHECKING: _l("Checking the votes"),
    StageKind.RESULT: _l("Result on display"),
    StageKind.HONOURS: _l("Winners announced"),
}


CHANNEL_NAMES = {
    Channel.EMAIL: _l("E-mail address, proved with a code"),
    Channel.SMS: _l("Phone number, proved with a code"),
    Channel.OIDC: _l("Account at another site"),
    Channel.WECHAT: _l("WeChat account"),
    Channel.CODE: _l("Printed code"),
    Channel.KIOSK: _l("Voting booth with staff"),
    Channel.PAPER: _l("Ballot of paper, typed in twice"),
}


class CampaignForm(Form):
    """All that an organiser says about a campaign. Lists are one line each, parts
    separated by |.
    """

    title_zh = StringField(_l("Title in Chinese"), [InputRequired(), Length(max=200)])
    title_en = StringField(_l("Title in English"), [Length(max=200)])
    slug = StringField(_l("Short name in the address"), [InputRequired(), Length(max=60)])
    preset = SelectField(_l("Ballot rule"), [InputRequired()], choices=[])
    channels = ChoicesField(_l("Ways to vote"), choices=options(CHANNEL_NAMES.items()))
    summary_zh = TextAreaField(
        _l("In one sentence, in Chinese"), [InputRequired(), Length(max=300)]
    )
    summary_en = TextAreaField(_l("In one sentence, in English"), [Length(max=600)])
    intro_zh = TextAreaField(_l("Purpose and who can be nominated, in Chinese"), [Length(max=6000)])
    intro_en = TextAreaField(_l("The same in English"), [Length(max=9000)])
    rules_zh = TextAreaField(_l("Rules of the award, in Chinese"), [Length(max=9000)])
    rules_en = TextAreaField(_l("The same in English"), [Length(max=12000)])
    host_zh = StringField(_l("Host, in Chinese"), [InputRequired(), Length(max=120)])
    host_en = StringField(_l("Host, in English"), [Length(max=200)])
    organiser_zh = StringField(_l("Organiser, in Chinese"), [Length(max=120)])
    organiser_en = StringField(_l("Organiser, in English"), [Length(max=200)])
    approval_number = StringField(_l("Approval document number"), [Length(max=60)])
    enquiry_phone = StringField(_l("Telephone for questions"), [InputRequired(), Length(max=30)])
    supervision_phone = StringField(_l("Telephone for supervision"), [Length(max=30)])
    categories = TextAreaField(_l("Categories"), [InputRequired(), Length(max=6000)])
    regions = TextAreaField(_l("Regions"), [InputRequired(), Length(max=9000)])


def _stage_fields() -> None:
    for kind, name in STAGE_NAMES.items():
        for end, label in (("starts", _l("begins")), ("ends", _l("ends"))):
            words: Any = _StageLabel(name, label)
            field = DateTimeLocalField(words, [Optional()], format=LOCAL)
            setattr(CampaignForm, f"{kind.value}_{end}", field)


class _StageLabel:
    """“Public vote begins”, in the page's language."""

    def __init__(self, stage: object, end: object) -> None:
        self.stage = stage
        self.end = end

    def __str__(self) -> str:
        return _("{stage}: {end}").format(stage=self.stage, end=self.end)


_stage_fields()


@staff(*ORGANISERS)
async def index(request: Request) -> Response:
    """All campaigns that this organiser may see."""
    by = actor(request)
    campaigns = [each for each in await list_campaigns() if by.may(*ORGANISERS, campaign=each.id)]
    now = clock.now()
    stages = {each.id: stage_of(each, now) for each in campaigns}
    return page(
        request,
        "admin/campaigns/index.html",
        campaigns=campaigns,
        stages=stages,
        stage_names=STAGE_NAMES,
        can_make=by.may(*ORGANISERS),
    )


@staff(*ORGANISERS, everywhere=True)
async def new(request: Request) -> Response:
    """An empty form, with the five usual categories."""
    return _shown(
        request,
        CampaignForm(
            data={
                "categories": _usual_categories(),
                "preset": "daily_tap",
                "channels": list(USUAL),
            }
        ),
    )


@staff(*ORGANISERS, everywhere=True)
async def create(request: Request) -> Response:
    """Make the campaign. It is seen by staff alone until it is published."""
    form = CampaignForm(await request.form())
    form.preset.choices = _preset_choices()
    if not form.validate():
        return _shown(request, form, status=422)
    config = request.app.state.config
    try:
        made = await create_campaign(
            by=actor(request), plan=_plan(form, config.zone), keys_folder=config.keys_folder,
            equipment=config.equipment,
        )  # fmt: skip
    except Refused as refused:
        _blame(form, refused)
        return _shown(request, form, status=status_of(refused))
    return see_other(
        request, "admin:campaign", slug=made.slug, said=_("The campaign has been made.")
    )


@staff(*ORGANISERS)
async def show(request: Request) -> Response:
    """One campaign's desk."""
    campaign = await _campaign(request)
    view = stage_of(campaign, clock.now())
    return page(
        request, "admin/campaigns/show.html", campaign=campaign, view=view,
        stage_names=STAGE_NAMES, steps=_steps(request, view),
    )  # fmt: skip


def _steps(request: Request, view: StageView) -> list[dict[str, object]]:
    dates = request.app.state.environment.filters["date_range"]
    return [
        {
            "name": STAGE_NAMES[step.kind],
            "dates": dates(step.window.start, step.window.end),
            "state": step.state,
        }
        for step in view.steps
    ]


@staff(*ORGANISERS)
async def edit(request: Request) -> Response:
    """The form, filled."""
    campaign = await _campaign(request)
    return _shown(request, CampaignForm(data=_data(plan_of(campaign))), campaign=campaign)


@staff(*ORGANISERS)
async def change(request: Request) -> Response:
    """Keep the changes, or say what stands since voting opened."""
    campaign, form = await _campaign(request), CampaignForm(await request.form())
    form.preset.choices = _preset_choices()
    if not form.validate():
        return _shown(request, form, campaign=campaign, status=422)
    try:
        changed = await change_campaign(
            by=actor(request), campaign=campaign, plan=_plan(form, campaign.zone),
            equipment=request.app.state.config.equipment,
        )  # fmt: skip
    except Refused as refused:
        _blame(form, refused)
        return _shown(request, form, campaign=campaign, status=status_of(refused))
    return see_other(request, "admin:campaign", slug=changed.slug, said=_("Your changes are kept."))


@staff(*ORGANISERS)
async def publish(request: Request) -> Response:
    """Let everybody see it."""
    return await _done(request, publish_campaign, _("The campaign is public now."))


@staff(*ORGANISERS)
async def pause(request: Request) -> Response:
    """Hold voting."""
    return await _done(
        request, pause_voting, _("Voting is paused. Voters read that it goes on soon.")
    )


@staff(*ORGANISERS)
async def resume(request: Request) -> Response:
    """Let voting go on."""
    return await _done(request, resume_voting, _("Voting goes on."))


async def _done(request: Request, action: Any, sentence: str) -> Response:
    campaign = await _campaign(request)
    try:
        await action(by=actor(request), campaign=campaign)
    except Refused as refused:
        sentence = said(refused)
    return see_other(request, "admin:campaign", slug=campaign.slug, said=sentence)


async def _campaign(request: Request) -> Any:
    """The campaign, for those who organise it."""
    by = actor(request)
    campaign = await find_campaign(request.path_params["slug"], by=by)
    by.require(*ORGANISERS, campaign=campaign.id)
    return campaign


def _shown(
    request: Request, form: CampaignForm, *, campaign: Any = None, status: int = 200
) -> Response:
    form.preset.choices = _preset_choices()
    return page(
        request, "admin/campaigns/edit.html", form=form, campaign=campaign,
        kinds=[kind.value for kind in StageKind], status=status,
    )  # fmt: skip


def _preset_choices() -> list[tuple[str, str]]:
    return [(preset.id, _(preset.title)) for preset in PRESETS.values()]


def _usual_categories() -> str:
    return "\n".join((
        "helping | 助人为乐 | Helping others | 2", "bravery | 见义勇为 | Bravery | 2",
        "integrity | 诚实守信 | Integrity | 2", "dedication | 敬业奉献 | Dedication | 2",
        "filial | 孝老爱亲 | Family devotion | 2",
    ))  # fmt: skip


def _plan(form: CampaignForm, zone: str) -> CampaignPlan:
    data = form.data
    return CampaignPlan(
        slug=data["slug"].strip(),
        title=_words(data, "title"),
        summary=_words(data, "summary"),
        intro=_words(data, "intro"),
        rules_text=_words(data, "rules"),
        host=_words(data, "host"),
        organiser=_words(data, "organiser"),
        approval_number=data["approval_number"] or "",
        enquiry_phone=data["enquiry_phone"] or "",
        supervision_phone=data["supervision_phone"] or "",
        zone=zone,
        preset=data["preset"],
        rule=PRESETS[data["preset"]].rule,
        channels=in_order(data["channels"]),
        stages=_stages(data, zone),
        categories=tuple(_categories(data["categories"])),
        regions=tuple(_regions(data["regions"])),
    )


def _words(data: dict[str, Any], name: str) -> Words:
    return Words((data[f"{name}_zh"] or "").strip(), (data[f"{name}_en"] or "").strip())


def _stages(data: dict[str, Any], zone: str) -> dict[StageKind, Window]:
    found = {}
    for kind in StageKind:
        starts, ends = data[f"{kind.value}_starts"], data[f"{kind.value}_ends"]
        if (starts is None) != (ends is None):
            raise Invalid(
                "campaign.stage", mark("Give both times of a stage, or none."),
                field=f"{kind.value}_{'ends' if starts else 'starts'}",
            )  # fmt: skip
        if starts and ends:
            found[kind] = Window(_aware(starts, zone), _aware(ends, zone))
    return found


def _aware(moment: datetime, zone: str) -> datetime:
    return moment.replace(tzinfo=ZoneInfo(zone))


def _lines(text: str, parts: int, field: str) -> list[list[str]]:
    rows = [
        [part.strip() for part in line.split("|")] for line in text.splitlines() if line.strip()
    ]
    for row in rows:
        if len(row) != parts:
            raise Invalid(
                "campaign.line", mark("“{line}” needs {parts} parts, separated by |."),
                field=field, line=" | ".join(row), parts=parts,
            )  # fmt: skip
    return rows


def _categories(text: str) -> list[CategoryPlan]:
    rows = _lines(text, 4, "categories")
    return [
        CategoryPlan(slug, number, Words(zh, en), places=_places(places))
        for number, (slug, zh, en, places) in enumerate(rows, 1)
    ]


def _places(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 1000):
        raise Invalid(
            "campaign.places",
            mark("“{text}” is no number of winners."),
            field="categories",
            text=text,
        )
    return int(text)


def _regions(text: str) -> list[RegionPlan]:
    return [RegionPlan(slug, Words(zh, en)) for slug, zh, en in _lines(text, 3, "regions")]


def _data(plan: CampaignPlan) -> dict[str, Any]:
    both = {
        "title": plan.title, "summary": plan.summary, "intro": plan.intro, "rules": plan.rules_text,
        "host": plan.host, "organiser": plan.organiser,
    }  # fmt: skip
    zone = ZoneInfo(plan.zone)
    return {
        **{f"{name}_zh": words.zh for name, words in both.items()},
        **{f"{name}_en": words.en for name, words in both.items()},
        **{
            f"{kind.value}_starts": window.start.astimezone(zone)
            for kind, window in plan.stages.items()
        },
        **{
            f"{kind.value}_ends": window.end.astimezone(zone)
            for kind, window in plan.stages.items()
        },
        "slug": plan.slug,
        "preset": plan.preset,
        "channels": list(plan.channels),
        "approval_number": plan.approval_number,
        "enquiry_phone": plan.enquiry_phone,
        "supervision_phone": plan.supervision_phone,
        "categories": "\n".join(
            f"{each.slug} | {each.title.zh} | {each.title.en} | {each.places}"
            for each in plan.categories
        ),
        "regions": "\n".join(
            f"{each.slug} | {each.title.zh} | {each.title.en}" for each in plan.regions
        ),
    }


FIELDS = {
    "channels": "channels",
    "title": "title_zh",
    "category": "categories",
    "places": "categories",
    "region": "regions",
}


def _blame(form: CampaignForm, refused: Refused) -> None:
    """A plan names its parts, the form its fields."""
    refused.field = FIELDS.get(refused.field, refused.field)
    if stage := refused.values.get("stage"):
        refused.field = f"{stage}_starts"
        refused.values["stage"] = STAGE_NAMES[StageKind(str(stage))]
    form.blame(refused)
