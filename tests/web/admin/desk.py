"""An editor at a browser without JavaScript: opens a page, fills in its form, sends it."""

import html
import re
from io import BytesIO
from typing import Any

import httpx
from PIL import Image

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def photo(width: int = 900, height: int = 600) -> bytes:
    """A JPEG as a camera writes it, with the place where it was taken."""
    out = BytesIO()
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (33.0, 37.0, 0.0)}
    Image.new("RGB", (width, height), "#a33").save(out, "JPEG", exif=exif)
    return out.getvalue()


async def send(
    client: httpx.AsyncClient,
    path: str,
    fields: dict[str, Any] | None = None,
    *,
    page: str,
    files: dict[str, tuple[str, bytes]] | None = None,
) -> httpx.Response:
    """Post a form with the token of the page that shows it."""
    token = TOKEN.search((await client.get(page)).text)
    assert token
    values = {"csrf_token": html.unescape(token[1]), **(fields or {})}
    if files is None:
        return await client.post(path, data=values)
    return await client.post(path, data=values, files=files)


def value_of(shown: httpx.Response, name: str) -> str:
    """What a field of the page holds."""
    found = re.search(
        rf'<input[^>]* name="{name}"[^>]* value="([^"]*)"|<textarea[^>]* name="{name}"[^>]*>'
        r"\s*([^<]*)</textarea>",
        shown.text,
    )
    assert found, name
    return html.unescape(found[1] if found[1] is not None else found[2]).strip()
