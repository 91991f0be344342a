"""Scenes that lead a vote by every point of its way, and what must hold after each of them: whoever
was acknowledged has their receipt, once, and the next vote is taken.
"""

import asyncio
import json
import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from math import inf
from typing import Any, Protocol

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from awards.campaigns.actions import raise_version
from awards.campaigns.models import Campaign
from awards.config import Config
from awards.db import in_transaction
from awards.signing import digest
from awards.voting import actions, ballot_box, papers, store_postgres, store_sqlite
from awards.voting.counting import recount
from awards.voting.rules import Channel, VotingToken
from awards.voting.store import Unsettled
from awards.web import quick, vote
from awards.web.api import shapes
from awards.web.api import voting as voting_api
from awards.web.site import booths, voting
from tests.drills.crowd import Vote
from tests.drills.points import Fault, Lead, mark
from tests.drills.site import NUMBERS, Poll, add_poll

PATIENCE = 10.0
VISITOR = "v" * 43
NOBODY = 999
IN_PIECES = "x-in-pieces"
WANTED: dict[Any, set[str]] = {
    voting: {"cast"},
    booths: {"enter"},
    voting_api: {"create_ballot"},
    shapes: {"read_shape"},
    vote: {"take_vote"},
    actions: {"cast_vote"},
}
"""Of these modules the functions that a vote goes through; of the others all are on its way."""
NO_VOTE = re.compile(r"quick\.__call__:\d+ await self\.app\(.*")
"""What passes a vote's way and is none."""
SCENES = (
    "new", "odd", "again", "over", "nobody", "stale", "stale_nobody", "unknown", "first",
    "together", "asked", "spoilt", "unsettled", "broken", "stuck", "left", "crowd", "opening",
)  # fmt: skip


class Diary(Protocol):
    """Who remembers what was sent and what was acknowledged."""

    def sends(self, vote: Vote, *, is_good: bool) -> None: ...

    def keeps(self, vote: Vote, tracker: str) -> None: ...


@dataclass(frozen=True)
class Voter:
    """Somebody at a browser or a program, with votes to give."""

    client: httpx.AsyncClient
    slug: str
    token: str
    by_form: bool
    proof: str

    async def vote(self, number: int, *, oddly: bool = False) -> str:
        """The tracker; nothing where the vote was not acknowledged. What comes oddly, in pieces, is
        not for the quick way.
        """
        address = f"/campaigns/{self.slug}/ballots"
        pieces = {IN_PIECES: "1"} if oddly else {}
        if self.by_form:
            answer = await self.client.post(
                address,
                data={"candidate": str(number), "csrf_token": self.proof},
                headers={"cookie": f"vote={self.token}; visitor={VISITOR}", **pieces},
            )
            found = answer.headers.get("location", "") if answer.status_code == 303 else ""
            return str(found).removeprefix("/receipts/")
        answer = await self.client.post(
            f"/api/v1{address}",
            content=json.dumps({"choices": [number]}),
            headers={
                "authorization": f"Bearer {self.token}",
                "content-type": "application/json",
                **pieces,
            },
        )
        is_kept = answer.status_code in (200, 201)
        return str(answer.json()["receipt"]["tracker"]) if is_kept else ""


@dataclass(frozen=True)
class Sending:
    """One vote of a scene, and whether it is one that is kept."""

    voter: Voter
    number: int = NUMBERS[0]
    is_good: bool = True
    oddly: bool = False

    @property
    def vote(self) -> Vote:
        return Vote(f"{self.voter.slug} {self.voter.token}", self.number)


@dataclass
class Play:
    """The program in this process, its way marked, and one who breaks in."""

    app: Starlette
    config: Config
    diary: Diary
    fault: Fault
    points: list[str]
    poll: Poll
    client: httpx.AsyncClient
    proof: str = field(init=False)

    def __post_init__(self) -> None:
        browser = digest(VISITOR).hex()
        signed: str = self.app.state.forms.sign(f"{browser}.x").decode()
        self.proof = signed.removeprefix(f"{browser}.")

    def somebody(
        self, *, by_form: bool, poll: Poll | None = None, channel: Channel = Channel.CODE
    ) -> Voter:
        poll = poll or self.poll
        token = poll.tokens.write(VotingToken(poll.campaign, channel, os.urandom(16)))
        return Voter(self.client, poll.slug, token, by_form, self.proof)

    async def find_scenes(self) -> dict[str, tuple[str, bool]]:
        """Each point that a vote comes by, and the first scene in which it does."""
        found: dict[str, tuple[str, bool]] = {}
        for scene in SCENES:
            for by_form in (True, False):
                for point in await self.perform(scene, by_form=by_form):
                    found.setdefault(point, (scene, by_form))
        return found

    async def perform(self, scene: str, *, by_form: bool) -> set[str]:
        """Votes in circumstances that lead them by many points; then all is asked again. The points
        that they came by.
        """
        armed, self.fault.point = self.fault.point, ""
        sent = await self._prepared(scene, by_form=by_form)
        self.fault.reached.clear()
        self.fault.point, self.fault.leads = armed, list(_leads(scene))
        if scene == "opening":
            await self._open_another()
        told = await self._sent_at_once(sent)
        if scene == "crowd":  # When all is said the box rests for a moment: a point of its own.
            await self._all_written()
        passed = set(self.fault.reached)
        self.fault.disarm()
        self._ask_for_work(when=self.config.ask_votes)
        await self._all_written()
        for sending, tracker in zip(sent, told, strict=True):
            await self.check(sending, tracker)
        await self.surely(Sending(self.somebody(by_form=not by_form)))
        return passed

    async def _all_written(self) -> None:
        writers = self.app.state.ballot_box._writers
        await asyncio.wait_for(asyncio.gather(*writers, return_exceptions=True), PATIENCE)

    async def check(self, sending: Sending, told: str = "") -> None:
        """What was told is true: sent again, the vote has the same receipt, or is none."""
        if sending.is_good:
            assert told in ("", await self.surely(sending))
        else:
            assert not told
            assert not await sending.voter.vote(sending.number)

    async def surely(self, sending: Sending) -> str:
        """The vote is kept at once, now that nothing is wrong."""
        self.diary.sends(sending.vote, is_good=True)
        async with asyncio.timeout(PATIENCE):
            tracker = await sending.voter.vote(sending.number)
        assert tracker, "the next vote is not taken"
        self.diary.keeps(sending.vote, tracker)
        return tracker

    async def _prepared(self, scene: str, *, by_form: bool) -> list[Sending]:
        voter = self.somebody(by_form=by_form)
        if scene in ("again", "together"):
            await self.surely(Sending(voter))
        if scene == "first":
            voter = self.somebody(by_form=by_form, poll=await add_poll(self.config))
        if scene == "stuck" and self.config.engine == "sqlite":
            # Not even the rollback of the last one was possible.
            self.fault.leads = [*_leads("broken"), Lead("execute('ROLLBACK')", _broken)]
            assert not await self.somebody(by_form=True).vote(NUMBERS[0])
        if scene == "asked":  # What costs nothing to have by the thousand is asked for work.
            voter = self.somebody(by_form=by_form, channel=Channel.EMAIL)
            self._ask_for_work(when=0)
        if scene in ("stale", "stale_nobody", "unknown"):
            async with in_transaction():
                await raise_version(self.poll.campaign)
        # Some processes have not looked for a second.
        looked = asyncio.get_running_loop().time() if scene not in ("unknown", "first") else -inf
        self.app.state.ballot_box.papers._refreshed = looked
        if scene in ("nobody", "stale_nobody"):
            return [Sending(voter, NOBODY, is_good=False)]
        if scene == "over":
            return [await self._one_too_many(voter)]
        if scene == "together":
            greedy = await self._one_too_many(self.somebody(by_form=by_form))
            return [Sending(voter), greedy, Sending(self.somebody(by_form=by_form))]
        if scene in ("spoilt", "crowd"):
            others = 1 if scene == "spoilt" else ballot_box.CROWD
            more = [self.somebody(by_form=by_form) for _each in range(others)]
            return [Sending(each) for each in (voter, *more)]
        return [Sending(voter, oddly=scene == "odd")]

    def _ask_for_work(self, *, when: int) -> None:
        self.app.state.gate._sources._most = when

    async def _one_too_many(self, voter: Voter) -> Sending:
        for number in NUMBERS[1:4]:
            await self.surely(Sending(voter, number))
        return Sending(voter, is_good=False)

    async def _sent_at_once(self, sent: list[Sending]) -> list[str]:
        """What each was told. Nobody waits for ever."""
        for sending in sent:
            self.diary.sends(sending.vote, is_good=sending.is_good)
        tasks = [
            asyncio.create_task(each.voter.vote(each.number, oddly=each.oddly)) for each in sent
        ]
        self.fault.tasks = tasks
        _done, pending = await asyncio.wait(tasks, timeout=PATIENCE)
        assert not pending, f"hangs: {self.fault.point}"
        told = ["" if task.cancelled() or task.exception() else task.result() for task in tasks]
        for sending, tracker in zip(sent, told, strict=True):
            if tracker:
                self.diary.keeps(sending.vote, tracker)
        return told

    async def _open_another(self) -> None:
        """A second box on the same tables, as a process that begins, and ends. It may fail, and
        leaves nothing behind that holds up the other.
        """
        first = self.app.state.ballot_box
        store = type(first._store)(
            getattr(first._store, "_path", None) or getattr(first._store, "_credentials", None)
        )
        another = ballot_box.BallotBox(
            store, keys_folder=self.config.keys_folder, signing_keys=self.config.signing_keys
        )
        try:
            async with asyncio.timeout(PATIENCE):
                await another.open()
                await another.close()
        except (OSError, sqlite3.Error, asyncpg.PostgresError, asyncio.CancelledError):
            task = asyncio.current_task()
            assert task
            task.uncancel()
            self.fault.disarm()
            with suppress(RuntimeError):  # It had closed its thread already.
                async with asyncio.timeout(PATIENCE):
                    await another.close()


def marked(fault: Fault, engine: str, patch: pytest.MonkeyPatch) -> list[str]:
    """Let the whole way of a vote pass by `fault`; the names of its points."""
    store = store_sqlite if engine == "sqlite" else store_postgres
    way = (quick, voting, booths, voting_api, shapes, vote, actions, papers, ballot_box, store)
    points = [
        point for module in way for point in mark(fault, module, patch, WANTED.get(module, set()))
    ]
    return [point for point in points if not NO_VOTE.fullmatch(point)]


def client_of(app: ASGIApp) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=_in_one_piece(app))
    return httpx.AsyncClient(transport=transport, base_url="http://haoren.test")


async def count_all() -> tuple[int, bool]:
    """The ballots of every campaign, and whether each running count agrees."""
    found = [await recount(campaign.id) for campaign in await Campaign.all()]
    return sum(each.ballots for each in found), all(each.agrees for each in found)


def _leads(scene: str) -> Iterator[Lead]:
    of_row = asyncpg.IntegrityConstraintViolationError("x")
    error: dict[str, Callable[[], BaseException]] = {
        "store_sqlite": lambda: sqlite3.IntegrityError("x"),
        "store_postgres": lambda: of_row,
    }
    if scene == "spoilt":  # One row spoils the batch of both.
        yield from (Lead(f"{store}.commit:", make) for store, make in error.items())
    if scene == "unsettled":
        yield Lead("ballot_box._commit:", lambda: Unsettled("x"), times=ballot_box.ATTEMPTS - 1)
    if scene == "broken":
        yield Lead("execute('COMMIT')", _broken)
    if scene == "left":
        yield Lead("store_sqlite._there:", asyncio.CancelledError)


def _broken() -> BaseException:
    return sqlite3.OperationalError("x")


def _in_one_piece(app: ASGIApp) -> ASGIApp:
    """Bodies as a server hands over what came at once; httpx says that there may be more."""

    async def whole(scope: Scope, receive: Receive, send: Send) -> None:
        if any(name == IN_PIECES.encode() for name, _value in scope["headers"]):
            await app(scope, receive, send)
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        waiting = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive_whole() -> Message:
            return waiting.pop() if waiting else await receive()

        await app(scope, receive_whole, send)

    return whole
