"""A real server with a folder of its own, that may be killed; and the campaign that it serves."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from awards.bootstrap import ROOT
from awards.campaigns.models import Campaign
from awards.campaigns.rules import BallotRule
from awards.config import Config
from awards.voting.ballot_box import BallotBox
from awards.voting.counting import Recount, recount
from awards.voting.rules import Channel, VotingToken
from awards.voting.tokens import VotingTokens
from tests import make
from tests.drills.wire import Line
from tests.program import start_program

NUMBERS = (101, 102, 103, 201, 202, 301)
PER_VOTER = 3
RULE: dict[str, object] = {"shape": "tap", "per_campaign": PER_VOTER, "per_candidate": 1}
"""Of the whole campaign: a drill may run over midnight."""
STARTS_IN = 30.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def opened(config: Config) -> AsyncIterator[BallotBox]:
    """The program in this process, without a port: to make things, and to look at them."""
    app = start_program(config, with_jobs=False)
    async with app.router.lifespan_context(app):
        yield app.state.ballot_box


@dataclass(frozen=True)
class Poll:
    """A campaign that is open, and voters without end."""

    campaign: int
    slug: str
    tokens: VotingTokens

    def voter(self) -> str:
        """The token of somebody who has not voted yet."""
        return self.tokens.write(VotingToken(self.campaign, Channel.CODE, os.urandom(16)))


async def furnish(config: Config, rule: Mapping[str, object] = RULE) -> Poll:
    """A campaign with candidates and a key, in a database that is up to date."""
    async with opened(config) as box:
        poll = await add_poll(config, rule)
        await box.papers.refresh()  # Makes the key.
    return poll


async def add_poll(config: Config, rule: Mapping[str, object] = RULE, **changes: Any) -> Poll:
    """The same in a program that is open."""
    written = BallotRule.from_json(dict(rule)).as_json()
    campaign: Campaign = await make.campaign(ballot_rule=written, **changes)
    for number in NUMBERS:
        await make.candidate(campaign, number)
    return Poll(campaign.id, campaign.slug, VotingTokens(config.signing_keys))


async def counted(config: Config, poll: Poll) -> Recount:
    """What the database holds, read while no server runs."""
    async with opened(config):
        return await recount(poll.campaign)


@dataclass
class Site:
    """One server process, `server.py serve`."""

    config: Config
    workers: int = 1
    environment: Mapping[str, str] = field(default_factory=dict)
    program: Path = ROOT / "server.py"
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self.config.data_dir / "server.txt"

    async def start(self) -> float:
        """Start it; the seconds until it is ready."""
        settings = {
            "AWARDS_DATA_DIR": str(self.config.data_dir),
            "AWARDS_DATABASE_URL": self.config.database_url,
            "AWARDS_SECRET_KEYS": self.config.secret_keys,
        }
        kept = {k: v for k, v in os.environ.items() if not k.startswith("AWARDS_")}
        command = ["serve", "--port", f"{self.port}", "--workers", f"{self.workers}"]
        started = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: ASYNC220 - it returns at once
                [sys.executable, str(self.program), *command],
                env={**kept, **settings, "PYTHONPATH": str(ROOT), **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        await self.ready()
        return time.monotonic() - started

    async def ready(self) -> None:
        """Wait until it answers and its database does."""
        until = time.monotonic() + STARTS_IN
        while time.monotonic() < until:
            assert self.process and self.process.poll() is None, self.said()
            try:
                async with Line(self.port) as line:
                    if (await line.ask("GET", "/health/ready")).status == 200:
                        return
            except OSError:
                pass
            await asyncio.sleep(0.02)
        raise AssertionError(f"not ready after {STARTS_IN:.0f} s: {self.said()}")

    def kill(self) -> None:
        """As when the power goes, for the processes."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            # Its own session: the workers with it, and nobody else.
            os.killpg(self.process.pid, how)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait(20)
        self.process = None

    def said(self, lines: int = 15) -> str:
        text = self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])
