"""Processes that are killed at one point of a vote's way; and the next, which looks what was kept.

One process imports everything and forks: each child is a whole program that opens the database,
sends again what the last one has left, votes, and dies where it is told to.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol, Self

import pytest

from awards.bootstrap import ROOT
from awards.config import Config
from awards.voting.tokens import VotingTokens
from tests.drills.crowd import Vote
from tests.drills.points import Fault
from tests.drills.scenes import Play, Sending, Voter, client_of, count_all, marked
from tests.drills.site import Poll
from tests.program import start_program

Said = dict[str, Any]
TOLD = 9
"""The descriptor by which a child tells its parent, in the child."""


class Record(Protocol):
    """What the parent keeps of what its children were told."""

    kept: dict[Vote, str]
    unsure: set[Vote]
    hopeless: set[Vote]

    def sends(self, vote: Vote, *, is_good: bool) -> None: ...

    def keeps(self, vote: Vote, tracker: str) -> None: ...


class Doomed:
    """The parent's side."""

    def __init__(self, config: Config, poll: Poll, record: Record) -> None:
        self._config, self._poll, self._record = config, poll, record
        self._looked_at = 0

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.drills.doomed"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True, cwd=ROOT,
        )  # fmt: skip
        settings = {
            "database_url": self._config.database_url,
            "secret_keys": self._config.secret_keys,
        }
        self._tell({
            "config": settings | {"data_dir": str(self._config.data_dir)},
            "campaign": self._poll.campaign, "slug": self._poll.slug,
        })  # fmt: skip
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.communicate()

    def look(self) -> tuple[dict[str, tuple[str, bool]], list[str]]:
        """The points of the way, and the scene that leads by each."""
        found = self._life(looks=True)
        return {point: tuple(at) for point, at in found["scenes"].items()}, found["points"]

    def live_until(self, point: str, scene: str, *, by_form: bool, after: bool) -> None:
        """A child that comes to the point, and is killed there."""
        end = self._life(point=point, scene=scene, by_form=by_form, after=after)
        assert end["killed"], f"{point}, {after=}: {end}"

    def live(self) -> None:
        """One child more, that only looks what the last one has left."""
        self._life()

    def _life(self, **order: Any) -> Said:
        left = {
            "unsure": [*map(_written, self._record.unsure)],
            "kept": [*map(_written, [*self._record.kept][self._looked_at :])],
            "hopeless": [*map(_written, self._record.hopeless)],
        }
        self._looked_at = len(self._record.kept)
        self._record.hopeless.clear()
        self._tell(order | left)
        end: Said = {}
        assert self._process.stdout
        for line in self._process.stdout:
            said = json.loads(line)
            if "sends" in said:
                self._record.sends(Vote(*said["sends"]), is_good=said["is_good"])
            elif "keeps" in said:
                self._record.keeps(Vote(*said["keeps"]), said["tracker"])
            elif "counted" in said:
                # All that was unsure is known by now.
                assert not self._record.unsure
                assert said["counted"] == [len(self._record.kept), True], said
            elif "ended" in said:
                status = said["ended"]
                end["killed"] = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
                assert end["killed"] or status == 0, end
                return end
            else:
                end |= said
        raise AssertionError("the process that forks has ended")

    def _tell(self, words: Said) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()


def _written(vote: Vote) -> list[str | int]:
    return [vote.token, vote.number]


@dataclass
class Pipe:
    """The child's diary: every line is out before the next thing happens."""

    def sends(self, vote: Vote, *, is_good: bool) -> None:
        say(sends=_written(vote), is_good=is_good)

    def keeps(self, vote: Vote, tracker: str) -> None:
        say(keeps=_written(vote), tracker=tracker)


def say(**words: Any) -> None:
    os.write(TOLD, (json.dumps(words) + "\n").encode())


def main() -> None:
    # The log has standard output to itself.
    os.dup2(1, TOLD)
    os.dup2(2, 1)
    told = json.loads(sys.stdin.readline())
    config = Config(**told["config"])
    poll = Poll(told["campaign"], told["slug"], VotingTokens(config.signing_keys))
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                asyncio.run(live(config, poll, json.loads(line)))
            except BaseException as error:
                say(error=repr(error))
                os._exit(1)
            os._exit(0)
        say(ended=os.waitpid(child, 0)[1])


async def live(config: Config, poll: Poll, order: Said) -> None:
    """Look what the last one has left, then vote and die."""
    fault = Fault()
    points = marked(fault, config.engine, pytest.MonkeyPatch())
    app = start_program(config, with_jobs=False)
    async with app.router.lifespan_context(app), client_of(app) as client:
        await app.state.ballot_box.papers.refresh()
        play = Play(app, config, Pipe(), fault, points, poll, client)
        for vote in [*order["kept"], *order["unsure"]]:
            await play.surely(_sending(play, *vote))
        for vote in order["hopeless"]:
            await play.check(_sending(play, *vote, is_good=False))
        say(counted=await count_all())
        if order.get("looks"):
            say(scenes=await play.find_scenes(), points=points)
        elif "point" in order:
            fault.arm(order["point"], "kill", after=order["after"])
            await play.perform(order["scene"], by_form=order["by_form"])


def _sending(play: Play, who: str, number: int, *, is_good: bool = True) -> Sending:
    slug, token = who.split(" ")
    voter = Voter(play.client, slug, token, number % 2 == 0, play.proof)
    return Sending(voter, number, is_good)


if __name__ == "__main__":
    main()
