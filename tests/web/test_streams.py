"""Live counts: told to all at once, to nobody who may not see them, and nobody is waited for."""

import asyncio
import json
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.types import Message

from awards.campaigns.models import Campaign
from awards.campaigns.rules import StageKind
from awards.db import in_transaction
from awards.voting import live
from awards.voting.rules import Counts
from awards.web import streams
from awards.web.streams import Hub
from tests import make

ACCEPT = [(b"accept", b"text/event-stream"), (b"host", b"haoren.test")]


class Page:
    """A page that listens at `slug`."""

    def __init__(self, app: Starlette, slug: str) -> None:
        self.got: list[Message] = []
        self.reads = True
        self._gone = asyncio.Event()
        self._scope = {
            "type": "http", "method": "GET", "path": f"/campaigns/{slug}/counts", "headers": ACCEPT,
            "query_string": b"", "scheme": "http", "server": ("haoren.test", 80),
            "http_version": "1.1", "client": ("127.0.0.1", 1), "root_path": "",
        }  # fmt: skip
        self.task = asyncio.create_task(app(self._scope, self._receive, self._send))

    async def _receive(self) -> Message:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if not self.reads:
            await asyncio.Event().wait()
        self.got.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            self._gone.set()

    async def hang_up(self) -> None:
        self._gone.set()
        await self.task

    @property
    def status(self) -> int:
        return int(self.got[0]["status"])

    @property
    def kind(self) -> str:
        headers: dict[bytes, bytes] = dict(self.got[0]["headers"])
        return headers.get(b"content-type", b"").decode()

    @property
    def events(self) -> list[dict[str, Any]]:
        text = b"".join(each["body"] for each in self.got[1:]).decode()
        lines = [line for line in text.splitlines() if line.startswith("data: ")]
        return [json.loads(line.removeprefix("data: ")) for line in lines]

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not is_so():  # noqa: ASYNC110 - the pages hear of it, nobody tells us
                await asyncio.sleep(0.005)


@pytest.fixture
def hub(app: Starlette) -> Hub:
    found: Hub = app.state.hub
    return found


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> dict[str, Counts]:
    """What the tally says, and figures that may move at any time."""
    tally = {"now": Counts(0, {})}

    async def read(_campaign: int) -> Counts:
        return tally["now"]

    monkeypatch.setattr(live, "read_tally", read)
    monkeypatch.setattr(live, "may_move", lambda *_counts, waited: True)
    monkeypatch.setattr(streams, "LOOK_EVERY", 0.01)
    return tally


async def award(visibility: str = "live", **more: Any) -> Campaign:
    campaign = await make.campaign(slug="award", **more)
    async with in_transaction():
        await Campaign.filter(id=campaign.id).update(
            ballot_rule={**campaign.ballot_rule, "visibility": visibility}, version=2
        )
    for number in (101, 102):
        await make.candidate(campaign, number)
    return campaign


async def test_listeners_hear_every_move(
    app: Starlette, hub: Hub, counted: dict[str, Counts]
) -> None:
    await award()
    pages = [Page(app, "award") for _number in range(3)]
    await pages[0].until(lambda: all(page.events for page in pages))
    counted["now"] = Counts(30, {101: 20, 102: 10})
    await pages[0].until(lambda: all(len(page.events) > 1 for page in pages))
    for page in pages:
        await page.hang_up()

    assert {(page.status, page.kind) for page in pages} == {
        (200, "text/event-stream; charset=utf-8")
    }
    assert all(b"retry: " in page.got[1]["body"] for page in pages)
    last = {"number": 101, "votes": 20}, {"number": 102, "votes": 10}
    assert [page.events[-1] for page in pages] == [{"ballots": 30, "candidates": list(last)}] * 3
    assert (hub._count, hub._listeners, hub._said) == (0, {}, {})


async def test_the_first_figures_are_those_of_the_results(
    app: Starlette, client: httpx.AsyncClient, counted: dict[str, Counts]
) -> None:
    await award()
    counted["now"] = Counts(5, {102: 5})
    page = Page(app, "award")
    await page.until(lambda: bool(page.events))
    results = (await client.get("/api/v1/campaigns/award/results")).json()
    once = await client.get("/campaigns/award/counts")
    await page.hang_up()

    assert page.events == [results] == [once.json()]


async def test_silence_is_broken_by_a_beat(
    app: Starlette, counted: dict[str, Counts], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "BEAT_EVERY", 0.02)
    await award()
    page = Page(app, "award")
    await page.until(lambda: streams.BEAT in page.got)
    await page.hang_up()

    assert len(page.events) == 1


async def test_who_does_not_read_is_dropped_and_holds_nobody_up(
    app: Starlette, hub: Hub, counted: dict[str, Counts]
) -> None:
    await award()
    pages = [Page(app, "award") for _number in range(3)]
    await pages[0].until(lambda: all(page.events for page in pages))
    pages[1].reads = False
    counted["now"] = Counts(30, {101: 20})
    await pages[2].until(lambda: len(pages[2].events) > 1)
    await asyncio.wait_for(pages[1].task, 5)
    for page in (pages[0], pages[2]):
        await page.hang_up()

    assert [len(page.events) for page in pages] == [2, 1, 2]
    assert hub._count == 0


@pytest.mark.parametrize("visibility", ["hidden", "daily@18:00"])
async def test_counts_that_do_not_move_have_no_stream(
    app: Starlette, client: httpx.AsyncClient, hub: Hub, visibility: str
) -> None:
    await award(visibility)
    page = Page(app, "award")
    await asyncio.wait_for(page.task, 5)
    once = await client.get("/campaigns/award/counts")

    assert page.kind != "text/event-stream; charset=utf-8"
    assert (page.status, once.status_code) == ((404, 404) if visibility == "hidden" else (204, 200))
    assert hub._count == 0


@pytest.mark.parametrize("stage", [StageKind.CANDIDATES, StageKind.CHECKING])
async def test_before_and_after_there_is_no_stream(
    app: Starlette, stage: StageKind, hub: Hub
) -> None:
    await award(stage=stage)
    page = Page(app, "award")
    await asyncio.wait_for(page.task, 5)

    assert (page.status, hub._count) == (404 if stage is StageKind.CANDIDATES else 204, 0)


async def test_a_full_house_gives_the_figures_once(
    app: Starlette, counted: dict[str, Counts], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "MOST", 1)
    await award()
    first = Page(app, "award")
    await first.until(lambda: bool(first.events))
    second = Page(app, "award")
    await asyncio.wait_for(second.task, 5)
    await first.hang_up()

    assert (second.status, second.kind) == (204, "")


async def test_voting_that_ends_ends_the_streams(
    app: Starlette, counted: dict[str, Counts], frozen_at: Any
) -> None:
    travel = frozen_at(datetime(2026, 11, 23, 8, tzinfo=UTC))
    await award()
    page = Page(app, "award")
    await page.until(lambda: bool(page.events))
    travel.shift(timedelta(days=6))
    await asyncio.wait_for(page.task, 5)

    assert page.got[-1] == streams.END


async def test_the_house_closes_at_once(
    app: Starlette, hub: Hub, counted: dict[str, Counts]
) -> None:
    await award()
    pages = [Page(app, "award") for _number in range(3)]
    await pages[0].until(lambda: all(page.events for page in pages))
    hub.close()
    await asyncio.wait_for(asyncio.gather(*(page.task for page in pages)), 5)
    late = Page(app, "award")
    await asyncio.wait_for(late.task, 5)

    assert all(page.got[-1] == streams.END for page in pages)
    assert (late.status, hub._count) == (204, 0)


async def test_the_house_closes_when_the_server_is_told_to_stop(app: Starlette) -> None:
    """The server's own answer to the signal is given first, and stands again afterwards."""
    told: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _frame: told.append(number))
    try:
        hub = Hub(app.state.ballot_box)
        with streams.closing_with_signals(hub):
            signal.raise_signal(signal.SIGTERM)
            await asyncio.sleep(0.01)
            is_closed = hub._is_closed
        signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)

    assert (is_closed, told) == (True, [signal.SIGTERM, signal.SIGTERM])


async def test_figures_that_can_not_be_read_are_looked_at_again(
    app: Starlette, hub: Hub, counted: dict[str, Counts], monkeypatch: pytest.MonkeyPatch
) -> None:
    await award()
    page = Page(app, "award")
    await page.until(lambda: bool(page.events))
    look, failures = hub._look, [OSError(), OSError()]

    async def failing(slug: str) -> bytes | None:
        if failures:
            raise failures.pop()
        return await look(slug)

    monkeypatch.setattr(hub, "_look", failing)
    counted["now"] = Counts(30, {101: 20})
    await page.until(lambda: len(page.events) > 1)
    await page.hang_up()

    assert failures == []


async def test_hidden_counts_are_nowhere(
    client: httpx.AsyncClient, counted: dict[str, Counts]
) -> None:
    """Votes change neither a byte, nor a tag, nor the order, where counts are hidden."""
    await award("hidden")
    addresses = [
        "/campaigns/award", "/campaigns/award?order=shuffle", "/campaigns/award?find=",
        "/campaigns/award/candidates/101", "/campaigns/award/counts", "/campaigns",
    ]  # fmt: skip
    before = [await client.get(address) for address in addresses]
    counted["now"] = Counts(9876, {101: 5432, 102: 4444})
    after = [await client.get(address) for address in addresses]

    for one, other in zip(before, after, strict=True):
        assert (one.content, one.headers.get("etag")) == (other.content, other.headers.get("etag"))
        assert "data-counts-url" not in other.text and "candidate__count" not in other.text
        assert "5,432" not in other.text and "5432" not in other.text
    results = (await client.get("/api/v1/campaigns/award/results")).json()
    assert results["candidates"] == []
