"""Ballots of paper, typed in by two people and cast together through the ballot box.

The papers of a batch bear serial numbers, written on them when the urn is emptied; never before,
when their voters could still be told. Serial number and batch give the pid: the same paper is never
cast twice, however often the casting is taken up again.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from awards import clock
from awards.actor import Actor, Role
from awards.audit.actions import record
from awards.campaigns.models import Campaign
from awards.campaigns.queries import channels_of, find_campaign_of, timeline_of
from awards.campaigns.rules import Channel, StageKind, closed_channel
from awards.db import in_transaction
from awards.errors import Conflict, Invalid, NotFound, Refused
from awards.i18n import mark as _
from awards.voting.ballot_box import BallotBox
from awards.voting.models import PaperBatch, TypedPaper
from awards.voting.rules import BallotPaper, VotingToken, not_open, opening_objection
from awards.voting.rules.typed import (
    LineState,
    Reading,
    agreed,
    line_state,
    read_line,
    sort_out,
    votes_of,
)

SOURCE = "paper"
MOST_PAPERS = 2000
AT_ONCE = 50


@dataclass(frozen=True)
class Line:
    """One ballot of a batch: who has read what."""

    serial: int
    readings: dict[UUID, Reading]

    @property
    def state(self) -> LineState:
        return line_state(list(self.readings.values()))

    @property
    def agreed(self) -> Reading | None:
        return agreed(self.readings.values())


async def make_batch(*, by: Actor, campaign: Campaign, count: int, label: str = "") -> UUID:
    """Take the ballots of one urn in."""
    by.require(Role.MODERATOR, campaign=campaign.id)
    if no := closed_channel(Channel.PAPER, channels_of(campaign)) or _too_late(campaign):
        raise no
    if not 1 <= count <= MOST_PAPERS:
        raise Invalid("paper.count", _("A batch has from 1 to 2000 ballots."), field="count")
    async with in_transaction():
        row = await PaperBatch.create(
            campaign_id=campaign.id, label=label, count=count, made_by=by.name, made_at=clock.now()
        )
        await record(by=by, action="papers.taken_in", subject=f"paper_batch:{row.id}", count=count)
    return row.id


async def type_paper(*, by: Actor, batch: UUID, serial: int, text: str) -> Line:
    """Keep what this person reads on one ballot. Typing it again corrects it."""
    row = await _own(by, batch)
    if by.person is None or not 1 <= serial <= row.count:
        raise Invalid("paper.serial", _("There is no such ballot in this batch."), field="serial")
    reading = list(read_line(text))
    async with in_transaction():
        await _still_open(batch)
        mine = TypedPaper.filter(batch_id=batch, serial=serial, typist=by.person)
        if not await mine.update(choices=reading):
            await TypedPaper.create(
                batch_id=batch, serial=serial, typist=by.person, choices=reading
            )
    return (await list_lines(batch, serial=serial))[0]


async def close_batch(box: BallotBox, *, by: Actor, batch: UUID) -> None:
    """Cast the ballots of a batch that two people have read alike, and count the others as invalid.
    What was interrupted is taken up again: no paper is cast twice.
    """
    row = await _own(by, batch)
    campaign = await find_campaign_of(row.campaign_id)
    paper = await box.papers.find(campaign.slug)
    if row.cast_at:
        raise _closed()
    if no := _too_late(campaign):
        raise no
    if row.closed_at is None:
        await _close(by, row, paper)
    row = await PaperBatch.get(id=batch)
    lines = {line.serial: line.agreed or () for line in await list_lines(batch)}
    valid, _invalid = sort_out(lines, paper)
    waiting = list(valid.items())
    while waiting:
        some, waiting = waiting[:AT_ONCE], waiting[AT_ONCE:]
        await asyncio.gather(*(_cast(box, paper, row, *each) for each in some))
    async with in_transaction():
        if await PaperBatch.filter(id=batch, cast_at__isnull=True).update(cast_at=clock.now()):
            await record(
                by=by, action="papers.cast", subject=f"paper_batch:{batch}",
                valid=row.valid, invalid=row.invalid,
            )  # fmt: skip


async def _close(by: Actor, row: PaperBatch, paper: BallotPaper) -> None:
    """Nothing is typed from here on, so that what is cast is what was agreed on."""
    async with in_transaction():
        await _still_open(row.id)
        lines = await list_lines(row.id)
        if any(line.agreed is None for line in lines):
            raise Conflict(
                "papers.not_agreed", _("Not every ballot has been read alike by two people yet.")
            )
        moment = _moment(paper)
        valid, invalid = sort_out({line.serial: line.agreed or () for line in lines}, paper)
        await PaperBatch.filter(id=row.id).update(
            closed_at=moment, valid=len(valid), invalid=len(invalid)
        )


def _moment(paper: BallotPaper) -> datetime:
    """When the ballots count as cast. Those of the last urn are typed in after voting has closed:
    they count as of its last moment.
    """
    now = clock.now()
    if paper.window is None:
        raise not_open()
    moment = min(now, paper.window.end - timedelta(seconds=1))
    if no := opening_objection(paper, now=moment):
        raise no
    return moment


async def _cast(
    box: BallotBox, paper: BallotPaper, row: PaperBatch, serial: int, reading: Reading
) -> None:
    assert row.closed_at  # noqa: S101 - set in the transaction before
    pid = paper.keys.pid(Channel.PAPER, f"{row.id}/{serial}")
    token = VotingToken(row.campaign_id, Channel.PAPER, paper.keys.voter_tag(pid))
    day = paper.day(row.closed_at)
    for choices in votes_of(reading, paper.rule):
        vote = paper.ballot(token, choices, day=day, now=row.closed_at, source=SOURCE)
        await box.put(vote)


async def list_batches(campaign: int) -> list[PaperBatch]:
    """The batches of a campaign, the newest first."""
    return await PaperBatch.filter(campaign_id=campaign).order_by("-made_at")


async def find_paper_batch(batch: UUID, *, by: Actor) -> PaperBatch:
    """A batch, for those who type."""
    return await _own(by, batch)


async def count_open_batches(campaign: int) -> int:
    """Batches whose ballots are not all cast: until they are, nothing is counted."""
    return await PaperBatch.filter(campaign_id=campaign, cast_at__isnull=True).count()


async def list_lines(batch: UUID, *, serial: int | None = None) -> list[Line]:
    """Every ballot of a batch, or one, with what was read on it."""
    row = await PaperBatch.get(id=batch)
    found: dict[int, dict[UUID, Reading]] = defaultdict(dict)
    for each in await TypedPaper.filter(batch_id=batch):
        found[each.serial][each.typist] = tuple(each.choices)
    wanted: Sequence[int] = range(1, row.count + 1) if serial is None else [serial]
    return [Line(each, found[each]) for each in wanted]


async def _own(by: Actor, batch: UUID) -> PaperBatch:
    row = await PaperBatch.get_or_none(id=batch)
    if row is None:
        raise NotFound()
    by.require(Role.MODERATOR, campaign=row.campaign_id)
    return row


async def _still_open(batch: UUID) -> None:
    """Hold the batch until the transaction ends: one types or closes after the other."""
    row = await PaperBatch.select_for_update().get(id=batch)
    if row.closed_at:
        raise _closed()


def _too_late(campaign: Campaign) -> Refused | None:
    if timeline_of(campaign).has_opened(StageKind.RESULT, clock.now()):
        return Conflict("papers.too_late", _("The result is out: no ballots are taken any more."))
    return None


def _closed() -> Conflict:
    return Conflict("papers.closed", _("This batch is closed."))
