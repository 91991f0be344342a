"""The ballot box: campaigns in memory, and the one way in which a ballot gets into the database.

`put` returns when the ballot is durable, or raises why it is not kept; nothing is answered earlier.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import structlog
from tortoise.backends.base.client import BaseDBAsyncClient

from awards.campaigns.keys import KeyMissing, key_path, make_key, read_key
from awards.campaigns.models import Campaign
from awards.campaigns.queries import campaign_unknown, rule_of
from awards.db import in_transaction
from awards.errors import Busy, Refused
from awards.voting import queries
from awards.voting.live import LiveCounts
from awards.voting.rules import (
    Ballot,
    BallotPaper,
    CampaignKeys,
    Receipt,
    already_voted,
    other_day,
    quota_used,
    slot_objection,
    token_objection,
    vote_objection,
)
from awards.voting.store import Outcome, Standing, find_standing, keep
from awards.voting.tokens import VotingTokens

log = structlog.get_logger()

REFRESH = 1.0
MOST_WAITING = 512
DEADLOCK = "40P01"
ATTEMPTS = 3


class BallotBox:
    """One for each process. Pages see a campaign as it was a second ago, a ballot as it is."""

    def __init__(self, *, keys_folder: Path, signing_keys: Sequence[str]) -> None:
        self.tokens = VotingTokens(signing_keys)
        self.live = LiveCounts()
        self._keys_folder = keys_folder
        self._papers: dict[int, BallotPaper] = {}
        self._refreshed = float("-inf")
        self._putting: set[asyncio.Task[Receipt]] = set()

    def paper(self, campaign: int) -> BallotPaper:
        """The ballot paper in memory. Raises `NotFound` for a campaign that is not public."""
        if campaign not in self._papers:
            raise campaign_unknown()
        return self._papers[campaign]

    async def find(self, slug: str) -> BallotPaper:
        """The ballot paper of this address, at most a second old."""
        if asyncio.get_running_loop().time() - self._refreshed > REFRESH:
            await self.refresh()
        found = self._named(slug)
        if found is None:
            await self.refresh()
            found = self._named(slug)
        if found is None:
            raise campaign_unknown()
        return found

    def _named(self, slug: str) -> BallotPaper | None:
        return next((paper for paper in self._papers.values() if paper.slug == slug), None)

    async def refresh(self) -> None:
        """Take over what has changed. A campaign whose key is gone is left out, and said."""
        self._refreshed = asyncio.get_running_loop().time()
        versions = await queries.campaign_versions()
        for campaign, version in versions.items():
            if campaign not in self._papers or self._papers[campaign].version != version:
                await self._reload(campaign)
        for campaign in self._papers.keys() - versions.keys():
            del self._papers[campaign]

    async def _reload(self, campaign: int) -> None:
        try:
            self._papers[campaign] = await load_paper(self._keys_folder, campaign)
        except KeyMissing as error:
            self._papers.pop(campaign, None)
            log.error("campaign key missing", campaign=campaign, reason=str(error))

    async def current(self, paper: BallotPaper) -> BallotPaper:
        """The paper as the database has it now: read again only where its version has moved."""
        if await queries.campaign_version(paper.campaign) != paper.version:
            await self.refresh()
        return self.paper(paper.campaign)

    async def put(self, ballot: Ballot) -> Receipt:
        """Keep one ballot for good. Returns once it is durable; one who leaves loses nothing."""
        if len(self._putting) >= MOST_WAITING:
            raise Busy()
        task = asyncio.ensure_future(self._put(ballot))
        self._putting.add(task)
        task.add_done_callback(self._done)
        return await asyncio.shield(task)

    def _done(self, task: "asyncio.Task[Receipt]") -> None:
        self._putting.discard(task)
        # Whoever asked may have left; then nobody else takes what went wrong.
        _ = task.cancelled() or task.exception()

    async def close(self) -> None:
        """Let the ballots that are on their way arrive."""
        await asyncio.gather(*self._putting, return_exceptions=True)

    async def _put(self, ballot: Ballot) -> Receipt:
        attempts = ATTEMPTS
        while True:
            attempts -= 1
            try:
                return await self._commit(ballot)
            except Refused:
                raise
            except Exception as error:
                if getattr(error, "sqlstate", "") == DEADLOCK and attempts:
                    continue
                # Full disk, lost connection: nothing is promised, the same vote may come again.
                # No traceback: its frames hold the voter's tag and the choice.
                log.error("ballot not kept", kind=type(error).__name__, reason=str(error))
                raise Busy() from None

    async def _commit(self, ballot: Ballot) -> Receipt:
        async with in_transaction() as connection:
            ballot = await self._judged_again(ballot)
            outcome, there = await _keep(connection, ballot)
        if outcome is Outcome.QUOTA:
            raise quota_used(ballot.paper.rule)
        if outcome is Outcome.OTHER:
            raise already_voted(ballot.paper.rule)
        return ballot.receipt(cast_window=there.cast_window, is_new=outcome is Outcome.NEW)

    async def _judged_again(self, ballot: Ballot) -> Ballot:
        """The ballot on the campaign's present paper, where that has changed meanwhile."""
        paper = await self.current(ballot.paper)
        if paper.version == ballot.paper.version:
            return ballot
        fresh = paper.ballot(
            ballot.token, ballot.choices, day=ballot.day, now=ballot.now, slot=ballot.slot,
            source=ballot.source,
        )  # fmt: skip
        if no := _objection(fresh):
            raise no
        return fresh


def _objection(ballot: Ballot) -> Refused | None:
    """Why this ballot may not be cast. Its day is as good as it was when it came."""
    paper = ballot.paper
    return (
        token_objection(ballot.token, paper)
        or vote_objection(ballot.choices, paper, now=ballot.now)
        or slot_objection(ballot.slot, paper.rule)
    )


async def _keep(connection: BaseDBAsyncClient, ballot: Ballot) -> tuple[Outcome, Standing]:
    if not ballot.is_late:
        return await keep(connection, ballot)
    # A form of a past day: good for the receipt of a ballot that stands, and for nothing new.
    there = await find_standing(connection, ballot)
    if there is None:
        raise other_day()
    return (Outcome.AGAIN if there.choices == ballot.packed else Outcome.OTHER), there


async def load_paper(keys_folder: Path, campaign: int) -> BallotPaper:
    """The campaign as voting sees it. Raises `KeyMissing`."""
    row = await Campaign.get(id=campaign)
    keys = await load_keys(keys_folder, campaign)
    return BallotPaper(
        campaign=row.id,
        slug=row.slug,
        version=row.version,
        zone=row.zone,
        rule=rule_of(row),
        window=await queries.find_voting_window(row.id),
        is_paused=row.paused_at is not None,
        candidates=await queries.list_candidate_numbers(row.id),
        keys=keys,
        revoked=frozenset(keys.voter_tag(pid) for pid in await queries.list_revoked_pids(row.id)),
    )


async def load_keys(keys_folder: Path, campaign: int) -> CampaignKeys:
    """The campaign's keys. A missing file is made as long as nothing was ever kept under it; after
    that a new key would let everybody vote again, so its loss stops the vote (`KeyMissing`).
    """
    missing = not key_path(keys_folder, campaign).exists()
    if missing and not await queries.has_voters(campaign):
        make_key(keys_folder, campaign)
    return CampaignKeys.of(campaign, read_key(keys_folder, campaign))
