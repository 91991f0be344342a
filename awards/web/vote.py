"""One vote as it comes over HTTP, the same for the page's form and for programs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from itsdangerous import BadSignature

from awards.signing import Signer
from awards.voting.actions import cast_vote
from awards.voting.ballot_box import BallotBox
from awards.voting.rules import Receipt

TOKEN, RECEIPT = "vote", "receipt"
"""The cookies with a voter's tokens, and with the receipt of the last vote."""
BETWEEN = "~"
MOST_TOKENS = 8
RECEIPT_FOR = 3600
NUMBER, SLOT = re.compile(r"[0-9]{1,5}"), re.compile(r"[0-9]{1,3}")


@dataclass(frozen=True)
class SentVote:
    """What was sent: who says they may, for whom, of which day."""

    token: str
    choices: Sequence[int]
    day: date | None = None
    slot: int = 1


@dataclass(frozen=True)
class KeptReceipt:
    """What a browser keeps of the last vote it cast."""

    tracker: str
    day: date
    slug: str


async def take_vote(box: BallotBox, slug: str, sent: SentVote, *, source: str) -> Receipt:
    """Judge the vote in the campaign of this address, and keep it. Raises why not."""
    paper = await box.papers.find(slug)
    return await cast_vote(
        box,
        token=box.tokens.read(sent.token),
        choices=sent.choices,
        day=sent.day,
        campaign=paper.campaign,
        slot=sent.slot,
        source=source,
    )


def choices_in(texts: Sequence[object]) -> list[int]:
    """Candidate numbers out of an address or a form. What is no number is left out."""
    return [int(each) for each in texts if isinstance(each, str) and NUMBER.fullmatch(each)]


def day_in(text: object) -> date | None:
    """The day that the form names. One that is no day is none."""
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def slot_in(text: object) -> int:
    """Which of the voter's votes for this person it is meant to be, where there are several."""
    return int(str(text)) if SLOT.fullmatch(str(text)) else 1


def write_receipt(signer: Signer, receipt: Receipt, slug: str) -> str:
    """What the browser keeps of a vote."""
    return signer.sign(f"{receipt.tracker}.{receipt.day}.{slug}").decode()


def read_receipt(signer: Signer, text: str) -> KeptReceipt | None:
    """What the browser has kept, unless it was tampered with or is too old."""
    try:
        content = signer.unsign(text, max_age=RECEIPT_FOR).decode()
    except BadSignature:
        return None
    tracker, day, slug = content.split(".")
    return KeptReceipt(tracker, date.fromisoformat(day), slug)
