"""What somebody finds who has the database and not the keys: every row of every table as it lies,
with what the engine keeps beside it.
"""

import asyncio
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from awards.backup import DATABASE
from awards.bootstrap import ROOT
from awards.config import Config
from awards.db import postgres_credentials, sqlite_path

PLACE, NUMBER = "ctid", "xmin"
"""Hidden columns: where a row lies, and the number of the transaction that wrote it."""
APART = ("voter", "ballot")
LEAF_PAGE, INNER_PAGE = 0x0A, 0x02
SIZES = {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8, 7: 8, 8: 0, 9: 0}
Row = dict[str, Any]


@dataclass(frozen=True)
class Dump:
    """The tables of one database, their rows in the order in which they are found."""

    tables: dict[str, list[Row]]

    @property
    def voters(self) -> list[Row]:
        return self.tables["voter"]

    @property
    def ballots(self) -> list[Row]:
        return self.tables["ballot"]


async def of_live(config: Config) -> Dump:
    """The database that the site works with, by whoever may read all of it."""
    if config.engine == "sqlite":
        return _of_file(sqlite_path(config))
    connection = await asyncpg.connect(**postgres_credentials(config))
    try:
        names = await connection.fetch(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        )
        return Dump({row[0]: await _rows_of(connection, row[0]) for row in names})
    finally:
        await connection.close()


async def of_copy(config: Config) -> Dump:
    """What `server.py backup` has written, found by somebody."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "copy"
        await asyncio.to_thread(_back_up, config, target)
        if config.engine == "sqlite":
            return _of_file(target / DATABASE)
        live = await of_live(config)
        return Dump(live.tables | await _read_anew(config, target))


def _back_up(config: Config, target: Path) -> None:
    settings = {
        "AWARDS_DATA_DIR": str(config.data_dir),
        "AWARDS_DATABASE_URL": config.database_url,
        "AWARDS_SECRET_KEYS": config.secret_keys,
    }
    kept = {k: v for k, v in os.environ.items() if not k.startswith("AWARDS_")}
    subprocess.run(
        [sys.executable, "server.py", "backup", str(target)],
        check=True, capture_output=True, cwd=ROOT, env=kept | settings,
    )  # fmt: skip


def of_text(config: Config) -> Dump:
    """What PostgreSQL's own `pg_dump` says of the two tables, line by line."""
    given = postgres_credentials(config)
    ended = subprocess.run(
        ["pg_dump", "--data-only", *(f"--table={name}" for name in APART)],
        env={
            "PATH": "/usr/bin:/bin", "PGHOST": given["host"], "PGPORT": str(given["port"]),
            "PGUSER": given["user"], "PGPASSWORD": given["password"] or "",
            "PGDATABASE": given["database"],
        },
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    tables: dict[str, list[Row]] = {}
    for name, columns, lines in re.findall(
        r"^COPY public\.(\w+) \((.*?)\) FROM stdin;\n(.*?)^\\\.$", ended.stdout, re.M | re.S
    ):
        rows = [dict(zip(columns.split(", "), line.split("\t"), strict=True))
                for line in lines.splitlines()]  # fmt: skip
        tables[name] = [{k: _value(v) for k, v in row.items()} for row in rows]
    return Dump(tables)


def _value(text: str) -> Any:
    return bytes.fromhex(text[3:]) if text.startswith("\\\\x") else text


async def _rows_of(connection: Any, table: str) -> list[Row]:
    hidden = f"xmin::text::bigint AS {NUMBER}, ctid AS {PLACE}"
    rows = await connection.fetch(f'SELECT {hidden}, t.* FROM "{table}" AS t')  # noqa: S608 - ours
    return [dict(row) for row in rows]


async def _read_anew(config: Config, target: Path) -> dict[str, list[Row]]:
    """The tables that are copied apart, in the order of their files."""
    connection = await asyncpg.connect(**postgres_credentials(config))
    try:
        found = {}
        for name in APART:
            await connection.execute(f"CREATE TEMP TABLE read_{name} (LIKE {name})")
            await connection.copy_to_table(
                f"read_{name}", source=target / f"{name}.copy", format="binary"
            )
            found[name] = await _rows_of(connection, f"read_{name}")
        return found
    finally:
        await connection.close()


def _of_file(path: Path) -> Dump:
    """SQLite's tables; of those of the vote also where in the file each row lies. Its log of writes
    is read as the file is read.
    """
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        names = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' "
            "AND sql NOT LIKE 'CREATE VIRTUAL%'"
        ).fetchall()
        tables = {
            name: [dict(row) for row in connection.execute(f'SELECT * FROM "{name}"')]  # noqa: S608
            for (name,) in names
        }
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        roots = dict(connection.execute("SELECT name, rootpage FROM sqlite_schema"))
        content = path.read_bytes()
    for name in APART:
        places = {key: place for place, key in _cells(content, roots[name])}
        for row in tables[name]:
            row[PLACE] = places[row["pid" if name == "voter" else "tag"]]
    return Dump(tables)


def _cells(content: bytes, number: int) -> Iterator[tuple[tuple[int, int], bytes]]:
    """Every row below a page: where it lies, the oldest of a page first, and the third column of
    its key. Inner pages hold rows too.
    """
    size = int.from_bytes(content[16:18], "big")
    size = 65536 if size == 1 else size
    page = content[(number - 1) * size : number * size]
    kind, count = page[0], int.from_bytes(page[3:5], "big")
    assert kind in (LEAF_PAGE, INNER_PAGE)
    first = 8 if kind == LEAF_PAGE else 12
    for cell in range(count):
        at = int.from_bytes(page[first + 2 * cell : first + 2 * cell + 2], "big")
        begin = at
        if kind == INNER_PAGE:
            yield from _cells(content, int.from_bytes(page[at : at + 4], "big"))
            begin += 4
        yield (number, -at), _third(page, begin)
    if kind == INNER_PAGE:
        yield from _cells(content, int.from_bytes(page[8:12], "big"))


def _third(page: bytes, at: int) -> bytes:
    """The third column of a record: the length of all, the length of the head, the head."""
    _length, at = _number(page, at)
    head, begin = _number(page, at)
    body, kinds = at + head, []
    while begin < body:
        kind, begin = _number(page, begin)
        kinds.append(kind)
    sizes = [SIZES[kind] if kind < 12 else (kind - 12) // 2 for kind in kinds]
    begin = body + sizes[0] + sizes[1]
    return page[begin : begin + sizes[2]]


def _number(page: bytes, at: int) -> tuple[int, int]:
    """SQLite's number of one to nine bytes, and where it ends."""
    value = 0
    for place in range(at, at + 8):
        value = value << 7 | page[place] & 0x7F
        if page[place] < 0x80:
            return value, place + 1
    return value << 8 | page[at + 8], at + 9
