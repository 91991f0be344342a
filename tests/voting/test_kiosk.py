"""Voting booths: one admission, one voter, one quota."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine

from awards import clock
from awards.actor import Actor, Role, system
from awards.audit.models import AuditRecord
from awards.errors import Conflict, Forbidden, NotFound, Refused, Unproven
from awards.signing import random_secret
from awards.voting.counting import recount
from awards.voting.kiosk import (
    SEAT_LIFE,
    close_booth,
    end_visit,
    find_booth,
    is_occupied,
    is_seated,
    leave_seat,
    let_next_in,
    open_booth,
    take_seat,
)
from awards.voting.models import VotingBooth
from awards.voting.rules import Channel, VotingToken
from tests import make
from tests.digest import digest
from tests.voting.conftest import Booth, OpenBooth

Freeze = Callable[[datetime], time_machine.Traveller]
OFFICER = system("officer", [Role.CODE_OFFICER])


@pytest.fixture
async def place(open_booth: OpenBooth) -> Booth:
    """A campaign that takes votes in booths."""
    return await _with_booths(await open_booth("up_to_ten"))


async def _with_booths(place: Booth) -> Booth:
    await place.open_ways(Channel.EMAIL, Channel.KIOSK)
    return place


async def _standing(place: Booth) -> VotingBooth:
    row = await find_booth(await open_booth(by=OFFICER, campaign=place.campaign))
    assert row
    return row


async def _in(row: VotingBooth) -> VotingBooth:
    await let_next_in(by=OFFICER, booth=row.id)
    return await VotingBooth.get(id=row.id)


async def _token(place: Booth, row: VotingBooth) -> VotingToken:
    return place.box.tokens.read((await take_seat(place.box, row)).text)


async def test_one_admission_is_one_voter_however_often_the_seat_is_taken(place: Booth) -> None:
    row = await _in(await _standing(place))

    first, second = await _token(place, row), await _token(place, row)
    receipt = await place.cast(first, 101, 102)
    again = await place.cast(second, 101, 102)
    with pytest.raises(Conflict, match=r"voting\.already_voted"):
        await place.cast(second, 201)

    assert first == second and first.channel is Channel.KIOSK
    assert (receipt.tracker, again.is_new) == (again.tracker, False)
    counted = (await recount(place.campaign.id)).by_channel[Channel.KIOSK]
    assert counted.ballots == row.admissions == 1


async def test_the_next_voter_is_another_one(place: Booth) -> None:
    row = await _in(await _standing(place))
    first = await _token(place, row)
    await leave_seat(place.box, row, first)
    row = await _in(row)

    second = await _token(place, row)
    await place.cast(second, 101)

    assert first.voter != second.voter and row.admissions == 2
    assert is_seated(place.box, row, second) and not is_seated(place.box, row, first)


async def test_nobody_is_let_in_while_somebody_is_in(place: Booth, frozen_at: Freeze) -> None:
    row = await _in(await _standing(place))

    with pytest.raises(Conflict, match=r"booth\.occupied"):
        await let_next_in(by=OFFICER, booth=row.id)
    assert (await VotingBooth.get(id=row.id)).admissions == 1

    await end_visit(by=OFFICER, booth=row.id)
    assert (await _in(row)).admissions == 2
    frozen_at(clock.now() + SEAT_LIFE + timedelta(seconds=1))
    assert not is_occupied(await VotingBooth.get(id=row.id))
    assert (await _in(row)).admissions == 3


async def test_an_empty_booth_gives_no_vote(place: Booth, frozen_at: Freeze) -> None:
    row = await _standing(place)
    with pytest.raises(Unproven, match=r"booth\.empty"):
        await take_seat(place.box, row)

    row = await _in(row)
    frozen_at(clock.now() + SEAT_LIFE + timedelta(seconds=1))
    with pytest.raises(Unproven, match=r"booth\.empty"):
        await take_seat(place.box, row)


async def test_who_was_here_before_frees_nobodys_seat(place: Booth) -> None:
    row = await _in(await _standing(place))
    before = await _token(place, row)
    await end_visit(by=OFFICER, booth=row.id)
    row = await _in(row)

    await leave_seat(place.box, row, before)
    assert (await VotingBooth.get(id=row.id)).seat == row.seat
    await leave_seat(place.box, row, await _token(place, row))
    assert (await VotingBooth.get(id=row.id)).seat is None


async def test_a_closed_booth_is_none_and_its_admissions_are_on_record(place: Booth) -> None:
    secret = await open_booth(by=OFFICER, campaign=place.campaign, label="东关图书馆")
    row = await find_booth(secret)
    assert row
    await _in(row)

    await close_booth(by=OFFICER, booth=row.id)

    assert await find_booth(secret) is None and await find_booth("") is None
    closed = await AuditRecord.get(action="booth.closed")
    assert closed.details == {"count": 1}
    for deed in (close_booth, let_next_in, end_visit):
        with pytest.raises(Conflict, match=r"booth\.closed"):
            await deed(by=OFFICER, booth=row.id)
    assert secret not in repr(await AuditRecord.all().values())


async def test_booths_are_for_the_code_officer_of_the_campaign(place: Booth) -> None:
    row = await _standing(place)
    before = await digest()
    others: list[Actor] = [
        system("others", set(Role) - {Role.CODE_OFFICER}),
        await make.person(Role.CODE_OFFICER, campaign=place.campaign.id + 1),
    ]
    before = await digest()

    for by in others:
        with pytest.raises(Forbidden):
            await open_booth(by=by, campaign=place.campaign)
        for deed in (let_next_in, end_visit, close_booth):
            with pytest.raises(Forbidden):
                await deed(by=by, booth=row.id)
    with pytest.raises(NotFound):
        await let_next_in(by=OFFICER, booth=uuid4())
    assert await digest() == before


async def test_without_the_channel_there_is_no_booth(open_booth: OpenBooth) -> None:
    place = await open_booth("up_to_ten")

    with pytest.raises(Refused, match=r"channel\.closed"):
        await _standing(place)
    assert await find_booth(random_secret()) is None
