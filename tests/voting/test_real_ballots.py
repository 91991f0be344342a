"""Two elections as real people cast them, over HTTP: every count comes out as it was published, and
nothing that is not a vote changes anything.
"""

import asyncio
import csv
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
import time_machine
from starlette.applications import Starlette

from awards.actor import system
from awards.campaigns.kit import read_kit
from awards.campaigns.models import Campaign
from awards.config import Config
from awards.nominations.kit import import_campaign
from awards.voting.actions import issue_codes, revoke_batch
from awards.voting.counting import recount
from awards.voting.queries import read_tally
from awards.voting.rules import Counts
from awards.voting.tokens import TOKEN_LIFE
from tests.digest import digest

FOLDER = os.environ.get("AWARDS_TEST_BALLOTS", "")
pytestmark = pytest.mark.skipif(
    not FOLDER, reason="AWARDS_TEST_BALLOTS does not name a folder with the ballots"
)

OPENS = datetime(2025, 6, 2, 7, tzinfo=UTC)
CLOSES = datetime(2025, 6, 30, 16, tzinfo=UTC)
WHILE_OPEN = datetime(2025, 6, 10, 12, tzinfo=UTC)
BY = system("operator")
NOBODY = 9999
AT_ONCE = 8
T = TypeVar("T")
Freeze = Callable[[datetime], time_machine.Traveller]


@dataclass(frozen=True)
class Project:
    """What was voted on, numbered in the order of the file."""

    number: int
    id: str
    title: str
    category: str
    votes: int


@dataclass(frozen=True)
class Election:
    """A file of Pabulib."""

    projects: list[Project]
    ballots: list[list[int]]


@dataclass(frozen=True)
class Poll:
    """The election, brought in and open."""

    election: Election
    campaign: Campaign
    codes: list[str]
    spare: list[str]
    client: httpx.AsyncClient

    async def token(self, code: str) -> str:
        answer = await self.exchange(code)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["token"])

    async def exchange(self, code: str) -> httpx.Response:
        return await self.client.post(f"{self._address}/tokens", json={"code": code})

    async def cast(self, token: str, choices: object, **more: object) -> httpx.Response:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        return await self.client.post(
            f"{self._address}/ballots", json={"choices": choices, **more}, headers=headers
        )

    async def counts(self) -> dict[int, int]:
        answer = await self.client.get(f"{self._address}/results")
        assert answer.status_code == 200
        return {line["number"]: line["votes"] for line in answer.json()["candidates"]}

    @property
    def _address(self) -> str:
        return f"/api/v1/campaigns/{self.campaign.slug}"


def read_election(name: str) -> Election:
    """The three blocks of a `.pb` file, each a table with `;`."""
    blocks: dict[str, list[list[str]]] = {}
    with (Path(FOLDER) / name).open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file, delimiter=";"):
            if row in (["META"], ["PROJECTS"], ["VOTES"]):
                block = blocks.setdefault(row[0], [])
            elif row:
                block.append(row)
    projects = [
        Project(
            number, row["project_id"], row["name"], row.get("category", "All"), int(row["votes"])
        )
        for number, row in enumerate(_rows(blocks["PROJECTS"]), 1)
    ]
    numbers = {project.id: project.number for project in projects}
    ballots = [[numbers[each] for each in row["vote"].split(",")] for row in _rows(blocks["VOTES"])]
    return Election(projects, ballots)


def _rows(block: list[list[str]]) -> list[dict[str, str]]:
    names, *rows = block
    return [dict(zip(names, row, strict=True)) for row in rows]


def kit_of(election: Election, slug: str, rule: dict[str, object]) -> str:
    """The election as a kit; a JSON text is a TOML text too."""
    lines = [
        "kit = 1",
        'consent = "Public proposals of the districts"',
        "[campaign]",
        f'slug = "{slug}"\ntitle = "{slug}"\nzone = "Europe/Budapest"\npublished = true',
        "[campaign.rule]",
        *(f"{key} = {json.dumps(value)}" for key, value in rule.items()),
        f'[[stage]]\nkind = "voting"\nstarts = {OPENS.isoformat()}\nends = {CLOSES.isoformat()}',
    ]
    for category in dict.fromkeys(project.category for project in election.projects):
        lines.append(f'[[category]]\nslug = "{category.lower()}"\ntitle = {{ en = "{category}" }}')
    for project in election.projects:
        lines.append(
            f'[[candidate]]\nnumber = {project.number}\ncategory = "{project.category.lower()}"\n'
            f"name = {{ en = {json.dumps(project.title, ensure_ascii=False)} }}"
        )
    return "\n".join(lines)


ELECTIONS = {
    "budapest-2025-xi-ujbuda": {"shape": "ballot", "max_picks": 4, "per_category": 1},
    "gdynia-2025-pustki": {"shape": "ballot", "max_picks": 3},
}


async def open_poll(
    name: str, config: Config, client: httpx.AsyncClient, *, codes: int | None = None
) -> Poll:
    election = read_election(f"{name}.pb")
    kit = read_kit(kit_of(election, name, ELECTIONS[name]))
    campaign = await import_campaign(by=BY, kit=kit, keys_folder=config.keys_folder)
    count = len(election.ballots) if codes is None else codes
    issued = await issue_codes(
        by=BY, campaign=campaign, count=count + 5, keys_folder=config.keys_folder
    )
    return Poll(election, campaign, issued.codes[:count], issued.codes[count:], client)


@pytest.mark.parametrize(
    ("name", "voters", "projects"),
    [("budapest-2025-xi-ujbuda", 2040, 40), ("gdynia-2025-pustki", 1139, 9)],
)
async def test_real_ballots_are_counted_as_published(
    config: Config,
    client: httpx.AsyncClient,
    frozen_at: Freeze,
    name: str,
    voters: int,
    projects: int,
) -> None:
    clock = frozen_at(WHILE_OPEN)
    poll = await open_poll(name, config, client)
    published = {project.number: project.votes for project in poll.election.projects}
    assert (len(poll.election.ballots), len(published)) == (voters, projects)

    tokens = await some_at_once(poll.token(code) for code in poll.codes)
    answers = await some_at_once(
        poll.cast(token, choices)
        for token, choices in zip(tokens, poll.election.ballots, strict=True)
    )

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["receipt"]["tracker"] for answer in answers}) == voters
    assert await poll.counts() == published
    await _agrees(poll, published)

    before = await digest()
    again = await some_at_once(
        poll.cast(token, list(reversed(choices)))
        for token, choices in zip(tokens, poll.election.ballots, strict=True)
    )

    assert {answer.status_code for answer in again} == {200}
    assert [answer.content for answer in again] == [answer.content for answer in answers]
    assert {(await poll.exchange(code)).status_code for code in poll.codes[:50]} == {409}
    assert await digest() == before

    clock.move_to(CLOSES)
    assert await poll.counts() == published


async def some_at_once(work: Iterable[Awaitable[T]]) -> list[T]:
    """All of it, in its order, a few at a time as voters come."""
    done: list[T] = []
    waiting = iter(work)
    while group := list(islice(waiting, AT_ONCE)):
        done += await asyncio.gather(*group)
    return done


async def _agrees(poll: Poll, published: dict[int, int]) -> None:
    found = await recount(poll.campaign.id)
    assert (found.ballots, found.votes, found.agrees) == (
        len(poll.election.ballots),
        published,
        True,
    )
    assert await read_tally(poll.campaign.id) == Counts(found.ballots, published)


@pytest.fixture
async def poll(config: Config, client: httpx.AsyncClient, frozen_at: Freeze) -> AsyncIterator[Poll]:
    """The Budapest election, with its first twenty ballots cast."""
    frozen_at(WHILE_OPEN)
    poll = await open_poll("budapest-2025-xi-ujbuda", config, client, codes=20)
    for code, choices in zip(poll.codes, poll.election.ballots, strict=False):
        assert (await poll.cast(await poll.token(code), choices)).status_code == 201
    yield poll


def one_of_each(poll: Poll) -> list[int]:
    """One project of each category."""
    return list({each.category: each.number for each in poll.election.projects}.values())


async def refused(answer: httpx.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status


async def test_wrong_ballots_are_refused_and_change_nothing(poll: Poll) -> None:
    token = await poll.token(poll.spare[0])
    four = one_of_each(poll)
    modern = [each.number for each in poll.election.projects if each.category == "Modern"]
    more = next(number for number in modern if number not in four)
    before = await digest()

    await refused(await poll.cast(token, [*four, more]), 422, "ballot.too_many")
    await refused(await poll.cast(token, modern[:2]), 422, "ballot.too_many_in_category")
    await refused(await poll.cast(token, [four[0], NOBODY]), 422, "ballot.unknown_candidate")
    await refused(await poll.cast(token, [four[0], four[0]]), 422, "ballot.repeated_candidate")
    await refused(await poll.cast(token, []), 422, "ballot.empty")

    assert await digest() == before


async def test_other_choices_than_those_that_stand_are_refused(poll: Poll) -> None:
    token, stands = await poll.token(poll.spare[0]), one_of_each(poll)
    receipt = await poll.cast(token, stands)
    before = await digest()

    await refused(await poll.cast(token, stands[:3]), 409, "voting.already_voted")
    again = await poll.cast(token, list(reversed(stands)))

    assert (again.status_code, again.content) == (200, receipt.content)
    assert await digest() == before


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        (OPENS - timedelta(seconds=1), "voting.not_open"),
        (CLOSES, "voting.closed"),
        (CLOSES + timedelta(days=90), "voting.closed"),
    ],
)
async def test_ballots_out_of_time_are_refused(
    poll: Poll, frozen_at: Freeze, moment: datetime, code: str
) -> None:
    token = await poll.token(poll.spare[0])
    before = await digest()

    frozen_at(moment)
    await refused(await poll.cast(token, one_of_each(poll)), 403, code)

    assert await digest() == before


async def test_tokens_that_are_not_good_are_refused(
    poll: Poll, config: Config, client: httpx.AsyncClient, frozen_at: Freeze
) -> None:
    other = await open_poll("gdynia-2025-pustki", config, client, codes=1)
    foreign, token = await other.token(other.codes[0]), await poll.token(poll.spare[0])
    choices = one_of_each(poll)
    before = await digest()

    await refused(await poll.cast("", choices), 401, "token.missing")
    await refused(await poll.cast(foreign, choices), 403, "token.foreign")
    for forged in (token[:-1] + ("A" if token[-1] != "A" else "B"), "vt1.", "x", token[4:], "é"):
        await refused(await _raw(poll, forged, choices), 401, "token.forged")
    frozen_at(WHILE_OPEN + TOKEN_LIFE + timedelta(seconds=1))
    await refused(await poll.cast(token, choices), 401, "token.expired")

    assert await digest() == before


async def _raw(poll: Poll, token: str, choices: Any) -> httpx.Response:
    return await poll.client.post(
        f"/api/v1/campaigns/{poll.campaign.slug}/ballots",
        json={"choices": choices},
        headers=[(b"authorization", f"Bearer {token}".encode())],
    )


async def test_tokens_of_a_revoked_batch_are_refused(
    poll: Poll, config: Config, app: Starlette
) -> None:
    issued = await issue_codes(
        by=BY, campaign=poll.campaign, count=2, keys_folder=config.keys_folder
    )
    token, voted = [await poll.token(code) for code in issued.codes]
    receipt = await poll.cast(voted, one_of_each(poll))
    await revoke_batch(by=BY, batch=issued.batch)
    before, counted = await digest(), await read_tally(poll.campaign.id)

    await refused(await poll.cast(token, one_of_each(poll)), 403, "token.revoked")
    await refused(await poll.exchange(issued.codes[0]), 403, "token.revoked")

    assert receipt.status_code == 201
    assert await read_tally(poll.campaign.id) == counted
    assert await digest() == before
