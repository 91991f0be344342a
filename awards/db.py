"""The database: which engine, how it is opened, how it is migrated.

`in_transaction` is the only way to write; it is imported from here so that the house has one.
"""

import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import asyncpg
from tortoise import Tortoise
from tortoise.connection import get_connections
from tortoise.exceptions import DBConnectionError
from tortoise.migrations.api.migrate import migrate as run_migrations
from tortoise.transactions import in_transaction

from awards.config import Config, SettingError

__all__ = [
    "dialect",
    "in_transaction",
    "is_away",
    "migrate",
    "placeholders",
    "postgres_credentials",
    "sqlite_path",
    "tortoise_config",
]

CAPABILITIES = (
    "audit", "notifications", "media", "accounts", "campaigns", "nominations",
    "voting", "results", "honours", "portal",
)  # fmt: skip
PRAGMAS = {"synchronous": "FULL", "busy_timeout": 5000, "journal_size_limit": 67_108_864}
AWAY = (
    ConnectionError, DBConnectionError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError,
    asyncpg.InternalClientError, asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError, asyncpg.PostgresIOError,
)  # fmt: skip
FILE_FAILS = {
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
}  # fmt: skip


def is_away(error: BaseException | None) -> bool:
    """Whether the database could not be reached, or its disk not be written: nobody's mistake, and
    it passes.
    """
    while error is not None:
        if isinstance(error, AWAY):
            return True
        # The lower byte is the kind; the rest says where.
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in FILE_FAILS:
            return True
        error = error.__cause__ or error.__context__
    return False


def tortoise_config(config: Config, *, migrating: bool = False) -> dict[str, Any]:
    """Tortoise's settings. `migrating` opens SQLite with Tortoise's own engine, which may write
    anywhere.
    """
    models = [f"awards.{name}.models" for name in CAPABILITIES]
    return {
        "connections": {"default": _connection(config, migrating=migrating)},
        "apps": {"awards": {"models": models, "migrations": "awards.migrations"}},
        "use_tz": True,
        "timezone": "UTC",
    }


def _connection(config: Config, *, migrating: bool) -> dict[str, Any]:
    if config.engine == "sqlite":
        engine = "tortoise.backends.sqlite" if migrating else "awards.sqlite_engine"
        path = str(sqlite_path(config))
        return {"engine": engine, "credentials": {"file_path": path, **PRAGMAS}}
    pool = {"minsize": 1, "maxsize": 10}
    pool |= {key: int(value) for key, value in parse_qsl(urlsplit(config.database).query)}
    return {
        "engine": "tortoise.backends.asyncpg",
        "credentials": {**postgres_credentials(config), **pool},
    }


def postgres_credentials(config: Config) -> dict[str, Any]:
    """Where the server is and who we are there, in the words of its driver."""
    url = urlsplit(config.database)
    return {
        "host": url.hostname,
        "port": url.port or 5432,
        "user": unquote(url.username or "") or None,
        "password": unquote(url.password or "") or None,
        "database": unquote(url.path.lstrip("/")),
    }


def sqlite_path(config: Config) -> Path:
    """The file of the database."""
    return Path(config.database.removeprefix("sqlite://"))


async def migrate(config: Config) -> None:
    """Bring the schema up to date. Raises `SettingError` when the database can't be opened or
    written.
    """
    if config.engine == "sqlite":
        _writable(sqlite_path(config))
    try:
        await Tortoise.init(config=tortoise_config(config, migrating=True))
        if config.engine == "postgres":
            await _require_answer()
        await run_migrations(config=tortoise_config(config, migrating=True))
    finally:
        await Tortoise.close_connections()


async def _require_answer() -> None:
    """Whether the server lets us in, and lets us make tables."""
    may = "SELECT has_schema_privilege(current_schema(), 'CREATE') AS may"
    try:
        _count, rows = await get_connections().get("default").execute_query(may)
    except Exception as error:  # drivers have many words for no
        reason = str(error).split("\n")[0] or type(error).__name__
        raise SettingError(
            f"The database of AWARDS_DATABASE_URL does not answer ({reason}); "
            "start it or mend the address."
        ) from None
    if not rows[0]["may"]:
        raise SettingError(
            "The user of AWARDS_DATABASE_URL may not make tables; "
            "make it the owner of its database or grant it CREATE on the schema."
        )


def _writable(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with sqlite3.connect(path) as file:
            file.execute("PRAGMA journal_mode=WAL")
            file.execute("BEGIN IMMEDIATE")
            file.rollback()
        file.close()
    except (OSError, sqlite3.Error) as error:
        raise SettingError(
            f"The database {path} can't be written ({error}); give this user the right to "
            "write there, or set AWARDS_DATA_DIR or AWARDS_DATABASE_URL to a place where it may."
        ) from None


def dialect() -> str:
    """`sqlite` or `postgres`: for the few statements that we write ourselves."""
    return str(get_connections().get("default").capabilities.dialect)


def placeholders(statement: str) -> str:
    """Our statement with `?` places, in the words of the engine in use."""
    if dialect() == "sqlite":
        return statement
    parts = statement.split("?")
    return "".join(f"{part}${n}" for n, part in enumerate(parts[:-1], 1)) + parts[-1]
