"""Pages that listen to the counts: a process of its own that opens many streams and says when each
piece of news has reached all of them. One line of JSON when all are open, and one for each news.
"""

import asyncio
import contextlib
import json
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import uvloop

from awards.bootstrap import ROOT
from bench.rounds import Mismatch

NEWS = b"data: {"
AT_ONCE = 100
"""Streams that are opened together."""
PATIENCE, SILENCE = 20.0, 180.0
"""Seconds that one piece of news may take to reach all, and that none may come."""


class Stream(asyncio.Protocol):
    """One page. The first figures come with the answer; everything after them is news."""

    def __init__(self, request: bytes, heard: Callable[[int], None]) -> None:
        self.request = request
        self.heard = heard
        self.count = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.write(self.request)  # type: ignore[attr-defined]  # a stream has a Transport

    def data_received(self, data: bytes) -> None:
        for _each in range(data.count(NEWS)):
            self.heard(self.count)
            self.count += 1


class Listeners:
    """All pages, and what they have heard."""

    def __init__(self, port: int, count: int, request: bytes) -> None:
        self.port, self.count, self.request = port, count, request
        self.times: dict[int, list[float]] = {}

    async def run(self) -> None:
        """Open all and listen until this process is ended."""
        loop = asyncio.get_running_loop()
        for start in range(0, self.count, AT_ONCE):
            some = range(start, min(start + AT_ONCE, self.count))
            opening = (loop.create_connection(self._stream, "127.0.0.1", self.port) for _n in some)
            await asyncio.gather(*opening)
        await loop.create_future()

    def _stream(self) -> Stream:
        return Stream(self.request, self._heard)

    def _heard(self, number: int) -> None:
        times = self.times.setdefault(number, [])
        times.append(time.perf_counter())
        if len(times) == 1:
            asyncio.get_running_loop().call_later(PATIENCE, self._give_up, number)
        if len(times) == self.count:
            self._say(number)

    def _give_up(self, number: int) -> None:
        if len(self.times[number]) < self.count:
            self._say(number)

    def _say(self, number: int) -> None:
        times = self.times[number]
        span = (times[-1] - times[0]) * 1000
        print(json.dumps({"news": number, "heard": len(times), "span": span}), flush=True)


@dataclass(frozen=True)
class Audience:
    """The process, and what it says."""

    process: "subprocess.Popen[str]"
    count: int

    def next_news(self) -> dict[str, Any]:
        """Wait until the next news has reached all. The first are the figures to begin with."""
        assert self.process.stdout is not None  # noqa: S101 - a pipe was asked for
        if not select.select([self.process.stdout], [], [], SILENCE)[0]:
            raise Mismatch(f"Nobody heard anything for {SILENCE:.0f} seconds.")
        said: dict[str, Any] = json.loads(self.process.stdout.readline())
        if said["heard"] < self.count:
            raise Mismatch(f"{said['heard']} of {self.count} listeners heard the news.")
        return said


@contextlib.contextmanager
def listening(
    port: int, count: int, request: bytes, *, before: Callable[[], None]
) -> Iterator[Audience]:
    """So many pages that listen, until the end of the block."""
    with subprocess.Popen(
        [sys.executable, "-m", "bench.listeners", str(port), str(count), request.decode()],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=before,
    ) as process:
        try:
            yield Audience(process, count)
        finally:
            process.terminate()


def main() -> None:
    port, count, request = sys.argv[1:]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(Listeners(int(port), int(count), request.encode()).run())


if __name__ == "__main__":
    main()
