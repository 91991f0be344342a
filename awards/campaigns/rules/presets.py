"""The ballot rules that awards really use, ready to choose from."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from awards.campaigns.rules.ballot import HIDDEN, BallotRule, Ballots, Shape
from awards.i18n import mark as _


@dataclass(frozen=True)
class Preset:
    """A ballot rule that awards really use, with the shares of those who decide, in percent."""

    id: str
    title: str
    rule: BallotRule
    shares: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({"public": 100}))


_TAP = BallotRule(Shape.TAP)
_BALLOT = BallotRule(Shape.BALLOT, min_picks=1)
_SHIPPED = (
    Preset(
        "daily_tap",
        _("Ten votes a day, one a day for each candidate"),
        replace(_TAP, per_day=10, per_candidate_day=1),
    ),
    Preset(
        "once_multi",
        _("Each candidate once, as many candidates as one likes"),
        replace(_TAP, per_candidate=1),
    ),
    Preset(
        "fixed_total",
        _("Twelve votes in all, one for each candidate"),
        replace(_TAP, per_campaign=12, per_candidate=1, visibility=HIDDEN),
    ),
    Preset("up_to_ten", _("One ballot with 1 to 10 names"), replace(_BALLOT, max_picks=10)),
    Preset(
        "exact_ten_daily",
        _("One ballot a day with exactly ten names; a jury decides too"),
        replace(
            _BALLOT, min_picks=10, max_picks=10, ballots=Ballots.DAILY, visibility="daily@18:00"
        ),
        {"public": 70, "jury": 30},
    ),
    Preset(
        "class_cap",
        _("One ballot, at most 2 names in a category and 10 in all"),
        replace(_BALLOT, per_category=2, max_picks=10),
    ),
    Preset(
        "national_50",
        _("One ballot, at most 10 names in a category and 50 in all"),
        replace(_BALLOT, per_category=10, max_picks=50, visibility=HIDDEN),
    ),
    Preset(
        "province_mix",
        _("One ballot with exactly ten names; jury, past winners and a panel decide too"),
        replace(_BALLOT, min_picks=10, max_picks=10, visibility=HIDDEN),
        {"jury": 50, "public": 25, "past_winners": 15, "panel": 10},
    ),
    Preset(
        "citizen_panel",
        _("Ten votes a day, each candidate once; a jury and a citizens’ panel decide too"),
        replace(_TAP, per_candidate=1, per_day=10),
        {"public": 50, "panel": 25, "jury": 25},
    ),
    Preset(
        "filter_then_jury",
        _("Six votes a day in each category; the first three go to the jury"),
        replace(_TAP, per_category=6),
        {"jury": 100},
    ),
    Preset(
        "like_only",
        _("Likes that rank nobody; the jury decides"),
        BallotRule(Shape.LIKE, per_candidate=1),
        {"jury": 100},
    ),
)
PRESETS: Mapping[str, Preset] = MappingProxyType({preset.id: preset for preset in _SHIPPED})
"""The eleven rules that the program ships, by id."""
OWN_RULE = "own"
"""Stands for a preset where a campaign brings a rule of its own."""
