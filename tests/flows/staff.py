"""How staff come in: with a one-time link, then with a password and the code of an app."""

from dataclasses import dataclass

import pyotp

from awards import clock
from awards.accounts.actions import make_link
from awards.actor import Role
from tests import make
from tests.flows.conftest import DESK, Enter, Visitor

PASSWORD = "lamp river barley ferry"


@dataclass
class Desk:
    """Somebody of the staff at their browser, with the app on their phone."""

    name: str
    visitor: Visitor
    secret: str = ""

    @property
    def code(self) -> str:
        """What the app shows now."""
        return pyotp.TOTP(self.secret).at(clock.now())


async def first_sign_in(enter: Enter, name: str, *roles: Role) -> Desk:
    """Come in by the link that the operator printed, and set password and app up."""
    person = await make.person(*roles, name=name)
    secret = await make_link(by=await make.person(Role.ADMIN), name=person.name)
    desk = Desk(name, await enter(viewport=DESK))
    await desk.visitor.open(f"/sign-in/{secret}")
    page = await desk.visitor.press(f"form[action='/sign-in/{secret}'] button")
    desk.secret = (await page.locator("form .code").inner_text()).strip()
    await page.fill("[name=password]", PASSWORD)
    await page.fill("[name=again]", PASSWORD)
    await page.fill("[name=code]", desk.code)
    await desk.visitor.press("form[action='/account/credential'] button")
    return desk


async def sign_in(desk: Desk) -> None:
    """Come in again on another day."""
    page = await desk.visitor.open("/sign-in?back=/account")
    await page.fill("[name=name]", desk.name)
    await page.fill("[name=password]", PASSWORD)
    await page.fill("[name=code]", desk.code)
    await desk.visitor.press("form[action='/sign-in'] button")
