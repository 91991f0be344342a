"""How somebody proves an address, by the code in the letter or by its link."""

import re
from email.message import EmailMessage

from playwright.async_api import Page

from tests.flows.conftest import Visitor

CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
LINK = re.compile(r"https?://\S+")
ASK, ADMIT = "form[action$='/verifications'] button", "form[action$='/tokens'] button.button--main"


def text_of(letter: EmailMessage) -> str:
    """A letter as plain text."""
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def code_in(letter: EmailMessage) -> str:
    """The six digits of a letter."""
    found = CODE.search(text_of(letter))
    assert found, text_of(letter)
    return found[0]


def link_in(letter: EmailMessage) -> str:
    """The address that a letter names."""
    found = LINK.search(text_of(letter))
    assert found, text_of(letter)
    return found[0]


async def ask_for_code(visitor: Visitor, address: str) -> str:
    """Have a code sent; what the letter says. The browser stands on the page that asks for it."""
    before = visitor.site.letters_to(address)
    await visitor.page.fill("[name=email]", address)
    await visitor.press(ASK)
    return code_in(await visitor.site.letter(address, after=len(before)))


async def enter_code(visitor: Visitor, code: str, *, status: int = 200) -> Page:
    """Type the six digits."""
    await visitor.page.fill("[name=code]", code)
    return await visitor.press(ADMIT, status=status)
