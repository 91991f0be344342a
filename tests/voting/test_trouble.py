"""What goes wrong on a ballot's way harms nobody else, and promises nothing."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from awards import clock
from awards.actor import Role, system
from awards.campaigns.actions import pause_voting
from awards.config import Config
from awards.db import in_transaction, postgres_credentials, sqlite_path
from awards.errors import Busy, Conflict, Refused
from awards.voting.actions import issue_codes
from awards.voting.counting import recount
from awards.voting.kiosk import find_booth, is_seated, list_booths
from awards.voting.kiosk import open_booth as open_kiosk
from awards.voting.queries import read_tally
from awards.voting.rules import Ballot, Channel, Counts
from awards.voting.store_postgres import PostgresStore
from awards.voting.store_sqlite import SqliteStore
from awards.voting.tokens import campaign_of
from awards.voting.typed import find_paper_batch, list_batches, make_batch
from tests import make
from tests.digest import digest
from tests.voting.conftest import Booth, OpenBooth
from tests.voting.test_ballot_box import rows

END_WHO_WAITS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
OFFICER = system("officer", [Role.CODE_OFFICER])


def ballot_of(booth: Booth, choice: int, source: str | None = "web") -> Ballot:
    """A ballot; without a source it is none that the tables take."""
    day, now = booth.today, clock.now()
    return booth.paper.ballot(booth.voter(), [choice], day=day, now=now, source=source)  # type: ignore[arg-type]


# --- batches --------------------------------------------------------------------------------------


async def test_a_row_that_can_t_be_written_spoils_no_other(open_booth: OpenBooth) -> None:
    booth = await open_booth("up_to_ten")
    numbers = (101, 102, 103)
    sent = [ballot_of(booth, 104, None), *(ballot_of(booth, number) for number in numbers)]

    told = await asyncio.gather(*(booth.box.put(each) for each in sent), return_exceptions=True)

    assert isinstance(told[0], Busy)
    assert [each.is_new for each in told[1:]] == [True] * 3  # type: ignore[union-attr]
    assert await read_tally(booth.campaign.id) == Counts(3, {101: 1, 102: 1, 103: 1})


async def test_each_of_a_batch_gets_its_own_answer(open_booth: OpenBooth) -> None:
    booth = await open_booth(shape="tap", per_campaign=1)
    kept, greedy = booth.voter(), booth.voter()
    await booth.cast(kept, 101)
    await booth.cast(greedy, 101)

    again, refused, new = await asyncio.gather(
        booth.cast(kept, 101), booth.cast(greedy, 102), booth.cast(booth.voter(), 101),
        return_exceptions=True,
    )  # fmt: skip

    assert not again.is_new  # type: ignore[union-attr]
    assert isinstance(refused, Refused)
    assert refused.code == "voting.quota_used"
    assert new.is_new  # type: ignore[union-attr]
    assert await read_tally(booth.campaign.id) == Counts(3, {101: 3})


async def test_who_leaves_before_a_refusal_is_not_told(open_booth: OpenBooth) -> None:
    booth = await open_booth("daily_tap")
    await pause_voting(by=system("operator"), campaign=booth.campaign)
    before = await digest()

    await _sent_and_left(booth)

    assert await digest() == before


async def test_who_leaves_before_a_failure_is_not_told(open_booth: OpenBooth) -> None:
    booth = await open_booth("daily_tap")
    async with in_transaction() as connection:
        await connection.execute_query("ALTER TABLE leaf_outbox RENAME TO leaf_outbox_away")
    before = await digest()

    await _sent_and_left(booth)

    assert await digest() == before


async def test_a_writer_that_is_cancelled_refuses_its_batch_and_goes_on(
    open_booth: OpenBooth,
) -> None:
    booth = await open_booth("daily_tap")
    token = booth.voter()
    casting = asyncio.create_task(booth.cast(token, 101))
    await _until_it_is_on_its_way(booth)

    for writer in booth.box._writers:
        writer.cancel()
    with pytest.raises(Busy):
        await casting

    await booth.cast(token, 101)  # Whatever became of the first one.
    assert await read_tally(booth.campaign.id) == Counts(1, {101: 1})


async def _sent_and_left(booth: Booth) -> None:
    casting = asyncio.create_task(booth.cast(booth.voter(), 101))
    await _until_it_is_on_its_way(booth)
    casting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await casting
    await asyncio.gather(*booth.box._writers)


async def _until_it_is_on_its_way(booth: Booth) -> None:
    while booth.box._waiting or not booth.box._writers:  # noqa: ASYNC110 - a few turns at most
        await asyncio.sleep(0)


# --- stores ---------------------------------------------------------------------------------------


@pytest.mark.sqlite
async def test_a_file_that_is_locked_is_waited_for_and_then_given_up(
    open_booth: OpenBooth, config: Config
) -> None:
    booth = await open_booth("daily_tap")
    token, store = booth.voter(), booth.box._store
    assert isinstance(store, SqliteStore)
    assert store._connection
    await store._there(store._connection.execute, "PRAGMA busy_timeout = 20")
    before = await digest()
    with closing(sqlite3.connect(sqlite_path(config), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Busy):
            await booth.cast(token, 101)
        other.execute("ROLLBACK")

    assert await digest() == before
    assert (await booth.cast(token, 101)).is_new


@pytest.mark.sqlite
async def test_what_a_writer_could_not_roll_back_is_rolled_back_by_the_next(
    open_booth: OpenBooth,
) -> None:
    booth = await open_booth("daily_tap")
    store = booth.box._store
    assert isinstance(store, SqliteStore)
    assert store._connection
    await store._there(store._connection.execute, "BEGIN IMMEDIATE")
    left = "INSERT INTO leaf_outbox (leaf) VALUES (zeroblob(32))"
    await store._there(store._connection.execute, left)

    assert (await booth.cast(booth.voter(), 101)).is_new
    assert await read_tally(booth.campaign.id) == Counts(1, {101: 1})
    assert len(await rows("leaf_outbox")) == 1


@pytest.mark.postgres
async def test_a_connection_that_is_lost_under_a_ballot_is_made_again(
    open_booth: OpenBooth, config: Config
) -> None:
    booth = await open_booth("daily_tap")
    other = await asyncpg.connect(**postgres_credentials(config))
    try:
        async with other.transaction():
            await other.execute("LOCK TABLE ballot IN EXCLUSIVE MODE")
            casting = asyncio.create_task(booth.cast(booth.voter(), 101))
            while not await other.fetch(END_WHO_WAITS):  # noqa: ASYNC110 - the server tells nobody
                await asyncio.sleep(0.01)
    finally:
        await other.close()

    assert (await casting).is_new
    assert await read_tally(booth.campaign.id) == Counts(1, {101: 1})


async def test_a_store_that_was_never_opened_can_be_closed(tmp_path: Path) -> None:
    await SqliteStore(tmp_path / "none.sqlite3").close()
    await PostgresStore({}).close()

    assert list(tmp_path.iterdir()) == []  # noqa: ASYNC240 - an empty folder


# --- counting -------------------------------------------------------------------------------------


async def test_a_transaction_counts_what_it_sees(open_booth: OpenBooth) -> None:
    booth = await open_booth("daily_tap")
    await booth.cast(booth.voter(), 101)

    async with in_transaction():
        found = await recount(booth.campaign.id)

    assert (found.ballots, found.agrees) == (1, True)


@pytest.mark.sqlite
async def test_counting_says_how_far_it_is(open_booth: OpenBooth) -> None:
    booth, said = await open_booth("daily_tap"), list[tuple[int, int]]()
    await booth.cast(booth.voter(), 101)

    await recount(booth.campaign.id, said=lambda done, of: said.append((done, of)))

    assert said == [(1, 1)]


# --- who comes with what --------------------------------------------------------------------------


async def test_codes_of_one_batch_are_made_once(open_booth: OpenBooth, config: Config) -> None:
    booth, batch = await open_booth("up_to_ten"), uuid4()
    given = {"by": OFFICER, "campaign": booth.campaign, "keys_folder": config.keys_folder}
    await issue_codes(count=2, batch=batch, **given)  # type: ignore[arg-type]
    before = await digest()

    with pytest.raises(Conflict, match=r"codes\.made"):
        await issue_codes(count=2, batch=batch, **given)  # type: ignore[arg-type]

    assert await digest() == before


def test_a_token_says_for_which_campaign_it_is() -> None:
    assert campaign_of("vt1.AAAAB2FiYw.x.y") == 7
    for text in ("", "AAAAB2FiYw", "vt1.", "vt1.A", "vt1.AAA", "vt1.望河望河"):
        assert campaign_of(text) is None


async def test_booths_are_listed_and_an_empty_one_has_no_voter(open_booth: OpenBooth) -> None:
    place = await open_booth("up_to_ten")
    await place.open_ways(Channel.EMAIL, Channel.KIOSK)
    row = await find_booth(await open_kiosk(by=OFFICER, campaign=place.campaign))
    assert row

    assert [each.id for each in await list_booths(place.campaign.id)] == [row.id]
    assert not is_seated(place.box, row, place.voter())


async def test_batches_of_paper_are_listed_and_found(open_booth: OpenBooth) -> None:
    place = await open_booth("class_cap")
    await place.open_ways(Channel.EMAIL, Channel.PAPER)
    await place.campaign.fetch_related("stages")
    reader = await make.person(Role.MODERATOR)
    batch = await make_batch(by=reader, campaign=place.campaign, count=1)

    assert [each.id for each in await list_batches(place.campaign.id)] == [batch]
    assert (await find_paper_batch(batch, by=reader)).id == batch
