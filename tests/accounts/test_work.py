"""Proof of work: good for one action, for ten minutes, once."""

import asyncio
import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from altcha import Challenge, Payload, solve_challenge

from awards.accounts.actions import forget_work, spend_work
from awards.accounts.work import LIFE, MOST_CHARACTERS, TRIES, Work
from tests.conftest import KEYS
from tests.digest import digest

OLDER, NEWEST = KEYS.split(",")
WORK = Work((OLDER, NEWEST))
VOTE, LETTER = "vote:1", "letter:1"
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
Freeze = Callable[[datetime], time_machine.Traveller]


def solved(task: dict[str, Any]) -> Payload:
    """What a browser sends back, by the library's own solver."""
    challenge = Challenge.from_dict(task)
    solution = solve_challenge(challenge)
    assert solution
    return Payload(challenge, solution)


@pytest.fixture(scope="module")
def done() -> Payload:
    return solved(WORK.challenge(VOTE))


def written(payload: dict[str, Any], **style: Any) -> str:
    return base64.b64encode(json.dumps(payload, **style).encode()).decode()


def changed(payload: Payload, **parameters: object) -> str:
    """The payload with other parameters under the same signature."""
    copy = payload.to_dict()
    copy["challenge"]["parameters"] |= parameters
    return written(copy)


# --- what is right --------------------------------------------------------------------------------


def test_a_task_is_what_the_protocol_asks_for() -> None:
    task = WORK.challenge(VOTE)

    assert task["parameters"]["algorithm"] == "PBKDF2/SHA-256"
    assert task["parameters"]["data"] == {"action": VOTE}
    assert len(task["parameters"]["keyPrefix"]) == 32
    assert task["parameters"]["keySignature"]
    assert len(json.dumps(task)) < 1000


def test_work_for_this_action_is_good(done: Payload) -> None:
    assert WORK.signature(done.to_base64(), VOTE) == bytes.fromhex(done.challenge.signature or "")
    assert TRIES[0] <= done.solution.counter < TRIES[1]


def test_an_older_key_still_checks() -> None:
    before = solved(Work((OLDER,)).challenge(VOTE)).to_base64()

    assert WORK.signature(before, VOTE)
    assert Work((NEWEST,)).signature(before, VOTE) is None


# --- what is wrong --------------------------------------------------------------------------------


def test_work_for_another_action_is_not_good(done: Payload) -> None:
    assert WORK.signature(done.to_base64(), LETTER) is None
    assert WORK.signature(done.to_base64(), "vote:2") is None


def test_a_task_runs_out(frozen_at: Freeze) -> None:
    clock = frozen_at(NOON)
    text = solved(WORK.challenge(VOTE)).to_base64()

    clock.shift(LIFE)
    assert WORK.signature(text, VOTE)
    clock.shift(1)
    assert WORK.signature(text, VOTE) is None
    later = int(NOON.timestamp()) + 10 * LIFE
    assert WORK.signature(changed(Payload.from_base64(text), expiresAt=later), VOTE) is None


def test_what_was_changed_is_not_good(done: Payload) -> None:
    for parameters in (
        {"cost": 1},
        {"keyPrefix": "00"},
        {"data": {"action": LETTER}},
        {"keySignature": "00" * 32},
        {"salt": "00" * 16},
        {"expiresAt": None},
    ):
        assert WORK.signature(changed(done, **parameters), VOTE) is None, parameters
        assert WORK.signature(changed(done, **parameters), LETTER) is None, parameters


def test_an_easier_task_of_one_s_own_is_not_good() -> None:
    assert WORK.signature(solved(Work(("x" * 40,)).challenge(VOTE)).to_base64(), VOTE) is None


def test_a_guess_is_not_work(done: Payload) -> None:
    copy = done.to_dict()
    prefix = copy["challenge"]["parameters"]["keyPrefix"]

    for key in (prefix + "00" * 16, "", "zz", None, 7, ["00"]):
        copy["solution"]["derivedKey"] = key
        assert WORK.signature(written(copy), VOTE) is None


@pytest.mark.parametrize(
    "text",
    [
        "", "plain", "é", "====", "bnVsbA==", "W10=", "e30=", "MQ==", "\x00",
        written({"challenge": None, "solution": None}),
        written({"challenge": {"parameters": "x"}, "solution": {}}),
        written({"challenge": {"parameters": {}, "signature": 3}, "solution": {"counter": 1}}),
        base64.b64encode(b"[" * 3000).decode(),
        base64.b64encode(b'{"challenge": ' + b"9" * 2900 + b"}").decode(),
        "x" * (MOST_CHARACTERS + 1),
    ],
)  # fmt: skip
def test_nonsense_is_no_work(text: str) -> None:
    assert WORK.signature(text, VOTE) is None


# --- once -----------------------------------------------------------------------------------------


async def test_work_serves_once(database: None, done: Payload) -> None:
    text = done.to_base64()

    assert await spend_work(WORK, text=text, action=VOTE)
    before = await digest()
    assert not await spend_work(WORK, text=text, action=VOTE)
    assert await digest() == before


async def test_written_otherwise_it_is_the_same_work(database: None, done: Payload) -> None:
    assert await spend_work(WORK, text=done.to_base64(), action=VOTE)
    plain = done.to_dict()
    loud = done.to_dict()
    loud["solution"]["derivedKey"] = loud["solution"]["derivedKey"].upper()
    loud["more"] = loud["challenge"]["parameters"]["more"] = "x"
    costly = done.to_dict()
    costly["challenge"]["parameters"]["cost"] = float(costly["challenge"]["parameters"]["cost"])

    for text in (
        written(plain, indent=1),
        written(plain, sort_keys=True),
        written(plain | {"solution": plain["solution"] | {"time": 5}}),
        written(plain | {"solution": plain["solution"] | {"counter": 1}}),
        written(loud),
        written(costly),
        f" {done.to_base64()}\n",
    ):
        assert not await spend_work(WORK, text=text, action=VOTE)


async def test_of_many_at_once_one_is_taken(database: None, done: Payload) -> None:
    text = done.to_base64()

    taken = await asyncio.gather(*(spend_work(WORK, text=text, action=VOTE) for _ in range(20)))

    assert sum(taken) == 1


async def test_work_for_something_else_is_not_used_up(database: None, done: Payload) -> None:
    assert not await spend_work(WORK, text=done.to_base64(), action=LETTER)
    assert await spend_work(WORK, text=done.to_base64(), action=VOTE)


async def test_what_has_run_out_is_forgotten(database: None, frozen_at: Freeze) -> None:
    clock = frozen_at(NOON)
    empty = await digest()
    text = solved(WORK.challenge(VOTE)).to_base64()
    assert await spend_work(WORK, text=text, action=VOTE)

    clock.shift(LIFE)
    await forget_work()
    assert not await spend_work(WORK, text=text, action=VOTE), "good still, and used"
    assert await digest() != empty

    clock.shift(2 * LIFE)
    await forget_work()
    assert await digest() == empty
    await forget_work()
