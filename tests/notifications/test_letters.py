"""What a letter says, in the language of its reader."""

import pytest

from awards.notifications.letters import write
from awards.words import Words

LINK = "https://haoren.test/proof/abc"


@pytest.mark.parametrize(
    ("language", "subject"), [("en", "012345 is your code to vote"), ("zh-Hans", "012345")]
)
def test_a_letter_speaks_the_language_of_its_reader(language: str, subject: str) -> None:
    letter = write(
        "vote_code", language, "Asia/Shanghai", code="012345", link=LINK,
        title=Words("望河好人", "Good People of Wanghe"),
    )  # fmt: skip

    assert subject in letter.subject
    for body in (letter.text, letter.html):
        assert "012345" in body
        assert LINK in body
        assert ("Good People of Wanghe" in body) is (language == "en")
        assert ("望河好人" in body) is (language == "zh-Hans")


def test_signs_of_markup_are_text_in_both_bodies() -> None:
    letter = write(
        "vote_code", "en", "Asia/Shanghai", code="012345", link=LINK,
        title="<script>alert(1)</script> & “friends”",
    )  # fmt: skip

    assert "<script>alert(1)</script> & “friends”" in letter.text
    assert "<script>" not in letter.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; “friends”" in letter.html


def test_a_subject_is_one_line_of_at_most_200_signs() -> None:
    letter = write(
        "vote_code", "en", "Asia/Shanghai", code=f"first\r\nBcc: wu@example.com {'x' * 300}",
        link=LINK, title="",
    )  # fmt: skip

    assert letter.subject.startswith("first Bcc: wu@example.com xxx")
    assert (len(letter.subject), letter.subject[-1]) == (200, "…")
