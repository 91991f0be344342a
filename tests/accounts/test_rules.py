"""What counts as an address, a code, a name, a password."""

import pytest

from awards.accounts import rules
from awards.errors import Invalid

KEYS = ("older-key", "newest-key")


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("li@example.com", "li@example.com"),
        ("  Li.Nian@Example.COM\n", "li.nian@example.com"),
        ("li@好人.中国", "li@xn--gmq25x.xn--fiqs8s"),
        ("li@XN--GMQ25X.XN--FIQS8S", "li@xn--gmq25x.xn--fiqs8s"),
        ("ｌｉ＠ｅｘａｍｐｌｅ．ｃｏｍ", "li@example.com"),
        ("li+vote@example.com", "li+vote@example.com"),
        (f"{'a' * 64}@example.com", f"{'a' * 64}@example.com"),
    ],
)
def test_an_address_has_one_form(typed: str, normal: str) -> None:
    assert rules.normal_email(typed) == normal


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "li",
        "li@",
        "@example.com",
        "li@example",
        "li@@example.com",
        "li@example.com, wu@example.com",
        "li@example.com\nBcc: wu@example.com",
        "li@example.com\r\n\r\nhello",
        "Li <li@example.com>",
        "li nian@example.com",
        "小明@example.com",
        "li@exa\x00mple.com",
        "li@[127.0.0.1]",
        "li@localhost",
        "li@-example.com",
        f"{'a' * 65}@example.com",
        f"li@{'a.' * 130}com",
        f"li@{'好' * 60}.com",
        '"li nian"@example.com',
    ],
)
def test_what_is_no_address_is_refused_at_its_field(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.normal_email(typed)

    assert (refused.value.code, refused.value.field) == ("email.invalid", "email")


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("lichunfang@example.com", "li•••@example.com"),
        ("li@example.com", "l•••@example.com"),
        ("l@example.com", "l•••@example.com"),
    ],
)
def test_a_masked_address_shows_no_more_than_its_beginning(address: str, masked: str) -> None:
    assert rules.masked_email(address) == masked


ABROAD = {"86": 1, "852": 1, "1": 1}


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("13812345678", "+8613812345678"), (" 138 1234 5678\n", "+8613812345678"),
        ("138-1234-5678", "+8613812345678"), ("138–1234–5678", "+8613812345678"),
        ("＋８６ １３８１２３４５６７８", "+8613812345678"),
        ("１３８１２３４５６７８", "+8613812345678"),
        ("138　1234　5678", "+8613812345678"), ("+86 138 1234 5678", "+8613812345678"),
        ("(+86) 13812345678", "+8613812345678"), ("86 138 1234 5678", "+8613812345678"),
        ("008613812345678", "+8613812345678"), ("013812345678", "+8613812345678"),
        ("19912345678", "+8619912345678"), ("+852 9123 4567", "+85291234567"),
        ("+1 650-253-0000", "+16502530000"),
    ],
)  # fmt: skip
def test_a_number_has_one_form(typed: str, normal: str) -> None:
    assert rules.normal_number(typed, ABROAD) == normal


@pytest.mark.parametrize(
    "typed",
    [
        "", "1", "138", "1381234567", "138123456789", "12812345678", "10086", "02112345678",
        "138 1234 567a", "1381234ABCD", "13812345678 ext 5", "+8613812345678;ext=5",
        "tel:13812345678",
        "13812345678, 13912345678", "13812345678\x0013912345678", "١٣٨١٢٣٤٥٦٧٨", "+", "+999 123456",
        "+852 2123 4567", "+852 91", "1" * 200, "li@example.com",
    ],
)  # fmt: skip
def test_what_is_no_mobile_number_is_refused_at_its_field(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.normal_number(typed, ABROAD)

    assert (refused.value.code, refused.value.field) == ("phone.invalid", "phone")


def test_a_number_of_another_country_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        rules.normal_number("+852 9123 4567", ["86"])

    assert (refused.value.code, refused.value.values) == ("phone.country", {"codes": "+86"})


def test_a_number_without_a_country_code_is_of_the_first() -> None:
    assert rules.normal_number("9123 4567", ["852", "86"]) == "+85291234567"


@pytest.mark.parametrize(
    ("number", "masked", "country", "block"),
    [
        ("+8613812345678", "138****5678", "86", "+861381234"),
        ("+85291234567", "+852 ****4567", "852", "+8529123"),
        ("+16502530000", "+1 ****0000", "1", "+1650253"),
    ],
)
def test_a_number_is_masked_and_told_apart(
    number: str, masked: str, country: str, block: str
) -> None:
    assert rules.masked_number(number) == masked
    assert (rules.country_of(number), rules.block_of(number)) == (country, block)


def test_codes_are_six_digits() -> None:
    codes = {rules.new_code() for _ in range(200)}

    assert all(len(code) == 6 and code.isdigit() for code in codes)
    assert len(codes) > 190


@pytest.mark.parametrize(
    "typed", ["012345", " 012 345 ", "012-345", "０１２３４５", "code: 012345"]
)
def test_a_code_is_known_however_it_is_typed(typed: str) -> None:
    kept = rules.code_digest("newest-key", "vote:1", "li@example.com", "012345")

    assert rules.is_code(KEYS, kept, "vote:1", "li@example.com", typed)


def test_a_code_made_with_an_older_key_is_still_known() -> None:
    kept = rules.code_digest("older-key", "vote:1", "li@example.com", "012345")

    assert rules.is_code(KEYS, kept, "vote:1", "li@example.com", "012345")
    assert not rules.is_code(("newest-key",), kept, "vote:1", "li@example.com", "012345")


@pytest.mark.parametrize(
    ("purpose", "address", "code"),
    [
        ("vote:2", "li@example.com", "012345"),
        ("vote:1", "wu@example.com", "012345"),
        ("vote:1", "li@example.com", "012346"),
        ("vote:1", "li@example.com", "12345"),
        ("vote:1", "li@example.com", ""),
    ],
)
def test_a_code_is_good_for_its_own_purpose_and_address_alone(
    purpose: str, address: str, code: str
) -> None:
    kept = rules.code_digest("newest-key", "vote:1", "li@example.com", "012345")

    assert not rules.is_code(KEYS, kept, purpose, address, code)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  顾 小雨 ", "顾 小雨"),
        ("Gu\u3000Xiaoyu", "Gu Xiaoyu"),
        ("e\u0301va", "éva"),
        ("买买提·艾力", "买买提·艾力"),
    ],
)
def test_a_name_has_one_form(typed: str, name: str) -> None:
    assert rules.normal_name(typed) == name


@pytest.mark.parametrize(
    "typed", ["", " \t", "a" * 61, "li\x00nian", "li\u202enian", "li\u200bnian"]
)
def test_what_is_no_name_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.normal_name(typed)

    assert (refused.value.code, refused.value.field) == ("person.name", "name")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "password.short"),
        ("elevensigns", "password.short"),
        ("my Password 2026", "password.common"),
        ("Gu Xiaoyu forever", "password.common"),
        ("abababababababab", "password.common"),
        ("haorenhaoren2026", "password.common"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused(password: str, code: str) -> None:
    no = rules.password_objection(password, "gu xiaoyu")

    assert no is not None
    assert (no.code, no.field) == (code, "password")


@pytest.mark.parametrize(
    ("password", "name"),
    [
        ("lantern river noodle", "gu xiaoyu"),
        ("清晨四点的一锅热汤不收环卫工人钱", "顾小雨"),
        ("lantern river noodle", "no"),
        ("lantern river noodle", ""),
    ],
)
def test_a_long_password_is_good(password: str, name: str) -> None:
    assert rules.password_objection(password, name) is None
