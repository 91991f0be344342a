"""Pages kept as bytes: the same for everybody, never of a person, never older than a second."""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import time_machine
from starlette.applications import Starlette

from awards.actor import Actor
from awards.campaigns.actions import pause_voting
from awards.campaigns.queries import find_campaign
from awards.web import kept
from awards.web.kept import KeptPages
from tests import make

SignIn = Callable[[Actor], Awaitable[httpx.AsyncClient]]
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture
async def award(app: Starlette) -> str:
    campaign = await make.campaign(slug="award")
    for number in (101, 102):
        await make.candidate(campaign, number)
    return "/campaigns/award"


def kept_in(app: Starlette) -> KeptPages:
    """The middleware, out of the program's chain."""
    layer = app.middleware_stack
    while not isinstance(layer, KeptPages):
        layer = layer.app  # type: ignore[union-attr]
    return layer


def asks(monkeypatch: pytest.MonkeyPatch, app: Starlette) -> list[str]:
    """The addresses that were rendered, as they come."""
    found: list[str] = []
    pages = kept_in(app)
    rendered = pages._rendered

    async def watched(key: kept.Key, scope: object) -> kept.Caught:
        found.append(f"{key[0]} {key[1].decode()}")
        return await rendered(key, scope)  # type: ignore[arg-type]

    monkeypatch.setattr(pages, "_rendered", watched)
    return found


async def test_a_page_is_rendered_once(
    app: Starlette, client: httpx.AsyncClient, award: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await client.get(award)
    rendered = asks(monkeypatch, app)
    second = await client.get(award)

    assert rendered == []
    assert (first.status_code, first.text) == (200, second.text)
    assert first.headers["content-security-policy"]
    assert first.headers["vary"] == "Cookie, Accept-Encoding"
    assert first.headers["cache-control"] == "private, no-cache"


async def test_who_has_it_gets_no_text(client: httpx.AsyncClient, award: str) -> None:
    plain = await client.get(award, headers={"accept-encoding": "identity"})
    packed = await client.get(award, headers={"accept-encoding": "gzip"})
    tags = {plain.headers["etag"], packed.headers["etag"]}
    again = [
        await client.get(award, headers={"accept-encoding": coding, "if-none-match": tag})
        for coding, tag in (
            ("identity", plain.headers["etag"]),
            ("gzip", f'"other", W/{packed.headers["etag"]}'),
            ("gzip", plain.headers["etag"]),
        )
    ]

    assert plain.text == packed.text
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert len(tags) == 2 and not any(tag.startswith("W/") for tag in tags)
    assert [(each.status_code, bool(each.content)) for each in again] == [
        (304, False), (304, False), (200, True),
    ]  # fmt: skip


async def test_each_choice_has_a_page_of_its_own(client: httpx.AsyncClient, award: str) -> None:
    pages = set()
    for choice in ("", "language=en", "mode=care", "theme=dark", "language=en; mode=care"):
        for query in ("", "?order=shuffle", "?category=helping"):
            shown = await client.get(award + query, headers={"cookie": choice})
            pages.add(shown.text)

    assert len(pages) == 15


@pytest.mark.parametrize(
    ("query", "cookie"),
    [
        ("?find=101", ""),
        ("?utm_source=chat", ""),
        ("?category=%68elping", ""),
        ("", "mode=loud"),
        ("", 'language="en"'),
        ("", "session=whoever"),
        ("", "said=whatever"),
    ],
)
async def test_what_no_link_asks_for_is_not_kept(
    app: Starlette, client: httpx.AsyncClient, award: str, monkeypatch: pytest.MonkeyPatch,
    query: str, cookie: str,
) -> None:  # fmt: skip
    await client.get("/health/live")
    rendered = asks(monkeypatch, app)
    shown = await client.get(award + query, headers={"cookie": cookie})

    assert (shown.status_code, rendered, kept_in(app)._pages) == (200, [], {})


async def test_nothing_of_a_person_is_in_it(
    client: httpx.AsyncClient, other_browser: httpx.AsyncClient, award: str
) -> None:
    """Somebody who has every cookie that the site gives, and a stranger, get the same bytes."""
    secrets = {"visitor": "visitor-of-mine", "vote": "vt1.mine", "receipt": "receipt-of-mine"}
    for name, value in secrets.items():
        client.cookies.set(name, value, domain="haoren.test")
    mine = await client.get(award, headers={"user-agent": "mine", "x-forwarded-for": "192.0.2.9"})
    theirs = await other_browser.get(award)

    assert mine.content == theirs.content
    assert "set-cookie" not in mine.headers
    assert not any(value in mine.text for value in secrets.values())
    assert not re.search(r'name="csrf_token" value|192\.0\.2\.9', mine.text)


async def test_staff_see_their_own_page(
    app: Starlette, award: str, signed_in: SignIn, organiser: Actor,
    other_browser: httpx.AsyncClient,
) -> None:  # fmt: skip
    client = await signed_in(organiser)
    mine = await client.get(award)
    theirs = await other_browser.get(award)

    assert mine.headers["cache-control"] == "private, no-store"
    assert "/sign-out" in mine.text and "/sign-out" not in theirs.text


async def test_a_message_is_shown_once_and_to_one(
    app: Starlette, client: httpx.AsyncClient, other_browser: httpx.AsyncClient, award: str
) -> None:
    client.cookies.set("said", "forged", domain="haoren.test")
    await client.get(award)

    assert kept_in(app)._pages == {}
    assert (await other_browser.get(award)).status_code == 200


async def test_a_deed_renews_it_within_a_second(
    client: httpx.AsyncClient, award: str, organiser: Actor
) -> None:
    with time_machine.travel(NOW, tick=False) as travel:
        before = await client.get(award)
        campaign = await find_campaign("award", by=organiser)
        await pause_voting(by=organiser, campaign=campaign)
        travel.shift(timedelta(seconds=1.1))
        after = await client.get(award)

    assert "data-vote=" in before.text and "data-vote=" not in after.text


async def test_voting_ends_on_the_page_when_it_ends(
    client: httpx.AsyncClient, app: Starlette
) -> None:
    with time_machine.travel(NOW, tick=False) as travel:
        campaign = await make.campaign(slug="award")
        await make.candidate(campaign, 101)
        before = await client.get("/campaigns/award")
        travel.shift(timedelta(days=5, seconds=1))
        after = await client.get("/campaigns/award")

    assert "data-vote=" in before.text and "data-vote=" not in after.text


async def test_memory_is_bounded(
    app: Starlette, client: httpx.AsyncClient, award: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = await client.get(award)
    pages = kept_in(app)
    monkeypatch.setattr(kept, "MOST_BYTES", 3 * len(one.content))
    for number in range(9):
        assert (await client.get(f"{award}?region=made-up-{number}")).status_code == 200

    assert 1 <= len(pages._pages) <= 3
    assert pages._size == sum(page.size for page in pages._pages.values()) <= 3 * len(one.content)


async def test_an_unknown_or_private_campaign_is_left_to_the_handler(
    app: Starlette, client: httpx.AsyncClient, signed_in: SignIn, organiser: Actor
) -> None:
    await make.campaign(slug="draft", published_at=None)

    assert (await client.get("/campaigns/nothing")).status_code == 404
    assert (await client.get("/campaigns/draft")).status_code == 404
    assert (await (await signed_in(organiser)).get("/campaigns/draft")).status_code == 200
    assert kept_in(app)._pages == {}


async def test_a_name_that_somebody_made_up_reaches_nobody_else(
    secure: httpx.AsyncClient, secure_app: Starlette
) -> None:
    campaign = await make.campaign(slug="award")
    await make.candidate(campaign, 101)
    await secure.get("/campaigns/award", headers={"host": "evil.example"})
    shown = await secure.get("/campaigns/award")

    assert "evil.example" not in shown.text
    assert len(kept_in(secure_app)._pages) == 1


async def test_it_can_be_read_while_the_database_is_away(
    client: httpx.AsyncClient, award: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await client.get(award)

    async def away() -> int:
        raise OSError("away")

    monkeypatch.setattr(kept, "last_number", away)
    monkeypatch.setattr(kept, "LOOK_EVERY", 0.0)

    assert (await client.get(award)).content == before.content
