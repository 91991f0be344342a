"""What a vote may be: who may cast it, when, for whom, how often, and what is shown of it."""

from awards.campaigns.rules import Channel
from awards.voting.rules.codes import new_code, normal_code, wrong_code
from awards.voting.rules.figures import Counts, Shown, may_move, posted_until, shown_now
from awards.voting.rules.keys import CampaignKeys, hkdf, tracker_of
from awards.voting.rules.paper import (
    CAST_WINDOW,
    WHOLE_CAMPAIGN,
    Ballot,
    BallotPaper,
    Draw,
    Quota,
    Receipt,
    VotingToken,
    pack,
    period_of,
    unpack,
)
from awards.voting.rules.vote import (
    already_voted,
    choices_objection,
    closing_objection,
    day_objection,
    not_open,
    opening_objection,
    other_day,
    quota_used,
    revoked,
    slot_objection,
    token_objection,
    vote_objection,
)
from awards.voting.rules.voter import VoterView

__all__ = [
    "CAST_WINDOW",
    "WHOLE_CAMPAIGN",
    "Ballot",
    "BallotPaper",
    "CampaignKeys",
    "Channel",
    "Counts",
    "Draw",
    "Quota",
    "Receipt",
    "Shown",
    "VoterView",
    "VotingToken",
    "already_voted",
    "choices_objection",
    "closing_objection",
    "day_objection",
    "hkdf",
    "may_move",
    "new_code",
    "normal_code",
    "not_open",
    "opening_objection",
    "other_day",
    "pack",
    "period_of",
    "posted_until",
    "quota_used",
    "revoked",
    "shown_now",
    "slot_objection",
    "token_objection",
    "tracker_of",
    "unpack",
    "vote_objection",
    "wrong_code",
]
