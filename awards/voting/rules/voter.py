"""What one voter has left, as the page shows it to them."""

from collections.abc import Mapping
from dataclasses import dataclass

from awards.voting.rules.paper import BallotPaper, Receipt


@dataclass(frozen=True)
class VoterView:
    """A voter's own votes within the present period, and what is left."""

    paper: BallotPaper
    left_today: int | None
    """Votes left today over all candidates; `None` where no limit counts by the day."""
    left: int | None
    """Votes left in the campaign; `None` where no limit counts over all of it."""
    given: Mapping[int, int]
    """How often each candidate has been voted for in the present period."""
    left_for: Mapping[int, int]
    """How often each candidate can still be voted for now, every limit considered."""
    choices: tuple[int, ...] = ()
    receipt: Receipt | None = None
    """In ballots: what stands, and its receipt."""

    def may_choose(self, number: int) -> bool:
        return self.left_for.get(number, 0) > 0

    def next_slot(self, number: int) -> int:
        """Which of the voter's votes for this candidate the next one would be."""
        return self.given.get(number, 0) + 1

    @property
    def is_done(self) -> bool:
        """Whether nothing is left for now."""
        return not any(self.left_for.values())
