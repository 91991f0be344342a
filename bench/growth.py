"""Ten million ballots: written in the order of their keys, as an import would, and kept between
runs on SQLite.

100,000 voters came on ten days and gave ten votes each. Names are random here, as they look without
the key.
"""

import asyncio
import random
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg

from bench.votes import A_DAY, CANDIDATES, FIRST_NUMBER, ZONE, Site

VOTERS, DAYS = 100_000, 10
SEED = 20_261_123
CHUNK = 50_000
WINDOWS_A_DAY = 144
PARTS = {
    "voter": "campaign, channel, pid",
    "ballot": "campaign, period, tag, cast_window, channel, source, choices",
    "quota": "campaign, period, tag, used, most",
    "tally": "campaign, candidate, n",
    "leaf_outbox": "leaf",
}
"""The tables of the vote path, and what is written into each."""
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Crowd:
    """Everything that this many voters leave in the tables."""

    campaign: int
    voters: int = VOTERS

    @property
    def ballots(self) -> int:
        return self.voters * DAYS * A_DAY

    def rows(self, table: str) -> Iterator[Row]:
        """The rows of one table, in the order of their keys."""
        luck = random.Random(f"{SEED} {table}")  # noqa: S311 - no secret
        yield from {
            "voter": self._voter,
            "ballot": self._ballot,
            "quota": self._quota,
            "tally": self._tally,
            "leaf_outbox": self._leaf,
        }[table](luck)

    def _voter(self, luck: random.Random) -> Iterator[Row]:
        for pid in names(luck, self.voters):
            yield self.campaign, "email", pid

    def _ballot(self, luck: random.Random) -> Iterator[Row]:
        choices = [n.to_bytes(2, "big") for n in range(FIRST_NUMBER, FIRST_NUMBER + CANDIDATES)]
        for day in days():
            first = int(day.timestamp()) // 600
            period = int(f"{day:%Y%m%d}")
            for n, tag in enumerate(names(luck, self.voters * A_DAY)):
                window = first + n % WINDOWS_A_DAY
                yield self.campaign, period, tag, window, "email", "web", choices[n % CANDIDATES]

    def _quota(self, luck: random.Random) -> Iterator[Row]:
        for day in days():
            for tag in names(luck, self.voters):
                yield self.campaign, int(f"{day:%Y%m%d}"), tag, A_DAY, A_DAY

    def _tally(self, luck: random.Random) -> Iterator[Row]:
        yield self.campaign, 0, self.ballots
        for number in range(FIRST_NUMBER, FIRST_NUMBER + CANDIDATES):
            yield self.campaign, number, self.ballots // CANDIDATES

    def _leaf(self, luck: random.Random) -> Iterator[Row]:
        for _n in range(self.ballots):
            yield (luck.randbytes(32),)


def names(luck: random.Random, count: int) -> list[bytes]:
    """So many keyed names, in order."""
    return sorted(luck.randbytes(16) for _n in range(count))


def days() -> list[datetime]:
    """The ten days before the last two."""
    today = datetime.now(ZoneInfo(ZONE)).replace(hour=0, minute=0, second=0, microsecond=0)
    return [today - timedelta(days=DAYS + 1 - n) for n in range(DAYS)]


def grow(site: Site, *, voters: int = VOTERS) -> Crowd:
    """Write the crowd into a site that has no votes yet."""
    crowd = Crowd(site.keys.campaign, voters)
    print(f"  writing {crowd.ballots:,} ballots ...", flush=True)
    if site.database.is_sqlite:
        grow_sqlite(Path(site.database.path), crowd)
    else:
        asyncio.run(grow_postgres(site.database.url, crowd))
    return crowd


def grow_sqlite(path: Path, crowd: Crowd) -> None:
    file = sqlite3.connect(path, isolation_level=None)
    # Nothing but the bench waits for this: what is half written is thrown away.
    for pragma in ("synchronous = OFF", "cache_size = -262144"):
        file.execute(f"PRAGMA {pragma}")
    for table, columns in PARTS.items():
        places = ", ".join("?" * len(columns.split(",")))
        file.execute("BEGIN IMMEDIATE")
        file.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({places})",  # noqa: S608 - ours
            crowd.rows(table),
        )
        file.execute("COMMIT")
    file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    file.close()


async def grow_postgres(url: str, crowd: Crowd) -> None:
    connection = await asyncpg.connect(url)
    for table, columns in PARTS.items():
        rows = crowd.rows(table)
        while chunk := list(islice(rows, CHUNK)):
            await connection.copy_records_to_table(
                table, records=chunk, columns=columns.split(", ")
            )
        await connection.execute(f"VACUUM (ANALYZE) {table}")
    await connection.close()


def bytes_of_parts(site: Site) -> dict[str, int]:
    """What each table takes with its indexes."""
    if site.database.is_sqlite:
        file = sqlite3.connect(site.database.path)
        # An index bears the name of its table or is made for it: dbstat lists each by itself.
        rows = file.execute(
            "SELECT m.tbl_name, sum(d.pgsize) FROM dbstat d JOIN sqlite_master m USING (name) "
            "WHERE d.aggregate = 1 GROUP BY m.tbl_name"
        ).fetchall()
        file.close()
        return {table: size for table, size in rows if table in PARTS}
    ask = site.database.ask
    return {table: ask(f"SELECT pg_total_relation_size('{table}')") for table in PARTS}
