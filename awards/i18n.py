"""Languages: which one this page speaks, and the catalogues, read from their .po files at start.

Sources are English. A message is looked up when it is shown, so rules may name messages without
knowing the reader.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

LOCALE_FOLDER = Path(__file__).parent / "locale"
LANGUAGES = {"zh-Hans": "zh_Hans_CN", "en": "en_GB"}
"""Tag shown in `lang` → Babel's locale. The first is the default."""
DEFAULT = "zh-Hans"

_language: ContextVar[str] = ContextVar("language", default=DEFAULT)


def language() -> str:
    """The language tag of what is being written now."""
    return _language.get()


def babel_locale() -> str:
    """Babel's name of the present language."""
    return LANGUAGES[language()]


@contextmanager
def speaking(tag: str) -> Iterator[None]:
    """Write in this language inside the block; an unknown tag means the default."""
    token = _language.set(tag if tag in LANGUAGES else DEFAULT)
    try:
        yield
    finally:
        _language.reset(token)


@cache
def catalogue(tag: str) -> NullTranslations:
    """The messages of one language. English is its own source."""
    path = LOCALE_FOLDER / tag.replace("-", "_") / "LC_MESSAGES" / "messages.po"
    if tag == "en" or not path.exists():
        return NullTranslations()
    with path.open("rb") as file:
        messages = read_po(file, locale=LANGUAGES[tag])
    compiled = BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return Translations(fp=compiled)


def translate(message: str) -> str:
    """The message in the present language."""
    return catalogue(language()).gettext(message)


def translate_plural(one: str, many: str, n: int) -> str:
    """The message for `n` things in the present language."""
    return catalogue(language()).ngettext(one, many, n)


def mark(message: str) -> str:
    """Name a message for the catalogue; it is translated where it is shown."""
    return message
