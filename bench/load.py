"""The load: a process of its own that sends requests made beforehand, and times the answers.

It reads its orders and the requests from its input and writes what it saw as JSON. Closed loop:
each connection sends when it has its answer. Open loop: requests leave by the clock, whatever
becomes of those before.
"""

import asyncio
import gc
import json
import re
import struct
import subprocess
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, BinaryIO

import uvloop

from awards.bootstrap import ROOT

FRAME = struct.Struct("!I")
HEADERS_END, LENGTH = b"\r\n\r\n", b"content-length:"
BUSY = b"503"
RETRY_AFTER = re.compile(rb"\r\nretry-after: (\d+)\r\n", re.IGNORECASE)
PATIENCE = 30.0
"""Seconds that the last answers may take."""


@dataclass(frozen=True, kw_only=True)
class Orders:
    """What to send where. `rate` in requests per second makes it an open loop."""

    port: int
    connections: int
    seconds: float
    warm_up: float = 0.5
    repeats: bool = False
    """Begin with the first request again after the last one; otherwise stop there."""
    rate: float | None = None
    retries: bool = False
    """Whether who was told to come back does so, when they were told to."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What came back. Answers within the measured seconds count for the rate and the latencies,
    all of them for the statuses.
    """

    rate: float
    p50: float
    p99: float
    """Milliseconds, of answers that were no refusal."""
    statuses: dict[str, int]
    measured: dict[str, int]
    seconds: float
    broken: int
    """Connections that ended before their answer."""
    unadvised: int
    """Refusals for want of room that name no time to come back."""
    unanswered: int
    sample: tuple[str, str] = ("", "")
    """One request, and its answer."""

    def count(self, *statuses: int) -> int:
        """How many answers had one of these statuses."""
        return sum(self.statuses.get(str(status), 0) for status in statuses)


@dataclass
class Log:
    """What the connections note down while they run."""

    answers: list[tuple[float, float, int]] = field(default_factory=list)
    """When it came, how long it took, its status."""
    broken: int = 0
    unadvised: int = 0
    sample: tuple[bytes, bytes] = (b"", b"")


class Answers:
    """Cuts a stream of bytes into answers."""

    def __init__(self) -> None:
        self._kept = b""

    def feed(self, data: bytes) -> Iterable[bytes]:
        """Every answer that is whole by now."""
        self._kept += data
        while (end := answer_end(self._kept)) is not None:
            answer, self._kept = self._kept[:end], self._kept[end:]
            yield answer


def answer_end(data: bytes) -> int | None:
    """Where the first answer ends, or None while it has not come wholly."""
    headers = data.find(HEADERS_END)
    if headers < 0:
        return None
    end = headers + len(HEADERS_END) + _length(data[: headers + 2].lower())
    return end if len(data) >= end else None


def _length(headers: bytes) -> int:
    """The length of the body. Only answers without one may leave it unsaid."""
    start = headers.find(LENGTH)
    if start < 0:
        if b"transfer-encoding:" in headers:
            raise ValueError("An answer in pieces can't be timed here.")
        return 0
    return int(headers[start + len(LENGTH) : headers.index(b"\r\n", start)])


class Connection(asyncio.Protocol):
    """One connection with at most one request under way. `idle` is told when it has none, with
    the request and its answer.
    """

    def __init__(self, log: Log, idle: Callable[["Connection", bytes, bytes], None]) -> None:
        self.log = log
        self.idle = idle
        self.transport: asyncio.Transport | None = None
        self.request = b""
        self._answers = Answers()
        self._since = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]  # a stream has a Transport

    def send(self, request: bytes, *, due: float | None = None) -> None:
        """Send one request; its time runs from when it was due."""
        assert self.transport is not None  # noqa: S101 - connected first
        self.request = request
        self._since = time.perf_counter() if due is None else due
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        for answer in self._answers.feed(data):
            now, status = time.perf_counter(), answer[9:12]
            self.log.answers.append((now, now - self._since, int(status)))
            if not self.log.sample[1] and status != BUSY:
                self.log.sample = (self.request, answer)
            request, self.request = self.request, b""
            self.idle(self, request, answer)

    def connection_lost(self, error: Exception | None) -> None:
        self.transport = None
        if self.request:
            self.log.broken += 1


class Load:
    """Requests, and connections that send them."""

    def __init__(self, orders: Orders, requests: Sequence[bytes]) -> None:
        self.orders = orders
        self.log = Log()
        self.ends = float("inf")
        self._requests = requests
        self._next = 0
        self._under_way = 0
        self._idle: list[Connection] = []
        self._back: deque[tuple[float, bytes]] = deque()

    async def run(self) -> Seen:
        """Send until the time or the requests are over, then wait for the last answers."""
        loop = asyncio.get_running_loop()
        for _each in range(self.orders.connections):
            _transport, connection = await loop.create_connection(
                lambda: Connection(self.log, self._on_answer), "127.0.0.1", self.orders.port
            )
            self._idle.append(connection)
        begun = time.perf_counter()
        self.ends = begun + self.orders.warm_up + self.orders.seconds
        await (self._by_the_clock(begun) if self.orders.rate else self._in_turns())
        stopped = min(time.perf_counter(), self.ends)
        await self._quiet(until=time.perf_counter() + PATIENCE)
        for connection in self._idle:
            if connection.transport:
                connection.transport.close()
        await asyncio.sleep(0)  # They close on the next turn of the loop.
        return sum_up(
            self.log,
            begun=begun + self.orders.warm_up,
            ended=stopped,
            unanswered=self._under_way - self.log.broken,
        )

    async def _in_turns(self) -> None:
        """Let each connection send again as soon as it has its answer."""
        waiting, self._idle = self._idle, []
        for connection in waiting:
            self._send_next(connection)
        await self._quiet(until=self.ends)

    async def _by_the_clock(self, begun: float) -> None:
        """Send as many as are due, each on a connection that is free."""
        sent, rate = 0, self.orders.rate or 0.0
        while (now := time.perf_counter()) < self.ends:
            while sent < (now - begun) * rate and self._idle:
                connection = self._idle.pop()
                if connection.transport is None:
                    continue
                request = self._take(now)
                if request is None:
                    return
                self._under_way += 1
                connection.send(request, due=begun + sent / rate)
                sent += 1
            await asyncio.sleep(0.001)

    def _on_answer(self, connection: Connection, request: bytes, answer: bytes) -> None:
        self._under_way -= 1
        if answer[9:12] == BUSY:
            self._note_refusal(request, answer)
        if self.orders.rate:
            self._idle.append(connection)
        else:
            self._send_next(connection)

    def _send_next(self, connection: Connection) -> None:
        now = time.perf_counter()
        request = self._take(now) if now < self.ends and connection.transport else None
        if request is None:
            self._idle.append(connection)
        else:
            self._under_way += 1
            connection.send(request)

    def _note_refusal(self, request: bytes, answer: bytes) -> None:
        found = RETRY_AFTER.search(answer)
        if found is None:
            self.log.unadvised += 1
        elif self.orders.retries:
            self._back.append((time.perf_counter() + int(found[1]), request))

    def _take(self, now: float) -> bytes | None:
        """The next request; those whose time to come back has come go first."""
        if self._back and self._back[0][0] <= now:
            return self._back.popleft()[1]
        if self._next >= len(self._requests):
            if not self.orders.repeats:
                return None
            self._next = 0
        self._next += 1
        return self._requests[self._next - 1]

    async def _quiet(self, *, until: float) -> None:
        """Wait until nothing is under way, or for so long."""
        # A look now and then costs less than an event at each answer.
        while self._under_way > self.log.broken and time.perf_counter() < until:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


def sum_up(log: Log, *, begun: float, ended: float, unanswered: int = 0) -> Seen:
    """The figures of what was noted down."""
    within = [each for each in log.answers if begun <= each[0] <= ended]
    took = sorted(took for _when, took, status in within if status < 400)
    seconds = max(ended - begun, 1e-9)
    return Seen(
        rate=len(took) / seconds,
        p50=percentile(took, 0.50) * 1000,
        p99=percentile(took, 0.99) * 1000,
        statuses=_counted(log.answers),
        measured=_counted(within),
        seconds=seconds,
        broken=log.broken,
        unadvised=log.unadvised,
        unanswered=unanswered,
        sample=(log.sample[0].decode("latin-1"), log.sample[1].decode("latin-1")),
    )


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value that this share of the others does not exceed; 0 of nothing."""
    if not ordered:
        return 0.0
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def _counted(answers: Iterable[tuple[float, float, int]]) -> dict[str, int]:
    return {str(status): n for status, n in sorted(Counter(each[2] for each in answers).items())}


def fire(
    orders: Orders, requests: Sequence[bytes], *, before: Callable[[], None] | None = None
) -> Seen:
    """Run the load in a process of its own. `before` settles it there: on its core."""
    framed = b"".join(FRAME.pack(len(each)) + each for each in requests)
    told = json.dumps(asdict(orders)).encode()
    ended = subprocess.run(
        [sys.executable, "-m", "bench.load"],
        cwd=ROOT,
        input=FRAME.pack(len(told)) + told + framed,
        stdout=subprocess.PIPE,
        preexec_fn=before,
        check=True,
    )
    seen: dict[str, Any] = json.loads(ended.stdout)
    return Seen(**seen | {"sample": tuple(seen["sample"])})


def frames(file: BinaryIO) -> Iterable[bytes]:
    """The parts that were written one behind the other, each after its length."""
    content = memoryview(file.read())
    place = 0
    while place < len(content):
        (length,) = FRAME.unpack_from(content, place)
        place += FRAME.size + length
        yield bytes(content[place - length : place])


def main() -> None:
    told, *requests = frames(sys.stdin.buffer)
    orders = Orders(**json.loads(told))
    gc.disable()  # Its pauses would be taken for the server's.
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        seen = runner.run(Load(orders, requests).run())
    print(json.dumps(asdict(seen)))


if __name__ == "__main__":
    main()
