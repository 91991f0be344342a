"""Reading counts and published results."""

from collections.abc import Collection

from awards.campaigns.models import Category
from awards.nominations.models import Candidate
from awards.results.models import Result
from awards.results.rules import Contest

STANDING = "published"


async def find_result(campaign: int) -> Result | None:
    """The published result of a campaign, with its lines, or None."""
    return (
        await Result.filter(campaign_id=campaign, published_at__isnull=False)
        .prefetch_related("lines")
        .first()
    )


async def find_count(campaign: int) -> Result | None:
    """The count that stands, published or not, with its lines: for staff."""
    return await Result.filter(campaign_id=campaign).prefetch_related("lines").first()


async def list_published(campaigns: Collection[int]) -> set[int]:
    """Which of these campaigns have a published result."""
    found = await Result.filter(
        campaign_id__in=list(campaigns), published_at__isnull=False
    ).values_list("campaign_id", flat=True)
    return set(found)  # type: ignore[arg-type]


async def list_contests(campaign: int) -> list[Contest]:
    """The categories of a campaign with all who stand or stood in them, in order."""
    categories = await Category.filter(campaign_id=campaign).order_by("number")
    rows = await Candidate.filter(campaign_id=campaign, published_at__isnull=False).values_list(
        "category_id", "number", "state"
    )
    return [
        Contest(
            numbers=tuple(sorted(number for home, number, _state in rows if home == category.id)),
            places=category.places,
            withdrawn=frozenset(
                number for home, number, state in rows if home == category.id and state != STANDING
            ),
        )
        for category in categories
    ]
