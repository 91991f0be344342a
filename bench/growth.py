"""Ten million ballots, written in the order of their keys, as an import would.

100,000 voters came on ten days and gave ten votes each. Names are random here, as they look without
the key, and made by the database itself: nothing else is as quick.
"""

import asyncio
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import asyncpg

from bench.votes import A_DAY, CANDIDATES, FIRST_NUMBER, ZONE, Site

VOTERS, DAYS = 100_000, 10
WINDOWS_A_DAY = 144
PARTS = ("voter", "ballot", "quota", "tally", "leaf_outbox")
"""The tables of the vote path."""
NUMBERS = b"".join(
    number.to_bytes(2, "big") for number in range(FIRST_NUMBER, FIRST_NUMBER + CANDIDATES)
).hex()


@dataclass(frozen=True)
class Dialect:
    """How a database counts from 0, makes 16 or 32 bytes of nothing, and takes two bytes out of
    many.
    """

    count: str
    name: str
    leaf: str
    numbers: str


SQLITE = Dialect(
    "WITH RECURSIVE many (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM many WHERE n + 1 < {})",
    "randomblob(16)",
    "randomblob(32)",
    f"x'{NUMBERS}'",
)
POSTGRES = Dialect(
    "WITH many AS (SELECT n FROM generate_series(0, {} - 1) AS n)",
    "uuid_send(gen_random_uuid())",
    "sha256(uuid_send(gen_random_uuid()))",
    f"'\\x{NUMBERS}'::bytea",
)


@dataclass(frozen=True)
class Crowd:
    """Everything that this many voters leave in the tables."""

    campaign: int
    voters: int = VOTERS

    @property
    def ballots(self) -> int:
        return self.voters * DAYS * A_DAY

    def statements(self, say: Dialect) -> Iterator[str]:
        """What fills the tables, one after the other. All is of our own making."""
        c, choice = self.campaign, f"substr({say.numbers}, 1 + 2 * (n % {CANDIDATES}), 2)"
        yield (
            f"{say.count.format(self.voters)} INSERT INTO voter (campaign, channel, pid) "  # noqa: S608
            f"SELECT {c}, 'email', {say.name} AS name FROM many ORDER BY name"
        )
        for day in days():
            period, window = f"{day:%Y%m%d}", int(day.timestamp()) // 600
            yield (
                f"{say.count.format(self.voters * A_DAY)} INSERT INTO ballot "  # noqa: S608
                "(campaign, period, tag, cast_window, channel, source, choices) "
                f"SELECT {c}, {period}, {say.name} AS name, {window} + n % {WINDOWS_A_DAY}, "
                f"'email', 'web', {choice} FROM many ORDER BY name"
            )
            yield (
                f"{say.count.format(self.voters)} INSERT INTO quota "  # noqa: S608
                "(campaign, period, tag, used, most) "
                f"SELECT {c}, {period}, {say.name} AS name, {A_DAY}, {A_DAY} FROM many "
                "ORDER BY name"
            )
        yield (
            f"{say.count.format(CANDIDATES)} INSERT INTO tally (campaign, candidate, n) "  # noqa: S608
            f"SELECT {c}, {FIRST_NUMBER} + n, {self.ballots // CANDIDATES} FROM many"
        )
        yield f"INSERT INTO tally (campaign, candidate, n) VALUES ({c}, 0, {self.ballots})"  # noqa: S608
        yield (
            f"{say.count.format(self.ballots)} INSERT INTO leaf_outbox (leaf) "  # noqa: S608
            f"SELECT {say.leaf} FROM many"
        )


def days() -> list[datetime]:
    """The ten days before the last two."""
    today = datetime.now(ZoneInfo(ZONE)).replace(hour=0, minute=0, second=0, microsecond=0)
    return [today - timedelta(days=DAYS + 1 - n) for n in range(DAYS)]


def grow(site: Site, *, voters: int = VOTERS) -> None:
    """Write the crowd into a site that has no votes yet."""
    crowd = Crowd(site.keys.campaign, voters)
    print(f"  writing {crowd.ballots:,} ballots ...", flush=True)
    if site.database.is_sqlite:
        grow_sqlite(site.database.path, crowd)
    else:
        asyncio.run(grow_postgres(site.database.url, crowd))


def grow_sqlite(path: str, crowd: Crowd) -> None:
    file = sqlite3.connect(path, isolation_level=None)
    # Nobody else is here yet, and what is half written is thrown away.
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -262144"):
        file.execute(f"PRAGMA {pragma}")
    for statement in crowd.statements(SQLITE):
        file.execute(statement)
    file.execute("PRAGMA journal_mode = WAL")
    file.close()


async def grow_postgres(url: str, crowd: Crowd) -> None:
    connection = await asyncpg.connect(url)
    for statement in crowd.statements(POSTGRES):
        await connection.execute(statement)
    for table in PARTS:
        await connection.execute(f"VACUUM (ANALYZE) {table}")
    await connection.close()


def bytes_of_parts(site: Site) -> dict[str, int]:
    """What each table takes with its indexes."""
    if not site.database.is_sqlite:
        ask = site.database.ask
        return {table: ask(f"SELECT pg_total_relation_size('{table}')") for table in PARTS}
    file = sqlite3.connect(site.database.path)
    rows = file.execute(
        "SELECT m.tbl_name, sum(d.pgsize) FROM dbstat d JOIN sqlite_master m USING (name) "
        "WHERE d.aggregate = 1 GROUP BY m.tbl_name"
    ).fetchall()
    file.close()
    return {table: size for table, size in rows if table in PARTS}
