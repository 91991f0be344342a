"""The key of a campaign: 32 random bytes in a file, never in the database or its backups."""

import os
import secrets
from pathlib import Path

LENGTH = 32


class KeyMissing(Exception):
    """The file with a campaign's key is gone or is none. The text names the file and the remedy."""


def key_path(folder: Path, campaign: int) -> Path:
    """Where the key of a campaign is kept."""
    return folder / "campaigns" / f"{campaign}.key"


def make_key(folder: Path, campaign: int) -> None:
    """Make the campaign's key and get it onto the disk. One that stands is never replaced: with it
    would go the knowledge of who has voted.
    """
    path = key_path(folder, campaign)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{campaign}.{secrets.token_hex(8)}")
    try:
        _write(draft, secrets.token_bytes(LENGTH))
        os.link(
            draft, path
        )  # In one step, and never over a key that another process has just made.
    except FileExistsError:
        return
    finally:
        draft.unlink(missing_ok=True)
    _sync(path.parent)


def read_key(folder: Path, campaign: int) -> bytes:
    """The campaign's key. Raises `KeyMissing`."""
    path = key_path(folder, campaign)
    try:
        key = path.read_bytes()
    except OSError as error:
        raise KeyMissing(f"{path} can't be read ({error.strerror}); restore its copy.") from error
    if len(key) != LENGTH:
        raise KeyMissing(f"{path} is no key of {LENGTH} bytes; restore its copy.")
    return key


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
