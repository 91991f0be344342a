"""Ballots in PostgreSQL: connections of our own, and one statement for a whole batch.

The statement keeps all ballots as new, or fails as a whole: it divides by nought when a row was
not taken. Then each ballot is looked at by itself. Every list is sorted by key, so that two batches
that meet wait for each other in one order.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import asyncpg

from awards.voting.rules import Ballot
from awards.voting.store import Answer, Outcome, Unsettled, standing, tally_lines

CONNECTIONS = 2
ORDER = 0x6F72646572
"""The advisory lock of a whole batch against ballots one by one."""
Key = tuple[int, int, bytes]
Stands = dict[Key, tuple[int, bytes]]
"""Window and choices of the ballots that stand, by their keys."""
KEEP = """
ballots AS (
    INSERT INTO ballot (campaign, period, tag, cast_window, channel, source, choices, state)
    SELECT * FROM unnest($1::int[], $2::int[], $3::bytea[], $4::int[], $5::text[], $6::text[],
        $7::bytea[], $8::text[])
    ON CONFLICT DO NOTHING RETURNING 1
), quotas AS (
    INSERT INTO quota AS held (campaign, period, tag, used, most)
    SELECT * FROM unnest($9::int[], $10::int[], $11::bytea[], $12::int[], $13::int[])
        AS draw (campaign, period, tag, used, most) WHERE draw.used <= draw.most
    ON CONFLICT (campaign, period, tag) DO UPDATE SET used = held.used + excluded.used
    WHERE held.used + excluded.used <= held.most RETURNING 1
)"""
COUNT = """
counted AS (
    INSERT INTO tally AS line (campaign, candidate, n)
    SELECT * FROM unnest(${0}::int[], ${1}::int[], ${2}::bigint[])
    ON CONFLICT (campaign, candidate) DO UPDATE SET n = line.n + excluded.n
), leaves AS (
    INSERT INTO leaf_outbox (leaf) SELECT * FROM unnest(${3}::bytea[])
)"""
ALL_KEPT = """
(SELECT count(*) FROM ballots) = cardinality($1::int[])
AND (SELECT count(*) FROM quotas) = cardinality($9::int[])"""
CURRENT = """
(SELECT count(*) FROM unnest($18::int[], $19::int[]) AS judged (campaign, version)
 JOIN campaign ON campaign.id = judged.campaign AND campaign.version = judged.version
 WHERE campaign.published_at IS NOT NULL) = cardinality($18::int[])"""
# Ballots that are kept one by one take their rows and quotas in no order that suits a whole batch,
# so whoever does that is alone meanwhile. CASE has the lock before any row.
ALONE = f"SELECT pg_advisory_xact_lock({ORDER})"
BATCH = f"""WITH {KEEP}, {COUNT.format(14, 15, 16, 17)}
SELECT CASE WHEN pg_advisory_xact_lock_shared({ORDER}) IS NOT NULL
THEN 1 / ({ALL_KEPT} AND {CURRENT})::int END"""
SINGLE = f"WITH {KEEP} SELECT 1 / ({ALL_KEPT})::int"
ADD = f"WITH {COUNT.format(1, 2, 3, 4)} SELECT 1"
VERSIONS = "SELECT id, version FROM campaign WHERE id = any($1::int[]) AND published_at IS NOT NULL"
STANDING = """
SELECT campaign, period, tag, cast_window, choices FROM ballot
JOIN unnest($1::int[], $2::int[], $3::bytea[]) AS asked (campaign, period, tag)
USING (campaign, period, tag)
"""
AGAIN = (
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    OSError,
)


class PostgresStore:
    """As many batches in flight as it has connections. Any number of processes may write."""

    at_once = CONNECTIONS
    poison: tuple[type[Exception], ...] = (
        asyncpg.DataError,
        asyncpg.IntegrityConstraintViolationError,
    )

    def __init__(self, credentials: dict[str, Any]) -> None:
        self._credentials = credentials
        self._pool: asyncpg.Pool | None = None

    async def open(self) -> None:
        self._pool = await asyncpg.create_pool(
            **self._credentials,
            min_size=CONNECTIONS,
            max_size=CONNECTIONS,
            command_timeout=10,
            server_settings={"synchronous_commit": "on"},
        )

    async def commit(self, ballots: Sequence[Ballot]) -> list[Answer]:
        assert self._pool is not None  # noqa: S101 - open() comes first
        try:
            async with self._pool.acquire() as connection:
                return await _settle(connection, ballots)
        except AGAIN as error:
            raise Unsettled(type(error).__name__) from error

    async def close(self) -> None:
        if self._pool is not None:
            await self._pool.close()


async def _settle(connection: Any, ballots: Sequence[Ballot]) -> list[Answer]:
    """All as new; else those that stand nowhere yet, together; else each by itself."""
    if not any(each.is_late for each in ballots) and await _all_new(connection, ballots):
        return [Answer(Outcome.NEW, each.cast_window) for each in ballots]
    stands = await _standing(connection, ballots)
    versions = await _versions(connection, ballots)
    if any(versions.get(each.paper.campaign) != each.paper.version for each in ballots):
        return await _each_by_itself(connection, ballots)
    fresh: dict[Key, Ballot] = {}
    for each in ballots:
        if not each.is_late and _key(each) not in stands:
            fresh.setdefault(_key(each), each)
    if len(fresh) == len(ballots) or (fresh and not await _all_new(connection, [*fresh.values()])):
        return await _each_by_itself(connection, ballots)
    stands |= {key: (each.cast_window, each.packed) for key, each in fresh.items()}
    return [
        Answer(Outcome.NEW, each.cast_window)
        if fresh.get(_key(each)) is each
        else _standing_answer(each, stands)
        for each in ballots
    ]


async def _all_new(connection: Any, ballots: Sequence[Ballot]) -> bool:
    """Keep all of these as new and count them, or leave everything as it was."""
    judged = sorted({(each.paper.campaign, each.paper.version) for each in ballots})
    given = [*_kept(ballots), *_counted(ballots), *_turned(judged, 2)]
    return await _takes(connection, BATCH, given)


async def _each_by_itself(connection: Any, ballots: Sequence[Ballot]) -> list[Answer]:
    """The same for ballots that are not all new. What they add is counted last and in order, so
    that no batch holds a line of the tally while it waits for a ballot.
    """
    async with connection.transaction():
        await connection.execute(ALONE)
        versions = await _versions(connection, ballots)
        stands = await _standing(connection, ballots)
        answers = []
        for ballot in ballots:
            if versions.get(ballot.paper.campaign) != ballot.paper.version:
                answers.append(Answer(Outcome.STALE))
            else:
                answers.append(await _one(connection, ballot, stands))
        fresh = [
            ballot
            for ballot, answer in zip(ballots, answers, strict=True)
            if answer.outcome is Outcome.NEW
        ]
        if fresh:
            await connection.execute(ADD, *_counted(fresh))
        return answers


async def _one(connection: Any, ballot: Ballot, stands: Stands) -> Answer:
    if _key(ballot) not in stands and not ballot.is_late:
        savepoint = connection.transaction()
        await savepoint.start()
        if await _takes(connection, SINGLE, _kept([ballot])):
            await savepoint.commit()
            stands[_key(ballot)] = (ballot.cast_window, ballot.packed)
            return Answer(Outcome.NEW, ballot.cast_window)
        await savepoint.rollback()
        # Somebody else's batch may have brought it meanwhile.
        stands |= await _standing(connection, [ballot])
    return _standing_answer(ballot, stands)


def _standing_answer(ballot: Ballot, stands: Stands) -> Answer:
    if _key(ballot) in stands:
        return standing(ballot, *stands[_key(ballot)])
    return Answer(Outcome.LATE if ballot.is_late else Outcome.QUOTA)


async def _versions(connection: Any, ballots: Sequence[Ballot]) -> dict[int, int]:
    """The campaigns of these ballots that are public, and which edition of each is the present."""
    campaigns = sorted({each.paper.campaign for each in ballots})
    return {row[0]: row[1] for row in await connection.fetch(VERSIONS, campaigns)}


async def _standing(connection: Any, ballots: Sequence[Ballot]) -> Stands:
    """The ballots that stand under these tags."""
    keys = _turned(sorted({_key(each) for each in ballots}), 3)
    return {tuple(row[:3]): (row[3], row[4]) for row in await connection.fetch(STANDING, *keys)}


async def _takes(connection: Any, statement: str, given: list[list[Any]]) -> bool:
    """Whether the statement took every row; otherwise it has taken none."""
    try:
        await connection.execute(statement, *given)
    except asyncpg.DivisionByZeroError:
        return False
    return True


def _key(ballot: Ballot) -> Key:
    return (ballot.paper.campaign, ballot.period, ballot.tag)


def _row(ballot: Ballot) -> tuple[Any, ...]:
    return (
        *_key(ballot), ballot.cast_window, ballot.token.channel.value, ballot.source,
        ballot.packed, ballot.state,
    )  # fmt: skip


def _kept(ballots: Sequence[Ballot]) -> list[list[Any]]:
    """Ballots, and what they draw of each quota: summed, as one statement may touch a row once."""
    rows = sorted(_row(each) for each in ballots)
    used = Counter(
        (each.paper.campaign, draw.period, draw.tag, draw.most)
        for each in ballots
        for draw in each.draws
    )
    draws = [(*key[:3], used[key], key[3]) for key in sorted(used)]
    return [*_turned(rows, 8), *_turned(draws, 5)]


def _counted(ballots: Sequence[Ballot]) -> list[list[Any]]:
    return [*_turned(tally_lines(ballots), 3), [each.leaf for each in ballots]]


def _turned(rows: Sequence[tuple[Any, ...]], columns: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[]] * columns
