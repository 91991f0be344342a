"""One vote as it comes over HTTP, the same for the page's form and for programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from itsdangerous import BadSignature

from awards import clock
from awards.signing import Signer
from awards.voting.actions import cast_vote
from awards.voting.ballot_box import BallotBox
from awards.voting.gate import Gate, Shown, Verdict, work_needed
from awards.voting.rules import Receipt

TOKEN, RECEIPT = "vote", "receipt"
"""The cookies with a voter's tokens, and with the receipt of the last vote."""
BETWEEN = "~"
MOST_TOKENS = 8
RECEIPT_FOR = 3600
MOST_DIGITS = 5


@dataclass(frozen=True)
class SentVote:
    """What was sent: who says they may, for whom, of which day."""

    token: str
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
    token = box.tokens.read(sent.token)
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
