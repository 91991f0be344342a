"""Language, care mode, light and dark: links that a browser remembers."""

import httpx
import pytest


async def choose(client: httpx.AsyncClient, query: str) -> httpx.Response:
    return await client.get(f"/preferences?{query}&back=/campaigns")


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("language=en", '<html lang="en">'),
        ("language=zh-Hans", '<html lang="zh-Hans">'),
        ("mode=care", '<html lang="zh-Hans" data-mode="care">'),
        ("theme=dark", '<html lang="zh-Hans" data-theme="dark">'),
        ("theme=light", '<html lang="zh-Hans" data-theme="light">'),
        ("language=en&mode=care&theme=dark", '<html lang="en" data-mode="care" data-theme="dark">'),
        ("language=klingon", '<html lang="zh-Hans">'),
        ("theme=pink&mode=x", '<html lang="zh-Hans">'),
        ("session=stolen", '<html lang="zh-Hans">'),
    ],
)
async def test_a_choice_holds_on_the_next_page(
    client: httpx.AsyncClient, query: str, shown: str
) -> None:
    answer = await choose(client, query)

    assert (answer.status_code, answer.headers["location"]) == (303, "/campaigns")
    assert shown in (await client.get("/campaigns")).text
    assert set(client.cookies) <= {"language", "mode", "theme"}


async def test_a_choice_is_taken_back(client: httpx.AsyncClient) -> None:
    await choose(client, "mode=care&theme=dark")
    await choose(client, "mode=&theme=")

    assert '<html lang="zh-Hans">' in (await client.get("/campaigns")).text
    assert set(client.cookies) == set()


async def test_the_switch_leads_back_to_the_same_page(client: httpx.AsyncClient) -> None:
    shown = await client.get("/campaigns?year=2026&page=1")

    assert "/preferences?language=en&amp;back=/campaigns%3Fyear%3D2026%26page%3D1" in shown.text


async def test_a_cookie_that_says_something_else_changes_nothing(
    client: httpx.AsyncClient,
) -> None:
    client.cookies.set("theme", '"><script>', domain="haoren.test")
    client.cookies.set("mode", "x", domain="haoren.test")

    assert "<script>" not in (await client.get("/campaigns")).text


async def test_on_https_choices_travel_by_https_alone(secure: httpx.AsyncClient) -> None:
    answer = await choose(secure, "language=en&mode=care")

    lines = [line.lower() for line in answer.headers.get_list("set-cookie")]
    assert len(lines) == 2
    assert all("secure" in line and "samesite=lax" in line for line in lines)
