"""One vote as it comes over HTTP, the same for the page's form and for programs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from itsdangerous import BadSignature

from awards import clock
from awards.accounts.throttle import Throttle
from awards.errors import Unproven
from awards.signing import Signer
from awards.voting.actions import IssuedToken, cast_vote, exchange_code
from awards.voting.ballot_box import BallotBox
from awards.voting.gate import Gate, Shown, Verdict, work_needed
from awards.voting.rules import Receipt
from awards.voting.tokens import campaign_of

TOKEN, RECEIPT = "vote", "receipt"
"""The cookies with a voter's tokens, and with the receipt of the last vote."""
BETWEEN = "~"
MOST_TOKENS = 8
RECEIPT_FOR = 3600
MOST_DIGITS = 5
GUESSES = "guess.source"


class SentVote(NamedTuple):
    """What was sent: who says they may, for whom, of which day."""

    token: str
    """The voting token, or all those that a browser keeps."""
    choices: Sequence[int]
    day: date | None = None
    slot: int = 1
    network: str = ""
    """Where it came from, for the gate alone."""
    shown: Shown = Shown.NOTHING


@dataclass(frozen=True)
class KeptReceipt:
    """What a browser keeps of the last vote it cast."""

    tracker: str
    day: date
    slug: str


async def take_vote(
    box: BallotBox, gate: Gate, slug: str, sent: SentVote, *, source: str
) -> Receipt:
    """Judge the vote in the campaign of this address, and keep it. Raises why not."""
    paper = box.papers.fresh(slug) or await box.papers.find(slug)
    several = BETWEEN in sent.token
    token = box.tokens.read(token_for(sent.token, paper.campaign) if several else sent.token)
    verdict = gate.judge_vote(token, sent.network, sent.shown)
    if verdict is Verdict.ASK:
        raise work_needed()
    receipt = await cast_vote(
        box,
        token=token,
        choices=sent.choices,
        day=sent.day,
        campaign=paper.campaign,
        slot=sent.slot,
        source=source,
        is_held=verdict is Verdict.HOLD,
    )
    if receipt.is_new:
        gate.count_vote(token, sent.network)
    return receipt


async def take_code(
    box: BallotBox, throttle: Throttle, *, campaign: int, code: str, source: str
) -> IssuedToken:
    """A printed code against a voting token. Wrong codes are counted as guesses of their network;
    right ones never: a whole school may send them from one address.
    """
    throttle.require_room(GUESSES, source)
    try:
        return await exchange_code(box, campaign=campaign, code=code)
    except Unproven:
        # Counted where it is known, so that of many at once none but the first are answered.
        await throttle.ask(GUESSES, source)
        raise


def token_for(text: str, campaign: int) -> str:
    """The token of a campaign, out of those that a browser keeps; nothing if there is none. What is
    no token of ours is handed on, so that its reader can say so.
    """
    tokens = text.split(BETWEEN)[:MOST_TOKENS]
    odd = tokens[0] if campaign_of(tokens[0]) is None else ""
    return next((each for each in tokens if campaign_of(each) == campaign), odd)


def with_token(text: str, token: str, *, beside: Collection[int]) -> str:
    """What a browser keeps once it has one token more: the newest first, one for each campaign, and
    of the older ones those of the campaigns `beside` it.
    """
    own, others = campaign_of(token), tokens_of(text, beside)
    kept = [token, *(each for each in others if campaign_of(each) != own)]
    return BETWEEN.join(kept[:MOST_TOKENS])


def tokens_of(text: str, campaigns: Collection[int]) -> list[str]:
    """The tokens of these campaigns, in their order."""
    return [each for each in text.split(BETWEEN)[:MOST_TOKENS] if campaign_of(each) in campaigns]


def choices_in(texts: Sequence[object]) -> list[int]:
    """Candidate numbers out of an address or a form. What is no number is left out."""
    return [int(each) for each in texts if isinstance(each, str) and is_number(each)]


def day_in(text: object) -> date | None:
    """The day that the form names. One that is no day is none."""
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def slot_in(text: object) -> int:
    """Which of the voter's votes for this person it is meant to be, where there are several."""
    return int(text) if isinstance(text, str) and is_number(text) else 1


def is_number(text: str) -> bool:
    return len(text) <= MOST_DIGITS and text.isascii() and text.isdigit()


def write_receipt(signer: Signer, receipt: Receipt, slug: str) -> str:
    """What the browser keeps of a vote."""
    return signer.write(f"{receipt.tracker}.{receipt.day.isoformat()}.{slug}")


def read_receipt(signer: Signer, text: str) -> KeptReceipt | None:
    """What the browser has kept, unless it was tampered with or is too old."""
    try:
        content, signed_at = signer.read(text)
    except BadSignature:
        return None
    if clock.now().timestamp() - signed_at > RECEIPT_FOR:
        return None
    tracker, day, slug = content.split(".")
    return KeptReceipt(tracker, date.fromisoformat(day), slug)
