"""Rounds: two sides measured in turn, A B A B, so that a slow minute falls on both."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Protocol

from bench.load import Orders, Seen, fire
from bench.servers import LOAD, settled

ROUNDS = 5
CONNECTIONS = 64
SECONDS, WARM_UP = 2.0, 0.5
QUICKEST = 20_000
"""Votes per second that no server here reaches: so many requests are made."""
SHOWN = 300
"""Signs of a body that are printed."""


class Mismatch(Exception):
    """What was measured is not what was meant. The text says how, and no ratio is printed."""


class Target(Protocol):
    """A server under load."""

    name: str
    port: int
    repeats: bool
    """Whether the same request may be sent twice."""
    accepted: int
    """The status of what was done."""

    def requests(self, count: int) -> list[bytes]:
        """So many requests that were not sent before, or a few if they may be repeated."""

    def rows(self) -> int | None:
        """How many votes the database holds, if there is one."""


@dataclass(frozen=True)
class Samples:
    """What the rounds of a figure gave."""

    values: Sequence[float]

    @property
    def median(self) -> float:
        return median(self.values)


@dataclass(frozen=True, kw_only=True)
class Shape:
    """How hard and how long the load is."""

    connections: int = CONNECTIONS
    seconds: float = SECONDS
    rounds: int = ROUNDS
    cores: frozenset[int] = LOAD


Pair = tuple[Seen, Seen]


def interleaved(first: Target, second: Target, shape: Shape) -> list[Pair]:
    """Measure both in turn."""
    show_vote(first)
    found = []
    for turn in range(shape.rounds):
        # Whoever comes first may find the machine warmer or colder than who comes second.
        order = (first, second) if turn % 2 == 0 else (second, first)
        seen = {target.name: measured(target, shape) for target in order}
        pair = (seen[first.name], seen[second.name])
        print(f"  {line(first.name, pair[0])}  |  {line(second.name, pair[1])}", flush=True)
        found.append(pair)
    return found


def line(name: str, seen: Seen) -> str:
    return f"{name}: {seen.rate:8.0f}/s  p50 {seen.p50:6.2f}  p99 {seen.p99:6.2f} ms"


def measured(target: Target, shape: Shape, *, others: Sequence[int] = ()) -> Seen:
    """One round, of which every answer was an acceptance and every acceptance is a row. `others`
    are statuses that may come as well.
    """
    before = target.rows()
    seen = fire(orders(target, shape), enough(target, shape), before=settled(shape.cores))
    check(target, seen, before, others=others)
    return seen


def orders(target: Target, shape: Shape) -> Orders:
    return Orders(
        port=target.port,
        connections=shape.connections,
        seconds=shape.seconds,
        warm_up=WARM_UP,
        repeats=target.repeats,
    )


def enough(target: Target, shape: Shape) -> list[bytes]:
    return target.requests(int(QUICKEST * (shape.seconds + WARM_UP)))


def check(target: Target, seen: Seen, before: int | None, *, others: Sequence[int] = ()) -> None:
    """Raise `Mismatch` unless all were answered as they should be, and all that was acknowledged
    is there, and nothing else.
    """
    expected = {str(target.accepted), *map(str, others)}
    if strange := {status: n for status, n in seen.statuses.items() if status not in expected}:
        raise Mismatch(f"{target.name} answered {strange}, and not {target.accepted} alone.")
    if seen.broken or seen.unanswered:
        raise Mismatch(
            f"{target.name}: {seen.broken} connections broke, {seen.unanswered} have no answer."
        )
    if before is None:
        return
    added, acknowledged = (target.rows() or 0) - before, seen.count(target.accepted)
    if added != acknowledged:
        raise Mismatch(f"{target.name} acknowledged {acknowledged} votes and keeps {added}.")


def show_vote(target: Target) -> None:
    """Print one accepted vote as it travels."""
    before = target.rows()
    order = Orders(port=target.port, connections=1, seconds=5, warm_up=0)
    seen = fire(order, target.requests(1)[:1], before=settled(LOAD))
    check(target, seen, before)
    if seen.count(target.accepted) != 1:
        raise Mismatch(f"{target.name} took {seen.statuses} for one vote.")
    print(f"\nOne answer of {target.name}:\n{indented(seen.sample[0])}\n{indented(seen.sample[1])}")


def indented(text: str) -> str:
    """Head and body of a message, for people to read."""
    head, _empty, body = text.partition("\r\n\r\n")
    if len(body) > SHOWN or not body.isprintable():
        body = f"({len(body)} bytes)"
    return "\n".join(f"    {each}" for each in [*head.split("\r\n"), body] if each)


def ratios(pairs: Sequence[Pair], of: Callable[[Seen], float]) -> Samples:
    """Of each round, the first's figure by the second's."""
    return Samples([of(first) / of(second) for first, second in pairs])
