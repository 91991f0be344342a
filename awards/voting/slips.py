"""Printed codes as slips to cut: each with the award’s title, the code, and a square (QR) that
brings the code along. The code stands behind # in the address, so that no server sees it before its
holder sends it.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import segno

from awards.i18n import LANGUAGES, speaking, translate
from awards.i18n import mark as _
from awards.words import Words

DESIGN = Path(__file__).with_name("slips.typ")
FONT_FOLDERS = tuple(Path(f"/usr/share/fonts/{each}/noto") for each in ("opentype", "truetype"))
FONTS = "*CJK*"
TYPST = "typst"
"""Comes with the extra `pdf`. Without it the page itself is printed."""
MASK = 4
"""Any of the eight reads as well; to try them all takes most of the time."""
HOW = _("Scan the square, or open the address below and type the code. One slip is for one person.")
UNTIL = _("Voting is open until {time}.")


@dataclass(frozen=True)
class Slip:
    """One code on paper."""

    code: str
    square: str
    """An SVG drawing."""

    @property
    def groups(self) -> str:
        return self.code.replace("-", " ")


@dataclass(frozen=True)
class Sheets:
    """What stands on every slip of a batch, in each language, and the slips."""

    title: Words
    lines: Sequence[str]
    address: str
    """Where the code is typed, as people write it."""
    slips: Sequence[Slip]
    label: str = ""


def draw_slips(
    codes: Sequence[str], *, title: Words, address: str, until: str, label: str = ""
) -> Sheets:
    """The slips of a batch. `address` is the page where a code is typed."""
    shown = re.sub(r"^https?://", "", address)
    return Sheets(title, _lines(until), shown, [_slip(each, address) for each in codes], label)


def _lines(until: str) -> list[str]:
    found = []
    for tag in LANGUAGES:
        with speaking(tag):
            said = [translate(HOW), translate(UNTIL).format(time=until) if until else ""]
            found.append((" " if tag == "en" else "").join(said).strip())
    return found


def _slip(code: str, address: str) -> Slip:
    square = segno.make(f"{address}#{code}", error="m", micro=False, boost_error=False, mask=MASK)
    drawn = square.svg_inline(border=2, svgclass=None, lineclass=None, omitsize=True)
    return Slip(code, drawn)


def can_draw_sheets() -> bool:
    """Whether the sheets can be had as a PDF: typst is there, and a font with Chinese signs."""
    return find_spec(TYPST) is not None and any(any(each.glob(FONTS)) for each in FONT_FOLDERS)


def draw_sheets(sheets: Sheets) -> bytes:
    """The sheets as a PDF. What people wrote goes in as data, never as part of the design."""
    said = {
        "title": [text for text in (sheets.title.zh, sheets.title.en) if text],
        "lines": list(sheets.lines),
        "address": sheets.address,
        "label": sheets.label,
        "slips": [{"code": each.groups, "square": each.square} for each in sheets.slips],
    }
    drawn: bytes = import_module(TYPST).compile(
        str(DESIGN),
        sys_inputs={"sheets": json.dumps(said)},
        font_paths=[str(each) for each in FONT_FOLDERS if each.exists()],
        ignore_system_fonts=True,
    )
    return drawn
