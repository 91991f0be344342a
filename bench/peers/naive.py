"""The vote as one writes it first: Starlette and Tortoise, one transaction for each request.

It promises what we promise: durable before it is answered, one vote a day for a candidate, ten a
day in all. The database is named by BENCH_DATABASE, in Tortoise's words.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from tortoise import Tortoise, fields
from tortoise.exceptions import IntegrityError
from tortoise.expressions import F
from tortoise.models import Model
from tortoise.transactions import in_transaction

SECRET = "only-for-the-bench-0123456789abcdef"  # noqa: S105 - it guards nothing
A_DAY = 10
serializer = URLSafeTimedSerializer(SECRET, salt="vote")


class Candidate(Model):
    """Somebody to vote for, and how many did."""

    id = fields.IntField(primary_key=True)
    number = fields.IntField(unique=True)
    votes = fields.IntField(default=0)

    class Meta:
        table = "naive_candidate"


class Vote(Model):
    """One vote."""

    id = fields.IntField(primary_key=True)
    voter = fields.CharField(max_length=32)
    day = fields.DateField()
    candidate: fields.ForeignKeyRelation[Candidate] = fields.ForeignKeyField("naive.Candidate")
    cast_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "naive_vote"
        unique_together = (("voter", "day", "candidate"),)


async def post(request: Request) -> Response:
    """Keep one vote."""
    form = await request.form()
    try:
        voter = serializer.loads(request.cookies["vote"], max_age=86400)[1]
        number = int(str(form["candidate"]))
    except (BadSignature, KeyError, ValueError):
        return Response(status_code=403)
    return Response(
        status_code=await keep(voter, number, datetime.now(UTC).date()),
        headers={"location": "/receipts/none"},
    )


async def keep(voter: str, number: int, day: date) -> int:
    """The status that says whether the vote was kept."""
    try:
        async with in_transaction():
            candidate = await Candidate.get_or_none(number=number)
            if candidate is None:
                return 422
            if await Vote.filter(voter=voter, day=day).count() >= A_DAY:
                return 409
            await Vote.create(voter=voter, day=day, candidate=candidate)
            await Candidate.filter(id=candidate.id).update(votes=F("votes") + 1)
    except IntegrityError:
        return 409
    return 303


async def ready(request: Request) -> Response:
    return Response("ready")


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    """Open the database, and make its tables when they are not there."""
    await Tortoise.init(
        db_url=os.environ["BENCH_DATABASE"],
        modules={"naive": [__name__]},
        _enable_global_fallback=True,
    )
    await Tortoise.generate_schemas()
    first, count = (int(each) for each in os.environ["BENCH_CANDIDATES"].split("+"))
    if not await Candidate.exists():
        rows = [Candidate(number=number) for number in range(first, first + count)]
        await Candidate.bulk_create(rows)
    yield
    await Tortoise.close_connections()


app = Starlette(
    routes=[Route("/vote", post, methods=["POST"]), Route("/ready", ready)], lifespan=lifespan
)
