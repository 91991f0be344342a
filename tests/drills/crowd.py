"""Voters at browsers and voters' programs, who remember what they were told."""

import json
import re
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.drills.site import Poll
from tests.drills.wire import Answer, Line

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
