"""Who may open a page of staff and send its forms, and from where somebody asks."""

import itertools
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass

import httpx
import pytest
from starlette.requests import Request
from starlette.routing import Route

from awards import clock
from awards.accounts.models import RoleGrant
from awards.actor import Actor, Role
from awards.config import Config
from awards.db import in_transaction
from awards.web.guards import source
from awards.web.routes import ADMIN, JUDGE
from tests import make
from tests.digest import digest
from tests.test_routes import flat
from tests.web.forms import TOKEN, PageForm, forms_of, send
from tests.web.house import House, furnish, roles_of, staff_routes

SignedIn = Callable[[Actor], Awaitable[httpx.AsyncClient]]
DENIED = {403, 404}
DONE = {200, 303, 409, 422}


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


async def test_a_form_is_open_to_those_whose_changes_it_takes(
    database: None, config: Config, signed_in: SignedIn
) -> None:
    cast = await _cast()
    house = await furnish(config)
    await _trust([each for each in cast if each.scope == HERE], house)
    rooms, forms = await _rooms(await signed_in(house.admin), house)
    token = forms["/admin/people"].form.fields[TOKEN].value
    shown = {each.who: await _seen(await signed_in(each.actor), each, rooms) for each in cast}

    before = await digest()
    for each in cast:
        client = await signed_in(each.actor)
        for action, sent in forms.items():
            if each.tries(sent.route) and action not in shown[each.who]:
                answer = await _sent(client, sent.form, token)
                assert answer.status_code in DENIED, (each.who, action, answer.status_code)
    assert await digest() == before

    for action, sent in forms.items():
        fitting = [each for each in cast if action in shown[each.who] and each.tries(sent.route)]
        clients = [(await signed_in(each.actor), sent.form) for each in fitting]
        statuses = [(await _sent(*each, token)).status_code for each in clients]
        assert (action, statuses[0] in DONE, 403 in statuses) == (action, True, False)


def test_every_room_says_for_whom_it_is() -> None:
    rooms = [route for route in flat([*JUDGE, *ADMIN]) if not roles_of(route)]

    assert rooms == []


HERE, ELSEWHERE, EVERYWHERE = "here", "elsewhere", "everywhere"


@dataclass(frozen=True)
class Member:
    """Somebody with roles everywhere, in the campaigns of the house, or in another one."""

    roles: frozenset[Role]
    scope: str
    actor: Actor

    @property
    def who(self) -> str:
        return f"{', '.join(sorted(self.roles))} {self.scope}"

    def tries(self, route: Route) -> bool:
        """Whether the attempt tells anything: each right role alone, all the wrong ones together,
        all the right ones here, and every role elsewhere.
        """
        right = frozenset(roles_of(route) or ())
        if self.scope == EVERYWHERE:
            is_one = len(self.roles) == 1 and self.roles <= right
            return is_one or self.roles == frozenset(Role) - right
        return self.scope == ELSEWHERE or self.roles == right


@dataclass(frozen=True)
class Sent:
    """A form of a page, and the address of the map that takes it."""

    route: Route
    form: PageForm


async def _cast() -> list[Member]:
    other = await make.campaign(slug="other")
    everybody = await make.person(*Role, campaign=other.id)
    cast = [Member(frozenset(Role), ELSEWHERE, everybody)]
    for role in Role:
        cast.append(Member(frozenset([role]), EVERYWHERE, await make.person(role)))
    for right in {frozenset(roles_of(route) or ()) for route in flat([*JUDGE, *ADMIN])}:
        wrong = frozenset(Role) - right
        cast.append(Member(right, HERE, await make.person()))
        cast.append(Member(wrong, EVERYWHERE, await make.person(*wrong)))
    return cast


async def _trust(cast: Iterable[Member], house: House) -> None:
    now = clock.now()
    async with in_transaction():
        for each in cast:
            for role, campaign in itertools.product(each.roles, house.campaigns.values()):
                await RoleGrant.create(
                    person_id=each.actor.person, role=role, campaign=campaign.id, granted_at=now
                )


async def _rooms(
    client: httpx.AsyncClient, house: House
) -> tuple[list[tuple[Route, str]], dict[str, Sent]]:
    """For whoever may do everything: each page, and further ones of its kind that show more forms;
    and those forms by where they are sent.
    """
    rooms: list[tuple[Route, str]] = []
    forms: dict[str, Sent] = {}
    for route in staff_routes("GET"):
        for place, address in enumerate(house.addresses(route.path)):
            page = await client.get(address)
            assert page.status_code == 200, address
            found = {each.form.action: each for each in _forms(page)}
            kinds = {each.route.name for each in forms.values()}
            more = {a: each for a, each in found.items() if each.route.name not in kinds}
            forms |= more
            rooms += [(route, address)] if more or place == 0 else []
    return rooms, forms


async def _seen(
    client: httpx.AsyncClient, member: Member, rooms: list[tuple[Route, str]]
) -> set[str]:
    """Where the forms go that these pages show to this person."""
    found: set[str] = set()
    for route, address in rooms:
        if not roles_of(route) or not member.tries(route):
            continue
        page = await client.get(address)
        is_foreign = member.scope == ELSEWHERE and "{" in route.path
        expected = DENIED if is_foreign else {200} | DENIED
        assert page.status_code in expected, (member.who, address, page.status_code)
        found |= {each.form.action for each in _forms(page)} if page.status_code == 200 else set()
    return found


def _forms(page: httpx.Response) -> Iterator[Sent]:
    posts = [route for route in staff_routes("POST") if roles_of(route)]
    for form in forms_of(page):
        form.action = form.action.partition("?")[0]
        for route in posts:
            if route.path_regex.fullmatch(form.action):
                yield Sent(route, form)


async def _sent(client: httpx.AsyncClient, form: PageForm, token: str) -> httpx.Response:
    """As it stands on the page, but with nothing typed."""
    return await send(client, form.action, {**form.filled(lambda _n, _f: ""), TOKEN: token})
