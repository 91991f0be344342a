"""A disk that forgets what was not fsynced: see shims/unsynced.c."""

import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent / "shims"
HEAD = struct.Struct("=6q")
SYNCED = 2


class Record(NamedTuple):
    """What stood in a file before a write; or that the file was synced."""

    kind: int
    file: tuple[int, int]
    offset: int
    size: int
    held: bytes


class ForgetfulDisk:
    """What a server writes to files whose names hold `part`, it may lose."""

    def __init__(self, folder: Path, part: str) -> None:
        self.folder, self.part = folder, part
        self.log = folder / "unsynced.log"

    @property
    def environment(self) -> dict[str, str]:
        """What the server has to be started with."""
        library = compiled(HERE / "unsynced.c", self.folder)
        return {
            "LD_PRELOAD": str(library), "FORGETS": self.part, "FORGETS_LOG": str(self.log),
        }  # fmt: skip

    def forget(self) -> int:
        """Undo what no fsync has followed; how many writes that were. The server is dead."""
        unsynced: dict[tuple[int, int], list[Record]] = {}
        for record in self._records():
            if record.kind == SYNCED:
                unsynced.pop(record.file, None)
            else:
                unsynced.setdefault(record.file, []).append(record)
        paths = {_identity(path): path for path in self.folder.glob(f"*{self.part}*")}
        lost = 0
        for file, records in unsynced.items():
            if path := paths.get(file):
                lost += len(records)
                _undo(path, records)
        # What only memory held.
        for path in self.folder.glob(f"*{self.part}*-shm"):
            path.unlink()
        self.log.unlink(missing_ok=True)
        return lost

    def _records(self) -> Iterator[Record]:
        content, place = self.log.read_bytes() if self.log.exists() else b"", 0
        while place + HEAD.size <= len(content):
            kind, device, inode, offset, size, length = HEAD.unpack_from(content, place)
            place += HEAD.size
            yield Record(kind, (device, inode), offset, size, content[place : place + length])
            place += length


def _undo(path: Path, records: list[Record]) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        for record in reversed(records):
            os.pwrite(descriptor, record.held, record.offset)
            os.ftruncate(descriptor, record.size)
    finally:
        os.close(descriptor)


def _identity(path: Path) -> tuple[int, int]:
    about = path.stat()
    return (about.st_dev, about.st_ino)


def compiler() -> str | None:
    return shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")


def compiled(source: Path, folder: Path) -> Path:
    """A library made of one of our sources."""
    library = folder / f"{source.stem}.so"
    cc = compiler()
    assert cc
    if not library.exists():
        subprocess.run(
            [cc, "-O2", "-Wall", "-Werror", "-shared", "-fPIC", "-o", str(library), str(source),
             "-ldl", "-pthread"],
            check=True,
        )  # fmt: skip
    return library
