"""Voting by phone number: the pages, from the number to the ballot."""

import asyncio
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from starlette.applications import Starlette
from time_machine import Traveller

from awards.accounts.models import EmailCode
from awards.campaigns.queries import find_campaign
from awards.campaigns.rules import Channel
from awards.config import Config
from awards.notifications.actions import deliver
from awards.notifications.models import Letter
from awards.notifications.queries import list_letters
from awards.notifications.transports import text_transport
from awards.voting.counting import recount
from awards.voting.gate import Gate
from tests import make
from tests.digest import digest
from tests.web.site.test_work import ASKED, fields_of, work_for
from tests.web.site.voter import Voter, sent_code, text_of

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
TYPED, NUMBER, OTHER = "138 1234 5678", "+8613812345678", "+8613912345678"
Freeze = Callable[[datetime], Traveller]


async def poll(client: httpx.AsyncClient, channels: str, slug: str = "tap") -> Voter:
    client.cookies.set("language", "en", domain="haoren.test")
    campaign = await make.campaign(preset="daily_tap", slug=slug, channels=channels)
    for number in (101, 102):
        await make.candidate(campaign, number)
    return Voter(client, slug)


@pytest.fixture
async def tap(client: httpx.AsyncClient) -> Voter:
    return await poll(client, "email sms")


async def prove(voter: Voter, typed: str = TYPED, number: str = NUMBER) -> httpx.Response:
    asked = await voter.post("/verifications", way="sms", phone=typed, choice=101)
    assert asked.status_code == 303, text_of(asked)
    return await voter.post("/tokens", kind="sms", code=await sent_code(number), choice=101)


async def test_a_phone_number_leads_to_a_vote(tap: Voter) -> None:
    asked = await tap.post("/verifications", way="sms", phone=TYPED, email="", choice=101)
    shown = await tap.client.get(asked.headers["location"])
    entered = await tap.post("/tokens", kind="sms", code=await sent_code(NUMBER), choice=101)
    ballot = await tap.client.get(entered.headers["location"])
    voted = await tap.vote(101)

    assert (asked.status_code, entered.status_code, voted.status_code) == (303, 303, 303)
    assert "on its way to 138****5678" in text_of(shown)
    assert 'autocomplete="one-time-code"' in shown.text and 'inputmode="numeric"' in shown.text
    assert "138****5678" in text_of(ballot)
    assert TYPED not in ballot.text and NUMBER not in ballot.text
    counted = (await recount((await find_campaign("tap")).id)).by_channel
    assert {channel: count.ballots for channel, count in counted.items()} == {Channel.SMS: 1}
    assert (await EmailCode.all().count(), await Letter.all().count()) == (0, 0)


async def test_the_same_number_is_the_same_person_however_it_is_written(
    tap: Voter, frozen_at: Freeze
) -> None:
    clock = frozen_at(NOON)
    await prove(tap)
    await tap.vote(101)
    await tap.post("/tokens/end")
    clock.shift(timedelta(minutes=1))

    await prove(tap, "＋８６－138-1234-5678")

    assert (await tap.get("/me")).json()["voted"] == [101]


async def test_a_phone_and_an_address_have_votes_of_their_own(tap: Voter) -> None:
    await prove(tap)
    await tap.vote(101)
    await tap.post("/tokens/end")

    await tap.prove("lu@example.com")
    await tap.vote(101)

    counted = (await recount((await find_campaign("tap")).id)).by_channel
    assert {channel: count.ballots for channel, count in counted.items()} == {
        Channel.EMAIL: 1,
        Channel.SMS: 1,
    }


@pytest.mark.parametrize(
    ("channels", "way", "phone", "email", "said"),
    [
        ("email sms", True, True, True, "a phone number or an e-mail address"),
        ("sms", False, True, False, "once for a phone number"),
        ("email", False, False, True, "once for an e-mail address"),
    ],
)
async def test_the_form_asks_for_what_is_open(
    client: httpx.AsyncClient, channels: str, way: bool, phone: bool, email: bool, said: str
) -> None:
    voter = await poll(client, channels)

    shown = await voter.get("/ballot", candidate=101)

    assert ('type="radio"' in shown.text) is way
    assert ('name="phone"' in shown.text) is phone
    assert ('name="email"' in shown.text) is email
    assert said in text_of(shown)
    if phone:
        assert re.search(r'<input[^>]*name="phone"[^>]*type="tel"', shown.text)
        assert 'autocomplete="tel"' in shown.text


@pytest.mark.parametrize(
    ("fields", "to"),
    [
        ({"phone": TYPED}, NUMBER),
        ({"email": "lu@example.com"}, "lu@example.com"),
        ({"way": "sms", "phone": TYPED, "email": "lu@example.com"}, NUMBER),
        ({"way": "email", "phone": TYPED, "email": "lu@example.com"}, "lu@example.com"),
        ({"way": "telegraph", "phone": TYPED}, NUMBER),
    ],
)
async def test_the_code_goes_where_it_was_asked_for(
    tap: Voter, fields: dict[str, str], to: str
) -> None:
    asked = await tap.post("/verifications", choice=101, **fields)

    assert asked.status_code == 303
    assert [each.address for each in await list_letters()] == [to]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"way": "sms", "phone": "12345", "email": "lu@example.com"}, "mobile phone number"),
        ({"way": "sms", "phone": "", "email": "lu@example.com"}, "Nothing is here yet."),
        ({"way": "sms", "phone": "+852 9123 4567"}, "begin with +86 alone"),
        ({"way": "sms", "phone": "1" * 200}, "Please keep to 40"),
        ({"way": "email", "phone": TYPED, "email": ""}, "Nothing is here yet."),
        ({}, "Nothing is here yet."),
    ],
)
async def test_what_is_wrong_is_said_at_its_field(
    tap: Voter, fields: dict[str, str], said: str
) -> None:
    before = await digest()

    refused = await tap.post("/verifications", choice=101, **fields)

    assert refused.status_code == 422
    assert said in text_of(refused)
    if fields.get("phone"):
        assert fields["phone"] in refused.text
    assert await digest() == before


async def test_a_closed_way_is_not_taken(client: httpx.AsyncClient) -> None:
    voter = await poll(client, "email")
    before = await digest()

    refused = await voter.post("/verifications", way="sms", phone=TYPED)

    assert refused.status_code == 403
    assert await digest() == before


async def test_a_number_that_had_its_messages_gets_the_same_answer(
    tap: Voter, client: httpx.AsyncClient
) -> None:
    """Somebody asked for this number already; whoever asks next can't tell."""
    first = await tap.post("/verifications", way="sms", phone=TYPED, choice=101)
    page = await client.get(first.headers["location"])
    letters = len(await list_letters())
    client.cookies.delete("proving")

    again = await tap.post("/verifications", way="sms", phone=TYPED, choice=101)
    again_page = await client.get(again.headers["location"])

    assert len(await list_letters()) == letters
    assert (again.status_code, again.headers["location"]) == (303, first.headers["location"])
    assert text_of(again_page) == text_of(page)
    cookies = [each.headers["set-cookie"].partition("=")[0] for each in (first, again)]
    assert cookies[0] == cookies[1]
    entered = await tap.post("/tokens", kind="sms", code=await sent_code(NUMBER), choice=101)
    assert entered.status_code == 303


async def test_a_number_that_has_voted_gets_the_same_answer(
    tap: Voter, client: httpx.AsyncClient, frozen_at: Freeze
) -> None:
    clock = frozen_at(NOON)
    await prove(tap)
    await tap.vote(101)
    client.cookies.clear()
    client.cookies.set("language", "en", domain="haoren.test")
    clock.shift(timedelta(hours=1))

    answers = []
    for typed in (TYPED, "139 1234 5678"):
        asked = await tap.post("/verifications", way="sms", phone=typed, choice=101)
        page = await client.get(asked.headers["location"])
        said = text_of(page).replace("139****", "138****")
        answers.append((asked.status_code, asked.headers["location"], page.status_code, said))

    assert answers[0] == answers[1]
    assert answers[0][0] == 303


async def test_a_wrong_code_is_refused(tap: Voter) -> None:
    await tap.post("/verifications", way="sms", phone=TYPED, choice=101)
    wrong = f"{(int(await sent_code(NUMBER)) + 1) % 1_000_000:06d}"

    refused = await tap.post("/tokens", kind="sms", code=wrong, choice=101)

    assert refused.status_code == 401
    assert "not the code that we sent" in text_of(refused)
    assert "138****5678" in text_of(refused)


# --- limits -----------------------------------------------------------------------------------


def allow(app: Starlette, **limits: int) -> None:
    """From here on so many text messages may go out."""
    app.state.codes = replace(app.state.codes, texts=replace(app.state.codes.texts, **limits))


async def test_when_the_day_is_used_up_the_other_ways_stay(app: Starlette, tap: Voter) -> None:
    allow(app, a_day=1)
    await tap.post("/verifications", way="sms", phone=TYPED, choice=101)

    shown = await tap.get("/ballot", candidate=101)
    refused = await tap.post("/verifications", way="sms", phone="13912345678", choice=101)
    by_letter = await tap.post("/verifications", way="email", email="lu@example.com", choice=101)

    assert "The text messages of today are used up" in text_of(shown)
    assert 'name="phone"' not in shown.text and 'name="email"' in shown.text
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    assert by_letter.status_code == 303


async def test_where_it_is_the_only_way_the_page_says_when_to_come_back(
    app: Starlette, client: httpx.AsyncClient
) -> None:
    voter = await poll(client, "sms")
    allow(app, an_hour=0)

    shown = await voter.get("/ballot", candidate=101)

    assert shown.status_code == 200
    assert "asking for a text message just now. Please try again in" in text_of(shown)
    assert "<form" not in shown.text.split("<main", 1)[1].split("</main>")[0]


async def test_a_race_for_the_last_message_is_lost_with_a_sentence(
    app: Starlette, tap: Voter
) -> None:
    allow(app, a_day=1)

    answers = await asyncio.gather(
        *(tap.post("/verifications", way="sms", phone=f"1381{n}345678") for n in range(4))
    )

    assert sorted(each.status_code for each in answers) == [303, 429, 429, 429]
    assert len(await list_letters()) == 1


async def test_without_a_gateway_the_way_is_closed(
    tap: Voter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Config, "equipment", frozenset())
    before = await digest()

    shown = await tap.get("/ballot", candidate=101)
    refused = await tap.post("/verifications", way="sms", phone=TYPED)

    assert "not possible just now" in text_of(shown)
    assert refused.status_code == 403
    assert await digest() == before


async def test_a_busy_campaign_asks_for_a_sum_and_keeps_the_number(
    app: Starlette, tap: Voter
) -> None:
    app.state.gate = Gate(app.state.codes.throttle, votes=100, letters=0)
    before = await digest()

    asked = await tap.post("/verifications", way="sms", phone=TYPED, choice=101)

    assert asked.status_code == ASKED
    assert await digest() == before
    carried = fields_of(asked)
    assert (carried["way"], carried["phone"], carried["choice"]) == ("sms", TYPED, "101")
    done = await tap.post("/verifications", **(carried | {"work": work_for(asked)}))
    assert (done.status_code, len(await list_letters())) == (303, 1)


async def test_numbers_in_a_row_are_asked_for_a_sum(app: Starlette, tap: Voter) -> None:
    throttle = app.state.codes.throttle
    while throttle.take("sms.block", "+861381234"):
        pass

    asked = await tap.post("/verifications", way="sms", phone=TYPED)
    other = await tap.post("/verifications", way="sms", phone="13912345678")

    assert (asked.status_code, other.status_code) == (ASKED, 303)


async def test_where_few_codes_are_used_a_sum_is_asked_for(app: Starlette, tap: Voter) -> None:
    for n in range(40):
        app.state.codes.throttle._window.storage.reset()
        sent = await tap.post("/verifications", way="sms", phone=f"138{n:04d}5678")
        assert sent.status_code == 303

    asked = await tap.post("/verifications", way="sms", phone="13912345678")

    assert asked.status_code == ASKED


async def test_a_vote_by_phone_passes_the_gate(app: Starlette, tap: Voter) -> None:
    await prove(tap)
    app.state.gate = Gate(app.state.codes.throttle, votes=0, letters=100)

    assert (await tap.vote(101)).status_code == ASKED


# --- around it --------------------------------------------------------------------------------


@pytest.fixture
def gateway(tmp_path: str) -> Iterator[str]:
    yield f"file://{tmp_path}/texts"


async def test_a_message_can_be_seen_in_development(tap: Voter, gateway: str) -> None:
    await tap.post("/verifications", way="sms", phone=TYPED, choice=101)
    code = await sent_code(NUMBER)

    assert await deliver(text_transport(gateway), way="sms") == 1

    shown = await tap.client.get("/dev/outbox")
    assert NUMBER in text_of(shown) and code in text_of(shown)


async def test_the_rules_page_names_the_way(tap: Voter) -> None:
    shown = await tap.get("/rules")

    assert "By a phone number, proved once with a code." in text_of(shown)
    assert "Each of these ways has its own votes" in text_of(shown)
