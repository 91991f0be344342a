"""A copy taken while people vote, put back elsewhere: nothing acknowledged is missing, no key is in
it. The commands run as an operator runs them, in a process of their own.
"""

import asyncio
import json
import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import pytest
from starlette.applications import Starlette

from awards.backup import copy_keys
from awards.config import Config, SettingError
from awards.db import postgres_credentials, sqlite_path
from awards.media.store import open_store
from awards.templating import ROOT
from awards.voting.rules import VotingToken
from tests.conftest import ENGINE, _database_named, _on_server_async
from tests.voting.conftest import Booth, OpenBooth, open_booth

__all__ = ["open_booth"]


async def server_py(config: Config, *arguments: object) -> tuple[int, str]:
    """Exit code and output of a command."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(ROOT / "server.py"), *map(str, arguments),
        env={
            "PATH": os.environ["PATH"],
            "AWARDS_DATA_DIR": str(config.data_dir),
            "AWARDS_DATABASE_URL": config.database_url,
            "AWARDS_SECRET_KEYS": config.secret_keys,
        },
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _nothing = await process.communicate()
    return process.returncode or 0, said.decode()


@pytest.fixture
async def elsewhere(config: Config, tmp_path: Path):  # type: ignore[no-untyped-def]
    """Settings of another machine, with a database that is empty or not there."""
    url, name = "", f"test_{uuid4().hex[:12]}"
    if ENGINE == "postgres":
        await _on_server_async(f'CREATE DATABASE "{name}"')
        url = _database_named(name)
    yield Config(data_dir=tmp_path / "elsewhere", database_url=url, secret_keys=config.secret_keys)
    if ENGINE == "postgres":
        await _on_server_async(f'DROP DATABASE "{urlsplit(url).path.lstrip("/")}" WITH (FORCE)')


async def tags_in(config: Config) -> set[bytes]:
    """The tags of all ballots of a database."""
    if ENGINE == "sqlite":
        with closing(sqlite3.connect(sqlite_path(config))) as file:
            return {row[0] for row in file.execute("SELECT tag FROM ballot")}
    connection = await asyncpg.connect(**postgres_credentials(config))
    try:
        return {row[0] for row in await connection.fetch("SELECT tag FROM ballot")}
    finally:
        await connection.close()


async def vote_on(booth: Booth, voted: list[VotingToken], stop: asyncio.Event) -> None:
    while not stop.is_set():
        token = booth.voter()
        await booth.cast(token, 101)
        voted.append(token)
        await asyncio.sleep(0.002)


async def test_what_was_acknowledged_before_the_copy_is_in_it(
    app: Starlette, config: Config, elsewhere: Config, open_booth: OpenBooth, tmp_path: Path
) -> None:
    booth = await open_booth("up_to_ten")
    await open_store(config.storage).put_async("pictures/ab/one.webp", b"a picture")
    voted: list[VotingToken] = []
    stop = asyncio.Event()
    voting = asyncio.create_task(vote_on(booth, voted, stop))
    await asyncio.sleep(0.3)

    before = list(voted)
    code, said = await server_py(
        config, "backup", tmp_path / "copy", "--keys", tmp_path / "safe", "--json"
    )
    assert code == 0, said
    stop.set()
    await voting
    code, said = await server_py(
        elsewhere, "restore", tmp_path / "copy", "--keys", tmp_path / "safe", "--json"
    )

    assert code == 0, said
    found = json.loads(said)["campaigns"][booth.campaign.slug]
    assert found["agrees"] and found["key"]
    assert 0 < len(before) <= found["ballots"] <= len(voted)
    assert {booth.paper.keys.ballot_tag(each.voter, 0) for each in before} <= await tags_in(
        elsewhere
    )
    picture = await open_store(elsewhere.storage).get_async("pictures/ab/one.webp")
    assert bytes(await picture.bytes_async()) == b"a picture"


async def test_a_copy_holds_no_key_and_must_be_whole(
    app: Starlette, config: Config, elsewhere: Config, open_booth: OpenBooth, tmp_path: Path
) -> None:
    booth = await open_booth("daily_tap")
    await booth.cast(booth.voter(), 101)
    key = (config.keys_folder / "campaigns" / f"{booth.campaign.id}.key").read_bytes()
    copy = tmp_path / "copy"

    assert (await server_py(config, "backup", copy))[0] == 0
    assert not [path for path in copy.rglob("*") if path.is_file() and key in path.read_bytes()]
    for arguments, sentence in [
        (("backup", copy), "is not empty"),
        (("backup", config.keys_folder / "copy"), "among the keys"),
        (("backup", tmp_path / "new", "--keys", tmp_path / "new" / "keys"), "keep the keys apart"),
        (("restore", copy), "already"),
    ]:
        code, said = await server_py(config, *arguments)
        assert (code, sentence in said, "Traceback" in said) == (2, True, False), said

    manifest = copy / "manifest.json"
    written = manifest.read_text()
    (copy / "database").write_bytes((copy / "database").read_bytes() + b"x")
    assert "not as it was written" in await refused(elsewhere, copy)
    manifest.write_text(written.replace('"backup": 1', '"backup": 9'))
    assert "another version" in await refused(elsewhere, copy)
    manifest.unlink()
    assert "no whole copy" in await refused(elsewhere, copy)


async def refused(config: Config, copy: Path) -> str:
    code, said = await server_py(config, "restore", copy)
    assert code == 2
    return said


async def test_a_restored_site_without_its_keys_says_so(
    app: Starlette, config: Config, elsewhere: Config, open_booth: OpenBooth, tmp_path: Path
) -> None:
    booth = await open_booth("daily_tap")
    await booth.cast(booth.voter(), 101)
    assert (await server_py(config, "backup", tmp_path / "copy"))[0] == 0

    code, said = await server_py(elsewhere, "restore", tmp_path / "copy", "--json")

    assert code == 1
    assert json.loads(said)["campaigns"][booth.campaign.slug] == {
        "ballots": 1, "agrees": True, "key": False,
    }  # fmt: skip


def test_another_key_is_never_replaced(tmp_path: Path) -> None:
    for name, content in (("here", b"one"), ("there", b"two")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "1.key").write_bytes(content)

    with pytest.raises(SettingError, match="another key"):
        copy_keys(tmp_path / "here", tmp_path / "there")
    assert (tmp_path / "there" / "1.key").read_bytes() == b"two"
    assert copy_keys(tmp_path / "here", tmp_path / "new") == 1
    assert (tmp_path / "new" / "1.key").stat().st_mode & 0o777 == 0o600
