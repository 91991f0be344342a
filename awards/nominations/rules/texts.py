"""What people type: how it is cleaned, how long it is, and which signs a name may have."""

import re
import unicodedata
from difflib import SequenceMatcher

from awards.errors import Invalid, Refused
from awards.i18n import mark as _

NAME_LEAST, NAME_MOST = 2, 60
BLANKS = dict.fromkeys((0x00AD, 0x200B, 0x2060, 0xFEFF))
"""Signs without width that chats and editors leave in what is pasted. They carry nothing."""
DOTS = dict.fromkeys(map(ord, "•‧・∙⋅･"), "·")
JOINERS = "\u200c\u200d"
IN_NAMES = set(" ·-‐'’.,，、&()（）“”\"《》")
PLANE_ENDS = range(0xFFFE, 0x110000, 0x10000)
STRAY = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufdd0-\ufdef" + "".join(f"{chr(p)}{chr(p + 1)}" for p in PLANE_ENDS) + "]"
)
"""Signs that no text needs: of control and of direction, halves of others, and what is no sign
and never will be, which a feed reader stumbles over.
"""
MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?")
ALIKE = 0.85


def clean_name(text: str | None) -> str:
    """A name as we keep it: NFC, single blanks, one kind of dot between the parts."""
    composed = unicodedata.normalize("NFC", text or "").translate(BLANKS).translate(DOTS)
    return " ".join(composed.split())


def clean_text(text: str | None) -> str:
    """Prose as we keep it: NFC, plain line ends, without control and direction signs."""
    composed = unicodedata.normalize("NFC", text or "").translate(BLANKS)
    return re.sub(r"\n{3,}", "\n\n", without_strays(composed)).strip()


def without_strays(text: str) -> str:
    """The text with plain line ends and without the signs that no text needs."""
    return STRAY.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def clean_month(text: str | None) -> str:
    """`1966-05` out of the ways people write a month; what is none of them stays as it is."""
    found = MONTH.fullmatch((text or "").strip())
    return f"{found[1]}-{int(found[2]):02d}" if found else (text or "").strip()


def length(text: str) -> int:
    """How many signs a reader counts: marks that sit on another sign are not counted."""
    return sum(1 for sign in text if unicodedata.category(sign) not in ("Mn", "Me", "Cf"))


def name_objection(name: str, field: str) -> Refused | None:
    """Why this can't be somebody's name, or None. Rare Han characters and `·` are welcome."""
    if strange := next((sign for at, sign in enumerate(name) if not _fits(name, at)), ""):
        return _strange_sign(strange, field)
    if length(name) < NAME_LEAST:
        return Invalid("name.short", _("Please write the full name."), field=field)
    if len(name) > NAME_MOST:
        return Invalid(
            "name.long",
            _("A name has at most {most} characters; this one has {written}."),
            field=field, most=NAME_MOST, written=len(name),
        )  # fmt: skip
    return None


def folded(name: str) -> str:
    """The name as it is compared: width, case, blanks, dots and marks make no difference."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name)).casefold()
    return "".join(sign for sign in plain if sign.isalnum() or _is_far_han(sign))


def are_similar(name: str, other: str) -> bool:
    """Whether two names may be the same person's: short ones must be equal, long ones nearly."""
    one, two = folded(name), folded(other)
    if not one or not two:
        return False
    return one == two or (
        min(len(one), len(two)) > 4 and SequenceMatcher(None, one, two).ratio() >= ALIKE
    )


def _fits(name: str, at: int) -> bool:
    sign = name[at]
    if sign in IN_NAMES or unicodedata.category(sign)[0] in "LM" or _is_far_han(sign):
        return True
    return unicodedata.category(sign) in ("Nd", "Nl") or (sign in JOINERS and _joins(name, at))


def _joins(name: str, at: int) -> bool:
    """Joiners belong between letters of scripts that need them, and nowhere else."""
    around = name[max(0, at - 1) : at] + name[at + 1 : at + 2]
    return len(around) == 2 and all(_needs_joiners(sign) for sign in around)


def _needs_joiners(sign: str) -> bool:
    name = unicodedata.name(sign, "")
    is_letter = unicodedata.category(sign)[0] in "LM"
    return is_letter and not name.startswith(("LATIN", "CJK", "GREEK", "CYRILLIC"))


def _is_far_han(sign: str) -> bool:
    """Rare Han characters; Python's tables lag behind the newest of them."""
    return 0x20000 <= ord(sign) <= 0x3FFFD and ord(sign) & 0xFFFE != 0xFFFE


def _strange_sign(sign: str, field: str) -> Refused:
    if sign.isprintable() and unicodedata.category(sign) not in ("Co", "Cn"):
        return Invalid(
            "name.sign",
            _("“{sign}” does not belong in a name. Please leave it out."),
            field=field, sign=sign,
        )  # fmt: skip
    return Invalid(
        "name.hidden_sign",
        _("There is an invisible sign in the name. Please type the name anew."),
        field=field,
    )
