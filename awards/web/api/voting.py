"""Voting by program: kiosks, partners, load tests. Addresses, shapes and codes are for ever."""

from datetime import UTC

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from awards import clock
from awards.results.queries import find_result
from awards.voting.ballot_box import BallotBox
from awards.web.api.language import speaks
from awards.web.api.shapes import BallotShape, CodeShape, read_shape
from awards.web.guards import source
from awards.web.vote import SentVote, take_code, take_vote

PERSONAL = {"cache-control": "no-store"}


@speaks
async def create_token(request: Request) -> Response:
    """A printed code against a voting token."""
    box = _box(request)
    paper = await box.papers.find(request.path_params["slug"])
    shape = await read_shape(request, CodeShape)
    issued = await take_code(
        box, request.app.state.codes.throttle, campaign=paper.campaign, code=shape.code,
        source=source(request),
    )  # fmt: skip
    expires_at = issued.expires_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return JSONResponse(
        {"token": issued.text, "expires_at": expires_at}, status_code=201, headers=PERSONAL
    )


@speaks
async def create_ballot(request: Request) -> Response:
    """One vote. The same vote again is answered with the same bytes, and 200 instead of 201."""
    token = _bearer(request)
    shape = await read_shape(request, BallotShape)
    receipt = await take_vote(
        _box(request),
        request.app.state.gate,
        request.path_params["slug"],
        SentVote(token, shape.choices, shape.day, shape.slot, source(request)),
        source="api",
    )
    return JSONResponse(
        {"receipt": {"tracker": receipt.tracker, "day": f"{receipt.day}"}},
        status_code=201 if receipt.is_new else 200,
        headers=PERSONAL,
    )


@speaks
async def results(request: Request) -> Response:
    """Ballots and votes, as far as the rule lets them be seen now."""
    box = _box(request)
    paper = await box.papers.find(request.path_params["slug"])
    is_published = await find_result(paper.campaign) is not None
    figures = await box.live.figures(paper, now=clock.now(), is_published=is_published)
    return JSONResponse(
        {
            "ballots": figures.ballots,
            "candidates": [
                {"number": number, "votes": votes}
                for number, votes in sorted((figures.votes or {}).items())
            ],
        },
        headers={"cache-control": "no-cache"},
    )


def _bearer(request: Request) -> str:
    """The token of the Authorization header; nothing if there is none."""
    scheme, _space, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _box(request: Request) -> BallotBox:
    box: BallotBox = request.app.state.ballot_box
    return box
