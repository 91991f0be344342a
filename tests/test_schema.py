"""The contract of the schema, as the database itself reports it: guards are the last line of
defence.
"""

import re
import sqlite3
from pathlib import Path

import asyncpg
import pytest

from tests.conftest import ENGINE, _database_named

UNIQUES = {
    "article": [("is_lead",)],
    "article_photo": [("article_id", "position")],
    "audit_record": [("digest",), ("previous",)],
    "campaign": [("slug",)],
    "candidate": [("campaign_id", "number"), ("nomination_id",)],
    "candidate_photo": [("candidate_id", "position")],
    "category": [("campaign_id", "number"), ("campaign_id", "slug")],
    "consent": [("digest",), ("nomination_id",)],
    "credential": [("person_id",)],
    "email_code": [("purpose", "address")],
    "fixed_page": [("slug",)],
    "letter": [("key",)],
    "nomination": [("code",), ("send_key",)],
    "nomination_photo": [("nomination_id", "position")],
    "person": [("name",)],
    "profile": [("candidate_id",), ("slug",)],
    "profile_photo": [("profile_id", "position")],
    "region": [("campaign_id", "slug")],
    "result": [("campaign_id",)],
    "result_line": [("result_id", "number")],
    "role_grant": [("person_id", "role", "campaign")],
    "section": [("slug",)],
    "session": [("digest",)],
    "sign_in_link": [("digest",)],
    "stage": [("campaign_id", "kind")],
    "typed_paper": [("batch_id", "serial", "typist")],
    "voting_booth": [("digest",)],
}
PRIMARY = {
    "ballot": ("campaign", "period", "tag"),
    "quota": ("campaign", "period", "tag"),
    "tally": ("campaign", "candidate"),
    "voter": ("campaign", "channel", "pid"),
    "printed_code": ("campaign", "pid"),
    "leaf_outbox": ("seq",),
    "spent_work": ("signature",),
    "text_count": ("scope", "span"),
}
CHECKS = {
    "ballot": 3,
    "campaign": 1,
    "candidate": 3,
    "consent": 2,
    "email_code": 1,
    "leaf_outbox": 1,
    "letter": 1,
    "nomination": 1,
    "paper_batch": 1,
    "picture": 1,
    "printed_code": 1,
    "quota": 2,
    "result_line": 1,
    "role_grant": 1,
    "section": 1,
    "site": 1,
    "spent_work": 1,
    "stage": 2,
    "tally": 1,
    "text_count": 2,
    "typed_paper": 1,
    "voter": 1,
    "voting_booth": 2,
}
KEPT = {"audit_record", "ballot"}
"""Tables whose rows a trigger keeps from being deleted."""


def sqlite_contract(path: Path) -> dict[str, object]:
    """Uniques, primary keys, CHECKs and triggers of a SQLite file."""
    file = sqlite3.connect(path)
    tables = dict(
        file.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
    )
    triggers = file.execute(
        "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger'"
    ).fetchall()
    contract = {
        "uniques": {name: _sqlite_uniques(file, name) for name in tables},
        "primary": {name: _sqlite_primary(file, name) for name in tables},
        "checks": {name: len(re.findall(r"\bCHECK\b", sql)) for name, sql in tables.items()},
        "kept": {name for (name,) in triggers},
    }
    file.close()
    return contract


def _sqlite_uniques(file: sqlite3.Connection, table: str) -> list[tuple[str, ...]]:
    return sorted(
        tuple(column[2] for column in file.execute(f"PRAGMA index_info('{index[1]}')"))
        for index in file.execute(f"PRAGMA index_list('{table}')")
        if index[2] and index[3] != "pk"
    )


def _sqlite_primary(file: sqlite3.Connection, table: str) -> tuple[str, ...]:
    columns = file.execute(f"PRAGMA table_info('{table}')").fetchall()
    return tuple(each[1] for each in sorted(columns, key=lambda each: each[5]) if each[5])


async def postgres_contract(url: str) -> dict[str, object]:
    """The same of a PostgreSQL database."""
    connection = await asyncpg.connect(url)
    keys = await connection.fetch(
        "SELECT c.relname AS name, i.indisprimary AS is_primary,"
        " array(SELECT a.attname FROM unnest(i.indkey) WITH ORDINALITY AS k(n, place)"
        "  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.n ORDER BY place) AS columns"
        " FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid"
        " WHERE c.relnamespace = 'public'::regnamespace AND i.indisunique"
    )
    checks = await connection.fetch(
        "SELECT conrelid::regclass::text AS name, count(*) AS n FROM pg_constraint"
        " WHERE contype = 'c' AND connamespace = 'public'::regnamespace GROUP BY 1"
    )
    triggers = await connection.fetch(
        "SELECT DISTINCT tgrelid::regclass::text AS name FROM pg_trigger WHERE NOT tgisinternal"
    )
    await connection.close()
    uniques: dict[str, list[tuple[str, ...]]] = {}
    for row in keys:
        if not row["is_primary"]:
            uniques.setdefault(row["name"], []).append(tuple(row["columns"]))
    return {
        "uniques": {name: sorted(found) for name, found in uniques.items()},
        "primary": {row["name"]: tuple(row["columns"]) for row in keys if row["is_primary"]},
        "checks": {row["name"]: row["n"] for row in checks},
        "kept": {row["name"] for row in triggers},
    }


def complaints(contract: dict[str, object]) -> list[str]:
    """What the database lacks or has beyond the contract."""
    found: list[str] = []
    for name, wanted in (("uniques", UNIQUES), ("primary", PRIMARY), ("checks", CHECKS)):
        has: dict[str, object] = contract[name]  # type: ignore[assignment]
        found += [
            f"{name} of {table}: {has.get(table)} instead of {expected}"
            for table, expected in wanted.items()
            if has.get(table) != (sorted(expected) if isinstance(expected, list) else expected)
        ]
    if contract["kept"] != KEPT:
        found.append(f"triggers on {contract['kept']} instead of {KEPT}")
    extra = {name for name, keys in contract["uniques"].items() if keys} - set(UNIQUES)  # type: ignore[attr-defined]
    return found + [f"unlisted unique of {name}" for name in extra if name != "tortoise_migrations"]


async def _contract(template: str) -> dict[str, object]:
    if ENGINE == "sqlite":
        return sqlite_contract(Path(template))
    return await postgres_contract(_database_named(template))


async def test_the_database_keeps_the_contract(template: str) -> None:
    assert complaints(await _contract(template)) == []


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("statement", "complaint"),
    [
        ("DROP INDEX uq_session_digest", "uniques of session"),
        ("DROP TRIGGER ballot_is_kept", "triggers on"),
        ("ALTER TABLE quota RENAME TO old; CREATE TABLE quota (campaign, period, tag, used, most,"
         " PRIMARY KEY (campaign, period, tag))", "checks of quota"),
    ],
)  # fmt: skip
def test_a_dropped_guard_is_caught(
    template: str, tmp_path: Path, statement: str, complaint: str
) -> None:
    copy = tmp_path / "broken.sqlite3"
    copy.write_bytes(Path(template).read_bytes())
    file = sqlite3.connect(copy)
    file.executescript(statement)
    file.close()

    found = complaints(sqlite_contract(copy))

    assert len(found) == 1
    assert found[0].startswith(complaint)
