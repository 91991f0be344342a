"""Voters at browsers and voters' programs, who remember what they were told."""

import asyncio
import json
import random
import re
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.drills.site import NUMBERS, PER_VOTER, Poll
from tests.drills.wire import Answer, Line

PEOPLE = 8
WITHOUT_SCRIPT = {"sec-fetch-site": "same-origin"}


@dataclass(frozen=True)
class Vote:
    """One vote that somebody wants to give."""

    token: str
    number: int


class NotKept(Exception):
    """The answer was no, or busy."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"{answer.status} {answer.body[:300]!r}")
        self.status = answer.status
        self.answer = answer


@dataclass
class Browser:
    """One browser: its cookie, the token of its forms, one connection."""

    line: Line
    poll: Poll
    port: int
    visitor: str = ""
    proof: str = ""

    async def open(self, token: str) -> None:
        """Look at the page, which gives a browser its cookie."""
        headers = {"cookie": f"vote={token}"}
        answer = await self.line.ask("GET", f"/campaigns/{self.poll.slug}/me", headers)
        if answer.status != 200:
            raise NotKept(answer)
        self.visitor = answer.cookies["visitor"]
        self.proof = json.loads(answer.body)["csrf_token"]

    async def by_form(self, vote: Vote) -> str:
        """Send the form; the tracker that it leads to."""
        if not self.proof:
            await self.open(vote.token)
        answer = await self.line.ask("POST", *self.form(vote))
        if answer.status != 303:
            raise NotKept(answer)
        found = re.fullmatch("/receipts/([A-Z2-7]{16})", answer.headers["location"])
        assert found, answer.headers
        return found[1]

    def form(self, vote: Vote) -> tuple[str, dict[str, str], bytes]:
        """Address, headers and body of a form, as a browser sends it."""
        headers = {
            "cookie": f"visitor={self.visitor}; vote={vote.token}",
            "origin": f"http://127.0.0.1:{self.port}",
            "content-type": "application/x-www-form-urlencoded",
            **WITHOUT_SCRIPT,
        }
        fields = {"csrf_token": self.proof, "candidate": vote.number, "slot": 1}
        return f"/campaigns/{self.poll.slug}/ballots", headers, urlencode(fields).encode()

    async def by_program(self, vote: Vote) -> str:
        """Call the API; the tracker of its receipt."""
        answer = await self.line.ask("POST", *self.call(vote))
        if answer.status not in (200, 201):
            raise NotKept(answer)
        return str(json.loads(answer.body)["receipt"]["tracker"])

    def call(self, vote: Vote) -> tuple[str, dict[str, str], bytes]:
        """The same as a program sends it."""
        headers = {"authorization": f"Bearer {vote.token}", "content-type": "application/json"}
        body = json.dumps({"choices": [vote.number]}).encode()
        return f"/api/v1/campaigns/{self.poll.slug}/ballots", headers, body


@dataclass
class Memory:
    """What was acknowledged, and what was sent without an answer."""

    kept: dict[Vote, str] = field(default_factory=dict)
    unsure: set[Vote] = field(default_factory=set)
    refused: set[Vote] = field(default_factory=set)

    def keep(self, vote: Vote, tracker: str) -> None:
        """The same vote has the same receipt, whenever it is sent."""
        assert self.kept.setdefault(vote, tracker) == tracker, vote
        assert vote not in self.refused, f"was refused, and is kept now: {vote}"
        self.unsure.discard(vote)

    def refuse(self, vote: Vote) -> None:
        assert vote not in self.kept, f"was acknowledged, and is refused now: {vote}"
        self.refused.add(vote)
        self.unsure.discard(vote)


@dataclass
class Crowd:
    """People who vote as fast as they are answered, half at browsers, half by programs."""

    poll: Poll
    port: int
    chance: random.Random
    back_in: float = 5.0
    memory: Memory = field(default_factory=Memory)

    async def vote(self) -> None:
        """Until somebody says stop, or the server is gone."""
        async with asyncio.TaskGroup() as people:
            for way in range(PEOPLE):
                people.create_task(self._one(way))

    async def settle(self, votes: list[Vote]) -> None:
        """Send these once more until each is answered. A 503 is only to wait for: connections that
        died with the database are found dead one by one.
        """
        queue, until = list(votes), time.monotonic() + self.back_in + len(votes) / 50

        async def some(way: int) -> None:
            async with Line(self.port) as line:
                browser = Browser(line, self.poll, self.port)
                while queue:
                    vote = queue.pop()
                    if not await self._send(browser, vote, way):
                        assert time.monotonic() < until, "busy for too long"
                        queue.append(vote)
                        await asyncio.sleep(0.05)

        await asyncio.gather(*(some(way) for way in range(PEOPLE)))

    async def _one(self, way: int) -> None:
        async with Line(self.port) as line:
            browser = Browser(line, self.poll, self.port)
            while True:
                token = self.poll.voter()
                # One more than the quota, so that the last one is refused.
                for number in self.chance.sample(NUMBERS, PER_VOTER + 1):
                    vote = Vote(token, number)
                    self.memory.unsure.add(vote)
                    try:
                        await self._send(browser, vote, way)
                    except OSError:
                        return
                    await asyncio.sleep(self.chance.random() * 0.01)

    async def _send(self, browser: Browser, vote: Vote, way: int) -> bool:
        """Whether there was an answer, yes or no."""
        try:
            send = browser.by_form if way % 2 else browser.by_program
            self.memory.keep(vote, await send(vote))
        except NotKept as no:
            assert no.status in (409, 503), no
            if no.status == 503:
                return False
            self.memory.refuse(vote)
        return True
