"""The files of `static/`, under an address that changes when any of them does, so that browsers
keep them for a year.
"""

import hashlib
from functools import cache
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from awards.templating import ROOT

STATIC = ROOT / "static"


@cache
def fingerprint() -> str:
    """A digest over every file of `static/`."""
    total = hashlib.sha256()
    for path in sorted(Path(STATIC).rglob("*")):
        if path.is_file():
            total.update(path.relative_to(STATIC).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:12]


def static(path: str) -> str:
    """The address of a file of `static/`."""
    return f"/static/{fingerprint()}/{path}"


class KeptFiles(StaticFiles):
    """Static files that a browser need not ask for again."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405, headers={"allow": "GET, HEAD"})
        response = await super().get_response(path, scope)
        if response.status_code in (200, 304):
            response.headers["cache-control"] = "public, max-age=31536000, immutable"
        return response
