"""Signing in at another site, with fakes that check what they are sent, by real HTTP."""

import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse, Response
from time_machine import Traveller

from awards import clock
from awards.accounts.providers import oidc
from awards.accounts.providers.wechat import App, Places, WeChat
from awards.campaigns.queries import find_campaign
from awards.campaigns.rules import Channel
from awards.config import Config
from awards.outbound import Outbound
from awards.voting.counting import recount
from tests import make
from tests.conftest import BASE, KEYS
from tests.digest import digest
from tests.fakes.openid import (
    CLIENT,
    SECRET,
    Claims,
    FakeOpenId,
    signed,
    signed_with_own_key,
    signed_with_public_key,
    unsigned,
)
from tests.fakes.served import served
from tests.fakes.wechat import ACCOUNT, WEBSITE, FakeWeChat
from tests.voting.test_ballot_box import rows
from tests.web.conftest import hidden
from tests.web.site.voter import Voter, text_of

REFRESH = re.compile(r'http-equiv="refresh" content="0;url=([^"]+)"')
Freeze = Callable[[datetime], Traveller]


@pytest.fixture
async def city() -> AsyncIterator[FakeOpenId]:
    """A provider of the city, running."""
    fake = FakeOpenId(back=f"{BASE}/arrivals/oidc")
    async with served(fake.app()) as address:
        fake.serve_at(address)
        yield fake


@pytest.fixture
def config(database_url: str, tmp_path: Path, city: FakeOpenId) -> Config:
    issuer = urlsplit(city.issuer)
    return Config(
        data_dir=tmp_path, database_url=database_url, secret_keys=KEYS,
        oidc_url=f"http://{quote(CLIENT, safe='')}:{quote(SECRET, safe='')}@{issuer.netloc}"
        f"{issuer.path}?name=望河通",
    )  # fmt: skip


@pytest.fixture
async def voter(client: httpx.AsyncClient) -> Voter:
    """A campaign that takes e-mail addresses and accounts of the city, and a browser."""
    client.cookies.set("language", "en", domain="haoren.test")
    campaign = await make.campaign(slug="award", channels="email oidc wechat")
    for number in (101, 102):
        await make.candidate(campaign, number)
    return Voter(client, campaign.slug)


@dataclass
class Away:
    """A browser on its way, as somebody at it."""

    voter: Voter
    channel: str = "oidc"

    async def leave(self, **fields: Any) -> str:
        """Press the button; the address that the browser goes on to."""
        left = await self.voter.post("/departures", channel=self.channel, **fields)
        assert left.status_code == 200, text_of(left)
        found = REFRESH.search(left.text)
        assert found
        return unescape(found[1])

    async def sign_in(self, address: str, person: str = "lu") -> str:
        """Press a link over there; the address that one comes back to."""
        async with httpx.AsyncClient() as browser:
            shown = await browser.get(address)
            if shown.status_code == 200:
                found = re.search(rf'href="([^"]+/{person})"', shown.text)
                assert found, shown.text
                shown = await browser.get(httpx.URL(address).join(found[1]))
        return shown.headers["location"]

    async def come_back(self, address: str) -> httpx.Response:
        """Open the address, then press the one button."""
        shown = await self.voter.client.get(address)
        assert shown.status_code == 200, text_of(shown)
        return await self.send(shown)

    async def send(self, shown: httpx.Response) -> httpx.Response:
        return await self.voter.client.post(
            f"/campaigns/{self.voter.slug}/tokens",
            content=urlencode(hidden(shown)),
            headers={"content-type": "application/x-www-form-urlencoded"},
        )

    async def prove(self, person: str = "lu", **fields: Any) -> httpx.Response:
        """The whole way."""
        return await self.come_back(await self.sign_in(await self.leave(**fields), person))


@pytest.fixture
def away(voter: Voter) -> Away:
    return Away(voter)


async def refused(answer: httpx.Response, status: int, said: str) -> None:
    """Told so on the page that asks for proof, with what was chosen; nobody was let in."""
    assert (answer.status_code, said in text_of(answer)) == (status, True), text_of(answer)
    assert "Candidate 101" in text_of(answer)
    assert answer.headers["cache-control"] == "private, no-store"
    assert not any(each.startswith("vote=v") for each in answer.headers.get_list("set-cookie"))
    assert await rows("voter") == []


# --- the way that is right ------------------------------------------------------------------------


async def test_the_page_offers_it_beside_what_else_is_open(voter: Voter) -> None:
    shown = await voter.get("/ballot", candidate=101)

    assert "Sign in with 望河通" in text_of(shown) and 'name="email"' in shown.text
    assert "Voting with WeChat is not possible just now." in text_of(shown)
    assert shown.text.count("/departures") == 1
    assert "form-action 'self';" in shown.headers["content-security-policy"]


async def test_somebody_signs_in_and_votes(away: Away, city: FakeOpenId) -> None:
    proved = await away.prove(choice=[101])
    ballot = await away.voter.client.get(proved.headers["location"])
    cast = await away.voter.vote(101)

    assert proved.status_code == 303
    assert proved.headers["location"].endswith("/campaigns/award/ballot?choice=101")
    assert "your account at 望河通" in text_of(ballot)
    assert cast.status_code == 303
    counts = await recount((await find_campaign("award")).id)
    assert {channel: each.ballots for channel, each in counts.by_channel.items()} == {
        Channel.OIDC: 1
    }
    assert city.complaints == [] and "trip" not in away.voter.client.cookies


async def test_one_account_is_one_person_in_any_browser(
    away: Away, app: Starlette, other_browser: httpx.AsyncClient
) -> None:
    other_browser.cookies.set("language", "en", domain="haoren.test")
    other_browser.base_url = httpx.URL(BASE)
    second = Away(Voter(other_browser, "award"))
    await away.prove("lu")
    await second.prove("lu")
    first_vote, second_vote = await away.voter.vote(101), await second.voter.vote(101)
    third = Away(Voter(other_browser, "award"))
    await third.prove("bai")

    assert first_vote.headers["location"] == second_vote.headers["location"]
    assert (await third.voter.vote(101)).headers["location"] != first_vote.headers["location"]
    assert len(await rows("voter")) == 2


async def test_nothing_is_kept_but_a_digest(away: Away, city: FakeOpenId) -> None:
    await away.prove("lu")

    kept = repr(
        [await rows(each) for each in ("voter", "spent_work", "audit_record", "letter", "ballot")]
    )
    for told in ("lu@realm", "lu@example.com", "卢小满", city.issuer, "code-0"):
        assert told not in kept
    assert {row["channel"] for row in await rows("voter")} == {"oidc"}


async def test_leaving_and_coming_back_write_nothing_until_the_press(away: Away) -> None:
    before = await digest()
    address = await away.sign_in(await away.leave(choice=[101]))
    shown = [await away.voter.client.get(address) for _time in range(2)]

    assert await digest() == before
    assert [each.status_code for each in shown] == [200, 200]
    assert "Candidate 101" in text_of(shown[0])
    assert shown[0].headers["cache-control"] == "private, no-store"
    assert (await away.send(shown[0])).status_code == 303


@pytest.mark.parametrize("auth", ["client_secret_basic", "client_secret_post"])
async def test_the_secret_is_told_as_the_provider_wants_it(
    away: Away, city: FakeOpenId, auth: str
) -> None:
    city.auth = auth

    assert (await away.prove()).status_code == 303
    assert city.complaints == []


async def test_what_a_provider_says_of_itself_is_asked_once(away: Away, city: FakeOpenId) -> None:
    await away.prove("lu")
    await away.prove("bai")

    assert (city.calls.count("configuration"), city.calls.count("keys")) == (1, 1)


async def test_new_keys_are_read_when_they_are_used(
    away: Away, city: FakeOpenId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oidc, "AGAIN", 0.0)
    await away.prove("lu")
    city.published = ["second"]
    city.sign = lambda claims: signed(claims, by="second")

    assert (await away.prove("bai")).status_code == 303


# --- what nobody gets in by -----------------------------------------------------------------------


def without(name: str) -> Callable[[Claims], Claims]:
    return lambda claims: {key: value for key, value in claims.items() if key != name}


def with_claim(name: str, value: object) -> Callable[[Claims], Claims]:
    return lambda claims: {**claims, name: value}


@pytest.mark.parametrize(
    "change",
    [
        with_claim("iss", "https://other.example.org"),
        with_claim("aud", "another"),
        with_claim("aud", ["another"]),
        with_claim("aud", [CLIENT, "another"]),
        with_claim("azp", "another"),
        with_claim("nonce", "another"),
        with_claim("nonce", ["another"]),
        with_claim("sub", ""),
        with_claim("sub", 7),
        with_claim("sub", "x" * 256),
        with_claim("exp", 1_700_000_000),
        with_claim("exp", "soon"),
        with_claim("iat", 4_000_000_000),
        with_claim("nbf", 4_000_000_000),
        *(without(name) for name in ("iss", "aud", "nonce", "sub", "exp", "iat")),
    ],
)
async def test_a_token_for_somebody_or_something_else_is_refused(
    away: Away, city: FakeOpenId, change: Callable[[Claims], Claims]
) -> None:
    city.change = change

    answer = await away.prove(choice=[101])

    await refused(answer, 401, "could not be checked")


@pytest.mark.parametrize(
    "sign",
    [
        unsigned,
        signed_with_public_key,
        signed_with_own_key,
        lambda claims: signed(claims, by="forger"),
        lambda claims: signed(claims)[:-4] + "AAAA",
        lambda claims: signed(claims).rsplit(".", 1)[0] + ".",
        lambda claims: "a.b.c",
        lambda claims: "",
        lambda claims: None,
        lambda claims: {"alg": "none"},
    ],
)
async def test_a_token_that_the_provider_did_not_sign_is_refused(
    away: Away, city: FakeOpenId, sign: Callable[[Claims], Any]
) -> None:
    city.sign = sign

    answer = await away.prove(choice=[101])

    await refused(answer, 401, "could not be checked")


async def test_two_audiences_are_taken_where_the_token_is_for_us(
    away: Away, city: FakeOpenId
) -> None:
    city.change = lambda claims: {**claims, "aud": [CLIENT, "another"], "azp": CLIENT}

    assert (await away.prove()).status_code == 303


async def test_saying_no_over_there_is_a_sentence_here(away: Away) -> None:
    address = await away.sign_in(await away.leave(choice=[101]), "nobody")

    await refused(await away.voter.client.get(address), 401, "You did not finish signing in")


async def test_a_fault_over_there_is_none_of_the_voter_s(away: Away) -> None:
    state = dict(parse_qsl(urlsplit(await away.leave(choice=[101])).query))["state"]

    answer = await away.voter.client.get(f"/arrivals/oidc?error=server_error&state={state}")

    await refused(answer, 503, "can’t be used just now")
    assert int(answer.headers["retry-after"]) > 0


@pytest.mark.parametrize("state", ["", "another", "é"])
async def test_what_another_browser_began_is_refused(away: Away, state: str) -> None:
    """Somebody is sent to our address with the code of whoever sends them."""
    address = await away.sign_in(await away.leave(choice=[101]))
    code = dict(parse_qsl(urlsplit(address).query))["code"]
    there = f"/arrivals/oidc?{urlencode({'code': code, 'state': state})}"

    shown = await away.voter.client.get(there)
    sent = await away.voter.post("/tokens", kind="oidc", code=code, state=state, choice=101)

    await refused(shown, 401, "did not begin in this browser")
    await refused(sent, 401, "did not begin in this browser")


async def test_what_brings_no_code_spends_nothing(away: Away) -> None:
    address = await away.sign_in(await away.leave(choice=[101]))
    state = dict(parse_qsl(urlsplit(address).query))["state"]
    empty = await away.voter.post("/tokens", kind="oidc", code="", state=state, choice=101)

    await refused(empty, 401, "did not begin in this browser")
    assert (await away.come_back(address)).status_code == 303


async def test_the_trip_of_one_browser_does_not_end_in_another(
    away: Away, city: FakeOpenId, other_browser: httpx.AsyncClient
) -> None:
    other_browser.cookies.set("language", "en", domain="haoren.test")
    other = Away(Voter(other_browser, "award"))
    address = await away.sign_in(await away.leave(choice=[101]))

    lost = await other_browser.get(address)
    await other.leave(choice=[101])
    code = dict(parse_qsl(urlsplit(address).query))["code"]
    own = dict(parse_qsl(urlsplit(await other.leave(choice=[101])).query))["state"]
    # The code of one, in the trip of the other: the verifier is another.
    stolen = await other.voter.post(
        "/tokens", kind="oidc", code=code, state=own, iss=city.issuer, choice=101
    )

    assert (lost.status_code, "Please begin again" in text_of(lost)) == (401, True)
    await refused(stolen, 401, "used already")
    assert city.complaints == ["grant"]


async def test_what_came_back_serves_once(away: Away, city: FakeOpenId) -> None:
    shown = await away.voter.client.get(await away.sign_in(await away.leave(choice=[101])))
    trip = away.voter.client.cookies["trip"]
    first = await away.send(shown)
    await away.voter.post("/tokens/end")
    away.voter.client.cookies.set("trip", trip, domain="haoren.test")
    asked_before = city.calls.count("token")
    again = await away.send(shown)

    assert first.status_code == 303
    assert (again.status_code, "used already" in text_of(again)) == (401, True)
    assert city.calls.count("token") == asked_before
    assert "vote" not in away.voter.client.cookies


async def test_a_trip_ends_after_a_quarter_of_an_hour(away: Away, frozen_at: Freeze) -> None:
    address = await away.sign_in(await away.leave(choice=[101]))
    trip = away.voter.client.cookies["trip"]
    frozen_at(clock.now() + timedelta(minutes=15, seconds=5))
    # Whatever the browser does: we look at the time ourselves.
    away.voter.client.cookies.set("trip", trip, domain="haoren.test")

    lost = await away.voter.client.get(address)

    assert (lost.status_code, "longer than 15 minutes" in text_of(lost)) == (401, True)


async def test_a_trip_of_one_campaign_lets_nobody_in_at_another(away: Away) -> None:
    campaign = await make.campaign(slug="other", channels="oidc")
    await make.candidate(campaign, 101)
    shown = await away.voter.client.get(await away.sign_in(await away.leave(choice=[101])))
    there = Away(Voter(away.voter.client, "other"))

    await refused(await there.send(shown), 401, "did not begin in this browser")


async def test_a_forged_trip_is_none(away: Away) -> None:
    address = await away.sign_in(await away.leave(choice=[101]))
    trip = away.voter.client.cookies["trip"]
    away.voter.client.cookies.set("trip", trip[:-3] + "AAA", domain="haoren.test")

    assert (await away.voter.client.get(address)).status_code == 401


async def test_an_answer_of_another_issuer_is_refused(away: Away, city: FakeOpenId) -> None:
    """RFC 9207: two providers are not to be mixed up."""
    address = await away.sign_in(await away.leave(choice=[101]))
    foreign = await away.come_back(address.replace(quote(city.issuer, safe=""), "https%3A%2F%2Fx"))
    again = await away.sign_in(await away.leave(choice=[101]))
    unnamed = await away.come_back(re.sub(r"&iss=[^&]*|iss=[^&]*&", "", again))

    await refused(foreign, 401, "could not be checked")
    await refused(unnamed, 401, "could not be checked")
    assert "token" not in city.calls


async def test_a_network_does_not_try_without_end(away: Away) -> None:
    told = [
        (await away.voter.post("/tokens", kind="oidc", code="x", state="y")).status_code
        for _each in range(62)
    ]

    assert told == [401] * 60 + [429] * 2


# --- when the provider is not there ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "answer"),
    [
        ("configuration", PlainTextResponse("Bad gateway", 502)),
        ("configuration", PlainTextResponse("<html>")),
        ("configuration", JSONResponse([])),
        ("configuration", PlainTextResponse("x" * 70_000)),
        ("keys", PlainTextResponse("no", 404)),
    ],
)
async def test_nobody_is_sent_to_a_provider_that_is_not_there(
    away: Away, city: FakeOpenId, place: str, answer: Response
) -> None:
    city.answers[place] = answer
    left = await away.voter.post("/departures", channel="oidc", choice=101)
    calls = len(city.calls)
    again = await away.voter.post("/departures", channel="oidc", choice=101)

    await refused(left, 503, "can’t be used just now")
    assert again.status_code == 503 and len(city.calls) == calls
    assert "trip" not in away.voter.client.cookies


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": "https://other.example.org"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": None},
        {"token_endpoint": "http:///nowhere"},
        {"jwks_uri": "http://[bad"},
        {"authorization_endpoint": "http://127.0.0.1/\nx"},
    ],
)
async def test_odd_words_of_a_provider_are_not_followed(
    away: Away, city: FakeOpenId, wrong: dict[str, Any]
) -> None:
    city.metadata = wrong

    left = await away.voter.post("/departures", channel="oidc", choice=101)

    await refused(left, 503, "can’t be used just now")


@pytest.mark.parametrize(
    "answer",
    [
        PlainTextResponse("Bad gateway", 502),
        PlainTextResponse("", 200),
        JSONResponse({"error": "invalid_client"}, 401),
        JSONResponse({"error": ["odd"]}, 400),
        PlainTextResponse("", 302, headers={"location": "http://127.0.0.1/"}),
    ],
)
async def test_an_exchange_that_fails_is_a_sentence(
    away: Away, city: FakeOpenId, answer: Response
) -> None:
    city.answers["token"] = answer

    told = await away.prove(choice=[101])

    said = "could not be checked" if answer.status_code == 200 else "can’t be used just now"
    await refused(told, 401 if answer.status_code == 200 else 503, said)


async def test_old_words_of_a_provider_do_when_there_are_no_newer_ones(
    away: Away, city: FakeOpenId, monkeypatch: pytest.MonkeyPatch
) -> None:
    await away.prove("lu")
    monkeypatch.setattr(oidc, "FRESH", 0.0)
    city.answers["configuration"] = PlainTextResponse("Bad gateway", 502)

    assert (await away.prove("bai")).status_code == 303


# --- where it is closed ---------------------------------------------------------------------------


@pytest.mark.parametrize("channel", ["wechat", "email", "kiosk", "nonsense", ""])
async def test_nobody_leaves_by_a_way_that_is_not_there(voter: Voter, channel: str) -> None:
    answer = await voter.post("/departures", channel=channel, choice=101)

    await refused(answer, 403, "does not take votes in this way")


async def test_nobody_leaves_where_the_organiser_did_not_open_it(
    voter: Voter, city: FakeOpenId
) -> None:
    await make.candidate(await make.campaign(slug="closed"), 101)
    there = Voter(voter.client, "closed")
    shown = await there.get("/ballot", candidate=101)
    left = await there.post("/departures", channel="oidc", choice=101)
    sent = await there.post("/tokens", kind="oidc", code="x", state="y", choice=101)

    assert "望河通" not in shown.text
    await refused(left, 403, "does not take votes in this way")
    assert sent.status_code == 401 and city.calls == []


async def test_a_booth_offers_no_sign_in_that_would_stay_on_it(voter: Voter) -> None:
    voter.client.cookies.set("booth", "a-secret", domain="haoren.test")

    assert "望河通" not in (await voter.get("/ballot")).text


async def test_an_address_opened_by_hand_is_explained(client: httpx.AsyncClient) -> None:
    shown = await client.get("/arrivals/oidc")

    assert shown.status_code == 200
    assert shown.headers["cache-control"] == "private, no-store"
    assert (await client.get("/arrivals/nonsense")).status_code == 404


async def test_a_departure_needs_the_form_of_our_page(voter: Voter) -> None:
    answer = await voter.client.post("/campaigns/award/departures", data={"channel": "oidc"})

    assert answer.status_code == 403 and "trip" not in voter.client.cookies


# --- WeChat ---------------------------------------------------------------------------------------

IN_CHAT = "Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0.49"
APPS = {"account": App(*ACCOUNT), "website": App(*WEBSITE)}


@pytest.fixture
async def wechat() -> AsyncIterator[FakeWeChat]:
    fake = FakeWeChat(back=f"{BASE}/arrivals/wechat")
    async with served(fake.app()) as address:
        fake.address = address  # type: ignore[attr-defined]
        yield fake


def open_doors(app: Starlette, wechat: FakeWeChat, *doors: str, **changed: App) -> None:
    apps = {door: changed.get(door, APPS[door]) for door in doors}
    address: str = wechat.address  # type: ignore[attr-defined]
    app.state.providers["wechat"] = WeChat(
        apps, Outbound(inside=True), places=Places(address, address)
    )


def on_wechat(voter: Voter, *, in_chat: bool) -> Away:
    voter.client.headers["user-agent"] = IN_CHAT if in_chat else "Mozilla/5.0 (X11; Linux)"
    return Away(voter, "wechat")


@pytest.mark.parametrize(
    ("doors", "in_chat", "said"),
    [
        (["account"], True, "With WeChat"),
        (["account"], False, "open this page inside WeChat"),
        (["website"], False, "Scan with WeChat"),
        (["website"], True, "a computer’s browser"),
        (["account", "website"], True, "With WeChat"),
        (["account", "website"], False, "Scan with WeChat"),
    ],
)
async def test_the_door_of_wechat_is_that_of_the_browser(
    app: Starlette, voter: Voter, wechat: FakeWeChat, doors: list[str], in_chat: bool, said: str
) -> None:
    open_doors(app, wechat, *doors)
    away = on_wechat(voter, in_chat=in_chat)

    assert said in text_of(await voter.get("/ballot"))
    has_door = ("account" if in_chat else "website") in doors
    left = await voter.post("/departures", channel="wechat")
    assert left.status_code == (200 if has_door else 403)
    if has_door:
        proved = await away.prove(choice=[101])
        assert (proved.status_code, wechat.complaints) == (303, [])
        assert "your WeChat account" in text_of(await voter.client.get(proved.headers["location"]))


async def test_both_doors_lead_to_one_person(
    app: Starlette, voter: Voter, wechat: FakeWeChat
) -> None:
    open_doors(app, wechat, "account", "website")
    await on_wechat(voter, in_chat=True).prove()
    first = await voter.vote(101)
    await on_wechat(voter, in_chat=False).prove()
    second = await voter.vote(101)

    assert first.headers["location"] == second.headers["location"]
    assert len(await rows("voter")) == 1


async def test_one_door_asks_for_nothing_but_who_it_is(
    app: Starlette, voter: Voter, wechat: FakeWeChat
) -> None:
    open_doors(app, wechat, "account")
    address = await on_wechat(voter, in_chat=True).leave()

    assert "scope=snsapi_base&" in address and address.endswith("#wechat_redirect")


@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [
        ({"errcode": 40029, "errmsg": "invalid code"}, 401, "used already"),
        ({"errcode": 40163, "errmsg": "code been used"}, 401, "used already"),
        ({"errcode": 42003, "errmsg": "code expired"}, 401, "used already"),
        ({"errcode": -1, "errmsg": "system busy"}, 503, "can’t be used just now"),
        ({"errcode": 45011, "errmsg": "quota"}, 503, "can’t be used just now"),
        ({"errcode": "odd"}, 503, "can’t be used just now"),
        ({"errcode": [40029]}, 503, "can’t be used just now"),
        ({"unionid": None}, 401, "could not be checked"),
        ({"unionid": ""}, 401, "could not be checked"),
        ({"unionid": "x" * 200}, 401, "could not be checked"),
        ({"unionid": 7}, 401, "could not be checked"),
        ({"is_snapshotuser": 1}, 401, "only a preview"),
    ],
)
async def test_what_wechat_refuses_or_leaves_out_is_a_sentence(
    app: Starlette,
    voter: Voter,
    wechat: FakeWeChat,
    answer: dict[str, Any],
    status: int,
    said: str,
) -> None:
    open_doors(app, wechat, "account", "website")
    wechat.answer = answer

    told = await on_wechat(voter, in_chat=True).prove(choice=[101])

    await refused(told, status, said)


@pytest.mark.parametrize(
    "instead", [PlainTextResponse("<html>"), PlainTextResponse("", 502), JSONResponse([])]
)
async def test_wechat_may_be_away(
    app: Starlette, voter: Voter, wechat: FakeWeChat, instead: Response
) -> None:
    open_doors(app, wechat, "website")
    wechat.instead = instead

    told = await on_wechat(voter, in_chat=False).prove(choice=[101])

    await refused(told, 503, "can’t be used just now")


async def test_a_wrong_secret_is_the_operator_s_to_mend(
    app: Starlette, voter: Voter, wechat: FakeWeChat
) -> None:
    open_doors(app, wechat, "website", website=replace(APPS["website"], secret="another"))

    told = await on_wechat(voter, in_chat=False).prove(choice=[101])

    await refused(told, 503, "can’t be used just now")


async def test_whoever_does_not_agree_on_the_phone_is_told_so(
    app: Starlette, voter: Voter, wechat: FakeWeChat
) -> None:
    """WeChat sends them back with the state alone."""
    open_doors(app, wechat, "website")
    wechat.agrees = False
    away = on_wechat(voter, in_chat=False)

    shown = await voter.client.get(await away.sign_in(await away.leave(choice=[101])))

    await refused(shown, 401, "You did not finish signing in")


async def test_wechat_s_answer_is_bound_to_the_browser_and_serves_once(
    app: Starlette, voter: Voter, wechat: FakeWeChat
) -> None:
    open_doors(app, wechat, "website")
    away = on_wechat(voter, in_chat=False)
    address = await away.sign_in(await away.leave(choice=[101]))
    foreign = await voter.client.get(re.sub("state=.*", "state=another", address))
    shown = await voter.client.get(address)
    trip = voter.client.cookies["trip"]
    first = await away.send(shown)
    await voter.post("/tokens/end")
    voter.client.cookies.set("trip", trip, domain="haoren.test")
    again = await away.send(shown)

    assert foreign.status_code == 401
    assert (first.status_code, again.status_code) == (303, 401)
