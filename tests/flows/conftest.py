"""A real server on loopback and a real browser in front of it. Whatever the console says is an error."""

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
import uvicorn
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright
from tests import make

from awards.actor import Actor
from awards.app import create_app
from awards.config import Config

PHONE = {"width": 360, "height": 800}
DESK = {"width": 1280, "height": 900}


@dataclass
class Site:
    """The running program."""

    address: str
    config: Config

    async def letter(self, to: str, *, nth: int = -1) -> EmailMessage:
        """The latest letter to this address, as soon as it is there."""
        for _ in range(200):
            found = [each for each in self._letters() if each["To"] == to]
            if len(found) > (nth if nth >= 0 else 0):
                return found[nth]
            await asyncio.sleep(0.05)
        raise AssertionError(f"no letter to {to}")

    def _letters(self) -> list[EmailMessage]:
        folder = Path(self.config.mail.removeprefix("file://"))
        files = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
        return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]  # type: ignore[arg-type, misc]


@pytest.fixture
async def site(config: Config) -> AsyncIterator[Site]:
    """The program on a port of its own, jobs running, in this process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(config), host="127.0.0.1", port=port, log_level="error", lifespan="on",
            timeout_graceful_shutdown=2,
        )  # fmt: skip
    )
    task = asyncio.create_task(server.serve())
    while not server.started:
        assert not task.done(), task
        await asyncio.sleep(0.01)
    yield Site(f"http://127.0.0.1:{port}", config)
    server.should_exit = True
    await task


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium."""
    path = shutil.which("chromium")
    assert path, "Chromium is not installed: apt install chromium fonts-noto-cjk"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
            ],
        )  # fmt: skip
        yield browser
        await browser.close()


@dataclass
class Visitor:
    """Somebody at a browser, and what their console said."""

    context: BrowserContext
    page: Page
    site: Site
    said: list[str] = field(default_factory=list)

    async def open(self, path: str) -> Page:
        """Go to an address of the site."""
        await self.page.goto(self.site.address + path, wait_until="load")
        return self.page

    def heard(self, message: ConsoleMessage) -> None:
        """Keep what the console said, with the page it said it on."""
        self.said.append(f"{message.type} on {self.page.url}: {message.text}")


Enter = Callable[..., Awaitable[Visitor]]


@pytest.fixture
async def enter(site: Site, browser: Browser) -> AsyncIterator[Enter]:
    """Open a browser of one's own: `await enter(language="en", javascript=False, viewport=DESK)`.

    At the end every console must have stayed empty.
    """
    visitors: list[Visitor] = []

    async def open_one(
        *, language: str = "zh-Hans", javascript: bool = True, viewport: dict[str, int] | None = None,
        actor: Actor | None = None,
    ) -> Visitor:  # fmt: skip
        context = await browser.new_context(
            java_script_enabled=javascript, viewport=viewport or PHONE, locale="zh-CN",  # type: ignore[arg-type]
        )  # fmt: skip
        cookies = {"language": language}
        if actor:
            cookies["session"] = await make.session(actor)
        await context.add_cookies([{"name": n, "value": v, "url": site.address} for n, v in cookies.items()])
        visitor = Visitor(context, await context.new_page(), site)
        visitor.page.on("console", visitor.heard)
        visitor.page.on("pageerror", lambda error: visitor.said.append(f"error: {error}"))
        visitor.page.set_default_timeout(float(os.environ.get("AWARDS_TEST_PATIENCE", "15000")))
        visitors.append(visitor)
        return visitor

    yield open_one
    for visitor in visitors:
        await visitor.context.close()
    assert [line for visitor in visitors for line in visitor.said] == []
