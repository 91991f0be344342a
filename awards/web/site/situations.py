"""What a campaign's page says about now: one tag, one sentence, one thing to do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from starlette.requests import Request

from awards import clock
from awards.campaigns.queries import rule_of, timeline_of
from awards.campaigns.rules import BallotRule, Line, StageKind, StepState, Timeline, Window
from awards.i18n import language, translate
from awards.i18n import mark as _


@dataclass(frozen=True)
class Link:
    """Words that lead somewhere."""

    text: str
    href: str


@dataclass(frozen=True)
class Situation:
    """Where a campaign stands, in the page's language. `short` fits where a button would stand."""

    name: str
    tag: str
    kind: str = ""
    title: str = ""
    text: str = ""
    tone: str = "info"
    short: str = ""
    until: datetime | None = None
    until_label: str = ""
    action: Link | None = None

    @property
    def is_voting(self) -> bool:
        """Whether a vote would be taken now."""
        return self.name == "voting"


STAGE_NAMES = {
    StageKind.NOMINATION: _("Nomination"),
    StageKind.REVIEW: _("Review"),
    StageKind.CANDIDATES: _("Candidates on display"),
    StageKind.VOTING: _("Public vote"),
    StageKind.CHECKING: _("Checking the votes"),
    StageKind.RESULT: _("Result on display"),
    StageKind.HONOURS: _("Winners announced"),
}

_REVIEWED = _("Everybody nominated is asked first. Who agrees and passes the checks is shown here.")
_DOUBTS = _("If you doubt something in a story, tell us. Your name is kept confidential.")
_PAUSED = _(
    "Something has to be looked at first. "
    "Recorded votes are safe; you can vote again once it goes on."
)


def situation_of(request: Request, campaign: Any, *, published: bool) -> Situation:
    """The campaign's situation now; `published` says whether its result is."""
    now, timeline, env = clock.now(), timeline_of(campaign), request.app.state.environment
    write = _Writer(timeline, now, env.filters)
    if published:
        found = write.published()
    elif campaign.paused_at and timeline.at(now) is StageKind.VOTING:
        found = write.paused()
    else:
        found = write.by_dates()
    return replace(found, action=_action(found, campaign, env.globals["path"]))


def steps_of(request: Request, campaign: Any) -> list[dict[str, str]]:
    """The stages for the progress rail."""
    filters = request.app.state.environment.filters
    return [
        {
            "name": translate(STAGE_NAMES[step.kind]),
            "dates": _dates(filters, step.window),
            "state": step.state.value,
        }
        for step in timeline_of(campaign).steps(clock.now())
    ]


def _dates(filters: Any, window: Window) -> str:
    """From day to day, or the one day."""
    first, last = filters["month_day"](window.start), filters["month_day"](window.end)
    return str(first if first == last else filters["date_range"](window.start, window.end))


def rule_text(rule: BallotRule) -> str:
    """The rule in one paragraph."""
    return together([sentence(line) for line in rule.lines()])


def together(sentences: Sequence[str]) -> str:
    """Sentences one after the other, as the page's language sets them."""
    return (" " if language() == "en" else "").join(sentences)


def sentence(line: Line) -> str:
    """A sentence of the rules in the page's language."""
    return translate(line.message).format(**line.values)


def _action(found: Situation, campaign: Any, path: Callable[..., str]) -> Link | None:
    slug = campaign.slug
    match found.name:
        case "voting" if rule_of(campaign).is_ballot:
            return Link(translate(_("Fill in my ballot")), path("site:ballot", slug=slug))
        case "voting":
            there = path("site:campaign", slug=slug) + "#candidates"
            return Link(translate(_("Go and vote")), there)
        case "nomination":
            return Link(
                translate(_("Nominate a neighbour")), path("site:nomination_new", slug=slug)
            )
        case "published":
            return Link(translate(_("See the result")), path("site:results", slug=slug))
        case _:
            return None


class _Writer:
    """Writes situations for one moment of one timeline."""

    def __init__(self, timeline: Timeline, now: datetime, filters: Any) -> None:
        self.timeline = timeline
        self.now = now
        self.moment: Callable[[datetime], str] = filters["datetime"]
        self.day: Callable[[datetime], str] = filters["date"]

    def by_dates(self) -> Situation:
        view = self.timeline.view(self.now)
        if view.kind and view.window:
            return _WRITERS[view.kind](self, view.window.end)
        if view.next and all(step.state is StepState.NEXT for step in view.steps):
            return self.soon(view.next.kind, view.next.window.start)
        if view.next:
            return self.between(view.next.kind, view.next.window.start)
        return self.over()

    def soon(self, kind: StageKind, start: datetime) -> Situation:
        text = translate(_("It begins on {day}: {stage}.")).format(
            day=self.day(start), stage=translate(STAGE_NAMES[kind])
        )
        return Situation("soon", translate(_("Opens soon")), "wait", text, short=text)

    def between(self, kind: StageKind, start: datetime) -> Situation:
        if kind is StageKind.VOTING:
            return replace(self.before_voting(), name="between")
        stage = translate(STAGE_NAMES[kind])
        if self.timeline.has_ended(StageKind.VOTING, self.now):
            return replace(self.closed(), name="between")
        text = translate(_("Next comes {stage}, on {time}.")).format(
            stage=stage, time=self.moment(start)
        )
        return Situation("between", translate(_("Between two stages")), "wait", text, short=text)

    def nomination(self, end: datetime) -> Situation:
        return Situation(
            "nomination", translate(_("Nominations are open")), "live",
            until=end, until_label=translate(_("Nominations close in")),
            short=translate(_("Nominations are open.")),
        )  # fmt: skip

    def review(self, _end: datetime) -> Situation:
        return Situation(
            "review", translate(_("Under review")), "wait",
            translate(_("Nominations are being read and checked")),
            translate(_REVIEWED),
            short=translate(_("Nominations are being read and checked")),
        )  # fmt: skip

    def candidates(self, _end: datetime) -> Situation:
        return replace(self.before_voting(), name="candidates")

    def before_voting(self) -> Situation:
        window = self.timeline.window(StageKind.VOTING)
        opens = self.moment(window.start) if window else ""
        text = translate(_("Voting opens on {time}. Meet the candidates.")).format(time=opens)
        later = window is not None and window.start > self.now
        return Situation(
            "between", translate(_("Candidates on display")), "wait", text if later else "",
            translate(_DOUBTS),
            short=text if later else "", until=window.start if window and later else None,
            until_label=translate(_("Voting opens in")),
        )  # fmt: skip

    def voting(self, end: datetime) -> Situation:
        return Situation(
            "voting", translate(_("Voting now")), "live", until=end,
            until_label=translate(_("Voting closes in")),
        )  # fmt: skip

    def paused(self) -> Situation:
        title = translate(_("Voting is paused"))
        return Situation(
            "paused", title, "stop", title,
            translate(_PAUSED),
            "warning", title,
        )  # fmt: skip

    def closed(self, _end: datetime | None = None) -> Situation:
        window, result = (
            self.timeline.window(kind) for kind in (StageKind.VOTING, StageKind.RESULT)
        )
        title = translate(_("Voting closed on {time}.")).format(
            time=self.moment(window.end) if window else ""
        )
        waiting = _("Votes are being checked.")
        text = translate(waiting)
        if result and result.start > self.now:
            text = translate(_("Votes are being checked; results on {day}.")).format(
                day=self.day(result.start)
            )
        return Situation(
            "checking", translate(_("Being checked")), "wait", title, text, short=title
        )

    def published(self) -> Situation:
        over = not self.timeline.view(self.now).next and self.timeline.at(self.now) is None
        tag = translate(_("Finished")) if over else translate(_("The result is out"))
        return Situation(
            "published", tag, "done" if over else "honour", short=translate(_("Voting is over."))
        )

    def over(self) -> Situation:
        title = translate(_("Voting is over."))
        return Situation("over", translate(_("Finished")), "done", short=title)


_WRITERS: dict[StageKind, Callable[[_Writer, datetime], Situation]] = {
    StageKind.NOMINATION: _Writer.nomination,
    StageKind.REVIEW: _Writer.review,
    StageKind.CANDIDATES: _Writer.candidates,
    StageKind.VOTING: _Writer.voting,
    StageKind.CHECKING: _Writer.closed,
    StageKind.RESULT: _Writer.closed,
    StageKind.HONOURS: _Writer.closed,
}
