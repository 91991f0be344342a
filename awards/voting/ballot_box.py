"""The ballot box: many ballots in one transaction, and no answer before they are durable.

While one batch is written the next gathers by itself; no timer helps. What waits is bounded: a full
box refuses at once, and what it has accepted it never drops.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import structlog

from awards.errors import Busy, Refused
from awards.voting.live import LiveCounts
from awards.voting.papers import Papers
from awards.voting.rules import (
    Ballot,
    Receipt,
    already_voted,
    other_day,
    quota_used,
    slot_objection,
    token_objection,
    vote_objection,
)
from awards.voting.store import Answer, Outcome, Store, Unsettled
from awards.voting.tokens import VotingTokens

log = structlog.get_logger()

MOST_TOGETHER = 512
"""Ballots in one transaction."""
LEAST_WAITING = 256
"""So many may wait however slow the disk is."""
PATIENCE = 0.25
"""Seconds of work that may wait, where the store is quick enough for more."""
CROWD, GATHER = 16, 0.004
"""After a batch of so many, seconds in which the next may gather: each transaction costs the same
whatever it holds, and in a crowd it would hold half of those who are on their way.
"""
ATTEMPTS = 3


class Waiting(NamedTuple):
    """A ballot, and whoever waits for its receipt."""

    ballot: Ballot
    receipt: "asyncio.Future[Receipt]"


class BallotBox:
    """One for each process."""

    def __init__(self, store: Store, *, keys_folder: Path, signing_keys: Sequence[str]) -> None:
        self.papers = Papers(keys_folder)
        self.tokens = VotingTokens(signing_keys)
        self.live = LiveCounts()
        self._store = store
        self._waiting: list[Waiting] = []
        self._writers: set[asyncio.Task[None]] = set()
        self._in_flight = 0
        self._rate = 0.0

    @property
    def is_full(self) -> bool:
        """Whether the next ballot would be refused."""
        return len(self._waiting) >= max(LEAST_WAITING, self._rate * PATIENCE)

    async def put(self, ballot: Ballot) -> Receipt:
        """Keep one ballot for good. Returns once it is durable; who leaves meanwhile loses nothing.
        Raises why it is not kept, or `Busy`.
        """
        if self.is_full:
            raise Busy()
        receipt: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        self._waiting.append(Waiting(ballot, receipt))
        if self._in_flight < self._store.at_once:
            self._in_flight += 1
            writer = asyncio.create_task(self._write())
            self._writers.add(writer)
            writer.add_done_callback(self._writers.discard)
        return await receipt

    async def open(self) -> None:
        await self._store.open()

    async def close(self) -> None:
        """Let the ballots that are on their way arrive."""
        await asyncio.gather(*self._writers)
        await self._store.close()

    async def _write(self) -> None:
        """Write batch after batch until nothing waits."""
        while self._waiting:
            batch = self._waiting[:MOST_TOGETHER]
            del self._waiting[:MOST_TOGETHER]
            started = asyncio.get_running_loop().time()
            try:
                await self._settle(batch)
            except (Exception, asyncio.CancelledError) as error:
                # Also where something below was cancelled: nobody may wait for ever.
                _refuse(batch, error)
            took = asyncio.get_running_loop().time() - started
            self._rate += 0.2 * (len(batch) / max(took, 1e-6) - self._rate)
            if CROWD <= len(batch) < LEAST_WAITING:
                # Whatever ends the pause, the writer goes on: those who wait have no other.
                with suppress(Exception, asyncio.CancelledError):
                    await asyncio.sleep(GATHER)
        # At once: whoever has just been answered may come with the next ballot.
        self._in_flight -= 1

    async def _settle(self, batch: list[Waiting]) -> None:
        """Give everybody of this batch an answer."""
        try:
            answers = await self._commit([each.ballot for each in batch])
        except self._store.poison as error:
            if len(batch) == 1:
                _refuse(batch, error)
                return
            # One row spoils its transaction; the others are not to blame.
            half = len(batch) // 2
            await self._settle(batch[:half])
            await self._settle(batch[half:])
        else:
            await self._answer(batch, answers)

    async def _commit(self, ballots: Sequence[Ballot]) -> list[Answer]:
        for _attempt in range(ATTEMPTS - 1):
            try:
                return await self._store.commit(ballots)
            except Unsettled as error:
                log.warning("ballots sent again", reason=str(error))
        return await self._store.commit(ballots)

    async def _answer(self, batch: list[Waiting], answers: list[Answer]) -> None:
        judge_again = []
        for waiting, answer in zip(batch, answers, strict=True):
            if answer.outcome is Outcome.STALE:
                judge_again.append(waiting)
            elif waiting.receipt.done():
                pass  # Whoever asked has left.
            elif no := _refusal(waiting.ballot, answer):
                waiting.receipt.set_exception(no)
            else:
                is_new = answer.outcome is Outcome.NEW
                receipt = waiting.ballot.receipt(cast_window=answer.cast_window, is_new=is_new)
                waiting.receipt.set_result(receipt)
        if judge_again:
            await self._judge_again(judge_again)

    async def _judge_again(self, batch: list[Waiting]) -> None:
        """Judge ballots on their campaign's present paper, and put those that pass back in line."""
        await self.papers.refresh()
        for ballot, receipt in batch:
            try:
                fresh = ballot.on(self.papers.get(ballot.paper.campaign))
                if no := _objection(fresh):
                    raise no
            except Refused as refused:
                if not receipt.done():
                    receipt.set_exception(refused)
            else:
                self._waiting.append(Waiting(fresh, receipt))


def _objection(ballot: Ballot) -> Refused | None:
    """Why this ballot may not be cast. Its day is as good as it was when it came."""
    paper = ballot.paper
    return (
        token_objection(ballot.token, paper)
        or vote_objection(ballot.choices, paper, now=ballot.now)
        or slot_objection(ballot.slot, paper.rule)
    )


def _refusal(ballot: Ballot, answer: Answer) -> Refused | None:
    """Why the store did not keep the ballot, if it did not."""
    if answer.outcome is Outcome.QUOTA:
        return quota_used(ballot.paper.rule)
    if answer.outcome is Outcome.OTHER:
        return already_voted(ballot.paper.rule)
    if answer.outcome is Outcome.LATE:
        return other_day()
    return None


def _refuse(batch: list[Waiting], error: BaseException) -> None:
    """Full disk, lost connection: nothing is promised, and the same vote may come again."""
    # No traceback: its frames hold the voters' tags and choices.
    log.error("ballots not kept", ballots=len(batch), kind=type(error).__name__, reason=str(error))
    for _ballot, receipt in batch:
        if not receipt.done():
            receipt.set_exception(Busy())
