"""D4: a machine of states over the vote's way: people vote, again, at once, over midnight; somebody
pauses the campaign or changes it. Whatever the order, the store says what the plain model says.
"""

import asyncio
import shutil
import tempfile
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from awards import clock, sqlite_engine
from awards.actor import system
from awards.campaigns.actions import pause_voting, raise_version, resume_voting
from awards.campaigns.models import Campaign
from awards.campaigns.rules import BallotRule
from awards.config import Config
from awards.db import in_transaction
from awards.errors import Refused
from awards.voting.actions import cast_vote
from awards.voting.counting import recount
from tests.conftest import ENGINE, KEYS, _database_named, _on_server_async
from tests.drills.site import add_poll
from tests.drills.sizes import size
from tests.program import start_program
from tests.voting.conftest import NUMBERS, Booth
from tests.voting.test_model import RULES, Model, Sent

RUNS = size("d4", quick=25, ci=200, full=5_000)
TOGETHER = 250
BY = system("operator")


class Program:
    """The program on a database of its own. Many machines use it, each with its own campaign."""

    def __init__(self, template: str) -> None:
        self.template = template
        self.runner = asyncio.Runner()
        self.machines = 0

    async def open(self) -> None:
        self.stack = AsyncExitStack()
        self.folder = Path(tempfile.mkdtemp(prefix="haoren-states-"))
        self.stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
        sqlite_engine.write_turn = asyncio.Lock()
        if ENGINE == "sqlite":
            url = f"sqlite://{self.folder / 'haoren.sqlite3'}"
            shutil.copy(self.template, self.folder / "haoren.sqlite3")
        else:
            name = f"states_{self.folder.name[-8:].replace('-', '_')}"
            copy = f'CREATE DATABASE "{name}" TEMPLATE "{self.template}" STRATEGY file_copy'
            await _on_server_async(copy)
            self.stack.push_async_callback(_on_server_async, f'DROP DATABASE "{name}" WITH (FORCE)')
            url = _database_named(name)
        self.config = Config(data_dir=self.folder, database_url=url, secret_keys=KEYS)
        self.app = start_program(self.config, with_jobs=False)
        await self.stack.enter_async_context(self.app.router.lifespan_context(self.app))

    async def booth(self, written: dict[str, object]) -> Booth:
        """A campaign by this rule; now and then in a new program, as they grow."""
        if self.machines % TOGETHER == 0:
            await self.close()
            await self.open()
        self.machines += 1
        poll = await add_poll(self.config, written)
        await self.app.state.ballot_box.papers.refresh()
        return Booth(self.app.state.ballot_box, await Campaign.get(id=poll.campaign))

    async def close(self) -> None:
        if self.machines:
            await self.stack.aclose()


class Voting(RuleBasedStateMachine):
    """One campaign and three voters."""

    program: Program

    @initialize(written=st.sampled_from(RULES))
    def begin(self, written: dict[str, object]) -> None:
        self.travel = time_machine.travel(clock.now(), tick=False)
        self.moment = self.travel.start()
        self.model = Model(BallotRule.from_json(written))
        self.is_paused = False
        self.booth = self._run(self.program.booth(written))
        self.voters = [self.booth.voter() for _each in range(3)]

    def _run(self, work: Any) -> Any:
        return self.program.runner.run(work)

    @rule(
        voter=st.integers(0, 2),
        choices=st.lists(st.sampled_from([*NUMBERS[:4], 999]), min_size=1, max_size=3),
        days=st.sampled_from([0, 0, 0, 0, -1, 1]),
        slot=st.sampled_from([1, 1, 1, 2, 3]),
        times=st.integers(1, 3),
    )
    def vote(self, voter: int, choices: list[int], days: int, slot: int, times: int) -> None:
        """One vote, sent once or several times at once."""
        slot = 1 if self.model.rule.is_ballot else slot
        today = self.booth.today
        sent = Sent(voter, tuple(choices), today + timedelta(days=days), slot)
        answers = sorted(self._run(self._cast(sent, times)))
        if self.is_paused:
            assert set(answers) <= {"voting.paused"}, answers
            return
        expected = sorted(self.model.cast(sent, today) for _time in range(times))
        assert all(a.startswith(e) for a, e in zip(answers, expected, strict=True)), (
            answers,
            expected,
        )

    async def _cast(self, sent: Sent, times: int) -> list[str]:
        return list(await asyncio.gather(*(self._one(sent) for _time in range(times))))

    async def _one(self, sent: Sent) -> str:
        try:
            receipt = await cast_vote(
                self.booth.box, token=self.voters[sent.voter], choices=sent.choices,
                day=sent.day, slot=sent.slot,
            )  # fmt: skip
        except Refused as refused:
            return refused.code
        return "new" if receipt.is_new else "again"

    @rule()
    def midnight_passes(self) -> None:
        # The stage lasts five days more; nobody is to vote after it.
        if clock.now() < self.booth.campaign.created_at + timedelta(days=3):
            self.moment.shift(timedelta(days=1))

    @rule()
    def somebody_changes_the_campaign(self) -> None:
        async def change() -> None:
            async with in_transaction():
                await raise_version(self.booth.campaign.id)

        self._run(change())

    @rule()
    def somebody_pauses_or_resumes(self) -> None:
        act = resume_voting if self.is_paused else pause_voting

        async def do() -> None:
            await act(by=BY, campaign=await Campaign.get(id=self.booth.campaign.id))

        self._run(do())
        self.is_paused = not self.is_paused

    @invariant()
    def the_count_is_the_models(self) -> None:
        if hasattr(self, "booth"):
            found = self._run(recount(self.booth.campaign.id))
            assert found.agrees
            assert (found.ballots, found.votes) == (len(self.model.stands), dict(self.model.votes))

    def teardown(self) -> None:
        if hasattr(self, "travel"):
            self.travel.stop()


@pytest.mark.d4
def test_any_order_of_events_is_answered_as_the_model_does(
    template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_engine, "write_turn", sqlite_engine.write_turn)
    program = Program(template)
    monkeypatch.setattr(Voting, "program", program, raising=False)
    case = Voting.TestCase
    case.settings = settings(
        max_examples=RUNS, stateful_step_count=15, deadline=None, derandomize=RUNS < 1_000,
        suppress_health_check=list(HealthCheck), database=None,
    )  # fmt: skip
    with program.runner as runner:
        try:
            case("runTest").runTest()
        finally:
            runner.run(program.close())
    print(f"{program.machines} runs of 15 steps")
    assert program.machines >= RUNS
