"""The forms of staff under fire. They are read off the pages and held against the map: a form that
is new in `routes.py` is attacked as well.
"""

import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from html import unescape
from xml.etree import ElementTree

import httpx
import pytest
from starlette.routing import Route

from awards.actor import Actor
from awards.config import Config
from awards.nominations.rules import clean_text
from tests.digest import digest
from tests.web.forms import TOKEN, Field, PageForm, forms_of, send
from tests.web.house import (
    PLACE,
    House,
    filled,
    furnish,
    nobody,
    papers,
    public_routes,
    staff_routes,
)

SignedIn = Callable[[Actor], Awaitable[httpx.AsyncClient]]

SCRIPT = (
    "<script>alert(1)</script>\"><img src=x onerror=alert(1)>' javascript:alert(1) {{7*7}}%s{0.x}"
)
SIGNS = "\0\x01\x08\x1b\x7f\x85\u2028\u202e\u2066\ufffe灯𠮷㐂\U0001f3ee\ud83d"
VAST = SCRIPT + SIGNS + "x" * 20_000
"""More than a field holds, unless it is for a whole text; then it is kept."""
FIGURES = (
    "9" * 400, "9" * 5000, "９" * 9, "-1", "1.5", "NaN",
    "9999-99-99", "0001-01-01", "0001-01-01T00:00", "9999-12-31T23:59",
)  # fmt: skip
WORDS = {"text", "tel", "textarea", "password", "email"}
NUMBERS = {"number", "date", "datetime-local"}
ATTACKS = [
    (VAST, WORDS | NUMBERS),
    (" \u3000\t", WORDS | NUMBERS),
    *((f, NUMBERS) for f in FIGURES),
]
UNOFFERED = ("-1", "9" * 400, '"><b id=z>')
NOBODYS = ("x" * 60, "%00", "%3Cb%20id=z%3E", "%ED%A0%80")
MARKS = ('"><b id=z>{{7*191}}', "𠮷%s{0.x}<b id=z>\x08\u202e\ufffe\U0001f3ee\ud800")
"""Short enough for nearly every field. Where one is not taken, something plain is written."""
ANSWERS = (200, 303, 401, 404, 409, 422)
RAW = re.compile(
    r"<b id=z>|<script>alert|<img src=x|(?:href|src|action)=\"\s*javascript:|id=z&gt;1337", re.I
)
STRAY = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
ERROR = re.compile(
    r'<p class="field__error".*?</svg><span>(.*?)</span>|<p class="errors__title">(.*?)</p>', re.S
)
CHINESE = re.compile("[\u4e00-\u9fff]")
NEVER_TAKEN = {"account:credential_form", "admin:article_photos", "admin:honour_photos"}
"""They want a code of the moment, or a picture."""
PLAIN = {
    "categories": "helping | 助人 | H | 1\nbravery | 勇 | B | 1\nintegrity | 信 | I | 1",
    "regions": "east | 东 | East\nsouth | 南 | South",
    "conferred": "2019-05",
    "conferred_on": "2026-12-20",
    "since_year": "2026",
    "count": "1",
    "marks": "101",
    "serial": "1",
}


@dataclass(frozen=True)
class Target:
    """A form of staff, and the address of the map that takes it."""

    route: Route
    form: PageForm


@pytest.fixture
async def house(database: None, config: Config) -> House:
    return await furnish(config)


@pytest.fixture
async def desk(house: House, signed_in: SignedIn) -> httpx.AsyncClient:
    """Somebody with every role."""
    return await signed_in(house.admin)


async def test_whatever_is_typed_nothing_breaks_and_nothing_is_lost(
    desk: httpx.AsyncClient, house: House
) -> None:
    before = ""
    for target in await _targets(desk, house):
        for value, kinds in ATTACKS:
            if not any(target.form.fields[name].kind in kinds for name in target.form.typed):
                continue
            is_chinese = value == VAST
            desk.cookies.set("language", "zh-Hans" if is_chinese else "en", domain="haoren.test")
            form = await _fresh(target, house)
            before = await digest() if not before or form is not target.form else before
            sent = form.filled(partial(_instead, value, kinds))
            answer = await send(desk, form.action, sent)
            _survived(target, answer, value[:200])
            if answer.status_code < 400:
                before = ""
            else:
                _says_what_is_wrong(form, answer, sent, is_chinese=is_chinese)
                assert await digest() == before, (target.route.name, value[:200])


async def test_what_is_taken_is_shown_as_text(desk: httpx.AsyncClient, house: House) -> None:
    targets = [each for each in await _targets(desk, house) if each.form.typed]
    for mark in MARKS:
        for target in targets:
            await _write(desk, house, target, mark)
        for path, address in _pages(house):
            page = await desk.get(address)
            assert page.status_code in (200, 303, 404, 409), address
            found = RAW.search(page.text) or STRAY.search(page.text)
            assert found is None, (address, found and page.text[found.start() - 200 : found.end()])
            if path.endswith((".atom", ".xml")):
                ElementTree.fromstring(page.text)  # noqa: S314 - our own


async def test_what_nobody_offered_is_not_chosen(desk: httpx.AsyncClient, house: House) -> None:
    for target in await _targets(desk, house):
        for name in target.form.chosen:
            for value in UNOFFERED:
                form = await _fresh(target, house)
                answer = await send(desk, form.action, {**form.filled(_plain), name: value})
                _survived(target, answer, (name, value))


async def test_what_is_named_in_an_address_and_is_not_there_is_not_found(
    desk: httpx.AsyncClient, house: House
) -> None:
    before = await digest()
    token = (await _targets(desk, house))[0].form.fields[TOKEN].value

    for route in [*staff_routes("GET"), *staff_routes("POST")]:
        for name in PLACE.findall(route.path):
            given = dict(zip(PLACE.findall(route.path), house.values(route.path), strict=True))
            for value in (*NOBODYS, nobody()):
                address = filled(route.path, {**given, name: value})
                is_form = "POST" in (route.methods or ())
                answer = await (
                    send(desk, address, {TOKEN: token}) if is_form else desk.get(address)
                )
                assert (address, answer.status_code) in ((address, 404), (address, 422))
                assert not RAW.search(answer.text)
    assert await digest() == before


@pytest.mark.parametrize(
    ("starts", "ends"),
    [("0001-01-01T00:00", "2026-01-01T00:00"), ("2026-01-01T00:00", "9999-12-31T23:59")],
)
async def test_the_first_and_the_last_day_of_all_are_no_stage(
    desk: httpx.AsyncClient, house: House, starts: str, ends: str
) -> None:
    form = await _form(desk, house, "admin:campaigns_form")
    days = {name: "" for name, field in form.fields.items() if field.kind == "datetime-local"}
    days |= {"voting_starts": starts, "voting_ends": ends}

    refused = await send(desk, form.action, {**form.filled(_plain), **days})

    assert refused.status_code == 422
    assert "“公众投票”的时间请写在1950年到2199年之间。" in refused.text
    assert 'id="voting_starts-error"' in refused.text


async def _form(client: httpx.AsyncClient, house: House, name: str) -> PageForm:
    return next(each.form for each in await _targets(client, house) if each.route.name == name)


async def _targets(client: httpx.AsyncClient, house: House) -> list[Target]:
    """Every form on every page of staff, once for each address of the map."""
    posts = list(staff_routes("POST"))
    found: dict[str, Target] = {}
    for shown in staff_routes("GET"):
        for address in house.addresses(shown.path):
            page = await client.get(address)
            assert page.status_code == 200, address
            for form in forms_of(page):
                for route in posts:
                    if route.path_regex.fullmatch(form.action.partition("?")[0]):
                        found.setdefault(route.name, Target(route, form))
    missing = {route.name for route in posts} - set(found)
    assert not missing, f"no page shows these forms: {missing}"
    return list(found.values())


async def _fresh(target: Target, house: House) -> PageForm:
    """The form; for a decision that of papers that nobody has decided on, for codes that of a batch
    that nobody has made.
    """
    form = target.form
    if "batch" in form.fields:
        return PageForm(form.action, {**form.fields, "batch": Field("hidden", nobody())})
    if not target.route.name.startswith("judge:"):
        return form
    code = (await papers(house.campaigns["lamp"])).code
    return PageForm(re.sub(r"(?<=nominations/)\w+", code, form.action), form.fields)


def _survived(target: Target, answer: httpx.Response, what: object) -> None:
    """It was answered as it should be, and nothing of it runs."""
    about = (target.route.name, what, answer.status_code)
    assert answer.status_code in ANSWERS, about
    found = RAW.search(answer.text)
    assert found is None, (*about, found and found[0])


def _instead(value: str, kinds: set[str], name: str, field: Field) -> str:
    return value if field.kind in kinds else _plain(name, field)


def _plain(name: str, field: Field) -> str:
    """Something that the field takes."""
    if field.kind == "datetime-local":
        return field.value
    if name == "slug":
        return field.value or f"new-{nobody()[:8]}"
    return PLAIN.get(name) or field.value or "灯灯灯灯灯"


def _says_what_is_wrong(
    form: PageForm, answer: httpx.Response, sent: dict[str, str], *, is_chinese: bool
) -> None:
    """In the language of the page, and with all that was typed."""
    again = [each for each in forms_of(answer) if each.action == form.action]
    assert again, (form.action, "the form is gone")
    for name in form.typed:
        field = again[0].fields[name]
        if field.kind != "password":
            assert _folded(field.value) == _folded(sent[name]), (form.action, name)
    said = [unescape("".join(each)) for each in ERROR.findall(answer.text)]
    assert said, form.action
    assert {bool(CHINESE.search(each)) for each in said} == {is_chinese}, (form.action, said)


def _folded(text: str) -> str:
    """As it arrives, without blanks and what no text needs: so much a field may tidy up."""
    arrived = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return "".join(clean_text(arrived).split())


async def _write(client: httpx.AsyncClient, house: House, target: Target, mark: str) -> None:
    """Write the mark wherever it is taken."""
    form = await _fresh(target, house)
    refused: set[str] = set()

    def write(name: str, field: Field) -> str:
        return _plain(name, field) if name in refused else mark

    for _attempt in range(6):
        answer = await send(client, form.action, form.filled(write))
        _survived(target, answer, mark)
        if answer.status_code < 400:
            return
        refused |= set(re.findall(r'id="([a-z_]+)-error"', answer.text))
    assert target.route.name in NEVER_TAKEN, (target.route.name, answer.status_code, refused)


def _pages(house: House) -> Iterator[tuple[str, str]]:
    for route in [*public_routes(), *staff_routes("GET")]:
        for address in house.addresses(route.path):
            yield route.path, address
