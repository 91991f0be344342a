"""The templates' environment: how words, dates and figures become text in the reader's language."""

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import nh3
from babel.dates import format_date
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from awards.i18n import babel_locale, language, translate, translate_plural
from awards.words import Words

ROOT = Path(__file__).parents[1]
TEMPLATES = ROOT / "templates"

CLAUSE = re.compile(r"[，。、：；！？,:;]*[^，。、：；！？,:;]+[，。、：；！？,:;]*[”」』》]*\s*")
MARKED = re.compile(r'(<span lang="[\w-]+">)([^<]*)(</span>)')
HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
LATIN = re.compile(r"[A-Za-z]{2}")
PROSE_TAGS = {
    "p",
    "br",
    "strong",
    "em",
    "ul",
    "ol",
    "li",
    "blockquote",
    "h2",
    "h3",
    "a",
    "hr",
    "code",
}


def environment(zone: str) -> Environment:
    """A strict environment whose dates are shown in this IANA zone."""
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    i18n: Any = env  # the extension adds its methods when it is loaded
    i18n.install_gettext_callables(translate, translate_plural, newstyle=True)
    env.filters |= {
        "words": words,
        "words_plain": words_plain,
        "parts": parts,
        "phrases": phrases,
        "prose": prose,
        "written": written,
        "number": number,
        **_moments(ZoneInfo(zone)),
    }
    return env


def words(value: Words | str | None) -> Markup:
    """The text in the page's language; when it stands in for a missing one, marked with its own."""
    text, tag = Words.of(value).best(language()) if not isinstance(value, str) else (value, "")
    if not tag or tag == language():
        return escape(text)
    return Markup('<span lang="{}">{}</span>').format(tag, text)


def words_plain(value: Words | str | None) -> str:
    """The bare text, for attributes and titles."""
    return value if isinstance(value, str) else Words.of(value).best(language())[0]


def phrases(value: Words | str) -> Markup:
    """The text with each clause kept together, so that a Chinese line never ends in mid-word."""
    text, tag = (value, language()) if isinstance(value, str) else value.best(language())
    if tag == "en":
        return words(value)
    clauses = CLAUSE.findall(text) or [text]
    kept = Markup("").join(
        Markup('<span class="phrase">{}</span>').format(each) for each in clauses
    )
    return kept if tag == language() else Markup('<span lang="{}">{}</span>').format(tag, kept)


def parts(name: str) -> Markup:
    """A name that breaks after the dots between its parts only. What marks its language stays
    around the whole.
    """
    marked = MARKED.fullmatch(name) if isinstance(name, Markup) else None
    start, inner, end = marked.groups() if marked else ("", str(escape(name)), "")
    if "·" not in inner:
        return escape(name)
    kept = "·</span>".join(f'<span class="phrase">{part}' for part in inner.split("·")) + "</span>"
    return Markup(start + kept + end)  # noqa: S704 - each piece was escaped before


def written(value: str) -> Markup:
    """What somebody wrote in a form, marked with its language where the page has another one."""
    return words(_by_script(value))


def _by_script(value: str) -> Words:
    """One person's text in the language that its signs tell; without letters, in the page's."""
    if HAN.search(value):
        return Words(zh=value)
    return Words(en=value) if LATIN.search(value) else Words.written(value, language())


def prose(value: Words | str) -> Markup:
    """Markdown as HTML: raw HTML is text, and what comes out is sanitised all the same."""
    text, tag = (_by_script(value) if isinstance(value, str) else value).best(language())
    html = nh3.clean(_markdown().render(text), tags=PROSE_TAGS, attributes={"a": {"href"}})
    body = Markup(html)  # noqa: S704 - nh3 has just cleaned it
    return body if tag == language() else Markup('<div lang="{}">{}</div>').format(tag, body)


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "breaks": True})


def number(value: int) -> str:
    """A count with separators."""
    return format_decimal(value, locale=babel_locale())


def _moments(zone: ZoneInfo) -> dict[str, Callable[..., str]]:
    """The filters for moments (shown in `zone`) and days."""

    def local(value: date | datetime) -> date | datetime:
        return value.astimezone(zone) if isinstance(value, datetime) else value

    def shape(chinese: str, english: str) -> Callable[[date | datetime], str]:
        def show(value: date | datetime) -> str:
            pattern = english if language() == "en" else chinese
            return _formatted(local(value), pattern)

        return show

    def date_range(start: datetime, end: datetime) -> str:
        return _range(local(start), local(end))

    return {
        "date": shape("y年M月d日", "d MMMM y"),
        "year": shape("y年", "y"),
        "month": shape("y年M月", "MMMM y"),
        "month_day": shape("M月d日", "d MMMM"),
        "weekday": shape("EEEE", "EEEE"),
        "short_date": shape("MM-dd", "d MMM"),
        "list_date": shape("yyyy-MM-dd", "yyyy-MM-dd"),
        "datetime": shape("y年M月d日 HH:mm", "d MMMM y, HH:mm"),
        "clock": shape("HH:mm", "HH:mm"),
        "machine_time": lambda value: value.isoformat(),
        "date_range": date_range,
        "local_input": lambda value: local(value).strftime("%Y-%m-%dT%H:%M"),
    }


def _formatted(value: date | datetime, pattern: str) -> str:
    day = format_date(value, pattern.replace("HH:mm", "'@'"), locale=babel_locale())
    return day.replace("@", f"{value:%H:%M}") if isinstance(value, datetime) else day


def _range(start: date, end: date) -> str:
    same_month = (start.year, start.month) == (end.year, end.month)
    if same_month and start.day == end.day:
        return _formatted(start, "d MMMM" if language() == "en" else "M月d日")
    if language() == "en":
        first = "d" if same_month else "d MMMM"
        return f"{_formatted(start, first)}–{_formatted(end, 'd MMMM')}"
    last = "d日" if same_month else "M月d日"
    return f"{_formatted(start, 'M月d日')}—{_formatted(end, last)}"


def text(env: Environment, name: str, **context: Any) -> str:
    """A template rendered in the present language."""
    return env.get_template(name).render(language=language(), **context)
