"""S3 and S4: an answer tells nobody whether an address or a campaign is known, not by its words and
not by its time; and codes can't be guessed.
"""

import re
import statistics
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx
import pytest
import time_machine
from starlette.applications import Starlette

from awards import clock
from awards.accounts.actions import CodeDesk, check_code, send_code
from awards.accounts.rules import CODE_TRIES
from awards.config import Config
from awards.errors import Refused, TooMany
from awards.voting.actions import admit_voter
from awards.voting.rules import new_code
from tests import make
from tests.drills.site import Poll, add_poll
from tests.drills.sizes import size

ASKED = size("s3", quick=24, full=200)
APART = 0.005
GUESSES = 70
SLIPS = 1_000_000
DAYS = size("s4", quick=1, full=7)
EVERY = timedelta(minutes=2)
AT_MOST = 1e-4
"""The chance a day that somebody guesses the code of one address."""
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
Ask = Callable[[int], Awaitable[httpx.Response]]


async def compare(known: Ask, unknown: Ask) -> tuple[set[tuple[int, str]], float]:
    """What both were told, and how far apart their median times are; asked in turns."""
    told: set[tuple[int, str]] = set()
    times: dict[bool, list[float]] = {True: [], False: []}
    for number in range(ASKED + 1):
        pair = [(True, known), (False, unknown)]
        for is_known, ask in pair if number % 2 else reversed(pair):
            started = time.perf_counter()
            answer = await ask(number)
            took = time.perf_counter() - started
            if number:  # The first one warms up.
                times[is_known].append(took)
            told.add((answer.status_code, _plain(answer)))
    apart = abs(statistics.median(times[True]) - statistics.median(times[False]))
    spread = statistics.median(times[True] + times[False])
    print(f"medians {1000 * apart:.2f} ms apart, of {1000 * spread:.2f} ms")
    # A few samples of a machine that does something else as well say less.
    return told, apart if ASKED > 100 else max(0.0, apart - spread / 2)


def _plain(answer: httpx.Response) -> str:
    """Without what is random, or was asked for."""
    body = TOKEN.sub("", answer.text)
    body = re.sub(r"(award|nobody|draft)-[0-9a-z-]+", "", body)
    return re.sub(r"[a-z]?[a-z•*…·.]*@example\.(com|org)", "", body)


@pytest.mark.s3
async def test_nobody_learns_whether_an_address_has_voted(
    app: Starlette, config: Config, client: httpx.AsyncClient
) -> None:
    poll = await add_poll(config)
    box, throttle = app.state.ballot_box, app.state.codes.throttle
    await box.papers.refresh()
    for number in range(ASKED + 1):
        await admit_voter(box, campaign=poll.campaign, proof=f"k{number}@example.com")
    page = await client.get(f"/campaigns/{poll.slug}/ballot")
    found = TOKEN.search(page.text)
    assert found
    proof = found[1]
    address = app.url_path_for("site:verification_form", slug=poll.slug)

    def asking(letter: str) -> Ask:
        async def ask(number: int) -> httpx.Response:
            throttle._window.storage.reset()
            fields = {"csrf_token": proof, "email": f"{letter}{number}@example.com"}
            return await client.post(address, data=fields)

        return ask

    told, apart = await compare(asking("k"), asking("u"))

    assert len(told) == 1, [status for status, _text in told]
    assert next(iter(told))[0] == 303
    assert apart <= APART


@pytest.mark.s3
@pytest.mark.parametrize("noun", ["tokens", "ballots", "results"])
async def test_nobody_learns_of_a_campaign_that_is_not_public(
    app: Starlette, config: Config, client: httpx.AsyncClient, noun: str
) -> None:
    poll = await add_poll(config, published_at=None, slug="draft-one")

    def asking(slug: str) -> Ask:
        async def ask(_number: int) -> httpx.Response:
            address = f"/api/v1/campaigns/{slug}/{noun}"
            if noun == "results":
                return await client.get(address)
            headers = {"authorization": f"Bearer {poll.voter()}"}
            body = {"code": "AAAA-BBBB"} if noun == "tokens" else {"choices": [101]}
            return await client.post(address, json=body, headers=headers)

        return ask

    told, apart = await compare(asking(poll.slug), asking("nobody-one"))

    assert {status for status, _text in told} == {404}
    assert len(told) == 1
    assert apart <= APART


@pytest.mark.s4
async def test_a_code_is_not_guessed(
    app: Starlette, frozen_at: Callable[..., time_machine.Traveller]
) -> None:
    """Somebody asks for codes of one address and guesses as often as they are let, from a new
    network each time.
    """
    poll = await make.campaign()
    desk, moment, guesses = CodeDesk(app.state.config.signing_keys), frozen_at(clock.now()), 0
    until = clock.now() + timedelta(days=DAYS)
    while clock.now() < until:
        source = f"192.0.2.{guesses % 250}"
        try:
            await send_code(
                desk, purpose="drill", address="k@example.com", language="en", link="/{secret}",
                notice="vote_code", source=source, title=poll.title,
            )  # fmt: skip
        except TooMany:
            pass
        for _time in range(CODE_TRIES + 3):
            try:
                await check_code(
                    desk, purpose="drill", address="k@example.com", code="000000", source=source
                )
            except Refused as refused:
                if refused.code != "code.wrong":
                    break
                guesses += 1
        moment.shift(EVERY)

    a_day = guesses / DAYS
    print(f"{a_day:.0f} guesses a day at one address: {a_day / 1e6:.1e}")
    assert 0 < a_day / 1e6 <= AT_MOST


@pytest.mark.s4
async def test_a_network_does_not_guess_slips_without_end(
    app: Starlette, config: Config, client: httpx.AsyncClient
) -> None:
    poll: Poll = await add_poll(config)
    found = TOKEN.search((await client.get(f"/campaigns/{poll.slug}/tokens/new")).text)
    assert found
    address, told = f"/campaigns/{poll.slug}/tokens", Counter[int]()
    for _each in range(GUESSES):
        fields = {"csrf_token": found[1], "kind": "printed", "code": new_code()}
        told[(await client.post(address, data=fields)).status_code] += 1

    print(f"slips: {dict(told)}")
    assert told[303] == 0
    assert told[429] == GUESSES - 60


@pytest.mark.s4
async def test_nor_does_a_program_guess_slips(
    config: Config, client: httpx.AsyncClient, frozen_at: Callable[..., time_machine.Traveller]
) -> None:
    poll: Poll = await add_poll(config)
    address, told = f"/api/v1/campaigns/{poll.slug}/tokens", Counter[int]()
    moment = frozen_at(clock.now())
    for _window in range(3):
        for _each in range(GUESSES):
            told[(await client.post(address, json={"code": new_code()})).status_code] += 1
        moment.shift(601)

    chance = told[401] / 3 * 144 * SLIPS / 2**60
    print(f"slips by program: {dict(told)}; {chance:.1e} a day where {SLIPS} are out")
    assert told == {401: 3 * 60, 429: 3 * (GUESSES - 60)}
    assert chance <= AT_MOST
