"""Everything that is done with nominations: sent, decided on, agreed to, shown."""

from awards.nominations.actions.candidates import change_candidate, publish_candidate
from awards.nominations.actions.consents import (
    answer_consent,
    record_consent,
    request_consent,
)
from awards.nominations.actions.decisions import (
    approve_nomination,
    reject_nomination,
    return_nomination,
)
from awards.nominations.actions.papers import (
    keep_photo,
    revise_nomination,
    submit_nomination,
    withdraw_nomination,
)
from awards.nominations.actions.retention import forget_nominations

__all__ = [
    "answer_consent",
    "approve_nomination",
    "change_candidate",
    "forget_nominations",
    "keep_photo",
    "publish_candidate",
    "record_consent",
    "reject_nomination",
    "request_consent",
    "return_nomination",
    "revise_nomination",
    "submit_nomination",
    "withdraw_nomination",
]
