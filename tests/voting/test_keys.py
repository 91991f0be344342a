"""HKDF against the vectors of RFC 5869, and what the names derived with it promise."""

import hashlib
import hmac

import pytest

from awards.voting.rules import CampaignKeys, Channel, hkdf, tracker_of

KEYS = CampaignKeys.of(7, bytes(range(32)))


@pytest.mark.parametrize(
    ("secret", "salt", "label", "length", "expected"),
    [
        (
            b"\x0b" * 22,
            bytes(range(13)),
            bytes(range(0xF0, 0xFA)),
            42,
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        ),
        (
            bytes(range(0x50)),
            bytes(range(0x60, 0xB0)),
            bytes(range(0xB0, 0x100)),
            82,
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
            "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
        ),
        (
            b"\x0b" * 22,
            b"",
            b"",
            42,
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
        ),
    ],
)
def test_hkdf_is_that_of_the_rfc(
    secret: bytes, salt: bytes, label: bytes, length: int, expected: str
) -> None:
    assert hkdf(secret, label, salt=salt, length=length).hex() == expected


def test_the_keys_of_one_campaign_differ() -> None:
    keys = (KEYS.pid_key, KEYS.voter_key, KEYS.tag_key, KEYS.nonce_key)

    assert len({key(b"the same") for key in keys}) == 4


def test_a_pid_tells_channels_and_addresses_apart() -> None:
    pids = {
        KEYS.pid(Channel.EMAIL, "li@example.com"),
        KEYS.pid(Channel.CODE, "li@example.com"),
        KEYS.pid(Channel.EMAIL, "wu@example.com"),
        CampaignKeys.of(7, bytes(32)).pid(Channel.EMAIL, "li@example.com"),
    }

    assert len(pids) == 4
    assert {len(pid) for pid in pids} == {16}


def test_kinds_of_names_never_meet() -> None:
    voter = KEYS.voter_tag(KEYS.pid(Channel.CODE, "X"))
    names = {
        voter,
        KEYS.ballot_tag(voter, 0),
        KEYS.ballot_tag(voter, 20261123),
        KEYS.tap_tag(voter, 0, 1, 1),
        KEYS.tap_tag(voter, 0, 1, 2),
        KEYS.tap_tag(voter, 0, 2, 1),
        KEYS.quota_tag(voter, 0, "all"),
        KEYS.quota_tag(voter, 0, "category 1"),
        KEYS.quota_tag(voter, 20261123, "all"),
    }

    assert len(names) == 9
    assert {len(name) for name in names} == {16}


def test_a_leaf_binds_campaign_tag_and_choice() -> None:
    tag, choices = b"t" * 16, b"\x00\x65"
    nonce = hmac.digest(hkdf(bytes(range(32)), b"haoren/nonce"), tag, hashlib.sha256)

    leaf = KEYS.leaf(tag, choices)

    expected = hashlib.sha256(b"haoren/ballot/v1" + b"\x00\x00\x00\x07" + tag + nonce + choices)
    assert leaf == expected.digest()
    assert KEYS.leaf(tag, b"\x00\x66") != leaf
    assert KEYS.leaf(b"u" * 16, choices) != leaf


def test_a_tracker_has_sixteen_signs_of_eighty_bits() -> None:
    assert tracker_of(bytes(32)) == "A" * 16
    assert tracker_of(b"\xff" * 32) == "7" * 16


def test_keys_are_not_shown_by_accident() -> None:
    assert hkdf(bytes(range(32)), b"haoren/tag").hex() not in repr(KEYS)
    assert "tag_key" not in repr(KEYS)
