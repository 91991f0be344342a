"""K3: at each point of a vote's way, found in the code, the request is cancelled or the disk fails.
Nothing acknowledged is lost, nothing counts twice, the tally agrees, and the next vote works.
"""

import asyncio
import errno
import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from awards.campaigns.actions import raise_version
from awards.config import Config
from awards.db import in_transaction
from awards.signing import digest
from awards.voting import actions, ballot_box, papers, store_postgres, store_sqlite
from awards.voting.counting import recount
from awards.web import quick, vote
from tests.conftest import ENGINE
from tests.drills.points import Fault, mark
from tests.drills.site import NUMBERS, Poll, add_poll
from tests.drills.sizes import size

EVERY = size("k3", quick=3, full=1)
"""Each point meets every third of what can happen there, in turn; in the drill all of it."""
PATIENCE = 10.0
ON_THE_WAY = {"cast_vote", "_objection"}
UNREACHED = {"close", "open", "connect", "_there", "load_keys"}
"""What runs at the beginning and the end."""
IN_TROUBLE = ("ROLLBACK'", "batch[", "_commit", "campaign_version(")
"""What runs when something else went wrong before; test_ballot_box.py leads there."""

Happens = Callable[[], BaseException] | None


def failing(point: str, number: int) -> BaseException:
    """The error as it comes there: from the engine at its statements, else from the system."""
    text = errno.errorcode[number]
    if point.startswith("store_sqlite") and "execute(" in point:
        return sqlite3.OperationalError(text)
    if point.startswith("store_postgres"):
        kind = asyncpg.DiskFullError if number == errno.ENOSPC else asyncpg.PostgresIOError
        return kind(text)  # type: ignore[no-any-return]
    return OSError(number, text)


@dataclass
class Voter:
    """Somebody at a browser or a program, with one vote to give."""

    client: httpx.AsyncClient
    poll: Poll
    token: str
    by_form: bool
    proof: str = ""

    async def vote(self, number: int = NUMBERS[0]) -> str:
        """The tracker; nothing where the vote was not acknowledged."""
        address = f"/campaigns/{self.poll.slug}/ballots"
        if self.by_form:
            cookies = {"vote": self.token, "visitor": "v" * 43}
            answer = await self.client.post(
                address,
                data={"candidate": str(number), "csrf_token": self.proof},
                headers={"cookie": "; ".join(f"{k}={v}" for k, v in cookies.items())},
            )
            found = answer.headers.get("location", "") if answer.status_code == 303 else ""
            return str(found).removeprefix("/receipts/")
        answer = await self.client.post(
            f"/api/v1{address}",
            content=json.dumps({"choices": [number]}),
            headers={"authorization": f"Bearer {self.token}", "content-type": "application/json"},
        )
        is_kept = answer.status_code in (200, 201)
        return str(answer.json()["receipt"]["tracker"]) if is_kept else ""


SCENES = ["new", "again", "over", "stale", "unknown", "nobody"]


@pytest.mark.k3
async def test_wherever_a_vote_is_interrupted_it_counts_once(
    app: Starlette, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault = Fault()
    store = store_sqlite if ENGINE == "sqlite" else store_postgres
    points = [
        *mark(fault, quick, monkeypatch, lambda name: name in ("_of_browser", "_of_program")),
        *mark(fault, vote, monkeypatch),
        *mark(fault, actions, monkeypatch, lambda name: name in ON_THE_WAY),
        *mark(fault, papers, monkeypatch),
        *mark(fault, ballot_box, monkeypatch),
        *mark(fault, store, monkeypatch),
    ]
    poll = await add_poll(config)
    box = app.state.ballot_box
    await box.papers.refresh()
    signed = app.state.forms.sign(f"{_browser()}.x").decode()
    given: dict[str, set[int]] = {}
    transport = httpx.ASGITransport(app=_in_one_piece(app))
    client = httpx.AsyncClient(transport=transport, base_url="http://haoren.test")

    def somebody(*, by_form: bool) -> Voter:
        return Voter(client, poll, poll.voter(), by_form, signed.removeprefix(f"{_browser()}."))

    async def surely(voter: Voter, number: int = NUMBERS[0]) -> str:
        """The vote is kept at once, now that nothing is wrong."""
        async with asyncio.timeout(PATIENCE):
            tracker = await voter.vote(number)
        assert tracker, "the next vote is not taken"
        given.setdefault(voter.token, set()).add(number)
        return tracker

    async def play(scene: str, *, by_form: bool) -> None:
        """One vote, in circumstances that lead it by many points; then all is asked again."""
        armed, fault.point = fault.point, ""
        voter, known = somebody(by_form=by_form), ""
        if scene == "again":
            known = await surely(voter)
        if scene == "over":
            for number in NUMBERS[1:4]:
                await surely(voter, number)
        if scene in ("stale", "unknown"):
            async with in_transaction():
                await raise_version(poll.campaign)
        if scene == "unknown":  # As a process that has not looked for a second.
            box.papers._refreshed = float("-inf")
        fault.point = armed
        sending = asyncio.create_task(voter.vote(999 if scene == "nobody" else NUMBERS[0]))
        done, _pending = await asyncio.wait([sending], timeout=PATIENCE)
        assert done, f"hangs: {armed}"
        fault.disarm()
        await asyncio.wait_for(asyncio.gather(*box._writers, return_exceptions=True), PATIENCE)
        told = "" if sending.cancelled() or sending.exception() else sending.result()
        if scene in ("over", "nobody"):
            assert not told
        else:
            again = await surely(voter)
            assert {each for each in (known, told) if each} <= {again}
        await surely(somebody(by_form=not by_form))

    scene_of: dict[str, tuple[str, bool]] = {}
    for scene in SCENES:
        for by_form in (True, False):
            fault.reached.clear()
            await play(scene, by_form=by_form)
            for point in fault.reached:
                scene_of.setdefault(point, (scene, by_form))
    missed = [each for each in points if each not in scene_of and not _is_apart(each)]

    kinds: list[tuple[str, int]] = [("cancel", 0), ("EIO", errno.EIO), ("ENOSPC", errno.ENOSPC)]
    played = 0
    for turn, point in enumerate(points):
        if point not in scene_of:
            continue
        scene, by_form = scene_of[point]
        for after in (False, True):
            for kind, number in kinds:
                turn += 1
                if turn % EVERY or (kind == "cancel" and _is_in_thread(point)):
                    continue
                happens: Happens = None
                if kind != "cancel":
                    happens = lambda at=point, n=number: failing(at, n)  # noqa: E731
                fault.arm(point, happens, after=after)
                try:
                    await play(scene, by_form=by_form)
                except (AssertionError, TimeoutError) as error:
                    raise AssertionError(f"{kind} at {point}, after={after}: {error}") from error
                played += 1

    found = await recount(poll.campaign)
    print(f"{len(points)} points, {len(scene_of)} reached, {played} interruptions")
    for each in missed:
        print(f"  not reached: {each}")
    assert len(missed) <= 4, missed
    assert (found.ballots, found.agrees) == (sum(map(len, given.values())), True)


def _in_one_piece(app: ASGIApp) -> ASGIApp:
    """Bodies as a server hands over what came at once; httpx says that there may be more."""

    async def whole(scope: Scope, receive: Receive, send: Send) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        waiting = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive_whole() -> Message:
            return waiting.pop() if waiting else await receive()

        await app(scope, receive_whole, send)

    return whole


def _browser() -> str:
    return digest("v" * 43).hex()


def _is_apart(point: str) -> bool:
    return any(f".{name}:" in point for name in UNREACHED) or any(w in point for w in IN_TROUBLE)


def _is_in_thread(point: str) -> bool:
    return point.startswith("store_sqlite") and "execute(" in point
