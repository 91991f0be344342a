"""Campaigns as their readers need them: complete, with categories, regions and stages."""

from datetime import datetime
from zoneinfo import ZoneInfo

from tortoise.queryset import QuerySet

from awards.actor import VISITOR, Actor, Role
from awards.campaigns.models import Campaign, Stage
from awards.campaigns.rules import (
    BallotRule,
    CampaignPlan,
    CategoryPlan,
    Channels,
    RegionPlan,
    StageKind,
    StageView,
    Timeline,
    Window,
    in_order,
)
from awards.errors import NotFound
from awards.i18n import mark as _


async def find_campaign(slug: str, *, by: Actor = VISITOR) -> Campaign:
    """The campaign of this address. One that is not public exists only for its staff."""
    campaign = await _complete(Campaign.filter(slug=slug)).first()
    if campaign is None or not (campaign.published_at or by.may(*Role, campaign=campaign.id)):
        raise campaign_unknown()
    return campaign


async def find_campaign_of(campaign: int) -> Campaign:
    """The campaign of this id, which is there."""
    return await _complete(Campaign.filter(id=campaign)).get()


async def list_campaigns() -> list[Campaign]:
    """Every campaign, public or not, newest first."""
    return await _complete(Campaign.all())


async def list_public_campaigns() -> list[Campaign]:
    """What visitors may see, newest first."""
    return await _complete(Campaign.filter(published_at__isnull=False))


async def count_campaigns() -> int:
    return await Campaign.all().count()


def timeline_of(campaign: Campaign) -> Timeline:
    """The stages of a campaign that a query of this module has fetched."""
    return Timeline(windows_of(list(campaign.stages)))


def stage_of(campaign: Campaign, now: datetime) -> StageView:
    """Where the campaign stands."""
    return timeline_of(campaign).view(now)


def rule_of(campaign: Campaign) -> BallotRule:
    """The ballot rule as a value."""
    return BallotRule.from_json(campaign.ballot_rule)


def voting_ends(campaign: Campaign) -> str:
    """When voting ends by the campaign's clock, or nothing."""
    window = timeline_of(campaign).window(StageKind.VOTING)
    return f"{window.end.astimezone(ZoneInfo(campaign.zone)):%Y-%m-%d %H:%M}" if window else ""


def channels_of(campaign: Campaign) -> Channels:
    """The ways to vote that are open."""
    return in_order(campaign.channels.split())


async def find_channels(campaign: int) -> Channels:
    """The ways to vote that are open in the campaign of this id."""
    return channels_of(await Campaign.get(id=campaign))


def windows_of(stages: list[Stage]) -> dict[StageKind, Window]:
    """Stored stages as values."""
    return {StageKind(stage.kind): Window(stage.starts_at, stage.ends_at) for stage in stages}


def plan_of(campaign: Campaign) -> CampaignPlan:
    """The campaign as its organiser wrote it: to edit it, to export it, to see what has changed."""
    return CampaignPlan(
        slug=campaign.slug,
        title=campaign.title,
        rule=rule_of(campaign),
        stages=windows_of(list(campaign.stages)),
        categories=tuple(
            CategoryPlan(row.slug, row.number, row.title, row.description, row.places)
            for row in campaign.categories
        ),
        regions=tuple(RegionPlan(row.slug, row.title) for row in campaign.regions),
        preset=campaign.preset,
        zone=campaign.zone,
        summary=campaign.summary,
        intro=campaign.intro,
        rules_text=campaign.rules_text,
        host=campaign.host,
        organiser=campaign.organiser,
        approval_number=campaign.approval_number,
        enquiry_phone=campaign.enquiry_phone,
        supervision_phone=campaign.supervision_phone,
        channels=channels_of(campaign),
    )


def campaign_unknown() -> NotFound:
    """The answer to an address of no campaign, or of one that is not public."""
    return NotFound("campaign.unknown", _("We can’t find this campaign."))


def _complete(campaigns: QuerySet[Campaign]) -> QuerySet[Campaign]:
    return campaigns.order_by("-created_at", "-id").prefetch_related(
        "categories", "regions", "stages", "cover"
    )
