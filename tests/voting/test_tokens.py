from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from awards.errors import Unproven
from awards.signing import Signer
from awards.voting.rules import Channel, VotingToken
from awards.voting.tokens import PURPOSE, TOKEN_LIFE, VotingTokens

TOKEN = VotingToken(7, Channel.EMAIL, bytes(range(16)))
OLD, NEW = "an-old-key-0123456789", "a-new-key-0123456789"
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
Freeze = Callable[[datetime], time_machine.Traveller]


def refusal(tokens: VotingTokens, text: str) -> str:
    with pytest.raises(Unproven) as refused:
        tokens.read(text)
    return refused.value.code


def test_a_token_reads_back() -> None:
    tokens = VotingTokens([OLD, NEW])

    text = tokens.write(TOKEN)

    assert text.startswith("vt1.")
    assert tokens.read(text) == TOKEN


def test_keys_rotate() -> None:
    text = VotingTokens([OLD]).write(TOKEN)

    assert VotingTokens([OLD, NEW]).read(text) == TOKEN
    assert refusal(VotingTokens([NEW]), text) == "token.forged"
    assert VotingTokens([NEW]).read(VotingTokens([OLD, NEW]).write(TOKEN)) == TOKEN


def test_derived_keys_are_kept_for_each_secret() -> None:
    signer = Signer([OLD, NEW], PURPOSE)

    assert signer.derive_key(OLD.encode()) == signer.derive_key(OLD.encode())
    assert signer.derive_key(OLD.encode()) != signer.derive_key(NEW.encode())
    assert signer.derive_key() == signer.derive_key(NEW.encode())


def test_no_token_is_not_a_forged_one() -> None:
    assert refusal(VotingTokens([NEW]), "") == "token.missing"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text[4:],
        lambda text: "vt2." + text[4:],
        lambda text: text + "A",
        lambda text: text[:-2],
        lambda text: text.replace(".", "", 1),
        lambda text: "vt1.B" + text[5:],
        lambda text: text.upper(),
        lambda text: text + "=" * 300,
        lambda text: text + "é",
        lambda text: "vt1.",
        lambda text: "vt1...",
        lambda text: "\0",
    ],
)
def test_what_we_did_not_sign_is_forged(change: Callable[[str], str]) -> None:
    tokens = VotingTokens([NEW])

    assert refusal(tokens, change(tokens.write(TOKEN))) == "token.forged"


def test_no_other_last_sign_is_taken() -> None:
    tokens = VotingTokens([NEW])
    text = tokens.write(TOKEN)

    for sign in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".replace(
        text[-1], ""
    ):
        assert refusal(tokens, text[:-1] + sign) == "token.forged"


@pytest.mark.parametrize("content", [b"****", b"AAAA", b"AAAAB", b"\xff\xfe"])
def test_what_we_signed_for_something_else_is_forged(content: bytes) -> None:
    text = "vt1." + Signer([NEW], PURPOSE).sign(content).decode(errors="replace")

    assert refusal(VotingTokens([NEW]), text) == "token.forged"


def test_a_token_runs_out(frozen_at: Freeze) -> None:
    clock = frozen_at(NOON)
    tokens = VotingTokens([NEW])
    text = tokens.write(TOKEN)

    clock.move_to(NOON + TOKEN_LIFE)
    assert tokens.read(text) == TOKEN
    clock.move_to(NOON + TOKEN_LIFE + timedelta(seconds=1))
    assert refusal(tokens, text) == "token.expired"


def test_a_clock_that_was_stepped_back_locks_nobody_out(frozen_at: Freeze) -> None:
    clock = frozen_at(NOON)
    tokens = VotingTokens([NEW])
    text = tokens.write(TOKEN)

    clock.move_to(NOON - timedelta(hours=1))

    assert tokens.read(text) == TOKEN
