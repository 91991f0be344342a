"""Who may open a page of staff, and from where somebody asks."""

from collections.abc import Awaitable, Callable

import httpx
import pytest
from starlette.requests import Request

from awards.actor import Actor, Role
from awards.web.guards import source
from tests import make

SignedIn = Callable[[Actor], Awaitable[httpx.AsyncClient]]


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("testclient", "testclient"),
    ],
)
def test_a_household_is_one_source(host: str, counted: str) -> None:
    assert source(Request({"type": "http", "client": (host, 5000)})) == counted


def test_a_source_may_be_unknown() -> None:
    assert source(Request({"type": "http", "client": None})) == "unknown"


async def test_a_visitor_is_led_back_after_signing_in(client: httpx.AsyncClient) -> None:
    answer = await client.get("/admin/audit?page=2&x=%26")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?back=/admin/audit%3Fpage%3D2%26x%3D%2526"
    shown = await client.get(answer.headers["location"])
    assert 'name="back" value="/admin/audit?page=2&amp;x=%26"' in shown.text


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.ADMIN, 200), (Role.AUDITOR, 200), (Role.EDITOR, 403), (Role.MODERATOR, 403)],
)
async def test_a_role_opens_its_own_rooms(
    database: None, signed_in: SignedIn, role: Role, status: int
) -> None:
    client = await signed_in(await make.person(role))

    assert (await client.get("/admin/audit")).status_code == status


async def test_a_role_in_one_campaign_opens_the_room_too(
    database: None, signed_in: SignedIn
) -> None:
    client = await signed_in(await make.person(Role.AUDITOR, campaign=7))

    assert (await client.get("/admin/audit")).status_code == 200
