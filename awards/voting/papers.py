"""The campaigns in memory: what each vote is judged by before it is written."""

import asyncio
from pathlib import Path

import structlog

from awards.campaigns.keys import KeyMissing, key_path, make_key, read_key
from awards.campaigns.models import Campaign
from awards.campaigns.queries import campaign_unknown, channels_of, rule_of
from awards.voting import queries
from awards.voting.rules import BallotPaper, CampaignKeys

log = structlog.get_logger()

REFRESH = 1.0
"""Seconds. Pages see a campaign as it was so long ago; a ballot is judged by it as it is."""


class Papers:
    """The ballot paper of every public campaign. One for each process."""

    def __init__(self, keys_folder: Path) -> None:
        self._keys_folder = keys_folder
        self._papers: dict[int, BallotPaper] = {}
        self._named: dict[str, BallotPaper] = {}
        self._refreshed = float("-inf")

    def get(self, campaign: int) -> BallotPaper:
        """The paper in memory. Raises `NotFound` for a campaign that is not public."""
        if campaign not in self._papers:
            raise campaign_unknown()
        return self._papers[campaign]

    def fresh(self, slug: str) -> BallotPaper | None:
        """The paper of this address, if it is in memory and at most a second old."""
        is_old = asyncio.get_running_loop().time() - self._refreshed > REFRESH
        return None if is_old else self._named.get(slug)

    async def find(self, slug: str) -> BallotPaper:
        """The paper of this address, at most a second old."""
        if paper := self.fresh(slug):
            return paper
        await self.refresh()
        if slug not in self._named:
            raise campaign_unknown()
        return self._named[slug]

    async def current(self, paper: BallotPaper) -> BallotPaper:
        """The paper as the database has it now: read again only where its version has moved."""
        if await queries.campaign_version(paper.campaign) != paper.version:
            await self.refresh()
        return self.get(paper.campaign)

    async def refresh(self) -> None:
        """Take over what has changed. A campaign whose key is gone is left out, and said."""
        self._refreshed = asyncio.get_running_loop().time()
        versions = await queries.campaign_versions()
        for campaign, version in versions.items():
            if campaign not in self._papers or self._papers[campaign].version != version:
                await self._reload(campaign)
        for campaign in self._papers.keys() - versions.keys():
            del self._papers[campaign]
        self._named = {paper.slug: paper for paper in self._papers.values()}

    async def _reload(self, campaign: int) -> None:
        try:
            self._papers[campaign] = await load_paper(self._keys_folder, campaign)
        except KeyMissing as error:
            self._papers.pop(campaign, None)
            log.error("campaign key missing", campaign=campaign, reason=str(error))


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
        channels=channels_of(row),
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
