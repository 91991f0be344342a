"""A campaign as a file: the TOML kit of docs/kit.md, read into a plan and written from one."""

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from awards.campaigns.rules import (
    OWN_RULE,
    PRESETS,
    BallotRule,
    CampaignPlan,
    CategoryPlan,
    Channel,
    Channels,
    RegionPlan,
    StageKind,
    Window,
    in_order,
    plan_objection,
)
from awards.errors import Invalid
from awards.i18n import mark as _
from awards.words import Words

VERSION = 1
MOST_NUMBER = 9999
NO_WORDS = Words()
UNSAID: Channels = (Channel.EMAIL, Channel.CODE)
"""What a kit without the key has always opened."""


@dataclass(frozen=True)
class CandidatePlan:
    """A candidate that stands in a kit."""

    number: int
    category: str
    name: Words
    kind: str = "person"
    region: str | None = None
    occupation: Words = NO_WORDS
    employer: Words = NO_WORDS
    one_liner: Words = NO_WORDS
    summary: Words = NO_WORDS
    story: Words = NO_WORDS


@dataclass(frozen=True)
class Kit:
    """What a kit says. `consent` tells how the candidates agreed to be shown, and to whom."""

    plan: CampaignPlan
    candidates: tuple[CandidatePlan, ...] = ()
    consent: str = ""
    published: bool = False


def _both(value: object) -> object:
    return {"zh": value} if isinstance(value, str) else value


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Text(_Strict):
    zh: str = ""
    en: str = ""

    @property
    def words(self) -> Words:
        return Words(self.zh.strip(), self.en.strip())


Both = Annotated[_Text, BeforeValidator(_both)]
Short = Annotated[str, StringConstraints(max_length=60)]


class _Campaign(_Strict):
    slug: str
    title: Both
    zone: str = "Asia/Shanghai"
    published: bool = False
    preset: str | None = None
    rule: dict[str, Any] | None = None
    channels: list[Annotated[Channel, Field(strict=False)]] = list(UNSAID)
    summary: Both = _Text()
    intro: Both = _Text()
    rules: Both = _Text()
    host: Both = _Text()
    organiser: Both = _Text()
    approval_number: Short = ""
    enquiry_phone: Annotated[str, StringConstraints(max_length=30)] = ""
    supervision_phone: Annotated[str, StringConstraints(max_length=30)] = ""


class _Category(_Strict):
    slug: str
    title: Both
    number: int | None = None
    description: Both = _Text()
    places: int = 1


class _Region(_Strict):
    slug: str
    title: Both


class _Stage(_Strict):
    kind: Annotated[StageKind, Field(strict=False)]
    starts: datetime
    ends: datetime


class _Candidate(_Strict):
    number: Annotated[int, Field(ge=1, le=MOST_NUMBER)]
    category: str
    name: Both
    kind: Literal["person", "couple", "family", "group"] = "person"
    region: str | None = None
    occupation: Both = _Text()
    employer: Both = _Text()
    one_liner: Both = _Text()
    summary: Both = _Text()
    story: Both = _Text()


class _Kit(_Strict):
    kit: int
    consent: str = ""
    campaign: _Campaign
    category: list[_Category] = Field(min_length=1)
    region: list[_Region] = []
    stage: list[_Stage] = []
    candidate: list[_Candidate] = []


def read_kit(text: str) -> Kit:
    """The kit in this TOML text. Raises `Invalid` with a sentence that names the key."""
    try:
        written = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid("kit.invalid", _("The kit is not TOML: {reason}."), reason=error) from None
    if written.get("kit") != VERSION:
        raise _wrong("kit", f"must be {VERSION}: the version of the format")
    try:
        shape = _Kit.model_validate(written)
    except ValidationError as error:
        first = error.errors()[0]
        raise _wrong(_place(first["loc"]), str(first["msg"])) from None
    kit = Kit(
        _plan(shape), tuple(_candidates(shape)), shape.consent.strip(), shape.campaign.published
    )
    if no := plan_objection(kit.plan):
        raise no
    _check_candidates(kit)
    return kit


def _plan(kit: _Kit) -> CampaignPlan:
    campaign = kit.campaign
    return CampaignPlan(
        slug=campaign.slug,
        title=campaign.title.words,
        rule=_rule(campaign),
        stages=_stages(kit),
        categories=tuple(
            CategoryPlan(
                each.slug,
                each.number or position,
                each.title.words,
                each.description.words,
                each.places,
            )
            for position, each in enumerate(kit.category, 1)
        ),
        regions=tuple(RegionPlan(each.slug, each.title.words) for each in kit.region),
        preset=campaign.preset or OWN_RULE,
        zone=campaign.zone,
        summary=campaign.summary.words,
        intro=campaign.intro.words,
        rules_text=campaign.rules.words,
        host=campaign.host.words,
        organiser=campaign.organiser.words,
        approval_number=campaign.approval_number,
        enquiry_phone=campaign.enquiry_phone,
        supervision_phone=campaign.supervision_phone,
        channels=in_order(campaign.channels),
    )


def _rule(campaign: _Campaign) -> BallotRule:
    """The rule that is written out, or else the preset's."""
    if campaign.preset not in (None, OWN_RULE, *PRESETS):
        raise _wrong("campaign.preset", f"must be one of: {', '.join(PRESETS)}")
    if campaign.rule is not None:
        return BallotRule.from_json(campaign.rule)
    if campaign.preset in (None, OWN_RULE):
        raise _wrong("campaign.rule", "is missing; name a preset or write a rule")
    return PRESETS[campaign.preset].rule


def _stages(kit: _Kit) -> dict[StageKind, Window]:
    try:
        zone = ZoneInfo(kit.campaign.zone)
    except (ValueError, OSError, KeyError):
        raise _wrong("campaign.zone", "is no time zone; an example is Asia/Shanghai") from None
    found: dict[StageKind, Window] = {}
    for number, stage in enumerate(kit.stage):
        if stage.kind in found:
            raise _wrong(f"stage[{number}].kind", "stands twice")
        found[stage.kind] = Window(_aware(stage.starts, zone), _aware(stage.ends, zone))
    return found


def _aware(moment: datetime, zone: ZoneInfo) -> datetime:
    """A time without an offset is the campaign's own."""
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _candidates(kit: _Kit) -> Iterator[CandidatePlan]:
    for each in kit.candidate:
        yield CandidatePlan(
            number=each.number,
            category=each.category,
            name=each.name.words,
            kind=each.kind,
            region=each.region,
            occupation=each.occupation.words,
            employer=each.employer.words,
            one_liner=each.one_liner.words,
            summary=each.summary.words,
            story=each.story.words,
        )


def _check_candidates(kit: Kit) -> None:
    categories = {category.slug for category in kit.plan.categories}
    regions = {region.slug for region in kit.plan.regions} | {None}
    numbers: set[int] = set()
    for position, each in enumerate(kit.candidates):
        place = f"candidate[{position}]"
        if each.number in numbers:
            raise _wrong(f"{place}.number", f"{each.number} stands twice")
        if each.category not in categories:
            raise _wrong(f"{place}.category", f"there is no category “{each.category}”")
        if each.region not in regions:
            raise _wrong(f"{place}.region", f"there is no region “{each.region}”")
        if not each.name or max(len(each.name.zh), len(each.name.en)) > 200:
            raise _wrong(f"{place}.name", "must have from 1 to 200 characters")
        numbers.add(each.number)
    if kit.candidates and not kit.consent:
        raise _wrong("consent", "is missing: say how the candidates agreed to be shown")


def write_kit(kit: Kit) -> str:
    """The kit as a TOML text, which `read_kit` reads back."""
    plan = kit.plan
    campaign = {
        "slug": plan.slug,
        "title": plan.title,
        "zone": plan.zone,
        "published": kit.published,
        "preset": plan.preset,
        "rule": plan.rule.as_json(),
        "channels": list(plan.channels),
        "summary": plan.summary,
        "intro": plan.intro,
        "rules": plan.rules_text,
        "host": plan.host,
        "organiser": plan.organiser,
        "approval_number": plan.approval_number,
        "enquiry_phone": plan.enquiry_phone,
        "supervision_phone": plan.supervision_phone,
    }
    stages = [
        {"kind": str(kind), "starts": window.start, "ends": window.end}
        for kind, window in plan.stages.items()
    ]
    return "\n".join(
        [
            f"kit = {VERSION}",
            *_lines({"consent": kit.consent}),
            *("", "[campaign]", *_lines(campaign)),
            *_tables("category", [vars(each) for each in plan.categories]),
            *_tables("region", [vars(each) for each in plan.regions]),
            *_tables("stage", stages),
            *_tables("candidate", [vars(each) for each in kit.candidates]),
            "",
        ]
    )


def _tables(name: str, rows: Sequence[Mapping[str, object]]) -> Iterator[str]:
    for row in rows:
        yield from ("", f"[[{name}]]", *_lines(row))


def _lines(row: Mapping[str, object]) -> Iterator[str]:
    """The keys that hold something."""
    for key, value in row.items():
        if value is not None and value != "" and value != NO_WORDS:
            yield f"{key} = {_value(value)}"


def _value(value: object) -> str:
    if isinstance(value, Words):
        return _value({key: text for key, text in value.as_json().items() if text})
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_value(each)}" for key, each in value.items()) + " }"
    if isinstance(value, datetime):
        return value.isoformat()
    # A JSON text is a TOML text but for one sign.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _place(parts: tuple[int | str, ...]) -> str:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)
    return path.removeprefix(".")


def _wrong(key: str, reason: str) -> Invalid:
    # The reasons are for operators and stay in English, as the keys do.
    return Invalid("kit.invalid", _("The kit’s {key}: {reason}."), key=key, reason=reason)
