"""The barest answers: what Starlette and ASGI cost by themselves. Nothing is kept.

`post` is written as Starlette's documentation shows a form: read the form and a cookie, verify its
signature, answer. `raw` does the same by hand. The page is as many bytes as BENCH_PAGE_BYTES says.
"""

import os
from urllib.parse import parse_qsl

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

SECRET = "only-for-the-bench-0123456789abcdef"  # noqa: S105 - it guards nothing
serializer = URLSafeTimedSerializer(SECRET, salt="vote")
content = b"x" * int(os.environ.get("BENCH_PAGE_BYTES", "1000"))


async def post(request: Request) -> Response:
    """A vote without a ballot box."""
    form = await request.form()
    try:
        serializer.loads(request.cookies["vote"], max_age=86400)
        int(str(form["candidate"]))
    except (BadSignature, KeyError, ValueError):
        return Response(status_code=403)
    return Response(status_code=303, headers={"location": "/receipts/none"})


async def page(request: Request) -> Response:
    return Response(content, media_type="text/html")


class Raw:
    """The same vote in raw ASGI."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        cookies = dict(scope["headers"]).get(b"cookie", b"").decode("latin-1")
        found = dict(each.partition("=")[::2] for each in cookies.split("; "))
        try:
            serializer.loads(found["vote"], max_age=86400)
            int(dict(parse_qsl(body.decode()))["candidate"])
            status = 303
        except (BadSignature, KeyError, ValueError):
            status = 403
        headers = [(b"location", b"/receipts/none"), (b"content-length", b"0")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


app = Starlette(
    routes=[
        Route("/vote", post, methods=["POST"]),
        Route("/raw", Raw(), methods=["POST"]),
        Route("/page", page),
    ]
)
