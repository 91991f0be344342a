import stat
from pathlib import Path

import pytest

from awards.campaigns.keys import KeyMissing, key_path, make_key, read_key


def test_a_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    make_key(tmp_path, 7)
    made = read_key(tmp_path, 7)

    make_key(tmp_path, 7)

    assert read_key(tmp_path, 7) == made
    assert len(made) == 32
    assert stat.S_IMODE(key_path(tmp_path, 7).stat().st_mode) == 0o600
    assert stat.S_IMODE(key_path(tmp_path, 7).parent.stat().st_mode) == 0o700
    assert [path.name for path in key_path(tmp_path, 7).parent.iterdir()] == ["7.key"]


def test_campaigns_have_different_keys(tmp_path: Path) -> None:
    make_key(tmp_path, 1)
    make_key(tmp_path, 2)

    assert read_key(tmp_path, 1) != read_key(tmp_path, 2)


def test_a_missing_key_is_said_with_its_file(tmp_path: Path) -> None:
    with pytest.raises(KeyMissing, match=r"campaigns/7\.key can't be read"):
        read_key(tmp_path, 7)


def test_a_cut_key_is_none(tmp_path: Path) -> None:
    make_key(tmp_path, 7)
    key_path(tmp_path, 7).write_bytes(b"short")

    with pytest.raises(KeyMissing, match="no key of 32 bytes"):
        read_key(tmp_path, 7)
