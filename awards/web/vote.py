"""One vote as it comes over HTTP, the same for the page's form and for programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from awards.voting.actions import cast_vote
from awards.voting.ballot_box import BallotBox
from awards.voting.rules import Receipt


@dataclass(frozen=True)
class SentVote:
    """What was sent: who says they may, for whom, of which day."""

    token: str
    choices: Sequence[int]
    day: date | None = None
    slot: int = 1


async def take_vote(box: BallotBox, slug: str, sent: SentVote, *, source: str) -> Receipt:
    """Judge the vote in the campaign of this address, and keep it. Raises why not."""
    paper = await box.find(slug)
    return await cast_vote(
        box,
        token=box.tokens.read(sent.token),
        choices=sent.choices,
        day=sent.day,
        campaign=paper.campaign,
        slot=sent.slot,
        source=source,
    )
