"""What programs send, right and wrong, and what they are told."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx
import pytest

from awards.actor import system
from awards.campaigns.actions import pause_voting
from awards.campaigns.models import Campaign
from awards.campaigns.rules import BallotRule
from awards.clock import day_in, now
from awards.config import Config
from awards.errors import Busy
from awards.voting import ballot_box
from awards.voting.actions import issue_codes
from awards.voting.queries import read_tally
from awards.voting.rules import new_code
from tests import make
from tests.digest import digest

JSON = "application/json"
NUMBERS = (101, 102, 103, 201, 202, 301)
BY = system("operator")
HAN = re.compile("[\u4e00-\u9fff]")
OURS = re.compile("“[^”]*”|JSON|application/json")
"""What stays as it is in every language: names of members and formats."""


@dataclass(frozen=True)
class Api:
    """A program that talks to one campaign."""

    client: httpx.AsyncClient
    campaign: Campaign
    codes: list[str]

    @property
    def today(self) -> str:
        return f"{day_in(self.campaign.zone, now())}"

    def address(self, noun: str) -> str:
        return f"/api/v1/campaigns/{self.campaign.slug}/{noun}"

    async def token(self, code: int = 0) -> str:
        answer = await self.exchange(self.codes[code])
        assert answer.status_code == 201
        return str(answer.json()["token"])

    async def exchange(self, code: object) -> httpx.Response:
        return await self.client.post(self.address("tokens"), json={"code": code})

    async def cast(self, token: str, *choices: int, **more: object) -> httpx.Response:
        return await self.send(
            json.dumps({"choices": choices, "day": self.today, **more}), token=token
        )

    async def send(
        self,
        body: str | bytes,
        *,
        token: str,
        kind: str = "application/json",
        noun: str = "ballots",
    ) -> httpx.Response:
        headers = {"authorization": f"Bearer {token}", "content-type": kind}
        return await self.client.post(self.address(noun), content=body, headers=headers)


OpenApi = Callable[..., Awaitable[Api]]


@pytest.fixture
def open_api(client: httpx.AsyncClient, config: Config) -> OpenApi:
    async def open_one(**rule: object) -> Api:
        written = rule or {"shape": "tap", "per_day": 3, "per_candidate_day": 1}
        campaign = await make.campaign(ballot_rule=BallotRule.from_json(written).as_json())
        for number in NUMBERS:
            await make.candidate(campaign, number)
        issued = await issue_codes(
            by=BY, campaign=campaign, count=8, keys_folder=config.keys_folder
        )
        return Api(client, campaign, issued.codes)

    return open_one


def code_of(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a problem document."""
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["type"] == "about:blank"
    assert problem["title"] and "{" not in problem["title"]
    return answer.status_code, problem["code"]


# --- the shapes that are right --------------------------------------------------------------------


async def test_a_code_becomes_a_token_and_a_token_a_receipt(open_api: OpenApi) -> None:
    api = await open_api()

    issued = await api.exchange(api.codes[0])
    cast = await api.cast(issued.json()["token"], 101)

    assert issued.status_code == 201
    assert set(issued.json()) == {"token", "expires_at"}
    assert issued.json()["token"].startswith("vt1.")
    assert issued.json()["expires_at"].endswith("Z")
    assert cast.status_code == 201
    assert set(cast.json()) == {"receipt"}
    assert set(cast.json()["receipt"]) == {"tracker", "day"}
    assert len(cast.json()["receipt"]["tracker"]) == 16
    assert cast.json()["receipt"]["day"] == api.today
    assert issued.headers["cache-control"] == cast.headers["cache-control"] == "no-store"
    assert "set-cookie" not in issued.headers and "set-cookie" not in cast.headers


async def test_the_same_vote_again_is_200_and_the_same_bytes(open_api: OpenApi) -> None:
    api = await open_api()
    token = await api.token()
    first = await api.cast(token, 101)
    before = await digest()

    again = await api.cast(await api.token(), 101)

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.content == first.content
    assert await digest() == before


async def test_results_list_every_candidate(open_api: OpenApi) -> None:
    api = await open_api(shape="ballot", max_picks=3)
    await api.cast(await api.token(), 101, 301)

    answer = await api.client.get(api.address("results"))

    assert answer.status_code == 200
    assert answer.json() == {
        "ballots": 1,
        "candidates": [
            {"number": 101, "votes": 1},
            {"number": 102, "votes": 0},
            {"number": 103, "votes": 0},
            {"number": 201, "votes": 0},
            {"number": 202, "votes": 0},
            {"number": 301, "votes": 1},
        ],
    }


async def test_hidden_results_show_no_candidate(open_api: OpenApi) -> None:
    api = await open_api(shape="ballot", max_picks=3, visibility="hidden")
    await api.cast(await api.token(), 101, 301)

    answer = await api.client.get(api.address("results"))

    assert answer.json() == {"ballots": 1, "candidates": []}


async def test_a_second_vote_for_one_candidate_has_its_slot(open_api: OpenApi) -> None:
    api = await open_api(shape="tap", per_day=9, per_candidate_day=2)
    token = await api.token()

    answers = [await api.cast(token, 101, slot=slot) for slot in (1, 1, 2, 3)]

    assert [answer.status_code for answer in answers] == [201, 200, 201, 409]


# --- the refusals ---------------------------------------------------------------------------------


async def test_refusals_have_their_codes(open_api: OpenApi) -> None:
    api = await open_api()
    token = await api.token()
    for number in (101, 102, 103):
        assert (await api.cast(token, number)).status_code == 201
    before = await digest()

    assert code_of(await api.cast(token, 201)) == (409, "voting.quota_used")
    assert code_of(await api.cast(token, 999)) == (422, "ballot.unknown_candidate")
    assert code_of(await api.cast(token)) == (422, "ballot.empty")
    assert code_of(await api.cast(token, 101, 102)) == (422, "ballot.too_many")
    assert code_of(await api.cast(token, 101, day=None)) == (422, "ballot.day_missing")
    assert code_of(await api.cast(token, 101, day="2020-02-29")) == (422, "ballot.other_day")
    assert code_of(await api.cast("", 101)) == (401, "token.missing")
    assert code_of(await api.cast("vt1.AAAA", 101)) == (401, "token.forged")
    assert code_of(await api.exchange("AAAA-AAAA-AAAA-AA")) == (401, "voting_code.wrong")
    assert await digest() == before


async def test_too_few_and_paused_and_unknown(open_api: OpenApi) -> None:
    api = await open_api(shape="ballot", min_picks=2, max_picks=3)
    token = await api.token()
    assert code_of(await api.cast(token, 101)) == (422, "ballot.too_few")

    await pause_voting(by=BY, campaign=api.campaign)
    before = await digest()
    assert code_of(await api.cast(token, 101, 102)) == (403, "voting.paused")

    lost = Api(api.client, await make.campaign(published_at=None), api.codes)
    assert code_of(await lost.cast(token, 101)) == (404, "campaign.unknown")
    assert code_of(await lost.exchange(api.codes[0])) == (404, "campaign.unknown")
    assert code_of(await api.client.get(lost.address("results"))) == (404, "campaign.unknown")
    assert await read_tally(api.campaign.id) == await read_tally(lost.campaign.id)
    assert before != await digest()  # The other campaign was made meanwhile.


async def test_a_busy_box_says_when_to_come_back(
    open_api: OpenApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = await open_api()
    token = await api.token()
    monkeypatch.setattr(ballot_box, "LEAST_WAITING", 0)

    answer = await api.cast(token, 101)

    assert code_of(answer) == (503, "busy")
    assert answer.headers["retry-after"] == str(Busy.seconds)


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        ("en-GB,en;q=0.9", "Please choose at least one candidate."),
        ("fr, en;q=0.5", "Please choose at least one candidate."),
    ],
)
async def test_refusals_are_said_in_the_program_s_language(
    open_api: OpenApi, header: str, sentence: str
) -> None:
    api = await open_api()

    answer = await api.client.post(
        api.address("ballots"),
        json={"choices": [], "day": api.today},
        headers={"authorization": f"Bearer {await api.token()}", "accept-language": header},
    )

    assert answer.json()["title"] == sentence


# --- the shapes that are wrong --------------------------------------------------------------------

DEEP = "[" * 50_000 + "]" * 50_000
WRONG = [
    b"",
    b"nothing",
    b"{",
    b'{"choices": [101]',
    b'{"choices": [101]} tail',
    b"\xff\xfe",
    b'"\\ud800"',
    DEEP[:60_000].encode(),
]
MISSHAPEN = [
    "null",
    "[]",
    "7",
    '"choices"',
    "{}",
    '{"choices": null}',
    '{"choices": 101}',
    '{"choices": "101"}',
    '{"choices": ["101"]}',
    '{"choices": [101.0]}',
    '{"choices": [1e400]}',
    '{"choices": [true]}',
    '{"choices": [null]}',
    '{"choices": [[101]]}',
    '{"choices": {"0": 101}}',
    '{"choices": [101], "weight": 5}',
    '{"choices": [101], "day": 20261123}',
    '{"choices": [101], "day": "today"}',
    '{"choices": [101], "day": "2026-02-30"}',
    '{"choices": [101], "day": "2026-11-23T10:00:00Z"}',
    '{"choices": [101], "day": ["2026-11-23"]}',
    '{"choices": [101], "slot": true}',
    '{"choices": [101], "slot": "1"}',
    '{"choices": [' + ", ".join(["101"] * 1001) + "]}",
]


@pytest.mark.parametrize("body", WRONG)
async def test_what_is_no_json_is_told_so(open_api: OpenApi, body: bytes) -> None:
    api = await open_api()
    token = await api.token()
    before = await digest()

    for noun in ("ballots", "tokens"):
        status, code = code_of(await api.send(body, token=token, noun=noun))
        assert (status, code) in ((400, "http.400"), (422, "request.invalid"))

    assert await digest() == before


@pytest.mark.parametrize("body", MISSHAPEN)
async def test_what_has_another_shape_is_told_where(open_api: OpenApi, body: str) -> None:
    api = await open_api(shape="ballot", max_picks=3)
    token = await api.token()
    before = await digest()

    assert code_of(await api.send(body, token=token)) == (422, "request.invalid")

    assert await digest() == before


async def test_what_is_wrong_is_said_in_the_programs_language(open_api: OpenApi) -> None:
    api = await open_api(shape="ballot", max_picks=3)
    token, titles = await api.token(), []

    for language in ("en", "zh-CN"):
        api.client.headers["accept-language"] = language
        answers = [await api.send(body, token=token) for body in WRONG]
        answers += [await api.send(body, token=token) for body in MISSHAPEN]
        answers += [await api.exchange(code) for code in (None, 7, "x" * 101)]
        answers.append(await api.send("{}", token=token, kind="text/plain"))
        answers.append(await api.send(" " * (65 << 10), token=token))
        titles.append([answer.json()["title"] for answer in answers])

    english, chinese = titles
    assert not any("does not fit" in title for title in english)
    assert not any(HAN.search(title) for title in english)
    assert not any(re.search(r"[A-Za-z]{3,}", OURS.sub("", title)) for title in chinese)
    assert all(HAN.search(title) for title in chinese)


@pytest.mark.parametrize("number", [0, -1, 65_536, 2**31, 2**63, 2**64, 10**400])
async def test_no_number_is_too_large_to_be_unknown(open_api: OpenApi, number: int) -> None:
    api = await open_api()
    token = await api.token()
    before = await digest()

    status, code = code_of(await api.cast(token, number))
    assert (status, code) == (422, "ballot.unknown_candidate")
    assert (await api.cast(token, 101, slot=number)).status_code in (409, 422)

    assert await digest() == before


@pytest.mark.parametrize("code", [None, 7, True, [], {"x": 1}, "x" * 101])
async def test_a_code_is_a_short_text(open_api: OpenApi, code: object) -> None:
    api = await open_api()

    assert code_of(await api.exchange(code)) == (422, "request.invalid")


async def test_wrong_codes_are_guesses_and_right_ones_are_none(open_api: OpenApi) -> None:
    api = await open_api()

    right = [await api.exchange(api.codes[each % 8]) for each in range(70)]
    wrong = [await api.exchange(new_code()) for _each in range(59)]
    right.append(await api.exchange(api.codes[0]))
    last, refused = await api.exchange(new_code()), await api.exchange(new_code())
    shut = await api.exchange(api.codes[0])

    assert {each.status_code for each in right} == {201}
    assert {code_of(each) for each in (*wrong, last)} == {(401, "voting_code.wrong")}
    assert code_of(refused) == code_of(shut) == (429, "too_many")
    assert 1 <= int(refused.headers["retry-after"]) <= 600


async def test_many_guesses_at_once_are_no_more_guesses(open_api: OpenApi) -> None:
    api = await open_api()

    told = await asyncio.gather(*(api.exchange(new_code()) for _each in range(100)))

    assert sorted(each.status_code for each in told) == [401] * 60 + [429] * 40


@pytest.mark.parametrize(
    "text", ["", "望河", "\0" * 14, "' OR 1=1 --", "‮" * 14, "0" * 14 + "😀", "０" * 14]
)
async def test_odd_codes_are_wrong_codes(open_api: OpenApi, text: str) -> None:
    api = await open_api()

    assert code_of(await api.exchange(text)) == (401, "voting_code.wrong")


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "json"])
async def test_only_json_is_read(open_api: OpenApi, kind: str) -> None:
    api = await open_api()

    answer = await api.send('{"choices": [101]}', token=await api.token(), kind=kind)

    assert code_of(answer) == (415, "http.415")


async def test_json_may_name_its_charset(open_api: OpenApi) -> None:
    api = await open_api(shape="ballot", max_picks=3)

    answer = await api.send(
        '{"choices": [101]}', token=await api.token(), kind="application/json; charset=utf-8"
    )

    assert answer.status_code == 201


async def test_a_body_has_an_end(open_api: OpenApi) -> None:
    api = await open_api()

    answer = await api.send(b" " * (65 << 10), token=await api.token())

    assert answer.status_code == 413


@pytest.mark.parametrize("header", ["vt1.x", "Basic dXNlcjpwYXNz", "Bearer", "Bearer ", "bearer"])
async def test_a_token_comes_as_bearer(open_api: OpenApi, header: str) -> None:
    api = await open_api()

    answer = await api.client.post(
        api.address("ballots"),
        json={"choices": [101], "day": api.today},
        headers={"authorization": header},
    )

    assert code_of(answer) == (401, "token.missing")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
async def test_other_methods_change_nothing(open_api: OpenApi, method: str) -> None:
    api = await open_api()
    before = await digest()

    for noun in ("ballots", "tokens"):
        answer = await api.client.request(method, api.address(noun), json={"choices": [101]})
        assert code_of(answer) == (405, "http.405")
        assert answer.headers["allow"] == "POST"

    assert await digest() == before


# --- races ----------------------------------------------------------------------------------------


async def test_two_race_for_the_last_vote(open_api: OpenApi) -> None:
    api = await open_api()
    token = await api.token()
    await api.cast(token, 101)
    await api.cast(token, 102)

    answers = await asyncio.gather(api.cast(token, 103), api.cast(token, 201))

    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert (await read_tally(api.campaign.id)).ballots == 3


async def test_many_race_and_exactly_the_quota_is_kept(open_api: OpenApi) -> None:
    api = await open_api()
    tokens = [await api.token(code) for code in range(3)]

    answers = await asyncio.gather(
        *(api.cast(token, number) for number in NUMBERS for token in tokens for _again in range(2))
    )

    statuses = [answer.status_code for answer in answers]
    assert set(statuses) == {200, 201, 409}
    assert statuses.count(201) == 9
    assert (await read_tally(api.campaign.id)).ballots == 9


async def test_two_ballots_of_one_voter_race(open_api: OpenApi) -> None:
    api = await open_api(shape="ballot", max_picks=3)
    token = await api.token()

    answers = await asyncio.gather(*(api.cast(token, number) for number in NUMBERS))

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [201, 409, 409, 409, 409, 409]
    assert (await read_tally(api.campaign.id)).ballots == 1
