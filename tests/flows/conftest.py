"""A real server on loopback and a real browser in front of it. Whatever the console says is an
error.
"""

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
import time_machine
import uvicorn
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Response,
    async_playwright,
    expect,
)

from awards.actor import Actor
from awards.config import Config
from tests import make
from tests.flows.barriers import barriers, shape
from tests.program import start_program

PHONE = {"width": 360, "height": 800}
DESK = {"width": 1280, "height": 900}
PATIENCE = float(os.environ.get("AWARDS_TEST_PATIENCE", "20000"))
"""Milliseconds that a page may take on a busy machine."""
SHOTS = os.environ.get("AWARDS_TEST_SHOTS", "")
"""A folder for pictures of the way, or nothing."""


@dataclass
class Site:
    """The running program."""

    address: str
    config: Config

    async def letter(self, to: str, *, after: int = 0, about: str = "") -> EmailMessage:
        """The latest letter to this address, as soon as it is there: not one of the first `after`,
        and one whose subject names `about`.
        """
        for _ in range(200):
            found = [each for each in self.letters_to(to)[after:] if about in each["Subject"]]
            if found:
                return found[-1]
            await asyncio.sleep(0.05)
        raise AssertionError(f"no letter to {to}")

    def letters_to(self, to: str) -> list[EmailMessage]:
        """Every letter to this address, oldest first."""
        folder = Path(self.config.mail.removeprefix("file://"))
        files = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
        letters = [
            message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=policy.default)
            for path in files
        ]
        return [each for each in letters if each["To"] == to]


@pytest.fixture
async def site(config: Config) -> AsyncIterator[Site]:
    """The program on a port of its own, jobs running, in this process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(
            start_program(config),
            host="127.0.0.1",
            port=port,
            log_level="error",
            lifespan="on",
            timeout_graceful_shutdown=2,
        )
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
    javascript: bool = True
    said: list[str] = field(default_factory=list)

    async def open(self, path: str, *, status: int = 200) -> Page:
        """Go to an address of the site, or of a letter."""
        there = path if path.startswith("http") else self.site.address + path
        answer = await self.page.goto(there, wait_until="load")
        assert answer and (path, answer.status) == (path, status)
        return self.page

    async def press(self, selector: str, *, status: int = 200) -> Page:
        """Press what sends a form or follows a link, and wait for the page that it leads to."""
        async with self.page.expect_navigation(wait_until="load") as leading:
            await self.page.locator(selector).filter(visible=True).first.click()
        answer = await leading.value
        assert (answer.status, answer.url) == (status, answer.url)
        return self.page

    async def press_and_confirm(self, selector: str) -> Page:
        """Press what asks first, and say yes."""
        await self.page.wait_for_load_state("networkidle")
        await self.page.locator(selector).click()
        return await self.press("dialog button[value=yes]")

    async def another_tab(self) -> Page:
        """A new tab of the same browser; the one before is closed, as a thumb does it."""
        await self.page.close()
        self.page = listening(await self.context.new_page(), self)
        return self.page

    async def look(self, name: str) -> None:
        """Look at the page as every reader does, and keep a picture for whoever asked for one."""
        found = await (barriers if self.javascript else shape)(self.page)
        self.said += [f"barrier on {name}: {each}" for each in found]
        if SHOTS:
            await self.page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)

    def heard(self, message: ConsoleMessage) -> None:
        """Keep what the console said, with the page it said it on."""
        is_of_page = message.location.get("url") == self.page.url
        if is_of_page and message.text.startswith("Failed to load resource"):
            return  # The page itself came with a status that the test asks for.
        self.said.append(f"{message.type} on {self.page.url}: {message.text}")

    def answered(self, response: Response) -> None:
        """A mistake of ours is never part of a test."""
        if response.status >= 500:
            self.said.append(f"{response.status} from {response.url}")


def listening(page: Page, visitor: Visitor) -> Page:
    """The page, with somebody who hears what it says."""
    page.on("console", visitor.heard)
    page.on("pageerror", lambda error: visitor.said.append(f"error: {error}"))
    page.on("response", visitor.answered)
    page.set_default_timeout(PATIENCE)
    return page


expect.set_options(timeout=PATIENCE)
Enter = Callable[..., Awaitable[Visitor]]


@pytest.fixture
async def enter(site: Site, browser: Browser) -> AsyncIterator[Enter]:
    """Open a browser of one's own: `await enter(language="en", javascript=False, viewport=DESK)`.

    At the end every console must have stayed empty.
    """
    visitors: list[Visitor] = []

    async def open_one(
        *,
        language: str = "zh-Hans",
        javascript: bool = True,
        viewport: dict[str, int] | None = None,
        actor: Actor | None = None,
    ) -> Visitor:
        context = await browser.new_context(
            java_script_enabled=javascript, viewport=viewport or PHONE, locale="zh-CN",  # type: ignore[arg-type]
        )  # fmt: skip
        cookies = {"language": language}
        if actor:
            cookies["session"] = await make.session(actor)
        await context.add_cookies(
            [{"name": n, "value": v, "url": site.address} for n, v in cookies.items()]
        )
        visitor = Visitor(context, await context.new_page(), site, javascript)
        listening(visitor.page, visitor)
        visitors.append(visitor)
        return visitor

    yield open_one
    for visitor in visitors:
        await visitor.context.close()
    said = [line for visitor in visitors for line in visitor.said]
    assert not said, "\n".join(said)


@pytest.fixture
def calendar() -> Iterator[Callable[[datetime], None]]:
    """Move the server's clock: `calendar(moment)`. It goes on from there."""
    travels: list[time_machine.travel] = []

    def move_to(moment: datetime) -> None:
        while travels:
            travels.pop().stop()
        travels.append(time_machine.travel(moment, tick=True))
        travels[-1].start()

    yield move_to
    while travels:
        travels.pop().stop()
