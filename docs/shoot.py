"""Take the pictures of README.md, or of any page, from a demonstration season started for it.

    .venv/bin/python docs/shoot.py                                   the pictures of the README
    .venv/bin/python docs/shoot.py OUT / /campaigns --all      any pages, in every mode

Needs what `server.py test` installs: Chromium and CJK fonts.
"""

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright._impl._api_structures import SetCookieParam as Cookie
from playwright.async_api import Browser, ViewportSize, async_playwright

ROOT = Path(__file__).parents[1]
PORT = 8765
ADDRESS = f"http://127.0.0.1:{PORT}"
EVERY_PICTURE = """Promise.all([...document.images].map(each => {
    each.loading = "eager";
    return each.decode().catch(() => null);
}))"""
SHOWN = ROOT / "docs" / "pictures"
README = {
    "home": ("/", 1280, "zh-Hans"),
    "campaign": ("/campaigns/2026-wanghe-hometown", 360, "zh-Hans"),
    "candidate": ("/campaigns/2026-wanghe-hometown/candidates/402", 360, "en"),
    "winner": ("/showcase/maimaiti", 1280, "zh-Hans"),
}


@dataclass(frozen=True)
class Shot:
    """One picture: of which page, how wide, in which language and mode."""

    path: str
    width: int
    language: str
    mode: str = ""
    theme: str = ""

    @property
    def name(self) -> str:
        place = self.path.strip("/").replace("/", "_").replace("?", "_") or "home"
        marks = [self.language, self.mode, self.theme, str(self.width)]
        return ".".join([place, *filter(None, marks)]) + ".png"


def main() -> None:
    """Take the pictures that the arguments name."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, default=SHOWN)
    parser.add_argument("pages", nargs="*")
    parser.add_argument("--all", action="store_true", help="light, dark and care mode as well")
    parser.add_argument("--link", action="store_true", help="sign in as the organiser first")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    with demonstration() as link:
        asyncio.run(take(options.folder, list(shots(options)), link if options.link else ""))


def shots(options: argparse.Namespace) -> Iterator[Shot]:
    """Every picture that was asked for."""
    if not options.pages:
        yield from (Shot(path, width, language) for path, width, language in README.values())
        return
    for path in options.pages:
        for language in ("zh-Hans", "en"):
            for width in (360, 1280):
                yield Shot(path, width, language)
                if options.all:
                    yield Shot(path, width, language, theme="dark")
                    yield Shot(path, width, language, mode="care")


@contextmanager
def demonstration() -> Iterator[str]:
    """A fresh demonstration season on a port of its own; the organiser's sign-in link."""
    folder = tempfile.mkdtemp()
    log = Path(folder, "log")
    environment = {**os.environ, "AWARDS_DATA_DIR": folder}
    with log.open("w") as output:
        server = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, str(ROOT / "server.py"), "serve", "--port", str(PORT)],
            env=environment, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        _wait_for(server, log)
        yield next((word for word in log.read_text().split() if "/sign-in/" in word), "")
    finally:
        server.terminate()
        server.wait(20)
        shutil.rmtree(folder)


def _wait_for(server: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{ADDRESS}/health/ready")  # noqa: S310 - loopback
        except OSError:
            if server.poll() is not None:
                raise SystemExit(log.read_text()) from None
            time.sleep(0.1)
        else:
            return
    raise SystemExit(log.read_text())


async def take(folder: Path, shots: list[Shot], link: str) -> None:
    """Open each page and keep its picture."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        cookies = await _signed_in(browser, link) if link else []
        for shot in shots:
            await _take_one(browser, folder, shot, cookies)
        await browser.close()


async def _signed_in(browser: Browser, link: str) -> list[Cookie]:
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(link)
    await page.locator("main form button").first.click()
    await page.wait_for_load_state()
    return [
        Cookie(name=each["name"], value=each["value"], url=ADDRESS)
        for each in await context.cookies()
        if each["name"] == "session"
    ]


async def _take_one(browser: Browser, folder: Path, shot: Shot, cookies: list[Cookie]) -> None:
    viewport = ViewportSize(width=shot.width, height=800)
    context = await browser.new_context(viewport=viewport, locale="zh-CN")
    chosen = {"language": shot.language, "mode": shot.mode, "theme": shot.theme}
    choices = [Cookie(name=n, value=v, url=ADDRESS) for n, v in chosen.items() if v]
    await context.add_cookies([*choices, *cookies])
    page = await context.new_page()
    page.on("console", lambda message: print(f"{shot.name}: {message.text}"))
    await page.goto(ADDRESS + shot.path)
    await page.evaluate(EVERY_PICTURE)
    await page.screenshot(path=folder / shot.name, full_page=folder != SHOWN)
    await context.close()


if __name__ == "__main__":
    main()
