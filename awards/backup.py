"""Copies of the database and the pictures, and the way back. Keys lie apart: who finds a copy must
not find with it what leads from a ballot to its voter.

A copy is whole when its manifest stands: it is written last, and names the digest of every file.
"""

import asyncio
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import asyncpg
from tortoise import Tortoise

from awards import clock
from awards.campaigns.models import Campaign
from awards.config import Config, SettingError
from awards.db import migrate, postgres_credentials, sqlite_path, tortoise_config
from awards.media.store import open_store
from awards.voting.counting import recount

FORMAT = 1
MANIFEST, DATABASE, PICTURES = "manifest.json", "database", "media"
IN_KEY_ORDER = {
    "voter": "campaign, channel, pid",
    "printed_code": "campaign, pid",
    "ballot": "campaign, period, tag",
    "quota": "campaign, period, tag",
}
"""Tables that PostgreSQL keeps in the order of arrival, which would tell who voted how: they are
copied in the order of their keys. SQLite's stand so anyway.
"""
Said = Callable[[int, int], None]


async def back_up(config: Config, target: Path, *, said: Said) -> dict[str, Any]:
    """Copy everything but the keys into a new folder, while the site runs. Raises `SettingError`
    when it can't be done.
    """
    _new_folder(target, apart_from=config.keys_folder)
    engine = config.engine
    await (_copy_file if engine == "sqlite" else _dump_server)(config, target)
    await _copy_pictures(config, target / PICTURES, said)
    manifest = {
        "backup": FORMAT,
        "at": clock.now().isoformat(),
        "engine": engine,
        "campaigns": await _counts(config),
        "files": {name: _digest(target / name) for name in sorted(_names(target))},
    }
    _write(target / MANIFEST, json.dumps(manifest, indent=1).encode())
    return manifest


async def restore(config: Config, source: Path) -> dict[str, Any]:
    """Put a copy in the place of a database that is not there yet. Says for each campaign how many
    ballots it has, whether they agree with the running count, and whether its key is here. Raises
    `SettingError`.
    """
    manifest = _checked(source)
    if manifest["engine"] != config.engine:
        raise SettingError(
            f"{source} is a copy from {manifest['engine']}; AWARDS_DATABASE_URL names "
            f"{config.engine}. Restore it on the engine it came from."
        )
    await (_put_file if config.engine == "sqlite" else _load_server)(config, source)
    store = open_store(config.storage)
    for name in sorted(_names(source / PICTURES)):
        await store.put_async(name, (source / PICTURES / name).read_bytes())
    await migrate(config)
    return {"at": manifest["at"], "campaigns": await _counts(config)}


def copy_keys(folder: Path, target: Path) -> int:
    """Copy keys from one folder to another, readable for their owner alone; how many. One that
    stands is never replaced. Raises `SettingError` where another stands under the same name.
    """
    names = list(_names(folder))
    for name in names:
        key, place = (folder / name).read_bytes(), target / name
        if place.exists() and place.read_bytes() != key:
            raise SettingError(f"{place} is another key; move it away before copying one there.")
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _write(place, key)
    return len(names)


async def _counts(config: Config) -> dict[str, Any]:
    """Ballots by campaign, counted anew."""
    await Tortoise.init(config=tortoise_config(config), _enable_global_fallback=True)
    try:
        found = {}
        for campaign in await Campaign.all().order_by("id"):
            counted = await recount(campaign.id)
            key = config.keys_folder / "campaigns" / f"{campaign.id}.key"
            found[campaign.slug] = {
                "ballots": counted.ballots,
                "agrees": counted.agrees,
                "key": key.exists(),
            }
        return found
    finally:
        await Tortoise.close_connections()


async def _copy_file(config: Config, target: Path) -> None:
    """One moment of the file, without what was deleted from it."""
    await asyncio.to_thread(_vacuum, sqlite_path(config), target / DATABASE)
    _sync(target / DATABASE)


def _vacuum(path: Path, place: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM INTO ?", (str(place),))


async def _put_file(config: Config, source: Path) -> None:
    path = sqlite_path(config)
    if path.exists():
        raise SettingError(f"{path} is there already; stop the site and move the file away first.")
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.restored")
    shutil.copyfile(source / DATABASE, draft)
    _sync(draft)
    draft.rename(path)


async def _dump_server(config: Config, target: Path) -> None:
    """One moment of the server: `pg_dump` and the tables in key order read the same snapshot."""
    connection = await asyncpg.connect(**postgres_credentials(config))
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            snapshot = await connection.fetchval("SELECT pg_export_snapshot()")
            apart = [f"--exclude-table-data={table}" for table in IN_KEY_ORDER]
            await _program(
                config, "pg_dump", "--format=custom", f"--snapshot={snapshot}", *apart,
                f"--file={target / DATABASE}",
            )  # fmt: skip
            for table, key in IN_KEY_ORDER.items():
                place = target / f"{table}.copy"
                rows = f"SELECT * FROM {table} ORDER BY {key}"  # noqa: S608 - our own words
                await connection.copy_from_query(rows, output=place, format="binary")
                _sync(place)
    finally:
        await connection.close()
    _sync(target / DATABASE)


async def _load_server(config: Config, source: Path) -> None:
    connection = await asyncpg.connect(**postgres_credentials(config))
    try:
        if await connection.fetchval("SELECT to_regclass('campaign')"):
            raise SettingError("The database has tables already; restore into an empty one.")
        await _program(
            config, "pg_restore", "--no-owner", "--exit-on-error",
            f"--dbname={postgres_credentials(config)['database']}", str(source / DATABASE),
        )  # fmt: skip
        for table in IN_KEY_ORDER:
            await connection.copy_to_table(table, source=source / f"{table}.copy", format="binary")
    finally:
        await connection.close()


async def _program(config: Config, name: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs. The password travels in its environment."""
    if shutil.which(name) is None:
        raise SettingError(f"{name} is not installed (Debian: apt install postgresql-client).")
    given = postgres_credentials(config)
    known = {
        "PGHOST": given["host"], "PGPORT": str(given["port"]), "PGUSER": given["user"],
        "PGPASSWORD": given["password"], "PGDATABASE": given["database"],
    }  # fmt: skip
    environment = os.environ | {key: value for key, value in known.items() if value}
    ended = await asyncio.to_thread(
        subprocess.run, [name, *arguments], env=environment, capture_output=True, text=True
    )
    if ended.returncode:
        raise SettingError(f"{name} failed: {ended.stderr.strip().splitlines()[-1]}")


async def _copy_pictures(config: Config, target: Path, said: Said) -> None:
    store = open_store(config.storage)
    names = [each["path"] for batch in store.list() for each in batch]
    for done, name in enumerate(names, 1):
        found = await store.get_async(name)
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        _write(target / name, bytes(await found.bytes_async()))
        said(done, len(names))


def _checked(source: Path) -> dict[str, Any]:
    """The manifest of a whole copy."""
    try:
        manifest: dict[str, Any] = json.loads((source / MANIFEST).read_bytes())
    except (OSError, ValueError):
        raise SettingError(f"{source} is no whole copy: it has no manifest to read.") from None
    if manifest.get("backup") != FORMAT:
        raise SettingError(f"{source} was made by another version of this program.")
    for name, digest in manifest["files"].items():
        if not (source / name).is_file() or _digest(source / name) != digest:
            raise SettingError(f"{source / name} is not as it was written; use another copy.")
    return manifest


def _new_folder(target: Path, *, apart_from: Path) -> None:
    if target.absolute().is_relative_to(apart_from.absolute()):
        raise SettingError(f"{target} lies among the keys; choose a folder apart from them.")
    try:
        target.mkdir(parents=True, exist_ok=True, mode=0o700)
        is_empty = not any(target.iterdir())
    except OSError as error:
        raise SettingError(f"{target} can't be written ({error.strerror}).") from None
    if not is_empty:
        raise SettingError(f"{target} is not empty; name a new folder for each copy.")


def _names(folder: Path) -> Iterator[str]:
    return (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as file:
        file.write(content)
    _sync(path)


def _sync(path: Path) -> None:
    """Get a file and its name onto the disk."""
    for place in (path, path.parent):
        descriptor = os.open(place, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
