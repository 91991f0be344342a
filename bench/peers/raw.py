"""One raw durable transaction for each request: the bare POST, and one INSERT that is committed.

The file is named by BENCH_DATABASE.
"""

import os
import sqlite3

from itsdangerous import BadSignature
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.peers.bare import page, serializer

database = sqlite3.connect(os.environ["BENCH_DATABASE"], isolation_level=None)
database.execute("PRAGMA journal_mode = WAL")
database.execute("PRAGMA synchronous = FULL")
database.execute(
    "CREATE TABLE IF NOT EXISTS raw_vote (voter TEXT, candidate INTEGER, "
    "PRIMARY KEY (voter, candidate)) WITHOUT ROWID"
)


async def post(request: Request) -> Response:
    """Keep one vote, at once: nothing is quicker for few."""
    form = await request.form()
    try:
        voter = serializer.loads(request.cookies["vote"], max_age=86400)[1]
        row = (voter, int(str(form["candidate"])))
    except (BadSignature, KeyError, ValueError):
        return Response(status_code=403)
    # Without a transaction of ours, the statement is one: durable when it returns.
    database.execute("INSERT INTO raw_vote VALUES (?, ?)", row)
    return Response(status_code=303, headers={"location": "/receipts/none"})


app = Starlette(routes=[Route("/vote", post, methods=["POST"]), Route("/page", page)])
