"""What every answer carries, whatever it is."""

import re
from collections.abc import Iterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from awards.campaigns.rules import StageKind
from awards.web.assets import static
from awards.web.routes import ACCOUNT, ADMIN, JUDGE, SITE
from tests import make
from tests.test_routes import filled, flat

ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
ANSWERS = {
    "page": ("/", 200),
    "form": ("/sign-in", 200),
    "not found": ("/nothing", 404),
    "redirect": ("/account", 303),
    "preferences": ("/preferences?mode=care", 303),
    "stylesheet": (static("css/base.css"), 200),
    "no stylesheet": (static("css/nothing.css"), 404),
    "no picture": ("/media/00000000-0000-4000-8000-000000000000/640.webp", 404),
    "health": ("/health/live", 200),
    "document": ("/api/v1/nothing", 404),
    "feed": ("/feeds/articles.atom", 200),
    "bug": ("/test/bug", 500),
}


async def fail(_request: Request) -> Response:
    raise ZeroDivisionError


@pytest.mark.parametrize(("address", "status"), ANSWERS.values(), ids=ANSWERS)
async def test_every_answer_is_protected(
    secure_app: Starlette, secure: httpx.AsyncClient, address: str, status: int
) -> None:
    secure_app.routes.insert(0, Route("/test/bug", fail))

    answer = await secure.get(address)

    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
    policy = answer.headers["content-security-policy"].split("; ")
    assert {
        "default-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "require-trusted-types-for 'script'",
    } <= set(policy)
    assert not any("unsafe" in each or "http" in each or "*" in each for each in policy)
    assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"


async def test_a_wrong_method_and_a_refused_form_are_protected_too(
    secure: httpx.AsyncClient,
) -> None:
    answers = [await secure.post("/"), await secure.post("/sign-in"), await secure.delete("/")]

    assert [each.status_code for each in answers] == [405, 403, 405]
    assert all(each.headers["x-content-type-options"] == "nosniff" for each in answers)


async def test_in_development_nobody_is_bound_to_https(client: httpx.AsyncClient) -> None:
    answer = await client.get("/")

    assert "strict-transport-security" not in answer.headers
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("address", "keep"),
    [
        ("/sign-in", "private, no-store"),
        ("/account", "private, no-store"),
        ("/", "private, no-cache"),
        (static("css/base.css"), "public, max-age=31536000, immutable"),
        ("/health/ready", "no-store"),
    ],
)
async def test_an_answer_says_who_may_keep_it(
    client: httpx.AsyncClient, address: str, keep: str
) -> None:
    answer = await client.get(address)

    assert answer.headers["cache-control"] == keep


async def test_long_pages_are_compressed(client: httpx.AsyncClient) -> None:
    answer = await client.get("/", headers={"accept-encoding": "gzip"})

    assert answer.headers["content-encoding"] == "gzip"
    assert {each.strip() for each in answer.headers["vary"].split(",")} == {
        "Accept-Encoding",
        "Cookie",
    }


def private_routes() -> Iterator[Route]:
    """Addresses with a code, or for somebody who is signed in."""
    for route in flat([*SITE, *ACCOUNT, *JUDGE, *ADMIN]):
        has_code = re.search(r"{(code|token|secret|tracker)}", route.path)
        if has_code or not route.name.startswith("site:"):
            yield route


async def test_nobody_keeps_what_is_answered_to_one_person(client: httpx.AsyncClient) -> None:
    for route in private_routes():
        for method in ("GET", "POST", "PUT"):
            answer = await client.request(method, filled(route.path))
            kept = (answer.headers["cache-control"], answer.headers.get("x-robots-tag"))
            assert (route.name, method, *kept) == (
                route.name,
                method,
                "private, no-store",
                "noindex",
            )


async def test_nobody_keeps_a_refusal_of_papers(client: httpx.AsyncClient) -> None:
    papers = await make.nomination(await make.campaign(stage=StageKind.NOMINATION))

    shown = await client.get(f"/nominations/{papers.code}")
    refused = await client.get(f"/nominations/{papers.code}/revision")

    assert [shown.status_code, refused.status_code] == [200, 409]
    assert refused.headers["cache-control"] == shown.headers["cache-control"] == "private, no-store"
    assert refused.headers["x-robots-tag"] == shown.headers["x-robots-tag"] == "noindex"


async def test_what_is_for_everybody_may_be_listed(client: httpx.AsyncClient) -> None:
    assert "x-robots-tag" not in (await client.get("/campaigns")).headers
