"""How people are reached, and what of it must never be read in a public text."""

import re
import unicodedata
from itertools import cycle

from awards.accounts.rules import masked_email, normal_email
from awards.errors import Invalid
from awards.i18n import mark as _

PHONE = re.compile(r"\+?\d{7,15}")
BETWEEN = re.compile(r"[\s\-()（）.—–]")
PLATES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
GAP = r"[ \-]?"
PATTERNS = {
    "id_number": re.compile(rf"(?<!\d)(?:\d{GAP}){{17}}[\dXx](?![\dXx])"),
    "phone": re.compile(
        rf"(?<!\d)(?:1[3-9]\d{GAP}\d{{4}}{GAP}\d{{4}}|0\d{{2,3}}{GAP}\d{{7,8}})(?!\d)"
    ),
    "email": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    "plate": re.compile(rf"[{PLATES}][A-Z][ ·]?[A-Z0-9]{{5,6}}(?![A-Z0-9])"),
}
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3)
CHECK_DIGITS = "10X98765432"


def is_email(contact: str) -> bool:
    """Whether letters can go there."""
    return "@" in contact


def normal_contact(text: str, field: str) -> str:
    """An e-mail address or a telephone number as we keep it. Raises `Invalid`."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if is_email(plain):
        try:
            return normal_email(plain)
        except Invalid as refused:
            raise Invalid(refused.code, refused.message, field=field) from None
    digits = BETWEEN.sub("", plain)
    if PHONE.fullmatch(digits):
        return digits
    raise Invalid(
        "contact.invalid",
        _("Please write an e-mail address or a telephone number, for example name@example.com."),
        field=field,
    )


def masked_contact(contact: str) -> str:
    """Enough to recognise one's own: `li•••@example.com`, `138••••5678`."""
    if is_email(contact):
        return masked_email(contact)
    if len(contact) < 8:
        return f"{contact[:2]}••••" if contact else ""
    return f"{contact[:3]}••••{contact[-4:]}"


def personal_data(text: str) -> list[str]:
    """Which kinds of private data a text seems to name: id_number, phone, email, plate."""
    plain = unicodedata.normalize("NFKC", text)
    found = [kind for kind, pattern in PATTERNS.items() if any(_matches(kind, pattern, plain))]
    return found


def _matches(kind: str, pattern: re.Pattern[str], text: str) -> list[str]:
    hits = [match[0] for match in pattern.finditer(text)]
    return [hit for hit in hits if kind != "id_number" or _is_id_number(hit)]


def _is_id_number(text: str) -> bool:
    """Whether the last sign is the check digit of the seventeen before it."""
    signs = re.sub(r"[ \-]", "", text).upper()
    total = sum(
        int(digit) * weight for digit, weight in zip(signs[:17], cycle(WEIGHTS), strict=False)
    )
    return len(signs) == 18 and CHECK_DIGITS[total % 11] == signs[17]
