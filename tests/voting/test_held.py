"""Ballots that are kept, and not counted until somebody has looked at them."""

import asyncio

import pytest

from awards.errors import Conflict
from awards.voting.counting import recount
from awards.voting.queries import read_tally
from awards.voting.rules import Counts
from tests.digest import digest
from tests.voting.conftest import OpenBooth
from tests.voting.test_ballot_box import rows


async def test_a_held_ballot_is_kept_and_not_counted(open_booth: OpenBooth) -> None:
    booth = await open_booth("daily_tap")
    await booth.cast(booth.voter(), 101)

    receipt = await booth.cast(booth.voter(), 102, is_held=True)

    assert receipt.is_new
    assert sorted(str(row["state"]) for row in await rows("ballot")) == ["held", "valid"]
    assert len(await rows("leaf_outbox")) == 2
    assert await read_tally(booth.campaign.id) == Counts(1, {101: 1})
    found = await recount(booth.campaign.id)
    assert (found.ballots, found.held, found.votes, found.agrees) == (1, 1, {101: 1}, True)


async def test_it_uses_the_quota_and_nothing_tells_the_voter(open_booth: OpenBooth) -> None:
    booth = await open_booth("up_to_ten")
    token = booth.voter()
    first = await booth.cast(token, 101, 201, is_held=True)
    before = await digest()

    again = await booth.cast(token, 101, 201)
    with pytest.raises(Conflict, match=r"voting\.already_voted"):
        await booth.cast(token, 102)

    assert (again.tracker, again.day, again.is_new) == (first.tracker, first.day, False)
    assert await digest() == before


async def test_held_and_valid_ones_go_in_one_transaction(open_booth: OpenBooth) -> None:
    booth = await open_booth("daily_tap")
    repeated = booth.voter()
    await booth.cast(repeated, 101)

    await asyncio.gather(
        *(booth.cast(booth.voter(), 102, is_held=bool(n % 2)) for n in range(20)),
        booth.cast(repeated, 101),
        booth.cast(booth.voter(), 103, is_held=True),
    )

    found = await recount(booth.campaign.id)
    assert (found.ballots, found.held, found.agrees) == (11, 11, True)
    assert found.votes == {101: 1, 102: 10}
