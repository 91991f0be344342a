"""Printed voting codes: 60 random bits, two signs that catch a slip, no sign that misleads."""

import secrets
import unicodedata

from awards.errors import Unproven
from awards.i18n import mark as _

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BITS = 60
CHECK = 1021
"""The largest prime that two signs hold: one wrong sign, or two swapped, always shows."""
SIGNS = 14
MISREAD = str.maketrans("OIL", "011")


def new_code() -> str:
    """A code as it is printed, such as `7K3M-Q2XD-0RFA-TV`."""
    value = secrets.randbits(BITS)
    signs = _signs(value, 12) + _signs(value % CHECK, 2)
    return "-".join(signs[place : place + 4] for place in range(0, SIGNS, 4))


def normal_code(text: str) -> str:
    """The code as we compare it, however it was typed. Raises `Unproven` for what is no code."""
    folded = unicodedata.normalize("NFKC", text[:100]).upper().translate(MISREAD)
    signs = "".join(sign for sign in folded if sign.isalnum())
    if len(signs) != SIGNS or not set(signs) <= set(ALPHABET):
        raise wrong_code()
    if _value(signs[:12]) % CHECK != _value(signs[12:]):
        raise wrong_code()
    return signs


def wrong_code() -> Unproven:
    """Mistyped, or never issued for this campaign: the answer is the same."""
    return Unproven(
        "voting_code.wrong",
        _("This is no voting code of this campaign. Please compare it with the paper."),
        field="code",
    )


def _signs(value: int, length: int) -> str:
    return "".join(ALPHABET[value >> 5 * place & 31] for place in reversed(range(length)))


def _value(signs: str) -> int:
    value = 0
    for sign in signs:
        value = value << 5 | ALPHABET.index(sign)
    return value
