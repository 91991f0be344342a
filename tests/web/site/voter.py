"""A voter at a browser without JavaScript: fills in the forms that the pages show."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from awards.notifications.queries import list_letters

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
ADDRESS = "lu@example.com"


@dataclass
class Voter:
    """One browser on one campaign."""

    client: httpx.AsyncClient
    slug: str

    async def get(self, path: str = "", **query: Any) -> httpx.Response:
        """A page below the campaign's address."""
        return await self.client.get(f"/campaigns/{self.slug}{path}", params=_pairs(query))

    async def post(self, path: str, *, page: str = "/ballot", **fields: Any) -> httpx.Response:
        """Send a form as the page shows it, with that page's token."""
        return await self.send(
            f"/campaigns/{self.slug}{path}", page=f"/campaigns/{self.slug}{page}", **fields
        )

    async def send(self, path: str, *, page: str = "/account", **fields: Any) -> httpx.Response:
        """Send a form to any address, with the token of a page."""
        shown = await self.client.get(page, follow_redirects=True)
        found = TOKEN.search(shown.text) or TOKEN.search((await self.client.get("/sign-in")).text)
        assert found
        pairs = [("csrf_token", html.unescape(found[1])), *_pairs(fields)]
        return await self.client.post(
            path,
            content=str(httpx.QueryParams(pairs)),
            headers={"content-type": "application/x-www-form-urlencoded"},
        )

    async def prove(self, address: str = ADDRESS, **choices: Any) -> httpx.Response:
        """The whole way of the code, up to the ballot page."""
        await self.post("/verifications", email=address, **choices)
        return await self.post("/tokens", kind="email", code=await sent_code(address), **choices)

    async def vote(self, *numbers: int, day: str = "", slot: int = 1) -> httpx.Response:
        """Cast a vote with the proof that this browser keeps."""
        shown = await self.client.get(f"/campaigns/{self.slug}/me")
        day = day or str(shown.json().get("day", ""))
        return await self.post("/ballots", choice=list(numbers), day=day, slot=slot)


async def sent_code(address: str = ADDRESS) -> str:
    """The six digits of the latest letter."""
    letter = next(each for each in await list_letters() if each.address == address)
    found = re.search(r"\d{6}", letter.subject or letter.text)
    assert found
    return found[0]


async def sent_link(address: str = ADDRESS) -> str:
    """The path of the link in the latest letter."""
    letter = next(each for each in await list_letters() if each.address == address)
    found = re.search(r"http://haoren\.test(/\S+)", letter.text)
    assert found
    return found[1]


def text_of(response: httpx.Response) -> str:
    """What a reader sees, in one line."""
    body = response.text.split("<main", 1)[-1].split("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def _pairs(fields: dict[str, Any]) -> list[tuple[str, Any]]:
    pairs: list[tuple[str, Any]] = []
    for name, value in fields.items():
        many: Sequence[Any] = value if isinstance(value, list | tuple) else [value]
        pairs += [(name, str(each)) for each in many]
    return pairs
