"""The forms of a page, as a browser without JavaScript reads and sends them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from urllib.parse import quote_plus

import httpx

TYPED = {"text", "tel", "number", "email", "date", "datetime-local", "textarea", "password"}
TOKEN = "csrf_token"


@dataclass(frozen=True)
class Field:
    """A field: its kind, what stands in it, and for choices those that are offered."""

    kind: str
    value: str = ""
    offered: tuple[str, ...] = ()

    @property
    def is_typed(self) -> bool:
        return self.kind in TYPED

    @property
    def standing(self) -> str:
        offered = self.offered if self.kind in ("radio", "select") else ()
        return self.value or next(filter(None, offered), "")


@dataclass
class PageForm:
    """A form: where it is sent, and its fields by name. Boxes that are not ticked are left out of
    what is sent, but they are fields too.
    """

    action: str
    fields: dict[str, Field] = field(default_factory=dict)

    @property
    def typed(self) -> list[str]:
        """The fields that somebody types into."""
        return [name for name, each in self.fields.items() if each.is_typed]

    @property
    def chosen(self) -> list[str]:
        """The fields with choices, and those that nobody sees."""
        return [n for n, each in self.fields.items() if not each.is_typed and n != TOKEN]

    def filled(self, write: Callable[[str, Field], str]) -> dict[str, str]:
        """What is sent: the typed fields written anew, the others as they stand; of choices that
        nobody has made yet the first that says something.
        """
        return {
            name: write(name, each) if each.is_typed else each.standing
            for name, each in self.fields.items()
        }


async def send(client: httpx.AsyncClient, action: str, values: dict[str, str]) -> httpx.Response:
    """Send it, with lone surrogates as a careless program would."""
    pairs = (f"{quote_plus(name)}={quoted(value)}" for name, value in values.items())
    kind = {"content-type": "application/x-www-form-urlencoded"}
    return await client.post(action, content="&".join(pairs).encode(), headers=kind)


def quoted(value: str) -> str:
    return quote_plus(value, errors="surrogatepass")


def forms_of(page: httpx.Response) -> list[PageForm]:
    """The forms of a page that change something; one more for each button with its own address."""
    reader = _Reader()
    reader.feed(page.text)
    reader.close()
    more = [replace(reader.by_id[id], action=action) for id, action in reader.other_addresses]
    return [*reader.forms, *more]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self.by_id: dict[str, PageForm] = {}
        self.other_addresses: list[tuple[str, str]] = []
        self.here: PageForm | None = None
        self.name = ""
        self.is_text = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method") == "post":
            self.here = PageForm(given["action"])
            self.forms.append(self.here)
            self.by_id[given.get("id", "")] = self.here
        elif tag == "button" and "formaction" in given:
            self.other_addresses.append((given["form"], given["formaction"]))
        elif self.here is not None:
            self._take(tag, given)

    def _take(self, tag: str, given: dict[str, str]) -> None:
        assert self.here is not None
        fields, name = self.here.fields, given.get("name", "")
        if tag == "input" and given.get("type") in ("radio", "checkbox"):
            before = fields.get(name, Field(given["type"]))
            value = given.get("value", "") if "checked" in given else before.value
            offered = (*before.offered, given.get("value", ""))
            fields[name] = Field(given["type"], value, offered)
        elif tag == "input":
            fields[name] = Field(_kind(given), given.get("value", ""))
        elif tag in ("select", "textarea"):
            self.name, self.is_text = name, tag == "textarea"
            fields[name] = Field(tag)
        elif tag == "option":
            before, value = fields[self.name], given.get("value", "")
            is_chosen = "selected" in given or not before.offered
            fields[self.name] = Field(
                "select", value if is_chosen else before.value, (*before.offered, value)
            )

    def handle_data(self, data: str) -> None:
        if self.is_text and self.here is not None:
            before = self.here.fields[self.name]
            self.here.fields[self.name] = Field("textarea", before.value + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.is_text = False
            self._without_first_line_end()
        elif tag == "form":
            self.here = None

    def _without_first_line_end(self) -> None:
        """As browsers read it."""
        assert self.here is not None
        text = self.here.fields[self.name].value
        kept = text.removeprefix("\r").removeprefix("\n")
        self.here.fields[self.name] = Field("textarea", kept)


def _kind(given: dict[str, str]) -> str:
    """What is typed into the field, not how it is drawn."""
    if "hidden" in given:
        return "hidden"
    return "number" if given.get("inputmode") == "numeric" else given.get("type", "text")
