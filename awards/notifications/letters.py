"""How a letter is written: three templates per notice, one for a text message, in the language of
its reader.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, TemplateNotFound

from awards.i18n import speaking
from awards.templating import environment, text

SUBJECT_MOST = 200


@dataclass(frozen=True)
class Written:
    """A letter's three parts."""

    subject: str
    text: str
    html: str


def write(notice: str, language: str, zone: str, **context: Any) -> Written:
    """The letter of `templates/mail/<notice>/` in this language."""
    folder, plain = f"mail/{notice}", _plain(zone)
    with speaking(language):
        subject = " ".join(text(plain, f"{folder}/subject.txt", **context).split())
        body = text(plain, f"{folder}/body.txt", **context)
        return Written(_shortened(subject), body, _html(zone, f"{folder}/body.html", context))


def write_text(notice: str, language: str, **context: Any) -> str:
    """The text message of `templates/sms/<notice>.txt` in this language, on one line."""
    with speaking(language):
        return " ".join(text(_plain("UTC"), f"sms/{notice}.txt", **context).split())


def _shortened(subject: str) -> str:
    return subject if len(subject) <= SUBJECT_MOST else f"{subject[: SUBJECT_MOST - 1]}…"


def _html(zone: str, name: str, context: dict[str, Any]) -> str:
    try:
        return text(_environment(zone), name, **context)
    except TemplateNotFound:
        return ""


@cache
def _environment(zone: str) -> Environment:
    return environment(zone)


@cache
def _plain(zone: str) -> Environment:
    return _environment(zone).overlay(autoescape=False)
