"""Counting the ballots for good, and letting everybody see what was counted."""

from collections.abc import Mapping
from typing import Any

from awards import clock
from awards.actor import Actor, Role
from awards.audit.actions import record
from awards.campaigns.queries import timeline_of
from awards.campaigns.rules import StageKind
from awards.db import in_transaction
from awards.errors import Conflict
from awards.i18n import mark as _
from awards.results.models import Result, ResultLine
from awards.results.queries import find_count, list_contests
from awards.results.rules import (
    Contest,
    Standing,
    agreement_objection,
    already_published,
    count_objection,
    not_counted,
    standings,
)
from awards.voting.counting import count_ballots
from awards.voting.queries import read_tally
from awards.voting.rules import Counts
from awards.voting.typed import count_open_batches

ORGANISERS = (Role.ORGANISER, Role.ADMIN)


async def count_result(*, by: Actor, campaign: Any) -> Result:
    """Count every ballot once voting has closed, and keep ranks and winners for staff to look at.

    The sums must equal the running figures: otherwise nothing is kept and `result.disagrees` says
    where they differ.
    Counting again replaces a count that is not published yet.
    """
    by.require(*ORGANISERS, campaign=campaign.id)
    is_open = not timeline_of(campaign).has_ended(StageKind.VOTING, clock.now())
    if no := count_objection(is_open=is_open):
        raise no
    if await count_open_batches(campaign.id):
        raise Conflict(
            "result.papers_open", _("Ballots of paper still wait to be typed in and cast.")
        )
    counted, running = await count_ballots(campaign.id), await read_tally(campaign.id)
    if no := agreement_objection(counted, running):
        raise no
    lines = _lines(await list_contests(campaign.id), counted.votes)
    async with in_transaction():
        await _forget(campaign.id)
        result = await Result.create(
            campaign_id=campaign.id,
            ballots=counted.ballots,
            counted_at=clock.now(),
            counted_by=by.name,
        )
        await ResultLine.bulk_create(
            ResultLine(
                result_id=result.id,
                number=line.number,
                votes=line.votes,
                rank=line.rank,
                won=line.won,
            )
            for line in lines
        )
        await record(
            by=by,
            action="result.counted",
            subject=f"campaign:{campaign.id}",
            ballots=counted.ballots,
        )
    return result


async def publish_result(*, by: Actor, campaign: Any) -> Result:
    """Let everybody see the count that stands. It must still be what the ballots say."""
    by.require(*ORGANISERS, campaign=campaign.id)
    result = await find_count(campaign.id)
    if result is None:
        raise not_counted()
    kept = Counts(result.ballots, {line.number: line.votes for line in result.lines})
    if no := agreement_objection(await count_ballots(campaign.id), kept):
        raise no
    async with in_transaction():
        unpublished = Result.filter(id=result.id, published_at__isnull=True)
        if not await unpublished.update(published_at=clock.now(), published_by=by.name):
            raise already_published()
        await record(
            by=by,
            action="result.published",
            subject=f"campaign:{campaign.id}",
            ballots=result.ballots,
        )
    return result


def _lines(contests: list[Contest], votes: Mapping[int, int]) -> list[Standing]:
    return [line for contest in contests for line in standings(contest, votes)]


async def _forget(campaign: int) -> None:
    """Take the earlier, unpublished count away. A published one stands, whoever was faster."""
    earlier = await Result.filter(campaign_id=campaign).select_for_update().first()
    if earlier is None:
        return
    if earlier.published_at:
        raise already_published()
    await ResultLine.filter(result_id=earlier.id).delete()
    await Result.filter(id=earlier.id).delete()
