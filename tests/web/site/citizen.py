"""A citizen at a browser without JavaScript: opens forms, fills them in, sends them with photos."""

import html
import re
from collections.abc import Mapping, Sequence

import httpx

from tests.nominations.papers import PAPERS

HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
ATTRIBUTE = re.compile(r'(name|value)="([^"]*)"')
TAGS = re.compile(r"<[^>]+>")
Photo = tuple[str, bytes]

FILLED = {
    name: getattr(PAPERS, name)
    for name in (
        "category", "kind", "name", "gender", "birth_month", "region", "occupation", "employer",
        "nominee_contact", "one_liner", "summary", "story", "past_honours", "relation",
        "nominator_name", "nominator_contact",
    )
} | {"pledge": "y"}  # fmt: skip
"""The form, filled in as the tests' papers are."""


class Citizen:
    """One browser, and the form that it has open."""

    def __init__(self, client: httpx.AsyncClient, path: str = "") -> None:
        self.client = client
        self.path = path
        self.page = ""

    async def open(self, path: str, status: int = 200) -> str:
        """The page of this address."""
        answer = await self.client.get(path)
        assert answer.status_code == status, (path, answer.status_code)
        self.page = answer.text
        return self.page

    async def send(
        self,
        path: str,
        fields: Mapping[str, object] | None = None,
        *,
        photos: Sequence[Photo] = (),
        status: int = 303,
    ) -> httpx.Response:
        """Send the open page's form there, with its hidden fields and these."""
        form = {**self.hidden(), **(fields or {})}
        files = [("photos", (name, data, "image/jpeg")) for name, data in photos]
        answer = await self.client.post(path, data=form, files=files or None)
        assert answer.status_code == status, (path, answer.status_code, said(answer))
        if answer.status_code != 303:
            self.page = answer.text
        return answer

    async def follow(self, answer: httpx.Response) -> str:
        """The page that the answer leads to."""
        return await self.open(answer.headers["location"])

    def hidden(self) -> dict[str, list[str]]:
        """The hidden fields of all forms on the page."""
        found: dict[str, list[str]] = {}
        for field in HIDDEN.findall(self.page):
            parts = dict(ATTRIBUTE.findall(field))
            values = found.setdefault(parts["name"], [])
            if (value := html.unescape(parts.get("value", ""))) not in values:
                values.append(value)
        return found

    def value(self, name: str) -> str:
        """What stands in a text field or box of the page."""
        area = re.search(
            rf'<textarea[^>]*name="{name}"[^>]*>\r?\n?(.*?)</textarea>', self.page, re.S
        )
        if area:
            return html.unescape(area[1])
        for field in re.findall(r"<input[^>]*>", self.page):
            if f'name="{name}"' in field and 'type="radio"' not in field:
                return html.unescape(dict(ATTRIBUTE.findall(field)).get("value", ""))
        return self.chosen(name)

    def chosen(self, name: str) -> str:
        """Which radio or option is chosen."""
        for field in re.findall(r"<input[^>]*>", self.page):
            if f'name="{name}"' in field and "checked" in field:
                return str(dict(ATTRIBUTE.findall(field))["value"])
        options = re.search(rf'<select[^>]*name="{name}"[^>]*>(.*?)</select>', self.page, re.S)
        found = re.search(r'<option selected value="([^"]*)"', options[1]) if options else None
        return str(found[1]) if found else ""

    def wrong(self) -> dict[str, str]:
        """The fields with an objection, and what is said there."""
        found = re.findall(
            r'<p class="field__error" id="([a-z_]+)-error">(.*?)</p>', self.page, re.S
        )
        return {name: plain(text) for name, text in found}


def plain(text: str) -> str:
    """Markup as a reader sees it."""
    return " ".join(html.unescape(TAGS.sub(" ", text)).split())


def said(answer: httpx.Response) -> str:
    """What the page says below its masthead."""
    return plain(answer.text.partition("<main")[2].partition("</main>")[0])
