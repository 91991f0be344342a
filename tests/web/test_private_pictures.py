"""A page for everybody never opens a picture that is not public, or no longer."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from awards.actor import Actor
from tests import make

SignIn = Callable[[Actor], Awaitable[httpx.AsyncClient]]

pytestmark = pytest.mark.usefixtures("database")


async def _article_with_private_cover() -> str:
    section = await make.section()
    picture = await make.picture(public=False)
    article = await make.article(section, cover=picture)
    return f"/articles/{article.id}"


async def test_a_visitor_gets_no_address_of_a_private_picture(client: httpx.AsyncClient) -> None:
    address = await _article_with_private_cover()

    page = await client.get(address)

    assert page.status_code == 200
    assert "/media/" not in page.text
    assert "img/portrait.svg" in page.text


async def test_staff_see_it(signed_in: SignIn, editor: Actor) -> None:
    address = await _article_with_private_cover()
    client = await signed_in(editor)

    page = await client.get(address)

    assert "?key=" in page.text


async def test_the_next_page_of_a_visitor_is_closed_again(
    client: httpx.AsyncClient, signed_in: SignIn, editor: Actor
) -> None:
    address = await _article_with_private_cover()
    await (await signed_in(editor)).get(address)
    client.cookies.clear()

    page = await client.get(address)

    assert "/media/" not in page.text
