"""What counts as proof of a person, and for how long."""

import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Collection, Sequence
from datetime import timedelta

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from awards.errors import Conflict, Invalid, Refused, Unproven
from awards.i18n import mark as _

CODE_LIFE = timedelta(minutes=10)
CODE_TRIES = 5
LINK_LIFE = timedelta(hours=24)
IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
"""How exactly `seen_at` is kept: each page of a busy day writing it would be a write too many."""
TOTP_STEP = 30
PASSWORD_LEAST = 12
NAME_MOST = 60
TYPED = re.compile(r"\(?\+?[0-9 ()./‐-―-]{5,40}")
"""What people write of numbers. The library also reads letters and extensions."""
HOME = "86"
HOME_NUMBER = re.compile(r"1[3-9]\d{9}")
"""A mobile number of mainland China. New ranges come each year, lists of them come late."""
MOBILE = {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}
BLOCK = 4
"""Digits at the end of a number that do not tell its block."""
COMMON = frozenset({"password", "12345678", "qwertyuiop", "haoren", "administrator"})


def normal_email(text: str) -> str:
    """The address as we compare it: checked, lower-cased, its domain in IDNA. Raises `Invalid`.

    Full-width signs of a Chinese keyboard count as the plain ones that they stand for.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    try:
        found = validate_email(plain, check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError:
        raise Invalid(
            "email.invalid",
            _("This does not look like an e-mail address. Example: name@example.com"),
            field="email",
        ) from None
    return f"{found.local_part}@{found.ascii_domain}".lower()


def masked_email(address: str) -> str:
    """Enough of an address to recognise one's own: `li•••@example.com`."""
    name, _at, domain = address.partition("@")
    return f"{name[: 2 if len(name) > 2 else 1]}•••@{domain}"


def normal_number(text: str, countries: Collection[str]) -> str:
    """The number in E.164. Without a country code it is one of the first of these countries. Raises
    `Invalid` for what is no mobile number, or of another country.
    """
    home, *_others = countries
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    try:
        region = phonenumbers.region_code_for_country_code(int(home))
        found = phonenumbers.parse(plain if TYPED.fullmatch(plain) else "", region)
    except phonenumbers.NumberParseException:
        raise _no_number() from None
    if not _is_mobile(found):
        raise _no_number()
    if str(found.country_code) not in countries:
        raise Invalid(
            "phone.country",
            _("We send text messages to numbers that begin with {codes} alone."),
            field="phone",
            codes=", ".join(f"+{code}" for code in countries),
        )
    return f"+{found.country_code}{phonenumbers.national_significant_number(found)}"


def _is_mobile(number: phonenumbers.PhoneNumber) -> bool:
    if str(number.country_code) == HOME:
        return bool(HOME_NUMBER.fullmatch(phonenumbers.national_significant_number(number)))
    kind = phonenumbers.number_type(number)
    return phonenumbers.is_valid_number(number) and kind in MOBILE


def _no_number() -> Invalid:
    return Invalid(
        "phone.invalid",
        _("This does not look like a mobile phone number. Example: 13812345678"),
        field="phone",
    )


def country_of(number: str) -> str:
    """The country code of a number in E.164."""
    return str(phonenumbers.parse(number).country_code)


def block_of(number: str) -> str:
    """The numbers beside this one: who buys many at once gets them in a row."""
    return number[:-BLOCK]


def masked_number(number: str) -> str:
    """Enough of a number to recognise one's own: `138****5678`."""
    code = country_of(number)
    own = number.removeprefix(f"+{code}")
    head = own[:3] if code == HOME else f"+{code} "
    return f"{head}****{own[-4:]}"


def new_code() -> str:
    """Six digits."""
    return f"{secrets.randbelow(1_000_000):06d}"


def code_digest(key: str, purpose: str, address: str, code: str) -> bytes:
    """What is kept of a code: without the key six digits can't be guessed from it."""
    return hmac.digest(key.encode(), f"{purpose}\0{address}\0{code}".encode(), hashlib.sha256)


def is_code(keys: Sequence[str], kept: bytes, purpose: str, address: str, code: str) -> bool:
    """Whether this is the code that was sent, under any of the keys; in constant time for each."""
    digits = digits_of(code)
    return any(
        [hmac.compare_digest(code_digest(key, purpose, address, digits), kept) for key in keys]
    )


def digits_of(text: str) -> str:
    """The digits of a code as it was typed: with blanks, or full-width from a Chinese keyboard."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(sign for sign in plain if sign.isascii() and sign.isdigit())


def wrong_code() -> Unproven:
    """The code is not the one that was sent."""
    return Unproven(
        "code.wrong", _("This is not the code that we sent. Please look again."), field="code"
    )


def expired_code() -> Unproven:
    """The code has been used, has run out, or was tried too often: a new one is needed."""
    return Unproven(
        "code.expired",
        _("This code can’t be used any more. Please have a new one sent."),
        field="code",
    )


def plain_name(text: str) -> str:
    """A name of an account as it is compared."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def normal_name(text: str) -> str:
    """A name of an account as it is kept. Raises `Invalid`."""
    name = plain_name(text)
    if not name or len(name) > NAME_MOST or not name.isprintable():
        raise Invalid(
            "person.name",
            _("Please write a name of at most {most} letters."),
            field="name",
            most=NAME_MOST,
        )
    return name


def person_exists(name: str) -> Conflict:
    """The name is taken."""
    return Conflict(
        "person.exists", _("There is already somebody called {name}."), field="name", name=name
    )


def password_objection(password: str, name: str) -> Refused | None:
    """Why this may not be a password, or None (length and plain guesses, after NIST SP 800-63B)."""
    if len(password) < PASSWORD_LEAST:
        return Invalid(
            "password.short",
            _("Please use at least {least} characters."),
            field="password",
            least=PASSWORD_LEAST,
        )
    plain = password.casefold()
    plain_words = {*COMMON, name.casefold()} if len(name) > 2 else COMMON
    if any(word in plain for word in plain_words) or len(set(plain)) < 5:
        return Invalid(
            "password.common",
            _("This is too easy to guess. Three or four unrelated words are good."),
            field="password",
        )
    return None


def sign_in_refused() -> Unproven:
    """The one answer to every failed sign-in."""
    return Unproven(
        "sign_in.refused", _("Name, password and code do not fit together. Please try again.")
    )


def link_refused() -> Unproven:
    """The one-time link was used or is too old."""
    return Unproven(
        "sign_in.link",
        _(
            "This link has been used or is too old. The operator can make a new one: "
            "server.py user link."
        ),
    )
