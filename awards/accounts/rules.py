"""What counts as proof of a person, and for how long."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import timedelta

from email_validator import EmailNotValidError, validate_email

from awards.errors import Invalid, Refused, Unproven
from awards.i18n import mark as _

CODE_LIFE = timedelta(minutes=10)
CODE_TRIES = 5
LINK_LIFE = timedelta(hours=24)
IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
PASSWORD_LEAST = 12
COMMON = frozenset({"password", "12345678", "qwertyuiop", "haoren", "administrator"})


def normal_email(text: str) -> str:
    """The address as we compare it: checked, lower-cased, its domain in IDNA. Raises `Invalid`."""
    try:
        found = validate_email(text.strip(), check_deliverability=False)
    except EmailNotValidError:
        raise Invalid(
            "email.invalid",
            _("This does not look like an e-mail address. Example: name@example.com"),
            field="email",
        ) from None
    return f"{found.local_part}@{found.ascii_domain or found.domain}".lower()


def masked_email(address: str) -> str:
    """Enough of an address to recognise one's own: `li•••@example.com`."""
    name, _at, domain = address.partition("@")
    return f"{name[: 2 if len(name) > 2 else 1]}•••@{domain}"


def new_code() -> str:
    """Six digits."""
    return f"{secrets.randbelow(1_000_000):06d}"


def code_digest(key: str, purpose: str, address: str, code: str) -> bytes:
    """What is kept of a code: without the key six digits can't be guessed from it."""
    return hmac.digest(key.encode(), f"{purpose}\0{address}\0{code}".encode(), hashlib.sha256)


def is_code(keys: Sequence[str], kept: bytes, purpose: str, address: str, code: str) -> bool:
    """Whether this is the code that was sent, under any of the keys; in constant time for each."""
    digits = "".join(sign for sign in code if sign.isascii() and sign.isdigit())
    return any(
        [hmac.compare_digest(code_digest(key, purpose, address, digits), kept) for key in keys]
    )


def wrong_code() -> Unproven:
    """The code is not the one that was sent."""
    return Unproven(
        "code.wrong", _("This is not the code in our letter. Please look again."), field="code"
    )


def expired_code() -> Unproven:
    """The code has been used, has run out, or was tried too often: a new one is needed."""
    return Unproven(
        "code.expired",
        _("This code can’t be used any more. Please have a new one sent."),
        field="code",
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
    if any(word in plain for word in COMMON) or name.casefold() in plain or len(set(plain)) < 5:
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
