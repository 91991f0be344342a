"""The page on which a browser works for a moment: asked for, done, done twice, done otherwise."""

import html
import json
import re
from typing import Any

import httpx
import pytest
from altcha import Challenge, Payload, solve_challenge
from starlette.applications import Starlette

from awards.campaigns.queries import find_campaign
from awards.notifications.queries import list_letters
from awards.voting.counting import recount
from awards.voting.gate import Gate
from tests import make
from tests.digest import digest
from tests.web.conftest import hidden
from tests.web.site.voter import Voter, text_of

TASK = re.compile(r'data-task="([^"]+)"')
RECORDED, ASKED = 303, 403


@pytest.fixture
async def tap(client: httpx.AsyncClient) -> Voter:
    client.cookies.set("language", "en", domain="haoren.test")
    campaign = await make.campaign(preset="daily_tap", slug="tap")
    for number in (101, 102, 201):
        await make.candidate(campaign, number)
    return Voter(client, campaign.slug)


def ask(app: Starlette, *, votes: int = 100_000, letters: int = 100_000) -> None:
    """From here on the gate takes so many without a question."""
    app.state.gate = Gate(app.state.codes.throttle, votes=votes, letters=letters)


def task_of(page: httpx.Response) -> dict[str, Any]:
    found = TASK.search(page.text)
    assert found, page.text
    task: dict[str, Any] = json.loads(html.unescape(found[1]))
    return task


def work_for(page: httpx.Response) -> str:
    """What the page's script sends."""
    challenge = Challenge.from_dict(task_of(page))
    solution = solve_challenge(challenge)
    assert solution
    return Payload(challenge, solution).to_base64()


def fields_of(page: httpx.Response) -> dict[str, str]:
    """The hidden fields of the page's form, but for the token."""
    return {name: value for name, value in hidden(page) if name != "csrf_token"}


async def counted(slug: str = "tap") -> tuple[int, int]:
    """Ballots that count, and ballots that are held."""
    found = await recount((await find_campaign(slug)).id)
    assert found.agrees
    return found.ballots, found.held


# --- before a vote --------------------------------------------------------------------------------


async def test_a_busy_network_is_asked_and_votes_with_its_work(app: Starlette, tap: Voter) -> None:
    await tap.prove()
    ask(app, votes=2)
    assert (await tap.vote(101)).status_code == (await tap.vote(102)).status_code == RECORDED
    before = await digest()

    asked = await tap.vote(201)

    assert asked.status_code == ASKED
    assert asked.headers["cache-control"] == "private, no-store"
    assert "One moment, please" in text_of(asked)
    assert await digest() == before
    carried = fields_of(asked)
    assert (carried["choice"], carried["work"]) == ("201", "unable")
    done = await tap.post("/ballots", **(carried | {"work": work_for(asked)}))
    assert (done.status_code, await counted()) == (RECORDED, (3, 0))


async def test_who_can_t_work_goes_on_by_hand(app: Starlette, tap: Voter) -> None:
    await tap.prove()
    ask(app, votes=0)
    asked = await tap.vote(101)

    done = await tap.post("/ballots", **fields_of(asked))

    assert (done.status_code, await counted()) == (RECORDED, (1, 0))


async def test_beyond_the_narrow_lane_a_vote_is_held_and_nobody_tells(
    app: Starlette, tap: Voter
) -> None:
    await tap.prove()
    ask(app, votes=0)
    while app.state.codes.throttle.take("vote.plain", "127.0.0.1"):
        pass
    asked = await tap.vote(101)

    done = await tap.post("/ballots", **fields_of(asked))
    shown = await tap.client.get(done.headers["location"])

    assert (done.status_code, await counted()) == (RECORDED, (0, 1))
    assert "Your vote is recorded" in text_of(shown)
    assert "held" not in text_of(shown).lower()
    me = await tap.client.get("/campaigns/tap/me")
    assert (me.json()["voted"], me.json()["votes_left"]) == ([101], 9)


async def test_work_serves_one_vote(app: Starlette, tap: Voter) -> None:
    await tap.prove()
    ask(app, votes=0)
    asked = await tap.vote(101)
    fields = fields_of(asked) | {"work": work_for(asked)}
    assert (await tap.post("/ballots", **fields)).status_code == RECORDED
    before = await digest()

    again = await tap.post("/ballots", **(fields | {"choice": "102"}))

    assert again.status_code == ASKED
    assert "data-by-hand" in again.text
    assert task_of(again)["signature"] != task_of(asked)["signature"]
    assert await digest() == before


async def test_work_for_a_letter_is_no_work_for_a_vote(app: Starlette, tap: Voter) -> None:
    ask(app, letters=0)
    for_letter = work_for(await tap.post("/verifications", email="lu@example.com"))
    ask(app)
    await tap.prove()
    ask(app, votes=0)
    before = await digest()

    asked = await tap.post("/ballots", choice=101, work=for_letter)

    assert asked.status_code == ASKED
    assert await digest() == before


@pytest.mark.parametrize("work", ["", "x", "eyJ9", "é" * 5000, "\x00", "able"])
async def test_anything_else_is_no_work(app: Starlette, tap: Voter, work: str) -> None:
    await tap.prove()
    ask(app, votes=0)
    before = await digest()

    assert (await tap.post("/ballots", choice=101, work=work)).status_code == ASKED
    assert await digest() == before


async def test_the_quick_way_and_the_slow_one_ask_alike(app: Starlette, tap: Voter) -> None:
    await tap.prove()
    ask(app, votes=0)
    token = dict(hidden(await tap.get("/ballot", candidate=101)))["csrf_token"]
    form = {"csrf_token": token, "choice": "101"}
    day = (await tap.client.get("/campaigns/tap/me")).json()["day"]

    quick = await tap.client.post("/campaigns/tap/ballots", data=form | {"day": day})
    slow = await tap.client.post(
        "/campaigns/tap/ballots", data=form | {"day": day}, files={"none": b""}
    )

    assert (quick.status_code, slow.status_code) == (ASKED, ASKED)
    assert task_of(quick)["parameters"]["data"] == task_of(slow)["parameters"]["data"]


async def test_a_program_with_an_address_is_told_so(app: Starlette, tap: Voter) -> None:
    await tap.prove()
    ask(app, votes=0)
    token = tap.client.cookies["vote"]
    day = (await tap.client.get("/campaigns/tap/me")).json()["day"]

    refused = await tap.client.post(
        "/api/v1/campaigns/tap/ballots",
        json={"choices": [101], "day": day},
        headers={"authorization": f"Bearer {token}"},
    )

    assert (refused.status_code, refused.json()["code"]) == (ASKED, "work.needed")
    assert await counted() == (0, 0)


# --- before a letter ------------------------------------------------------------------------------


async def test_a_hot_campaign_asks_before_it_sends_a_letter(app: Starlette, tap: Voter) -> None:
    ask(app, letters=0)

    asked = await tap.post("/verifications", email="lu@example.com", choice=101)

    assert asked.status_code == ASKED
    assert await list_letters() == []
    carried = fields_of(asked)
    assert carried == {"choice": "101", "email": "lu@example.com", "work": "unable"}
    done = await tap.post("/verifications", **(carried | {"work": work_for(asked)}))
    assert done.status_code == 303
    assert len(await list_letters()) == 1


async def test_a_letter_can_be_had_by_hand(app: Starlette, tap: Voter) -> None:
    ask(app, letters=0)
    asked = await tap.post("/verifications", email="lu@example.com")

    assert (await tap.post("/verifications", **fields_of(asked))).status_code == 303
    assert len(await list_letters()) == 1


async def test_a_network_that_had_its_letters_is_asked_not_shut_out(
    app: Starlette, tap: Voter
) -> None:
    for _letter in range(30):
        await app.state.codes.throttle.ask("code.source", "127.0.0.1")

    asked = await tap.post("/verifications", email="lu@example.com")
    done = await tap.post("/verifications", **(fields_of(asked) | {"work": work_for(asked)}))

    assert (asked.status_code, done.status_code) == (ASKED, 303)
    assert len(await list_letters()) == 1


async def test_by_hand_a_network_has_so_many_letters_and_then_waits(
    app: Starlette, tap: Voter
) -> None:
    ask(app, letters=0)
    while app.state.codes.throttle.take("code.plain", "127.0.0.1"):
        pass

    late = await tap.post("/verifications", email="lu@example.com", work="unable")

    assert late.status_code == 429
    assert int(late.headers["retry-after"]) > 0
    assert await list_letters() == []


async def test_nonsense_is_refused_before_any_work(app: Starlette, tap: Voter) -> None:
    ask(app, letters=0)

    assert (await tap.post("/verifications", email="nowhere")).status_code == 422
