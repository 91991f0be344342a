"""Where a link may lead, and what is said once."""

import httpx
import pytest

from awards.actor import Actor
from awards.web.render import own_path
from tests import make
from tests.web.conftest import send


@pytest.mark.parametrize(
    "path", ["/", "/campaigns?year=2026&page=2", "/sign-in/x", "/好人", "/a//b", "/?x=http://a.b/"]
)
def test_a_path_of_ours_stays(path: str) -> None:
    assert own_path(path) == path


@pytest.mark.parametrize(
    "target",
    [
        "",
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "///elsewhere.example/",
        "/\\elsewhere.example",
        "\\\\elsewhere.example",
        "/\t/elsewhere.example",
        "/\n/elsewhere.example",
        "\t//elsewhere.example",
        " //elsewhere.example",
        "http:elsewhere.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "elsewhere.example",
        "?back=/",
        "@elsewhere.example",
        "//[",
        "http://[",
    ],
)
def test_nothing_leads_elsewhere(target: str) -> None:
    assert own_path(target) == "/"


@pytest.mark.parametrize(
    "back",
    ["https://elsewhere.example/", "//elsewhere.example", "/\t/elsewhere.example", "/\r\nx: y"],
)
async def test_no_address_of_ours_sends_people_elsewhere(
    client: httpx.AsyncClient, back: str
) -> None:
    chosen = await client.get("/preferences", params={"language": "en", "back": back})
    shown = await client.get("/sign-in", params={"back": back})

    location = chosen.headers["location"]
    assert location.startswith("/") and not location.startswith("//")
    assert location.isprintable()
    assert 'name="back" value="/' in shown.text and "//elsewhere" not in shown.text


async def test_what_was_done_is_said_once(client: httpx.AsyncClient, admin: Actor) -> None:
    client.cookies.set("session", await make.session(admin), domain="haoren.test")
    client.cookies.set("language", "en", domain="haoren.test")
    sentence = "顾&lt;小雨&gt; has been added."

    await send(client, "/admin/people", name="顾<小雨>")
    first, second = [(await client.get("/account")).text for _ in range(2)]

    assert (sentence in first, sentence in second) == (True, False)


async def test_nobody_can_make_us_say_something(client: httpx.AsyncClient) -> None:
    client.cookies.set("said", "You have won. Call 12345.", domain="haoren.test")

    assert "You have won" not in (await client.get("/sign-in")).text
