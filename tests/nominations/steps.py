"""What happens again and again in these tests: papers are sent, a link is taken from a letter."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from awards.actor import Actor
from awards.campaigns.models import Campaign
from awards.campaigns.queries import find_campaign
from awards.campaigns.rules import StageKind
from awards.db import in_transaction
from awards.nominations.actions import approve_nomination, submit_nomination
from awards.nominations.models import Candidate, Nomination
from awards.nominations.queries import find_nomination
from awards.notifications.models import Letter
from tests import make
from tests.nominations.papers import LINKS, papers


async def open_campaign(**changes: Any) -> Campaign:
    """A campaign that takes nominations, with its parts."""
    made = await make.campaign(stage=StageKind.NOMINATION, **changes)
    return await find_campaign(made.slug)


async def send(
    campaign: Campaign, *, photos: Sequence[UUID] = (), send_key: str = "", **changes: Any
) -> Nomination:
    """A nomination as a citizen sends it."""
    made = await submit_nomination(
        campaign=campaign, papers=papers(**changes), photos=photos,
        send_key=send_key or uuid4().hex, language="zh-Hans", links=LINKS,
    )  # fmt: skip
    return await find_nomination(made.code)


async def approve(moderator: Actor, nomination: Nomination) -> Candidate:
    """Approved as it stands."""
    return await approve_nomination(
        by=moderator, code=nomination.code, revision=nomination.revision, links=LINKS
    )


async def token_for(address: str) -> str:
    """The secret of the newest consent letter to this address."""
    letter = (
        await Letter.filter(notice="consent_request", address=address)
        .order_by("-created_at")
        .first()
    )
    assert letter is not None
    return letter.text.split("/consents/")[1].split()[0]


async def notices(address: str) -> list[str]:
    """What was written to this address."""
    letters = await Letter.filter(address=address).order_by("created_at")
    return [letter.notice for letter in letters]


async def close_nominations(campaign: Campaign, *, voting: bool) -> None:
    """Let the stage of nominations be over, and voting have opened or not."""
    now_in = StageKind.VOTING if voting else StageKind.CANDIDATES
    other = await make.campaign(stage=now_in)
    windows = {stage.kind: stage for stage in (await find_campaign(other.slug)).stages}
    async with in_transaction():
        for stage in campaign.stages:
            like = windows[stage.kind]
            stage.starts_at, stage.ends_at = like.starts_at, like.ends_at
            await stage.save()
