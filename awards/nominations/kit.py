"""Bringing in a campaign with its candidates from a kit: one transaction, all or nothing."""

from pathlib import Path

from awards import clock
from awards.actor import Actor
from awards.audit.actions import record
from awards.campaigns.actions import create_campaign, publish_campaign
from awards.campaigns.kit import Kit
from awards.campaigns.models import Campaign
from awards.db import in_transaction
from awards.nominations.models import Candidate


async def import_campaign(*, by: Actor, kit: Kit, keys_folder: Path) -> Campaign:
    """Make the kit's campaign, with its candidates published: their consent is what the kit says,
    and the record keeps it with the day and the importer.
    """
    async with in_transaction():
        campaign = await create_campaign(by=by, plan=kit.plan, keys_folder=keys_folder)
        await _add_candidates(campaign, kit)
        await record(
            by=by,
            action="campaign.imported",
            subject=f"campaign:{campaign.id}",
            candidates=len(kit.candidates),
            consent=kit.consent,
        )
        if kit.published:
            await publish_campaign(by=by, campaign=campaign)
    return campaign


async def _add_candidates(campaign: Campaign, kit: Kit) -> None:
    categories = {row.slug: row for row in campaign.categories}
    regions = {row.slug: row for row in campaign.regions}
    for each in kit.candidates:
        await Candidate.create(
            campaign=campaign,
            category=categories[each.category],
            region=regions[each.region] if each.region else None,
            number=each.number,
            state="published",
            published_at=clock.now(),
            kind=each.kind,
            name=each.name,
            occupation=each.occupation,
            employer=each.employer,
            one_liner=each.one_liner,
            summary=each.summary,
            story=each.story,
        )
