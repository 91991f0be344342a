"""Making a campaign, changing it, letting it be seen, and holding its vote."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tortoise.exceptions import IntegrityError
from tortoise.expressions import F

from awards import clock
from awards.actor import Actor, Role
from awards.audit.actions import record
from awards.campaigns.keys import make_key
from awards.campaigns.models import Campaign, Category, Region, Stage
from awards.campaigns.queries import channels_of, find_campaign, plan_of, timeline_of
from awards.campaigns.rules import (
    CampaignPlan,
    CategoryPlan,
    RegionPlan,
    equipment_objection,
    freeze_objection,
    plan_objection,
)
from awards.db import in_transaction
from awards.errors import Conflict, Refused
from awards.i18n import mark as _

ORGANISERS = (Role.ORGANISER, Role.ADMIN)


async def create_campaign(
    *, by: Actor, plan: CampaignPlan, keys_folder: Path, equipment: Collection[str] = ()
) -> Campaign:
    """Make a campaign and its key. It is seen by its staff alone until it is published. `equipment`
    names the ways to vote that the operator has set up, of those that need it.
    """
    by.require(*ORGANISERS)
    unequipped = equipment_objection(plan.channels, before=(), equipment=equipment)
    if no := plan_objection(plan) or unequipped or await _slug_taken(plan.slug):
        raise no
    async with in_transaction():
        campaign = await Campaign.create(**_columns(plan), created_at=clock.now())
        await _write_parts(campaign, plan)
        await record(by=by, action="campaign.created", subject=f"campaign:{campaign.id}")
    make_key(keys_folder, campaign.id)
    return await find_campaign(plan.slug, by=by)


async def change_campaign(
    *, by: Actor, campaign: Campaign, plan: CampaignPlan, equipment: Collection[str] = ()
) -> Campaign:
    """Keep what the organiser changed. What a vote may be stands once voting has opened."""
    by.require(*ORGANISERS, campaign=campaign.id)
    unequipped = equipment_objection(
        plan.channels, before=channels_of(campaign), equipment=equipment
    )
    if no := plan_objection(plan) or unequipped or await _slug_objection(campaign, plan.slug):
        raise no
    async with in_transaction():
        before = await find_campaign(campaign.slug, by=by)
        if no := freeze_objection(timeline_of(before), plan_of(before), plan, now=clock.now()):
            raise no
        await Campaign.filter(id=campaign.id).update(**_columns(plan), version=F("version") + 1)
        await _replace_parts(before, plan)
        await record(by=by, action="campaign.changed", subject=f"campaign:{campaign.id}")
    return await find_campaign(plan.slug, by=by)


async def publish_campaign(*, by: Actor, campaign: Campaign) -> None:
    """Let everybody see it."""
    async with _marking(by, campaign, "published") as row:
        if row.published_at:
            raise Conflict("campaign.published", _("The campaign is public already."))
        row.published_at = clock.now()


async def pause_voting(*, by: Actor, campaign: Campaign) -> None:
    """Take no vote until further notice."""
    async with _marking(by, campaign, "paused") as row:
        if row.paused_at:
            raise Conflict("voting.is_paused", _("Voting is paused already."))
        row.paused_at = clock.now()


async def resume_voting(*, by: Actor, campaign: Campaign) -> None:
    """Take votes again."""
    async with _marking(by, campaign, "resumed") as row:
        if not row.paused_at:
            raise Conflict("voting.not_paused", _("Voting is not paused."))
        row.paused_at = None


async def raise_version(campaign: int) -> None:
    """Say that what a vote may be has changed, inside the caller's transaction."""
    await Campaign.filter(id=campaign).update(version=F("version") + 1)


@asynccontextmanager
async def _marking(by: Actor, campaign: Campaign, deed: str) -> AsyncIterator[Campaign]:
    """The campaign's row, to be changed in the block; kept with a new version and a record."""
    by.require(*ORGANISERS, campaign=campaign.id)
    async with in_transaction():
        row = await Campaign.select_for_update().get(id=campaign.id)
        yield row
        row.version += 1
        await row.save(update_fields=["published_at", "paused_at", "version"])
        await record(by=by, action=f"campaign.{deed}", subject=f"campaign:{row.id}")


async def _slug_taken(slug: str) -> Refused | None:
    if not await Campaign.exists(slug=slug):
        return None
    return Conflict("campaign.slug_taken", _("Another campaign has this address."), field="slug")


async def _slug_objection(campaign: Campaign, slug: str) -> Refused | None:
    if slug == campaign.slug:
        return None
    if campaign.published_at:
        return Conflict(
            "campaign.frozen", _("The address stands since the campaign is public."), field="slug"
        )
    return await _slug_taken(slug)


def _columns(plan: CampaignPlan) -> dict[str, Any]:
    return {
        "slug": plan.slug,
        "title": plan.title,
        "summary": plan.summary,
        "intro": plan.intro,
        "rules_text": plan.rules_text,
        "host": plan.host,
        "organiser": plan.organiser,
        "approval_number": plan.approval_number,
        "enquiry_phone": plan.enquiry_phone,
        "supervision_phone": plan.supervision_phone,
        "zone": plan.zone,
        "preset": plan.preset,
        "channels": " ".join(plan.channels),
        "ballot_rule": plan.rule.as_json(),
    }


async def _write_parts(campaign: Campaign, plan: CampaignPlan) -> None:
    for category in plan.categories:
        await Category.create(campaign=campaign, slug=category.slug, **_category(category))
    for position, region in enumerate(plan.regions, 1):
        await Region.create(campaign=campaign, slug=region.slug, **_region(region, position))
    await _write_stages(campaign, plan)


async def _write_stages(campaign: Campaign, plan: CampaignPlan) -> None:
    for kind, window in plan.stages.items():
        await Stage.create(campaign=campaign, kind=kind, starts_at=window.start, ends_at=window.end)


def _category(category: CategoryPlan) -> dict[str, Any]:
    return {
        "number": category.number,
        "title": category.title,
        "description": category.description,
        "places": category.places,
    }


def _region(region: RegionPlan, position: int) -> dict[str, Any]:
    return {"title": region.title, "position": position}


async def _replace_parts(before: Campaign, plan: CampaignPlan) -> None:
    """Bring categories, regions and stages to the plan; rows that nominations point at stay."""
    categories = {row.slug: row for row in before.categories}
    regions = {row.slug: row for row in before.regions}
    try:
        await _drop_others(before, plan)
    except IntegrityError:
        raise Conflict(
            "campaign.part_in_use",
            _("A category or region that has nominations can be renamed, but not removed."),
            field="categories",
        ) from None
    # Out of each other's way first: two categories may have swapped numbers.
    await Category.filter(campaign_id=before.id).update(number=F("number") + 1000)
    for category in plan.categories:
        if category.slug in categories:
            await Category.filter(id=categories[category.slug].id).update(**_category(category))
        else:
            await Category.create(campaign=before, slug=category.slug, **_category(category))
    for position, region in enumerate(plan.regions, 1):
        if region.slug in regions:
            await Region.filter(id=regions[region.slug].id).update(**_region(region, position))
        else:
            await Region.create(campaign=before, slug=region.slug, **_region(region, position))
    await Stage.filter(campaign_id=before.id).delete()
    await _write_stages(before, plan)


async def _drop_others(before: Campaign, plan: CampaignPlan) -> None:
    for model, kept in (
        (Category, [category.slug for category in plan.categories]),
        (Region, [region.slug for region in plan.regions]),
    ):
        for row in await model.filter(campaign_id=before.id):
            if row.slug not in kept:
                await model.filter(id=row.id).delete()
