"""K5: the disk is full. Nobody is told "recorded" falsely, pages can still be read, and once there
is room the votes go on by themselves.
"""

import asyncio
import os
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from awards.config import Config
from awards.db import migrate
from tests.conftest import KEYS
from tests.drills.cluster import Cluster, account
from tests.drills.crowd import Browser, Memory, NotKept, Vote
from tests.drills.site import NUMBERS, Poll, Site, counted, furnish
from tests.drills.sizes import size
from tests.drills.wire import Line

TIMES = size("k5", quick=2, full=50)
MOST = 3_000
"""Votes until it has to be full."""
BACK_IN = 10.0
Way = Callable[[Vote], Awaitable[str]]

WANTS_MOUNT = "K5 on a file system of its own is left out, for want of the right to mount"

pytestmark = pytest.mark.k5


class LimitedFiles:
    """No file of the server grows beyond what the database has: write says EFBIG."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site, self.folder = site, folder

    def fill(self) -> None:
        most = max(path.stat().st_size for path in self.folder.glob("*.sqlite3*"))
        self._limit(most + 4096)

    def make_room(self) -> None:
        self._limit(resource.RLIM_INFINITY)

    def _limit(self, most: int) -> None:
        assert self.site.process
        resource.prlimit(
            self.site.process.pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY)
        )


class SmallDisk:
    """A file system of its own, that something else fills: write says ENOSPC."""

    def __init__(self, folder: Path) -> None:
        self.ballast = folder / "ballast"

    def fill(self) -> None:
        with self.ballast.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"\0" * 4096)
            except OSError:
                return

    def make_room(self) -> None:
        self.ballast.unlink()


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[bool]:
    """A small file system there; or nothing, where we may not."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    done = os.geteuid() == 0 and subprocess.run(command, capture_output=True).returncode == 0
    try:
        yield done
    finally:
        if done:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.sqlite
async def test_files_that_may_not_grow(durable: Config, tmp_path: Path) -> None:
    site = Site(durable)
    await _survives(site, LimitedFiles(site, tmp_path))


@pytest.mark.sqlite
async def test_a_disk_that_is_full(durable: Config, tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "size=32m") as done:
        if not done:
            pytest.skip(WANTS_MOUNT)
        file = tmp_path / "disk" / "haoren.sqlite3"
        file.write_bytes((tmp_path / "haoren.sqlite3").read_bytes())
        config = durable.model_copy(update={"database_url": f"sqlite://{file}"})
        await _survives(Site(config), SmallDisk(tmp_path / "disk"))


@pytest.mark.postgres
async def test_a_server_whose_disk_is_full(tmp_path: Path) -> None:
    """The tables' disk. Where its log of writes does not fit, the server stops: that is K1's."""
    disk = Path(tempfile.mkdtemp(prefix="haoren-disk-")) / "disk"
    disk.parent.chmod(0o755)
    try:
        with mounted(disk, f"size=96m,mode=755,uid={account()}") as done:
            if not done:
                pytest.skip(WANTS_MOUNT)
            cluster = Cluster(disk)
            try:
                await cluster.start()
                config = Config(data_dir=tmp_path, database_url=cluster.url, secret_keys=KEYS)
                await migrate(config)
                await _survives(Site(config), SmallDisk(disk))
            finally:
                cluster.remove()
    finally:
        shutil.rmtree(disk.parent, ignore_errors=True)


async def _survives(site: Site, disk: LimitedFiles | SmallDisk) -> None:
    poll, memory = await furnish(site.config), Memory()
    await site.start()
    try:
        async with Line(site.port) as line:
            browser = Browser(line, poll, site.port)
            await browser.open(poll.voter())
            ways: list[Way] = [browser.by_form, browser.by_program]
            for time_ in range(TIMES):
                await _vote(memory, poll, ways[time_ % 2])
                disk.fill()
                refused = await _vote_until_full(memory, poll, ways)
                assert refused.answer.headers["retry-after"]
                for path in ("/", f"/campaigns/{poll.slug}", "/health/ready"):
                    assert (await line.ask("GET", path)).status == 200, path
                disk.make_room()
                await _vote_again(memory, poll, ways)
            for vote in list(memory.kept):
                memory.keep(vote, await browser.by_program(vote))
    finally:
        site.kill()
    found = await counted(site.config, poll)
    assert found.agrees
    assert found.ballots - len(memory.unsure) <= len(memory.kept) <= found.ballots


async def _vote(memory: Memory, poll: Poll, way: Way) -> None:
    vote = Vote(poll.voter(), NUMBERS[0])
    memory.unsure.add(vote)
    memory.keep(vote, await way(vote))


async def _vote_until_full(memory: Memory, poll: Poll, ways: list[Way]) -> NotKept:
    for attempt in range(MOST):
        try:
            await _vote(memory, poll, ways[attempt % 2])
        except NotKept as no:
            assert no.status == 503, no
            return no
    raise AssertionError("it never was full")


async def _vote_again(memory: Memory, poll: Poll, ways: list[Way]) -> None:
    """As soon as there is room, each way takes votes, and nobody has to do anything."""
    until = time.monotonic() + BACK_IN
    for way in ways:
        while True:
            try:
                await _vote(memory, poll, way)
                break
            except NotKept as no:
                assert no.status == 503 and time.monotonic() < until, no
                await asyncio.sleep(0.05)
