"""A campaign with its candidates out of a kit, in one transaction, and into one."""

from collections.abc import Collection
from pathlib import Path

from awards import clock
from awards.actor import Actor, Role
from awards.audit.actions import record
from awards.campaigns.actions import create_campaign, publish_campaign
from awards.campaigns.kit import CandidatePlan, Kit
from awards.campaigns.models import Campaign
from awards.campaigns.queries import find_campaign, plan_of
from awards.db import in_transaction
from awards.nominations.models import Candidate


async def import_campaign(
    *, by: Actor, kit: Kit, keys_folder: Path, equipment: Collection[str] = ()
) -> Campaign:
    """Make the kit's campaign, with its candidates published: their consent is what the kit says,
    and the record keeps it with the day and the importer.
    """
    async with in_transaction():
        campaign = await create_campaign(
            by=by, plan=kit.plan, keys_folder=keys_folder, equipment=equipment
        )
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


async def export_campaign(slug: str, *, by: Actor) -> Kit:
    """The campaign as a kit, with its public candidates: for another site, or for next year."""
    campaign = await find_campaign(slug, by=by)
    by.require(Role.ORGANISER, Role.ADMIN, campaign=campaign.id)
    rows = await Candidate.filter(campaign_id=campaign.id, state="published").prefetch_related(
        "category", "region"
    )
    return Kit(
        plan_of(campaign),
        tuple(_plan_of(row) for row in rows),
        f"Recorded in the campaign {slug}" if rows else "",
        campaign.published_at is not None,
    )


def _plan_of(row: Candidate) -> CandidatePlan:
    return CandidatePlan(
        number=row.number,
        category=row.category.slug,
        name=row.name,
        kind=row.kind,
        region=row.region.slug if row.region else None,
        occupation=row.occupation,
        employer=row.employer,
        one_liner=row.one_liner,
        summary=row.summary,
        story=row.story,
    )
