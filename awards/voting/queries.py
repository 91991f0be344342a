"""Reading the vote: what stands under a voter's names, what is counted, what is in the campaign."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tortoise.connection import get_connections

from awards.campaigns.models import Campaign, Stage
from awards.campaigns.rules import StageKind, Window
from awards.db import placeholders
from awards.nominations.models import Candidate
from awards.voting.models import CodeBatch
from awards.voting.rules import (
    WHOLE_CAMPAIGN,
    BallotPaper,
    Counts,
    VoterView,
    VotingToken,
    period_of,
    unpack,
)

MANY = 500
"""Names looked up by one statement."""
BALLOTS_ROW = 0
"""The line of the tally that counts ballots; candidates' numbers begin at 1."""


# --- the campaign ---------------------------------------------------------------------------------


async def campaign_versions() -> dict[int, int]:
    """The version of each public campaign."""
    rows = await Campaign.filter(published_at__isnull=False).values_list("id", "version")
    return {int(row[0]): int(row[1]) for row in rows}


async def campaign_version(campaign: int) -> int | None:
    """The version of one campaign; none while it is not public."""
    row = await Campaign.filter(id=campaign, published_at__isnull=False).values_list("version")
    return int(row[0][0]) if row else None


async def find_voting_window(campaign: int) -> Window | None:
    stage = await Stage.get_or_none(campaign_id=campaign, kind=StageKind.VOTING)
    return Window(stage.starts_at, stage.ends_at) if stage else None


async def list_candidate_numbers(campaign: int) -> dict[int, int]:
    """Each public candidate's number and that of its category."""
    rows = await Candidate.filter(campaign_id=campaign, state="published").values_list(
        "number", "category__number"
    )
    return {int(row[0]): int(row[1]) for row in rows}


# --- codes ----------------------------------------------------------------------------------------


async def list_code_batches(campaign: int) -> list[CodeBatch]:
    """The batches of printed codes, newest first."""
    return await CodeBatch.filter(campaign_id=campaign).order_by("-made_at")


async def find_batch_of(campaign: int, pid: bytes) -> CodeBatch | None:
    """The batch that a printed code belongs to."""
    found = await _read(
        "SELECT batch FROM printed_code WHERE campaign = ? AND pid = ?", [campaign, pid]
    )
    return await CodeBatch.get(id=found[0]["batch"]) if found else None


async def list_revoked_pids(campaign: int) -> list[bytes]:
    """The codes that were taken back."""
    rows = await _read(
        "SELECT p.pid FROM printed_code p JOIN code_batch b ON b.id = p.batch "
        "WHERE p.campaign = ? AND b.revoked_at IS NOT NULL",
        [campaign],
    )
    return [bytes(row["pid"]) for row in rows]


async def has_voters(campaign: int) -> bool:
    """Whether anything was ever kept under the campaign's key."""
    rows = await _read(
        "SELECT 1 AS one WHERE EXISTS (SELECT 1 FROM voter WHERE campaign = ?) "
        "OR EXISTS (SELECT 1 FROM printed_code WHERE campaign = ?) "
        "OR EXISTS (SELECT 1 FROM ballot WHERE campaign = ?)",
        [campaign] * 3,
    )
    return bool(rows)


# --- one voter ------------------------------------------------------------------------------------


async def find_ballot(paper: BallotPaper, voter: bytes, period: int) -> tuple[int, bytes] | None:
    """The window and the packed choices of a voter's whole ballot, if it stands."""
    rows = await _read(
        "SELECT cast_window, choices FROM ballot WHERE campaign = ? AND period = ? AND tag = ?",
        [paper.campaign, period, paper.keys.ballot_tag(voter, period)],
    )
    return (int(rows[0]["cast_window"]), bytes(rows[0]["choices"])) if rows else None


async def view_voter(paper: BallotPaper, token: VotingToken, *, now: datetime) -> VoterView:
    """What this voter has done in the present period, and what is left to do."""
    if paper.rule.is_ballot:
        return await _view_ballot(paper, token, now)
    return await _view_taps(paper, token, now)


async def _view_ballot(paper: BallotPaper, token: VotingToken, now: datetime) -> VoterView:
    today = paper.day(now)
    found = await find_ballot(paper, token.voter, paper.period(today))
    if found is None:
        return VoterView(paper, None, None, {}, dict.fromkeys(paper.candidates, 1))
    window, packed = found
    choices = unpack(packed)
    ballot = paper.ballot(token, choices, day=today, now=now)
    return VoterView(
        paper,
        None,
        None,
        dict.fromkeys(choices, 1),
        {},
        choices,
        ballot.receipt(cast_window=window, is_new=False),
    )


async def _view_taps(paper: BallotPaper, token: VotingToken, now: datetime) -> VoterView:
    today, rule = paper.day(now), paper.rule
    given = await _taps_given(paper, token.voter, paper.period(today))
    drawn = {number: paper.quotas(number, today) for number in paper.candidates}
    used = await _used(paper, token.voter, {quota for quotas in drawn.values() for quota in quotas})
    left_for = {
        number: min(
            [
                rule.slots - given[number],
                *(quota.most - used.get((quota.period, quota.scope), 0) for quota in quotas),
            ]
        )
        for number, quotas in drawn.items()
    }
    return VoterView(
        paper,
        rule.per_day and rule.per_day - used.get((period_of(today), "all"), 0),
        rule.per_campaign and rule.per_campaign - used.get((WHOLE_CAMPAIGN, "all"), 0),
        given,
        left_for,
    )


async def _taps_given(paper: BallotPaper, voter: bytes, period: int) -> Counter[int]:
    names = {
        paper.keys.tap_tag(voter, period, number, slot): number
        for number in paper.candidates
        for slot in range(1, paper.rule.slots + 1)
    }
    rows = await _read_under("SELECT tag FROM ballot", paper.campaign, [period], names)
    return Counter(names[bytes(row["tag"])] for row in rows)


async def _used(
    paper: BallotPaper, voter: bytes, quotas: Iterable[Any]
) -> dict[tuple[int, str], int]:
    names = {
        paper.keys.quota_tag(voter, quota.period, quota.scope): (quota.period, quota.scope)
        for quota in quotas
    }
    periods = sorted({period for period, _scope in names.values()})
    rows = await _read_under("SELECT tag, used FROM quota", paper.campaign, periods, names)
    return {names[bytes(row["tag"])]: int(row["used"]) for row in rows}


async def _read_under(
    select: str, campaign: int, periods: list[int], names: Iterable[bytes]
) -> list[dict[str, Any]]:
    """Rows whose key is the campaign, one of the periods, and one of the names."""
    found, waiting = [], list(names)
    while waiting:
        tags, waiting = waiting[:MANY], waiting[MANY:]
        within = f"period IN ({_places(periods)}) AND tag IN ({_places(tags)})"
        found += await _read(
            f"{select} WHERE campaign = ? AND {within}", [campaign, *periods, *tags]
        )
    return found


# --- counts ---------------------------------------------------------------------------------------


async def read_tally(campaign: int) -> Counts:
    """The running count: valid ballots, and votes by candidate."""
    rows = await _read("SELECT candidate, n FROM tally WHERE campaign = ?", [campaign])
    lines = {int(row["candidate"]): int(row["n"]) for row in rows}
    ballots = lines.pop(BALLOTS_ROW, 0)
    return Counts(ballots, lines)


def _places(values: Iterable[object]) -> str:
    return ", ".join("?" for _value in values)


async def _read(statement: str, values: list[Any]) -> list[dict[str, Any]]:
    connection = get_connections().get("default")
    return await connection.execute_query_dict(placeholders(statement), values)
