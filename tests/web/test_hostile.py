"""Whatever is sent, the answer is a page or a problem document, and never our mistake."""

import re
from collections.abc import Awaitable, Callable

import httpx
import pytest
from starlette.applications import Starlette

from awards.actor import Actor, Role
from awards.app import BODY
from tests import make

FORM = "/feedback"


async def token(client: httpx.AsyncClient) -> str:
    """The token of the form for feedback, and this browser's cookie with it."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', (await client.get(FORM)).text)
    assert found
    return found[1]


def part(name: str, text: bytes, more: str = "") -> bytes:
    return f'--B\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode() + text


async def send_parts(client: httpx.AsyncClient, *parts: bytes, charset: str = "") -> httpx.Response:
    kind = "multipart/form-data; boundary=B" + (f"; charset={charset}" if charset else "")
    body = b"\r\n".join([*parts, b"--B--", b""])
    return await client.post(FORM, content=body, headers={"content-type": kind})


@pytest.mark.parametrize(
    "address",
    [
        "/sections/{}",
        "/articles/{}",
        "/pages/{}",
        "/showcase/{}",
        "/campaigns/{}",
        "/campaigns/{}/results",
        "/nominations/{}",
        "/consents/{}",
        "/api/v1/campaigns/{}/results",
    ],
)
@pytest.mark.parametrize(
    "name",
    ["x" * 13, "x" * 27, "x" * 41, "x" * 61, "x" * 5000, "%00", "a%00b", "%0A", "%F0%A0%AE%B7"],
)
async def test_a_name_that_nothing_can_have_is_not_found(
    client: httpx.AsyncClient, address: str, name: str
) -> None:
    answer = await client.get(address.format(name))

    assert answer.status_code == 404


@pytest.mark.parametrize("name", ["%00", "x" * 61, "<script>"])
async def test_a_name_in_a_question_that_nothing_can_have_finds_nothing(
    signed_in: Callable[[Actor], Awaitable[httpx.AsyncClient]], moderator: Actor, name: str
) -> None:
    client = await signed_in(moderator)

    answers = [
        await client.get(f"/judge?campaign={name}"),
        await client.get(f"/showcase?award={name}"),
    ]

    assert [(each.status_code, "<script>" in each.text) for each in answers] == [(200, False)] * 2


async def test_an_editor_of_one_campaign_sees_no_letters_and_no_drafts(
    signed_in: Callable[[Actor], Awaitable[httpx.AsyncClient]], database: None
) -> None:
    campaign = await make.campaign()
    client = await signed_in(await make.person(Role.EDITOR, campaign=campaign.id))

    answers = [
        await client.get(page) for page in ("/admin/feedback", "/admin/articles?state=drafts")
    ]

    assert [each.status_code for each in answers] == [403, 403]


@pytest.mark.parametrize("number", ["9" * 10, "9" * 30, "9" * 5000, "%D9%A1", "-1"])
async def test_a_number_that_nothing_can_have_is_not_found(
    client: httpx.AsyncClient, number: str
) -> None:
    campaign = await make.campaign()

    answer = await client.get(f"/campaigns/{campaign.slug}/candidates/{number}")

    assert answer.status_code == 404


@pytest.mark.parametrize("back", ["//[", "http://[x", "//℀.com", "//elsewhere.test", "/\\else"])
async def test_a_way_back_that_is_none_leads_home(client: httpx.AsyncClient, back: str) -> None:
    answer = await client.get("/preferences", params={"language": "en", "back": back})

    assert (answer.status_code, answer.headers["location"]) == (303, "/")


async def test_an_origin_that_is_no_address_is_foreign(client: httpx.AsyncClient) -> None:
    answer = await client.post(FORM, headers={"origin": "http://["})

    assert answer.status_code == 403


@pytest.mark.parametrize("charset", ["utf-7", "unicode_escape", "punycode", "undefined", "x" * 999])
async def test_a_form_in_another_charset_is_not_read(
    client: httpx.AsyncClient, charset: str
) -> None:
    proof = part("csrf_token", (await token(client)).encode())

    answer = await send_parts(client, proof, part("text", rb"+2AA- \ud800"), charset=charset)

    assert answer.status_code == 400


async def test_a_file_for_a_field_of_text_is_a_missing_text(client: httpx.AsyncClient) -> None:
    proof = part("csrf_token", (await token(client)).encode())

    answer = await send_parts(
        client, proof, part("kind", b"idea"), part("text", b"words", '; filename="a.txt"')
    )

    assert answer.status_code == 422


async def test_a_text_for_a_field_of_files_is_no_file(client: httpx.AsyncClient) -> None:
    proof = await token(client)

    answer = await client.post(
        FORM, data={"csrf_token": proof, "kind": "idea", "text": "a\0b", "photos": "words"}
    )

    assert answer.status_code == 303


@pytest.mark.parametrize(("language", "words"), [("zh-Hans", "太大"), ("en", "too large")])
async def test_too_much_is_answered_with_a_page(
    app: Starlette, client: httpx.AsyncClient, language: str, words: str
) -> None:
    client.cookies.set("language", language)

    answer = await client.post(FORM, data={"text": "x" * BODY})

    assert (answer.status_code, words in answer.text) == (413, True)
    assert "content-security-policy" in answer.headers
