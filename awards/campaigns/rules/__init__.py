"""What a campaign is made of: stages, ballot rule, presets, and what freezes when voting opens."""

from awards.campaigns.rules.ballot import (
    HIDDEN,
    LIVE,
    MOST_PICKS,
    BallotRule,
    Ballots,
    Line,
    Shape,
    rule_objection,
)
from awards.campaigns.rules.channels import (
    USUAL,
    Channel,
    Channels,
    channel_lines,
    channels_objection,
    closed_channel,
    equipment_objection,
    in_order,
)
from awards.campaigns.rules.plan import (
    SLUG,
    CampaignPlan,
    CategoryPlan,
    RegionPlan,
    freeze_objection,
    plan_objection,
    stages_from,
)
from awards.campaigns.rules.presets import OWN_RULE, PRESETS, Preset
from awards.campaigns.rules.timeline import StageKind, StageView, Step, StepState, Timeline, Window

__all__ = [
    "HIDDEN",
    "LIVE",
    "MOST_PICKS",
    "OWN_RULE",
    "PRESETS",
    "SLUG",
    "USUAL",
    "BallotRule",
    "Ballots",
    "CampaignPlan",
    "CategoryPlan",
    "Channel",
    "Channels",
    "Line",
    "Preset",
    "RegionPlan",
    "Shape",
    "StageKind",
    "StageView",
    "Step",
    "StepState",
    "Timeline",
    "Window",
    "channel_lines",
    "channels_objection",
    "closed_channel",
    "equipment_objection",
    "freeze_objection",
    "in_order",
    "plan_objection",
    "rule_objection",
    "stages_from",
]
