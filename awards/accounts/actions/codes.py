"""Codes and links that prove an e-mail address; codes that prove a phone number."""

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from tortoise.exceptions import IntegrityError

from awards import clock
from awards.accounts import rules
from awards.accounts.models import EmailCode
from awards.accounts.throttle import Throttle
from awards.db import in_transaction
from awards.errors import Unproven
from awards.notifications.actions import forget, post, post_text
from awards.notifications.budget import TextBudget, note_held_back, note_use, take
from awards.signing import digest, random_secret


@dataclass(frozen=True)
class CodeDesk:
    """What codes are made with: the keys, newest last, how often one may ask, and how many text
    messages may go out, if any.
    """

    keys: tuple[str, ...]
    throttle: Throttle = field(default_factory=Throttle)
    texts: TextBudget = field(default_factory=TextBudget)


async def send_code(
    desk: CodeDesk,
    *,
    purpose: str,
    address: str,
    language: str,
    link: str,
    notice: str,
    source: str,
    budget: str = "code.source",
    **context: Any,
) -> None:
    """Send a code and a link to an address, the same way to every address. A newer code replaces an
    older one.

    `link` has a place `{secret}`. `budget` is the one of the source that the letter is paid from.
    Raises `TooMany` per address and per source, `Invalid` for what is no address.
    """
    address = rules.normal_email(address)
    await desk.throttle.ask(budget, source)
    await desk.throttle.ask("code.address", address)
    code, secret = rules.new_code(), random_secret(16)
    row = _row(desk, purpose, address, code, secret)
    try:
        async with in_transaction():
            await _replace(row)
            await post(
                notice=notice, address=address, language=language, key=_letter_key(row), code=code,
                link=link.replace("{secret}", secret), **context,
            )  # fmt: skip
    except IntegrityError:
        # The same was asked of another process at the same moment: its letter is on the way.
        return


async def text_code(
    desk: CodeDesk,
    *,
    purpose: str,
    number: str,
    language: str,
    notice: str,
    source: str,
    budget: str = "sms.source",
    **context: Any,
) -> None:
    """Send a code to a phone number (as `normal_number` gives it), the same way to every number.
    One that has had its messages gets none, and nobody is told: what others ask for a number is
    nobody's business, and the code that it has still holds. Raises `TooMany` per source, and where
    no more messages may go out.
    """
    await desk.throttle.ask(budget, source)
    if not desk.throttle.take("sms.number", number):
        await note_held_back()
        return
    desk.throttle.take("sms.block", rules.block_of(number))
    code = rules.new_code()
    row = _row(desk, purpose, number, code, random_secret(16))  # Of its link nobody is told.
    # Asked of two processes at the same moment: one message is on the way, and that is enough.
    with suppress(IntegrityError):
        async with in_transaction() as connection:
            await _replace(row)
            country = rules.country_of(number)
            await take(connection, desk.texts, purpose=purpose, country=country)
            await post_text(
                notice=notice, number=number, language=language, key=_letter_key(row), code=code,
                **context,
            )  # fmt: skip


def _row(desk: CodeDesk, purpose: str, address: str, code: str, secret: str) -> EmailCode:
    return EmailCode(
        id=uuid4(),
        purpose=purpose,
        address=address,
        code_digest=rules.code_digest(desk.keys[-1], purpose, address, code),
        link_digest=digest(secret),
        expires_at=clock.now() + rules.CODE_LIFE,
    )


async def _replace(row: EmailCode) -> None:
    """Keep this code in the place of an older one, inside the caller's transaction."""
    for older in await EmailCode.filter(purpose=row.purpose, address=row.address):
        await spend(older)
    await row.save(force_create=True)


async def check_code(desk: CodeDesk, *, purpose: str, address: str, code: str, source: str) -> str:
    """Spend the code that proves the address; the normal address. Raises `Unproven`, `TooMany`."""
    await desk.throttle.ask("guess.source", source)
    is_number = address.startswith("+")
    address = address if is_number else rules.normal_email(address)
    async with in_transaction() as connection:
        row = await EmailCode.select_for_update().get_or_none(purpose=purpose, address=address)
        no = _objection(desk, row, code)
        if row and no is None:
            await spend(row)
            if is_number:
                sent_at = row.expires_at - rules.CODE_LIFE
                await note_use(connection, purpose=purpose, sent_at=sent_at)
        elif row and row.tries < rules.CODE_TRIES:
            await EmailCode.filter(id=row.id).update(tries=row.tries + 1)
    if no:
        raise no
    return address


def _objection(desk: CodeDesk, row: EmailCode | None, code: str) -> Unproven | None:
    if row is None or row.expires_at <= clock.now() or row.tries >= rules.CODE_TRIES:
        return rules.expired_code()
    if not rules.is_code(desk.keys, row.code_digest, row.purpose, row.address, code):
        return rules.wrong_code()
    return None


async def check_link(*, purpose: str, secret: str) -> str:
    """Spend the link that proves an address; the address. Raises `Unproven` when it was used or has
    run out. Tries at the code do not count here: nobody else can use them up.
    """
    async with in_transaction():
        row = await EmailCode.select_for_update().get_or_none(
            purpose=purpose, link_digest=digest(secret)
        )
        if row is not None:
            await spend(row)
    if row is None or row.expires_at <= clock.now():
        raise rules.expired_code()
    return row.address


async def spend(row: EmailCode) -> None:
    """The code and its letter leave nothing behind that could be linked to what was done with it.
    Inside the caller's transaction.
    """
    await forget(key=_letter_key(row))
    await EmailCode.filter(id=row.id).delete()


def _letter_key(row: EmailCode) -> str:
    return f"code:{row.id}"
