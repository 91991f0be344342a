"""The stages of a campaign. What runs now follows from the dates alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class StageKind(StrEnum):
    """The parts of a campaign's time, in their order."""

    NOMINATION = "nomination"
    REVIEW = "review"
    CANDIDATES = "candidates"
    VOTING = "voting"
    CHECKING = "checking"
    RESULT = "result"
    HONOURS = "honours"


@dataclass(frozen=True)
class Window:
    """A span of time. `start` belongs to it, `end` no longer."""

    start: datetime
    end: datetime

    def contains(self, moment: datetime) -> bool:
        return self.start <= moment < self.end


class StepState(StrEnum):
    """Where a stage stands on the way."""

    DONE = "done"
    NOW = "now"
    NEXT = "next"


@dataclass(frozen=True)
class Step:
    """One stage as the progress rail shows it."""

    kind: StageKind
    state: StepState
    window: Window


@dataclass(frozen=True)
class StageView:
    """Where a campaign stands: the stage that runs, if one does, and the one that comes."""

    kind: StageKind | None
    window: Window | None
    next: Step | None
    steps: tuple[Step, ...]


class Timeline:
    """The stages of one campaign, in their order. What runs now follows from the dates alone."""

    def __init__(self, stages: Mapping[StageKind, Window]) -> None:
        self._windows = {kind: stages[kind] for kind in StageKind if kind in stages}

    def window(self, kind: StageKind) -> Window | None:
        return self._windows.get(kind)

    def at(self, now: datetime) -> StageKind | None:
        """The stage that runs. Of two that overlap, the later one in the order."""
        running = [kind for kind, window in self._windows.items() if window.contains(now)]
        return running[-1] if running else None

    def has_opened(self, kind: StageKind, now: datetime) -> bool:
        window = self.window(kind)
        return window is not None and window.start <= now

    def has_ended(self, kind: StageKind, now: datetime) -> bool:
        window = self.window(kind)
        return window is not None and window.end <= now

    def steps(self, now: datetime) -> tuple[Step, ...]:
        return tuple(
            Step(kind, _state(window, now), window) for kind, window in self._windows.items()
        )

    def view(self, now: datetime) -> StageView:
        steps, kind = self.steps(now), self.at(now)
        coming = next((step for step in steps if step.state is StepState.NEXT), None)
        return StageView(kind, self.window(kind) if kind else None, coming, steps)


def _state(window: Window, now: datetime) -> StepState:
    if window.contains(now):
        return StepState.NOW
    return StepState.DONE if window.end <= now else StepState.NEXT
