"""Slips: what stands on them, what the square holds, and the PDF."""

import re
from pathlib import Path

import pytest
import segno

from awards.voting import slips
from awards.voting.rules import new_code
from awards.voting.slips import MASK, can_draw_sheets, draw_sheets, draw_slips
from awards.words import Words

TITLE = Words("望河好人", "Good People of Wanghe")
ADDRESS = "https://haoren.test/campaigns/one/tokens/new"
UNTIL = "2026-11-30 18:00"


def test_a_slip_says_the_same_in_both_languages() -> None:
    sheets = draw_slips([new_code()], title=TITLE, address=ADDRESS, until=UNTIL)

    chinese, english = sheets.lines
    assert UNTIL in chinese and UNTIL in english
    assert re.search("[\u4e00-\u9fff]", chinese) and english.startswith("Scan the square")
    assert sheets.address == "haoren.test/campaigns/one/tokens/new"


def test_the_square_holds_the_page_and_behind_the_hash_the_code() -> None:
    code = new_code()
    wanted = segno.make(f"{ADDRESS}#{code}", error="m", micro=False, boost_error=False, mask=MASK)

    (slip,) = draw_slips([code], title=TITLE, address=ADDRESS, until="").slips

    assert slip.square == wanted.svg_inline(border=2, svgclass=None, lineclass=None, omitsize=True)
    assert slip.groups == code.replace("-", " ")
    assert code not in slip.square


def test_what_people_wrote_stays_text() -> None:
    if not can_draw_sheets():
        pytest.skip("typst or a Chinese font is missing")
    label, title = '#panic("x") $ \\ " </svg>', Words("#set page()", "")

    drawn = draw_sheets(
        draw_slips([new_code()] * 15, title=title, address=ADDRESS, until="", label=label)
    )

    assert drawn.startswith(b"%PDF") and b"/Count 2" in drawn


def test_without_typst_or_a_font_there_is_no_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slips, "FONT_FOLDERS", (Path("/nowhere"),))
    assert not can_draw_sheets()
    monkeypatch.undo()
    monkeypatch.setattr(slips, "TYPST", "no_such_package")
    assert not can_draw_sheets()
