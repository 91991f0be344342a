from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from awards import clock
from awards.db import in_transaction, placeholders
from awards.voting.counting import count_ballots, recount
from awards.voting.live import LiveCounts
from awards.voting.queries import has_voters, view_voter
from awards.voting.rules import Channel, Counts, Shown, VoterView, VotingToken
from tests.voting.conftest import NUMBERS, Booth, OpenBooth

Freeze = Callable[[datetime], time_machine.Traveller]


async def view(booth: Booth, token: VotingToken) -> VoterView:
    return await view_voter(booth.paper, token, now=clock.now())


# --- one voter ------------------------------------------------------------------------------------


async def test_a_voter_has_everything_left_at_first(open_booth: OpenBooth) -> None:
    booth = await open_booth("daily_tap")

    seen = await view(booth, booth.voter())

    assert (seen.left_today, seen.left, dict(seen.given)) == (10, None, {})
    assert dict(seen.left_for) == dict.fromkeys(NUMBERS, 1)
    assert not seen.is_done


async def test_a_voter_sees_what_was_used_today(open_booth: OpenBooth, frozen_at: Freeze) -> None:
    booth = await open_booth(shape="tap", per_day=2, per_candidate_day=1)
    token = booth.voter()
    await booth.cast(token, 101)

    seen = await view(booth, token)
    assert (seen.left_today, dict(seen.given)) == (1, {101: 1})
    assert (seen.may_choose(101), seen.may_choose(102)) == (False, True)

    await booth.cast(token, 102)
    assert (await view(booth, token)).is_done
    assert not (await view(booth, booth.voter())).is_done

    frozen_at(clock.now() + timedelta(days=1))
    assert (await view(booth, token)).left_today == 2


async def test_a_voter_sees_what_was_used_in_all(open_booth: OpenBooth) -> None:
    booth = await open_booth("fixed_total")
    token = booth.voter()
    await booth.cast(token, 101)

    seen = await view(booth, token)

    assert (seen.left_today, seen.left, seen.left_for[101], seen.left_for[102]) == (None, 11, 0, 1)


async def test_categories_and_slots_are_seen(open_booth: OpenBooth) -> None:
    booth = await open_booth(shape="tap", per_category=2)
    token = booth.voter()
    await booth.cast(token, 101)

    seen = await view(booth, token)

    assert (seen.left_for[101], seen.left_for[102], seen.left_for[201]) == (1, 1, 2)
    assert (seen.next_slot(101), seen.next_slot(201)) == (2, 1)


async def test_a_voter_finds_the_ballot_that_stands(open_booth: OpenBooth) -> None:
    booth = await open_booth("up_to_ten")
    token = booth.voter()
    assert not (await view(booth, token)).is_done

    receipt = await booth.cast(token, 301, 101)

    seen = await view(booth, token)
    assert (seen.choices, seen.is_done) == ((101, 301), True)
    assert seen.receipt is not None
    assert (seen.receipt.tracker, seen.receipt.day) == (receipt.tracker, receipt.day)


async def test_many_names_are_looked_up_in_parts(
    open_booth: OpenBooth, monkeypatch: pytest.MonkeyPatch
) -> None:
    booth = await open_booth("daily_tap")
    token = booth.voter()
    for number in NUMBERS:
        await booth.cast(token, number)
    monkeypatch.setattr("awards.voting.queries.MANY", 2)

    seen = await view(booth, token)

    assert (dict(seen.given), seen.left_today) == (dict.fromkeys(NUMBERS, 1), 4)


async def test_a_key_is_needed_once_somebody_is_known_under_it(open_booth: OpenBooth) -> None:
    booth = await open_booth("daily_tap")
    assert not await has_voters(booth.campaign.id)

    await booth.cast(booth.voter(), 101)

    assert await has_voters(booth.campaign.id)


# --- counts ---------------------------------------------------------------------------------------


async def test_only_valid_ballots_of_this_campaign_are_counted(open_booth: OpenBooth) -> None:
    booth, other = await open_booth("up_to_ten"), await open_booth("up_to_ten")
    await booth.cast(booth.voter(), 101, 201)
    await other.cast(other.voter(), 101)
    held = booth.voter()
    await booth.cast(held, 301)
    async with in_transaction() as connection:
        await connection.execute_query(
            placeholders("UPDATE ballot SET state = 'held' WHERE campaign = ? AND choices = ?"),
            [booth.campaign.id, b"\x01\x2d"],
        )

    assert await count_ballots(booth.campaign.id) == Counts(1, {101: 1, 201: 1})


async def test_live_counts_move_a_minute_and_twenty_votes_apart(
    open_booth: OpenBooth, frozen_at: Freeze
) -> None:
    booth, live = await open_booth("daily_tap"), LiveCounts()
    moment = frozen_at(clock.now())

    async def shown() -> int:
        figures = await live.figures(booth.paper, now=clock.now())
        assert figures.kind is Shown.LIVE
        assert figures.votes is not None and set(figures.votes) == set(NUMBERS)
        return figures.ballots

    assert await shown() == 0
    for _each in range(19):
        await booth.cast(booth.voter(), 101)
    moment.shift(61)
    assert await shown() == 0
    await booth.cast(booth.voter(), 102)
    assert await shown() == 20
    for _each in range(20):
        await booth.cast(booth.voter(), 101)
    moment.shift(59)
    assert await shown() == 20
    moment.shift(1)
    assert await shown() == 40


async def test_hidden_counts_stay_hidden_until_published(open_booth: OpenBooth) -> None:
    booth, live = await open_booth("fixed_total"), LiveCounts()
    await booth.cast(booth.voter(), 101)

    hidden = await live.figures(booth.paper, now=clock.now())
    public = await live.figures(booth.paper, now=clock.now(), is_published=True)

    assert (hidden.kind, hidden.votes) == (Shown.NOTHING, None)
    assert (public.kind, public.votes) == (Shown.ALL, {**dict.fromkeys(NUMBERS, 0), 101: 1})


async def test_nothing_is_counted_before_voting_opens(open_booth: OpenBooth) -> None:
    booth, live = await open_booth("daily_tap"), LiveCounts()
    assert booth.paper.window is not None

    early = await live.figures(booth.paper, now=booth.paper.window.start - timedelta(days=1))
    late = await live.figures(booth.paper, now=booth.paper.window.end)

    assert (early.kind, early.ballots, early.votes) == (Shown.NOTHING, 0, None)
    assert late.kind is Shown.ALL


async def test_posted_counts_are_those_of_the_hour(
    open_booth: OpenBooth, frozen_at: Freeze
) -> None:
    moment = frozen_at(datetime(2026, 11, 23, 9, 55, tzinfo=UTC))
    booth, live = (
        await open_booth(shape="ballot", max_picks=3, visibility="daily@18:00"),
        LiveCounts(),
    )
    await booth.cast(booth.voter(), 101)

    async def shown() -> int:
        figures = await live.figures(booth.paper, now=clock.now())
        assert figures.kind is Shown.POSTED
        return figures.ballots

    assert await shown() == 0
    moment.shift(5 * 60)
    await booth.cast(booth.voter(), 102)
    assert await shown() == 1
    assert await shown() == 1
    moment.shift(24 * 3600)
    assert await shown() == 2


async def test_each_way_to_vote_is_counted_apart(open_booth: OpenBooth) -> None:
    booth = await open_booth("up_to_ten")
    await booth.open_ways(*Channel)
    paper = booth.voter()._replace(channel=Channel.PAPER)
    await booth.cast(booth.voter(), 101, 102)
    await booth.cast(booth.voter(), 101)
    await booth.cast(paper, 101, 301)

    found = (await recount(booth.campaign.id)).by_channel

    assert found == {
        Channel.CODE: Counts(2, {101: 2, 102: 1}),
        Channel.PAPER: Counts(1, {101: 1, 301: 1}),
    }
    together = await count_ballots(booth.campaign.id)
    assert sum(each.ballots for each in found.values()) == together.ballots


async def test_one_person_has_another_quota_in_each_way(open_booth: OpenBooth) -> None:
    booth = await open_booth("up_to_ten")
    await booth.open_ways(*Channel)
    keys, one = booth.paper.keys, "li@example.com"
    voters = [keys.voter_tag(keys.pid(channel, one)) for channel in Channel]

    for channel, voter in zip(Channel, voters, strict=True):
        await booth.cast(VotingToken(booth.campaign.id, channel, voter), 101)

    assert len(set(voters)) == len(Channel)
    assert (await count_ballots(booth.campaign.id)).ballots == len(Channel)
