import pytest
from hypothesis import given
from hypothesis import strategies as st

from awards.errors import Unproven
from awards.voting.rules import new_code, normal_code
from awards.voting.rules.codes import ALPHABET


def test_a_code_is_grouped_and_reads_back() -> None:
    code = new_code()

    assert [len(part) for part in code.split("-")] == [4, 4, 4, 2]
    assert normal_code(code) == code.replace("-", "")
    assert set(normal_code(code)) <= set(ALPHABET)


def test_codes_are_random() -> None:
    assert len({new_code() for _each in range(1000)}) == 1000


def test_a_code_may_be_typed_in_any_way() -> None:
    code = new_code()
    typed = f"  {code.lower().replace('0', 'o').replace('1', 'l').replace('-', ' – ')} "
    wide = "".join(chr(ord(sign) + 0xFEE0) if sign.isalnum() else sign for sign in code)

    assert normal_code(typed) == normal_code(code)
    assert normal_code(wide) == normal_code(code)


@given(st.integers(0, 13), st.integers(1, 31))
def test_one_wrong_sign_is_noticed(place: int, shift: int) -> None:
    signs = normal_code(new_code())
    wrong = ALPHABET[(ALPHABET.index(signs[place]) + shift) % 32]

    with pytest.raises(Unproven):
        normal_code(signs[:place] + wrong + signs[place + 1 :])


@given(st.integers(0, 10))
def test_two_swapped_signs_are_noticed(place: int) -> None:
    signs = normal_code(new_code())
    one, other = signs[place], signs[place + 1]
    if one == other:
        return

    with pytest.raises(Unproven):
        normal_code(signs[:place] + other + one + signs[place + 2 :])


@pytest.mark.parametrize("text", ["", "ABCD", "U" * 14, "望河" * 7, "\0" * 14, "1" * 500])
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(Unproven) as refused:
        normal_code(text)

    assert refused.value.code == "voting_code.wrong"
