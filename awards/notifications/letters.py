"""How a letter is written: three templates per notice, in the language of its reader."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, TemplateNotFound

from awards.i18n import speaking
from awards.templating import environment, text


@dataclass(frozen=True)
class Written:
    """A letter's three parts."""

    subject: str
    text: str
    html: str


def write(notice: str, language: str, zone: str, **context: Any) -> Written:
    """The letter of `templates/mail/<notice>/` in this language."""
    env = _environment(zone)
    with speaking(language):
        subject = " ".join(_plain(env, f"mail/{notice}/subject.txt", context).split())
        body = _plain(env, f"mail/{notice}/body.txt", context)
        return Written(subject, body, _html(env, notice, context))


def _plain(env: Environment, name: str, context: dict[str, Any]) -> str:
    return text(env.overlay(autoescape=False), name, **context)


def _html(env: Environment, notice: str, context: dict[str, Any]) -> str:
    try:
        return text(env, f"mail/{notice}/body.html", **context)
    except TemplateNotFound:
        return ""


@cache
def _environment(zone: str) -> Environment:
    return environment(zone)
