import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from tortoise.connection import get_connections

from awards import clock
from awards.actor import system
from awards.campaigns.actions import pause_voting, raise_version, resume_voting
from awards.campaigns.keys import key_path
from awards.campaigns.models import Campaign
from awards.db import in_transaction, placeholders
from awards.errors import Busy, Conflict, Invalid, NotFound, Refused
from awards.nominations.models import Candidate
from awards.voting import ballot_box, papers
from awards.voting.papers import Papers
from awards.voting.queries import read_tally
from awards.voting.rules import Ballot, Counts
from awards.voting.store import Answer, Unsettled
from tests import make
from tests.digest import digest
from tests.voting.conftest import OpenBooth

BY = system("operator")
Freeze = Callable[[datetime], time_machine.Traveller]


async def rows(table: str) -> list[dict[str, object]]:
    connection = get_connections().get("default")
    found = await connection.execute_query_dict(f"SELECT * FROM {table}")  # noqa: S608 - ours
    return [dict(row) for row in found]


# --- what one ballot leaves behind ----------------------------------------------------------------


async def test_a_ballot_is_kept_with_all_that_belongs_to_it(open_booth: OpenBooth) -> None:
    booth = await open_booth("daily_tap")
    token = booth.voter()

    receipt = await booth.cast(token, 102)

    ballot = booth.paper.ballot(token, [102], day=booth.today, now=clock.now())
    (kept,) = await rows("ballot")
    assert kept["cast_window"] == int(clock.now().timestamp()) // 600
    assert (kept["campaign"], kept["period"]) == (booth.campaign.id, ballot.period)
    assert (bytes(kept["tag"]), bytes(kept["choices"])) == (ballot.tag, b"\x00\x66")  # type: ignore[call-overload]
    assert (kept["channel"], kept["source"], kept["state"]) == ("code", "api", "valid")
    (quota,) = await rows("quota")
    assert (quota["used"], quota["most"], quota["period"]) == (1, 10, ballot.period)
    assert bytes((await rows("leaf_outbox"))[0]["leaf"]) == ballot.leaf  # type: ignore[call-overload]
    assert await read_tally(booth.campaign.id) == Counts(1, {102: 1})
    assert (receipt.day, receipt.is_new) == (booth.today, True)


async def test_a_ballot_of_several_counts_each(open_booth: OpenBooth) -> None:
    booth = await open_booth("up_to_ten")

    await booth.cast(booth.voter(), 301, 101)
    await booth.cast(booth.voter(), 101)

    assert await read_tally(booth.campaign.id) == Counts(2, {101: 2, 301: 1})
    assert await rows("quota") == []


# --- once and only once ---------------------------------------------------------------------------


@pytest.mark.parametrize("preset", ["daily_tap", "up_to_ten", "once_multi", "like_only"])
async def test_the_same_vote_again_is_the_same_receipt(open_booth: OpenBooth, preset: str) -> None:
    booth = await open_booth(preset)
    token = booth.voter()
    first = await booth.cast(token, 101)
    before = await digest()

    again = await booth.cast(token, 101)

    assert (again.tracker, again.day) == (first.tracker, first.day)
    assert (first.is_new, again.is_new) == (True, False)
    assert await digest() == before


async def test_another_ballot_is_refused(open_booth: OpenBooth) -> None:
    booth = await open_booth("up_to_ten")
    token = booth.voter()
    await booth.cast(token, 101, 201)
    before = await digest()

    with pytest.raises(Conflict, match=r"voting\.already_voted"):
        await booth.cast(token, 101)

    assert await digest() == before


async def test_a_day_has_its_quota_and_midnight_brings_a_new_one(
    open_booth: OpenBooth, frozen_at: Freeze
) -> None:
    booth = await open_booth(shape="tap", per_day=2, per_candidate_day=1)
    token = booth.voter()
    await booth.cast(token, 101)
    await booth.cast(token, 102)
    before = await digest()

    with pytest.raises(Conflict, match=r"voting\.quota_used"):
        await booth.cast(token, 103)
    assert await digest() == before

    frozen_at(clock.now() + timedelta(days=1))
    receipt = await booth.cast(token, 101)
    assert receipt.is_new
    assert await read_tally(booth.campaign.id) == Counts(3, {101: 2, 102: 1})


async def test_a_campaign_s_quota_outlasts_the_day(
    open_booth: OpenBooth, frozen_at: Freeze
) -> None:
    booth = await open_booth(shape="tap", per_day=2, per_candidate_day=1, per_campaign=3)
    token = booth.voter()
    await booth.cast(token, 101)
    await booth.cast(token, 102)
    frozen_at(clock.now() + timedelta(days=1))
    await booth.cast(token, 101)
    before = await digest()

    with pytest.raises(Conflict, match=r"voting\.quota_used"):
        await booth.cast(token, 102)

    assert await digest() == before


async def test_a_candidate_s_quota_outlasts_the_day(
    open_booth: OpenBooth, frozen_at: Freeze
) -> None:
    booth = await open_booth(shape="tap", per_candidate_day=1, per_candidate=1)
    token = booth.voter()
    await booth.cast(token, 101)
    frozen_at(clock.now() + timedelta(days=1))

    with pytest.raises(Conflict, match=r"voting\.quota_used"):
        await booth.cast(token, 101)
    assert (await booth.cast(token, 102)).is_new


async def test_a_category_has_its_quota(open_booth: OpenBooth) -> None:
    booth = await open_booth(shape="tap", per_category=2)
    token = booth.voter()
    await booth.cast(token, 101)
    await booth.cast(token, 101, slot=2)

    with pytest.raises(Conflict, match=r"voting\.quota_used"):
        await booth.cast(token, 102)
    with pytest.raises(Conflict, match=r"voting\.quota_used"):
        await booth.cast(token, 101, slot=3)
    assert (await booth.cast(token, 201)).is_new


async def test_a_slot_tells_a_second_vote_from_the_first_sent_again(open_booth: OpenBooth) -> None:
    booth = await open_booth(shape="tap", per_day=10, per_candidate_day=2)
    token = booth.voter()

    first, again = await booth.cast(token, 101), await booth.cast(token, 101)
    second = await booth.cast(token, 101, slot=2)

    assert (first.tracker, False) == (again.tracker, again.is_new)
    assert second.is_new and second.tracker != first.tracker
    assert await read_tally(booth.campaign.id) == Counts(2, {101: 2})


# --- of which day ---------------------------------------------------------------------------------


@pytest.mark.parametrize("preset", ["daily_tap", "citizen_panel", "exact_daily"])
async def test_a_form_of_yesterday_asks_for_its_receipt_alone(
    open_booth: OpenBooth, frozen_at: Freeze, preset: str
) -> None:
    booth = await (
        open_booth(shape="ballot", max_picks=3, ballots="daily")
        if preset == "exact_daily"
        else open_booth(preset)
    )
    token, yesterday = booth.voter(), booth.today
    first = await booth.cast(token, 101)
    frozen_at(clock.now() + timedelta(days=1))
    before = await digest()

    again = await booth.cast(token, 101, day=yesterday)
    assert (again.tracker, again.day, again.is_new) == (first.tracker, first.day, False)
    with pytest.raises(Refused) as refused:
        await booth.cast(token, 102, day=yesterday)

    expected = "voting.already_voted" if preset == "exact_daily" else "ballot.other_day"
    assert refused.value.code == expected
    assert await digest() == before


async def test_a_form_of_tomorrow_is_refused(open_booth: OpenBooth) -> None:
    booth = await open_booth("daily_tap")

    with pytest.raises(Invalid, match=r"ballot\.other_day"):
        await booth.cast(booth.voter(), 101, day=booth.today + timedelta(days=1))


# --- the campaign in memory -----------------------------------------------------------------------


async def test_a_change_counts_at_once(open_booth: OpenBooth) -> None:
    booth = await open_booth("daily_tap")
    token = booth.voter()
    await booth.cast(token, 101)

    await pause_voting(by=BY, campaign=booth.campaign)
    before = await digest()
    with pytest.raises(Refused, match=r"voting\.paused"):
        await booth.cast(token, 102)
    assert await digest() == before

    await resume_voting(by=BY, campaign=booth.campaign)
    assert (await booth.cast(token, 102)).is_new


async def test_a_change_that_lets_the_vote_be_is_no_hindrance(open_booth: OpenBooth) -> None:
    booth = await open_booth("daily_tap")
    async with in_transaction():
        await raise_version(booth.campaign.id)

    assert (await booth.cast(booth.voter(), 101)).is_new
    assert booth.paper.version == booth.campaign.version + 1


async def test_a_candidate_who_left_gets_no_more_votes(open_booth: OpenBooth) -> None:
    booth = await open_booth("daily_tap")
    async with in_transaction():
        await Candidate.filter(campaign_id=booth.campaign.id, number=101).update(state="withdrawn")
        await raise_version(booth.campaign.id)

    with pytest.raises(Invalid, match=r"ballot\.unknown_candidate"):
        await booth.cast(booth.voter(), 101)


async def test_a_candidate_who_came_can_be_chosen(open_booth: OpenBooth) -> None:
    booth = await open_booth("daily_tap")
    await make.candidate(booth.campaign, 302)
    async with in_transaction():
        await raise_version(booth.campaign.id)

    assert (await booth.cast(booth.voter(), 302)).is_new


async def test_a_campaign_is_found_by_its_address(open_booth: OpenBooth) -> None:
    booth = await open_booth("daily_tap")
    box = booth.box

    assert (await box.papers.find(booth.campaign.slug)).campaign == booth.campaign.id
    with pytest.raises(NotFound, match=r"campaign\.unknown"):
        await box.papers.find("nowhere")
    with pytest.raises(NotFound, match=r"campaign\.unknown"):
        box.papers.get(999)
    other = await make.campaign()
    assert (await box.papers.find(other.slug)).campaign == other.id


async def test_a_campaign_that_is_not_public_takes_no_vote(open_booth: OpenBooth) -> None:
    booth = await open_booth("daily_tap")
    token = booth.voter()
    async with in_transaction():
        await Campaign.filter(id=booth.campaign.id).update(published_at=None)
    before = await digest()

    with pytest.raises(NotFound, match=r"campaign\.unknown"):
        await booth.cast(token, 101)

    assert await digest() == before


async def test_papers_are_read_anew_after_a_second(
    open_booth: OpenBooth, monkeypatch: pytest.MonkeyPatch
) -> None:
    booth = await open_booth("daily_tap")
    await make.candidate(booth.campaign, 302)
    async with in_transaction():
        await raise_version(booth.campaign.id)

    assert 302 not in (await booth.box.papers.find(booth.campaign.slug)).candidates
    monkeypatch.setattr(papers, "REFRESH", -1.0)
    assert 302 in (await booth.box.papers.find(booth.campaign.slug)).candidates


# --- keys -----------------------------------------------------------------------------------------


async def test_a_lost_key_stops_the_vote(open_booth: OpenBooth, tmp_path: Path) -> None:
    booth = await open_booth("daily_tap")
    await booth.cast(booth.voter(), 101)
    lost = tmp_path / "empty"

    box = Papers(lost)

    with pytest.raises(NotFound, match=r"campaign\.unknown"):
        await box.find(booth.campaign.slug)
    assert list(lost.glob("**/*")) == []


async def test_a_key_is_made_for_a_campaign_that_has_none(
    open_booth: OpenBooth, tmp_path: Path
) -> None:
    booth = await open_booth("daily_tap")
    fresh = tmp_path / "fresh"

    box = Papers(fresh)
    await box.refresh()

    made = key_path(fresh, booth.campaign.id)
    assert [path for path in fresh.glob("campaigns/*")] == [made]


# --- at once --------------------------------------------------------------------------------------


async def test_many_at_once_get_exactly_the_quota(open_booth: OpenBooth) -> None:
    booth = await open_booth(shape="tap", per_day=3, per_candidate_day=3)
    token = booth.voter()

    answers = await asyncio.gather(
        *(
            booth.cast(token, number, slot=slot)
            for number in (101, 102, 201, 301)
            for slot in (1, 2, 3)
        ),
        return_exceptions=True,
    )

    kept = [answer for answer in answers if not isinstance(answer, BaseException)]
    refused = [answer for answer in answers if isinstance(answer, Refused)]
    assert (len(kept), len(refused)) == (3, 9)
    assert {each.code for each in refused} == {"voting.quota_used"}
    assert (await read_tally(booth.campaign.id)).ballots == 3
    assert [row["used"] for row in await rows("quota")] == [3]


async def test_one_ballot_sent_at_once_is_kept_once(open_booth: OpenBooth) -> None:
    booth = await open_booth("up_to_ten")
    token = booth.voter()

    receipts = await asyncio.gather(*(booth.cast(token, 101, 201) for _each in range(20)))

    assert len({receipt.tracker for receipt in receipts}) == 1
    assert sum(receipt.is_new for receipt in receipts) == 1
    assert await read_tally(booth.campaign.id) == Counts(1, {101: 1, 201: 1})


async def test_who_leaves_while_the_ballot_is_kept_loses_nothing(open_booth: OpenBooth) -> None:
    booth = await open_booth("up_to_ten")
    token = booth.voter()
    casting = asyncio.ensure_future(booth.cast(token, 101))
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    casting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await casting
    await asyncio.gather(*booth.box._writers)

    again = await booth.cast(token, 101)
    assert not again.is_new
    assert await read_tally(booth.campaign.id) == Counts(1, {101: 1})


async def test_a_full_box_refuses(open_booth: OpenBooth, monkeypatch: pytest.MonkeyPatch) -> None:
    booth = await open_booth("daily_tap")
    monkeypatch.setattr(ballot_box, "LEAST_WAITING", 0)
    before = await digest()

    with pytest.raises(Busy):
        await booth.cast(booth.voter(), 101)

    assert await digest() == before


@pytest.mark.parametrize(("times", "kept"), [(1, True), (2, True), (3, False)])
async def test_an_unsettled_batch_is_sent_again(
    open_booth: OpenBooth, monkeypatch: pytest.MonkeyPatch, times: int, kept: bool
) -> None:
    booth, left = await open_booth("daily_tap"), [times]
    store = booth.box._store
    real = store.commit

    async def stumble(ballots: Sequence[Ballot]) -> list[Answer]:
        if left[0]:
            left[0] -= 1
            raise Unsettled("deadlock")
        return await real(ballots)

    monkeypatch.setattr(store, "commit", stumble)
    before = await digest()

    if kept:
        assert (await booth.cast(booth.voter(), 101)).is_new
    else:
        with pytest.raises(Busy):
            await booth.cast(booth.voter(), 101)
        assert await digest() == before


async def test_a_database_that_fails_promises_nothing(open_booth: OpenBooth) -> None:
    booth = await open_booth("daily_tap")
    token = booth.voter()
    async with in_transaction() as connection:
        await connection.execute_query("ALTER TABLE leaf_outbox RENAME TO leaf_outbox_away")
    before = await digest()

    with pytest.raises(Busy):
        await booth.cast(token, 101)
    assert await digest() == before

    async with in_transaction() as connection:
        await connection.execute_query("ALTER TABLE leaf_outbox_away RENAME TO leaf_outbox")
    assert (await booth.cast(token, 101)).is_new


# --- what the tables refuse -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM ballot",
        "UPDATE ballot SET state = 'gone'",
        "UPDATE quota SET used = most + 1",
        "UPDATE quota SET used = 0",
        "UPDATE tally SET n = -1",
    ],
)
async def test_the_tables_keep_what_they_promise(open_booth: OpenBooth, statement: str) -> None:
    booth = await open_booth("daily_tap")
    await booth.cast(booth.voter(), 101)
    before = await digest()

    with pytest.raises(Exception, match=r"(?i)never|check|constraint"):
        async with in_transaction() as connection:
            await connection.execute_query(placeholders(statement))

    assert await digest() == before
