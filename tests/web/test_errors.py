"""How a refusal or a failure is said: to people in their language, to programs as a document."""

import json
import re
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
import structlog
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Mount, Route

from awards.errors import (
    Busy,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    Refused,
    TooMany,
    Unproven,
)
from awards.logs import configure_logs
from awards.web.csrf import ForeignForm, SignedOut, StaleForm
from awards.web.errors import status_of

SECRET = "li@example.com said: lantern river"


class Broken(Exception):
    """A bug whose text quotes somebody."""


async def fail(_request: Request) -> Response:
    typed = SECRET
    raise Broken(f"not a number: {typed}")


async def fail_twice(request: Request) -> Response:
    try:
        await fail(request)
    except Broken as error:
        raise ValueError(SECRET) from error
    raise AssertionError


async def fail_late(_request: Request) -> Response:
    async def body() -> AsyncIterator[bytes]:
        yield b"the beginning"
        raise Broken(SECRET)

    return StreamingResponse(body())


async def find_nobody(_request: Request) -> Response:
    try:
        raise ConnectionRefusedError(SECRET)
    except OSError as error:
        raise RuntimeError("no connection") from error


async def wait(_request: Request) -> Response:
    raise TooMany("too_many", "Wait {minutes}.", seconds=90, minutes=2)


async def conflict(_request: Request) -> Response:
    raise Conflict("test.conflict", "{name} was there.", name="<b>顾小雨</b>")


@pytest.fixture
def app(app: Starlette) -> Starlette:
    """The program with pages that go wrong."""
    pages = next(each for each in app.routes if isinstance(each, Mount) and each.path == "")
    assert pages.routes is not None
    handlers = {"fail": fail, "twice": fail_twice, "late": fail_late, "wait": wait, "no": conflict}
    handlers["away"] = find_nobody
    for name, handler in handlers.items():
        pages.routes.insert(0, Route(f"/test/{name}", handler))
        app.routes.insert(0, Route(f"/api/test/{name}", handler))
    return app


@pytest.fixture
def lines() -> Iterator[list[structlog.typing.EventDict]]:
    with structlog.testing.capture_logs() as lines:
        yield lines


@pytest.mark.parametrize(
    ("refused", "status"),
    [
        (NotFound(), 404),
        (Forbidden(), 403),
        (ForeignForm(), 403),
        (StaleForm(), 403),
        (SignedOut(), 401),
        (Unproven("x", ""), 401),
        (Conflict("x", ""), 409),
        (Invalid("x", ""), 422),
        (TooMany("x", "", seconds=1), 429),
        (Busy(), 503),
        (Refused("voting.closed", ""), 403),
    ],
)
def test_every_kind_has_one_status(refused: Refused, status: int) -> None:
    assert status_of(refused) == status


@pytest.mark.parametrize(
    ("language", "heading", "sentence"),
    [
        ("zh-Hans", "找不到", "好人"),
        ("en", "We can’t find this page", "Your votes and drafts are safe."),
        ("klingon", "找不到", "好人"),
    ],
)
@pytest.mark.parametrize(
    "address",
    ["/nothing", "/admin/nothing", "/static/0/x.css", "/%00", "//x"],
)
async def test_an_unknown_address_is_said_in_the_readers_language(
    client: httpx.AsyncClient, address: str, language: str, heading: str, sentence: str
) -> None:
    client.cookies.set("language", language, domain="haoren.test")

    answer = await client.get(f"http://haoren.test{address}")

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert heading in answer.text and sentence in answer.text
    assert f'<html lang="{"en" if language == "en" else "zh-Hans"}"' in answer.text


async def test_a_wrong_method_is_said_in_the_readers_language(client: httpx.AsyncClient) -> None:
    client.cookies.set("language", "en", domain="haoren.test")

    answers = [await client.post("/campaigns"), await client.get("/sign-out")]

    for answer, allowed in zip(answers, ({"GET", "HEAD"}, {"POST"}), strict=True):
        assert answer.status_code == 405
        assert "This page can’t be used that way." in answer.text
        assert set(answer.headers["allow"].split(", ")) == allowed


async def test_a_database_that_is_away_is_no_mistake_of_ours(
    client: httpx.AsyncClient, lines: list[structlog.typing.EventDict]
) -> None:
    page = await client.get("/test/away", headers={"accept": "text/html"})
    document = await client.get("/api/test/away")

    assert (page.status_code, document.status_code) == (503, 503)
    assert page.headers["retry-after"] == document.headers["retry-after"] == "2"
    assert document.json()["code"] == "busy" and "<html" in page.text
    assert {line["event"] for line in lines} == {"database away"}
    assert SECRET not in str(lines)


async def test_a_program_gets_a_problem_document(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/nothing")

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert {key: answer.json()[key] for key in ("type", "status", "code")} == {
        "type": "about:blank",
        "status": 404,
        "code": "http.404",
    }
    assert answer.json()["title"]


async def test_a_refusal_names_its_reason_and_escapes_it(client: httpx.AsyncClient) -> None:
    page, document = await client.get("/test/no"), await client.get("/api/test/no")

    assert (page.status_code, document.status_code) == (409, 409)
    assert "&lt;b&gt;顾小雨&lt;/b&gt; was there." in page.text and "<b>顾" not in page.text
    assert document.json() == {
        "type": "about:blank",
        "title": "<b>顾小雨</b> was there.",
        "status": 409,
        "code": "test.conflict",
    }


async def test_who_asks_too_often_is_told_when_to_come_back(client: httpx.AsyncClient) -> None:
    answers = [await client.get("/test/wait"), await client.get("/api/test/wait")]

    assert [each.status_code for each in answers] == [429, 429]
    assert [each.headers["retry-after"] for each in answers] == ["90", "90"]
    assert answers[1].json()["title"] == "Wait 2."


@pytest.mark.parametrize(("language", "sentence"), [("en", "Our mistake"), ("zh-Hans", "我们")])
async def test_a_bug_is_a_page_with_a_number(
    client: httpx.AsyncClient,
    lines: list[structlog.typing.EventDict],
    language: str,
    sentence: str,
) -> None:
    client.cookies.set("language", language, domain="haoren.test")

    answer = await client.get("/test/fail")

    assert answer.status_code == 500
    assert sentence in answer.text and f'lang="{language}"' in answer.text
    assert SECRET not in answer.text and "Broken" not in answer.text
    number = re.search(r"\b[0-9A-F]{6}\b", answer.text)
    assert number and [line["error_id"] for line in lines] == [number[0]]


async def test_a_bug_is_a_document_for_a_program(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/test/fail")

    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert SECRET not in answer.text


async def test_a_bug_after_the_beginning_of_an_answer_is_logged_once(
    client: httpx.AsyncClient, lines: list[structlog.typing.EventDict]
) -> None:
    with pytest.raises(AssertionError):  # what httpx says of an answer that is cut off
        await client.get("/test/late")

    assert [line["event"] for line in lines] == ["unexpected"]


@pytest.mark.parametrize("is_development", [True, False])
@pytest.mark.parametrize("address", ["/test/fail", "/test/twice", "/api/test/fail"])
async def test_what_people_typed_stays_out_of_the_log(
    client: httpx.AsyncClient,
    capsys: pytest.CaptureFixture[str],
    address: str,
    is_development: bool,
) -> None:
    configure_logs(is_development=is_development)

    await client.get(f"{address}?mail=li@example.com", headers={"user-agent": "lantern river"})

    written = "".join(capsys.readouterr())
    assert written.count("unexpected") == 1
    assert "test_errors.py" in written and "Broken" in written
    assert ("ValueError" in written) is (address == "/test/twice")
    assert not any(word in written for word in ("li@example", "lantern river", "typed ="))
    if not is_development:
        assert json.loads(written)["event"] == "unexpected"


async def test_when_nothing_can_be_read_there_is_still_a_page(
    app: Starlette, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lost() -> None:
        raise OSError("the database is gone")

    monkeypatch.setattr("awards.web.surroundings.load_frame", lost)
    client.cookies.set("language", "en", domain="haoren.test")

    page = await client.get("/", headers={"accept": "text/html"})
    document = await client.get("/", headers={"accept": "*/*"})

    assert (page.status_code, document.status_code) == (500, 500)
    assert '<html lang="en">' in page.text and "Our mistake, and we have noted it" in page.text
    assert document.json()["code"] == "internal"
    for answer in (page, document):
        assert "default-src 'none'" in answer.headers["content-security-policy"]
