"""P2: who has the database and not the keys does not learn who voted how.

People prove an address by a letter's code and vote, ten votes a minute, by the pages' own forms.
Then seven ways to lead from a voter to a ballot are tried. By chance one guess in all is right, on
average: ten or more have a probability of 1e-7 (Poisson). And the order of the voters says nothing
of the order of the people whose ballots were guessed: without a link their correlation has the
deviation 1 / sqrt(n - 1), and five of these a probability of 6e-7. About a hundred such numbers are
looked at in a run, so that one run in ten thousand fails for nothing. Each way is tried on tables
made carelessly too, where it must lead to the ballots.
"""

import math
import random
import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
import time_machine
from starlette.applications import Starlette

from awards import clock
from awards.config import Config
from awards.db import sqlite_path
from awards.jobs import jobs, run_due
from awards.voting.rules import WHOLE_CAMPAIGN, Channel
from tests.conftest import BASE, ENGINE
from tests.drills import dump
from tests.drills.dump import NUMBER, PLACE, Dump, Row
from tests.drills.matchers import MATCHERS, Guess, Who
from tests.drills.site import NUMBERS, PER_VOTER, Poll, add_poll
from tests.drills.sizes import size
from tests.web.site.voter import Voter, sent_code

PEOPLE = size("p2", quick=80, full=1_000)
VOTES_A_MINUTE = 10
PEOPLE_A_MINUTE = VOTES_A_MINUTE / ((1 + PER_VOTER) / 2)
DELAY = (10.0, 50.0)
"""Seconds from the proof to the first vote."""
BETWEEN = (3.0, 20.0)
BY_CHANCE, DEVIATIONS = 9, 5.0

pytestmark = pytest.mark.p2
Freeze = Callable[[datetime], time_machine.Traveller]


@dataclass
class Truth:
    """Whose each ballot is, in the order in which people came. Only the test can know."""

    pids: list[bytes] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    owner: dict[bytes, int] = field(default_factory=dict)

    def verdict(self, guess: Guess) -> "Verdict":
        number: dict[Who, int] = {pid: place for place, pid in enumerate(self.pids)}
        number |= {address: place for place, address in enumerate(self.addresses)}
        pairs = [(number[who], self.owner[tag]) for who, tag in guess if who in number]
        hits = len({who for who, owner in pairs if who == owner})
        left, right = [who for who, _owner in pairs], [owner for _who, owner in pairs]
        varies = len(set(left)) > 2 and len(set(right)) > 2
        return Verdict(hits, statistics.correlation(left, right) if varies else 0.0, len(pairs))


@dataclass(frozen=True)
class Verdict:
    """How often a way led to the right ballot, and how near it came."""

    hits: int
    correlation: float
    guesses: int

    @property
    def links(self) -> bool:
        most = DEVIATIONS / math.sqrt(max(self.guesses - 1, 1))
        return self.hits > BY_CHANCE or abs(self.correlation) > most


async def vote_all_evening(
    app: Starlette, config: Config, poll: Poll, moment: time_machine.Traveller
) -> Truth:
    """Everybody comes, proves an address, and votes once to three times."""
    chance = random.Random(PEOPLE)  # noqa: S311 - to be repeated
    truth, due, began = Truth(), jobs(config), clock.now()
    people = [
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app, client=(f"10.{n // 250}.{n % 250}.7", 50000)),
            base_url=BASE,
        )
        for n in range(PEOPLE)
    ]
    events: list[tuple[float, int, int]] = []
    for person in range(PEOPLE):
        at = person * 60 / PEOPLE_A_MINUTE + chance.random()
        events.append((at, person, 0))
        at += chance.uniform(*DELAY)
        for number in chance.sample(NUMBERS, chance.randint(1, PER_VOTER)):
            events.append((at, person, number))
            at += chance.uniform(*BETWEEN)
    paper = app.state.ballot_box.papers.get(poll.campaign)
    minute = 0
    for at, person, number in sorted(events):
        moment.move_to(began + timedelta(seconds=at))
        while minute < at // 60:
            minute += 1
            await run_due(due)
        voter, address = Voter(people[person], poll.slug), f"k{person}@example.com"
        pid = paper.keys.pid(Channel.EMAIL, address)
        if not number:
            asked = await voter.post("/verifications", email=address)
            assert asked.status_code == 303, asked.text
            await run_due(due)  # The letter goes out.
            shown = await voter.post("/tokens", kind="email", code=await sent_code(address))
            assert shown.status_code == 303, shown.text
            truth.pids.append(pid)
            truth.addresses.append(address)
            continue
        kept = await voter.vote(number)
        assert kept.headers["location"].startswith("/receipts/"), kept.text
        tag = paper.keys.tap_tag(paper.keys.voter_tag(pid), WHOLE_CAMPAIGN, number, 1)
        truth.owner[tag] = person
    for client in people:
        await client.aclose()
    await run_due(due)
    return truth


async def until_the_night_is_over(config: Config, moment: time_machine.Traveller) -> None:
    """The jobs of the quietest hour."""
    due = jobs(config)
    for _hour in range(24):
        moment.shift(timedelta(hours=1))
        await run_due(due)


def judged(found: Dump, truth: Truth) -> dict[str, Verdict]:
    """What each of the seven says of these tables."""
    assert {row["pid"] for row in found.voters} == set(truth.pids)
    assert {row["tag"] for row in found.ballots} == set(truth.owner)
    return {name: truth.verdict(match(found)) for name, match in MATCHERS.items()}


def say(where: str, verdicts: dict[str, Verdict]) -> None:
    told = [f"{name} {each.hits}/{each.correlation:+.2f}" for name, each in verdicts.items()]
    print(f"{where}, right of {PEOPLE} and correlation: {', '.join(told)}")


async def test_no_ballot_leads_to_its_voter(
    app: Starlette, config: Config, frozen_at: Freeze
) -> None:
    moment = frozen_at(clock.now().replace(hour=3, minute=0))
    poll = await add_poll(config)
    await app.state.ballot_box.papers.refresh()
    truth = await vote_all_evening(app, config, poll, moment)

    by_day = judged(await dump.of_live(config), truth)
    say("the same day", by_day)
    copied = judged(await dump.of_copy(config), truth)
    say("a copy of that moment", copied)
    await until_the_night_is_over(config, moment)
    live = await dump.of_live(config)
    by_night = judged(live, truth)
    say("after the night", by_night)
    found = {"a copy": copied, "after the night": by_night}
    if ENGINE == "postgres":
        found["pg_dump"] = judged(Dump(live.tables | dump.of_text(config).tables), truth)
        say("pg_dump", found["pg_dump"])
        # The ways lead somewhere: what PostgreSQL keeps until the night is the order of arrival.
        assert all(by_day[name].links for name in ("order", "xmin", "ctid"))
    else:
        assert Path(f"{sqlite_path(config)}-wal").stat().st_size == 0  # noqa: ASYNC240 - one file
    await _letters_are_gone(live, truth)

    linked = [
        (w, name, each) for w, all_ in found.items() for name, each in all_.items() if each.links
    ]
    assert linked == []
    careless = {
        name: truth.verdict(MATCHERS[name](spoil(live, truth))) for name, spoil in SPOILT.items()
    }
    say("tables made carelessly", careless)
    assert [name for name, each in careless.items() if not each.links] == []
    assert careless.keys() == MATCHERS.keys()


async def _letters_are_gone(live: Dump, truth: Truth) -> None:
    """No address of anybody who voted stands anywhere."""
    everything = " ".join(str(row) for rows in live.tables.values() for row in rows)
    assert not [address for address in truth.addresses if f"'{address}'" in everything]


# --- tables made carelessly -----------------------------------------------------------------------


def _came(truth: Truth) -> tuple[Callable[[Row], int], Callable[[Row], int]]:
    """When a voter and when a ballot came, as a number."""
    places = {pid: place for place, pid in enumerate(truth.pids)}
    ballots = {tag: place for place, tag in enumerate(truth.owner)}
    return lambda row: places[row["pid"]], lambda row: ballots[row["tag"]]


def _with(found: Dump, voters: list[Row], ballots: list[Row], **tables: list[Row]) -> Dump:
    return Dump(found.tables | {"voter": voters, "ballot": ballots} | tables)


def in_order(found: Dump, truth: Truth) -> Dump:
    voter, ballot = _came(truth)
    return _with(found, sorted(found.voters, key=voter), sorted(found.ballots, key=ballot))


def with_column(first: str, second: str) -> Callable[[Dump, Truth], Dump]:
    """Both tables have a column that grows as people come."""

    def spoil(found: Dump, truth: Truth) -> Dump:
        voter, ballot = _came(truth)
        return _with(
            found,
            [row | {first: voter(row)} for row in found.voters],
            [row | {second: ballot(row)} for row in found.ballots],
        )

    return spoil


def with_device(found: Dump, truth: Truth) -> Dump:
    """Both tables have the same random name of a browser."""
    voter, _ballot = _came(truth)
    return _with(
        found,
        [row | {"device": f"browser {voter(row)}"} for row in found.voters],
        [row | {"device": f"browser {truth.owner[row['tag']]}"} for row in found.ballots],
    )


def with_letters(found: Dump, truth: Truth) -> Dump:
    """Letters stay, and ballots lie as they came."""
    letters = [
        {"address": address, "created_at": f"{place:08}"}
        for place, address in enumerate(truth.addresses)
    ]
    return _with(
        in_order(found, truth), found.voters, in_order(found, truth).ballots, letter=letters
    )


SPOILT: dict[str, Callable[[Dump, Truth], Dump]] = {
    "order": in_order,
    "xmin": with_column(NUMBER, NUMBER),
    "ctid": with_column(PLACE, PLACE),
    "time": with_column("proved_at", "cast_at"),
    "counts": with_column("visits", "visit"),
    "shared values": with_device,
    "letters": with_letters,
}
