"""Ballots of paper: read alike by two people, cast once, the others counted as invalid."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine

from awards import clock
from awards.actor import Actor, Role, system
from awards.audit.models import AuditRecord
from awards.campaigns.models import Stage
from awards.campaigns.rules import StageKind
from awards.db import in_transaction
from awards.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from awards.results.actions import count_result
from awards.voting.counting import recount
from awards.voting.models import PaperBatch, TypedPaper
from awards.voting.rules import Channel, Counts
from awards.voting.rules.typed import LineState, agreed, line_state, paper_objection, read_line
from awards.voting.typed import close_batch, list_lines, make_batch, type_paper
from tests import make
from tests.digest import digest
from tests.voting.conftest import Booth, OpenBooth

Freeze = Callable[[datetime], time_machine.Traveller]
ORGANISER = system("organiser", [Role.ORGANISER])


@pytest.fixture
async def readers(database: None) -> list[Actor]:
    return [await make.person(Role.MODERATOR) for _each in range(3)]


async def urn(open_booth: OpenBooth, preset: str = "class_cap") -> Booth:
    """A campaign that takes votes on paper."""
    place = await open_booth(preset)
    await place.open_ways(Channel.EMAIL, Channel.PAPER)
    await place.campaign.fetch_related("stages")
    return place


async def typed(place: Booth, readers: list[Actor], *texts: str) -> PaperBatch:
    """A batch whose ballots two people have read alike."""
    batch = await make_batch(by=readers[0], campaign=place.campaign, count=len(texts))
    for serial, text in enumerate(texts, 1):
        for reader in readers[:2]:
            await type_paper(by=reader, batch=batch, serial=serial, text=text)
    return await PaperBatch.get(id=batch)


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("", ()),
        ("102 101", (101, 102)),
        ("101，102、103;", (101, 102, 103)),
        ("101 101", (101, 101)),
    ],
)
def test_a_line_is_read_however_it_is_typed(text: str, reading: tuple[int, ...]) -> None:
    assert read_line(text) == reading


@pytest.mark.parametrize("text", ["a", "-1", "12345", "１０１", "1 " * 201])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match=r"paper\.unreadable"):
        read_line(text)


@pytest.mark.parametrize(
    ("readings", "found", "state"),
    [
        ([], None, LineState.MISSING),
        ([(1,)], None, LineState.ONCE),
        ([(1,), (2,)], None, LineState.DIFFERING),
        ([(1,), (1,)], (1,), LineState.AGREED),
        ([(), ()], (), LineState.AGREED),
        ([(1,), (2,), (2,)], (2,), LineState.AGREED),
        ([(1,), (2,), (3,)], None, LineState.DIFFERING),
        ([(1,), (1,), (2,), (2,)], None, LineState.DIFFERING),
    ],
)
def test_two_alike_decide(
    readings: list[tuple[int, ...]], found: tuple[int, ...] | None, state: LineState
) -> None:
    assert (agreed(readings), line_state(readings)) == (found, state)


@pytest.mark.parametrize(
    ("preset", "reading", "code"),
    [
        ("class_cap", (101, 102, 201), None),
        ("class_cap", (), "ballot.empty"),
        ("class_cap", (101, 102, 103), "ballot.too_many_in_category"),
        ("class_cap", (101, 999), "ballot.unknown_candidate"),
        ("class_cap", (101, 101), "ballot.repeated_candidate"),
        ("daily_tap", (101, 102, 103, 201, 202, 301), None),
        ("daily_tap", (), "ballot.empty"),
        ("daily_tap", (101, 999), "ballot.unknown_candidate"),
        ("daily_tap", (101, 101), "ballot.too_many"),
    ],
)
async def test_what_counts_on_paper(
    open_booth: OpenBooth, preset: str, reading: tuple[int, ...], code: str | None
) -> None:
    no = paper_objection(reading, (await open_booth(preset)).paper)

    assert (no and no.code) == code


async def test_more_marks_than_a_day_has_votes_are_too_many(open_booth: OpenBooth) -> None:
    day = (await open_booth(shape="tap", per_day=2, per_candidate_day=1)).paper
    category = (await open_booth(shape="tap", per_category=1)).paper

    assert paper_objection((101, 201), day) is None
    for paper, reading in ((day, (101, 201, 301)), (category, (101, 102))):
        no = paper_objection(reading, paper)
        assert no and no.code == "ballot.too_many"


async def test_what_was_read_alike_is_cast_once(
    open_booth: OpenBooth, readers: list[Actor]
) -> None:
    place = await urn(open_booth)
    batch = await typed(place, readers, "101 201", "101", "101 102 103", "", "101 201")

    await close_batch(place.box, by=readers[0], batch=batch.id)

    counted = await recount(place.campaign.id)
    assert counted.by_channel == {Channel.PAPER: Counts(3, {101: 3, 201: 2})}
    assert counted.agrees
    row = await PaperBatch.get(id=batch.id)
    assert (row.valid, row.invalid) == (3, 2) and row.cast_at
    record = await AuditRecord.get(action="papers.cast")
    assert record.details == {"valid": 3, "invalid": 2}
    with pytest.raises(Conflict, match=r"papers\.closed"):
        await close_batch(place.box, by=readers[0], batch=batch.id)
    with pytest.raises(Conflict, match=r"papers\.closed"):
        await type_paper(by=readers[0], batch=batch.id, serial=1, text="101")


async def test_single_votes_come_from_paper_too(
    open_booth: OpenBooth, readers: list[Actor]
) -> None:
    place = await urn(open_booth, "daily_tap")
    batch = await typed(place, readers, "101 201", "101")

    await close_batch(place.box, by=readers[0], batch=batch.id)

    counted = (await recount(place.campaign.id)).by_channel[Channel.PAPER]
    assert counted.votes == {101: 2, 201: 1}


async def test_an_interrupted_casting_is_taken_up_again(
    open_booth: OpenBooth, readers: list[Actor], frozen_at: Freeze
) -> None:
    place = await urn(open_booth, "daily_tap")
    batch = await typed(place, readers, "101", "102", "103")
    await close_batch(place.box, by=readers[0], batch=batch.id)
    async with in_transaction():
        await PaperBatch.filter(id=batch.id).update(cast_at=None)

    frozen_at(clock.now() + timedelta(days=1))
    await close_batch(place.box, by=readers[0], batch=batch.id)

    assert (await recount(place.campaign.id)).ballots == 3


async def test_what_differs_is_not_cast_until_a_third_has_read_it(
    open_booth: OpenBooth, readers: list[Actor]
) -> None:
    place, (first, second, third) = await urn(open_booth), readers
    batch = await make_batch(by=first, campaign=place.campaign, count=1)
    await type_paper(by=first, batch=batch, serial=1, text="101")
    again = await type_paper(by=first, batch=batch, serial=1, text="102")
    assert again.state is LineState.ONCE

    line = await type_paper(by=second, batch=batch, serial=1, text="101")
    assert line.state is LineState.DIFFERING
    before = await digest()
    with pytest.raises(Conflict, match=r"papers\.not_agreed"):
        await close_batch(place.box, by=first, batch=batch)
    assert await digest() == before

    line = await type_paper(by=third, batch=batch, serial=1, text="101")
    assert line.agreed == (101,)
    await close_batch(place.box, by=first, batch=batch)
    assert (await recount(place.campaign.id)).votes == {101: 1}


async def test_the_last_urn_counts_as_of_the_last_moment(
    open_booth: OpenBooth, readers: list[Actor], frozen_at: Freeze
) -> None:
    place = await urn(open_booth)
    batch = await typed(place, readers, "101")
    window = place.paper.window
    assert window

    frozen_at(window.end + timedelta(hours=1))
    with pytest.raises(Conflict, match=r"result\.papers_open"):
        await count_result(by=ORGANISER, campaign=place.campaign)
    await close_batch(place.box, by=readers[0], batch=batch.id)
    result = await count_result(by=ORGANISER, campaign=place.campaign)

    assert result.ballots == 1


async def test_once_the_result_is_out_no_ballots_are_taken(
    open_booth: OpenBooth, readers: list[Actor], frozen_at: Freeze
) -> None:
    place = await urn(open_booth)
    batch = await typed(place, readers, "101")
    result = await Stage.get(campaign_id=place.campaign.id, kind=StageKind.RESULT)

    frozen_at(result.starts_at)
    with pytest.raises(Refused, match=r"papers\.too_late"):
        await close_batch(place.box, by=readers[0], batch=batch.id)
    with pytest.raises(Refused, match=r"papers\.too_late"):
        await make_batch(by=readers[0], campaign=place.campaign, count=1)


async def test_what_happens_at_once_happens_once(
    open_booth: OpenBooth, readers: list[Actor]
) -> None:
    place, (first, second, _third) = await urn(open_booth), readers
    batch = await make_batch(by=first, campaign=place.campaign, count=1)
    for by in (first, second):
        both = (type_paper(by=by, batch=batch, serial=1, text="101") for _each in range(2))
        await asyncio.gather(*both)
    assert await TypedPaper.filter(batch_id=batch).count() == 2
    await close_batch(place.box, by=first, batch=batch)
    async with in_transaction():
        await PaperBatch.filter(id=batch).update(cast_at=None)

    await asyncio.gather(*(close_batch(place.box, by=first, batch=batch) for _each in range(2)))

    assert (await recount(place.campaign.id)).ballots == 1
    assert await AuditRecord.filter(action="papers.cast").count() == 2


@pytest.mark.parametrize("case", ["voting.paused", "voting.not_open", "no voting"])
async def test_ballots_are_cast_while_votes_are_taken(
    open_booth: OpenBooth, readers: list[Actor], frozen_at: Freeze, case: str
) -> None:
    place = await urn(open_booth)
    batch = await typed(place, readers, "101")
    window = place.paper.window
    assert window
    async with in_transaction():
        if case == "voting.paused":
            place.campaign.paused_at = clock.now()
        if case == "no voting":
            await Stage.filter(campaign_id=place.campaign.id, kind=StageKind.VOTING).delete()
        place.campaign.version += 1
        await place.campaign.save()
    if case == "voting.not_open":
        frozen_at(window.start - timedelta(days=1))
    await place.box.papers.refresh()

    with pytest.raises(Refused, match=case.replace("no voting", r"voting\.not_open")):
        await close_batch(place.box, by=readers[0], batch=batch.id)
    assert (await PaperBatch.get(id=batch.id)).closed_at is None


async def test_only_moderators_of_the_campaign_type(
    open_booth: OpenBooth, readers: list[Actor]
) -> None:
    place = await urn(open_booth)
    batch = await make_batch(by=readers[0], campaign=place.campaign, count=1)
    others = [
        await make.person(*(set(Role) - {Role.MODERATOR})),
        await make.person(Role.MODERATOR, campaign=place.campaign.id + 1),
    ]
    before = await digest()

    for by in others:
        with pytest.raises(Forbidden):
            await make_batch(by=by, campaign=place.campaign, count=1)
        with pytest.raises(Forbidden):
            await type_paper(by=by, batch=batch, serial=1, text="101")
        with pytest.raises(Forbidden):
            await close_batch(place.box, by=by, batch=batch)
    with pytest.raises(NotFound):
        await list_and_type(readers[0])
    for serial in (0, 2):
        with pytest.raises(Invalid, match=r"paper\.serial"):
            await type_paper(by=readers[0], batch=batch, serial=serial, text="101")
    for count in (0, 2001):
        with pytest.raises(Invalid, match=r"paper\.count"):
            await make_batch(by=readers[0], campaign=place.campaign, count=count)
    assert await digest() == before
    assert [line.state for line in await list_lines(batch)] == [LineState.MISSING]


async def list_and_type(by: Actor) -> None:
    await type_paper(by=by, batch=uuid4(), serial=1, text="101")


async def test_without_the_channel_there_are_no_papers(
    open_booth: OpenBooth, readers: list[Actor]
) -> None:
    place = await open_booth("class_cap")
    await place.campaign.fetch_related("stages")

    with pytest.raises(Refused, match=r"channel\.closed"):
        await make_batch(by=readers[0], campaign=place.campaign, count=1)
