"""Where pictures lie: a local folder (or another store of obstore's) named by
`AWARDS_STORAGE_URL`.
"""

from functools import cache
from pathlib import Path
from uuid import UUID

from obstore.store import LocalStore, MemoryStore

Store = LocalStore | MemoryStore


@cache
def open_store(url: str) -> Store:
    """The store of this address."""
    if url.startswith("memory:"):
        return MemoryStore()
    folder = Path(url.removeprefix("file://"))
    folder.mkdir(parents=True, exist_ok=True)
    return LocalStore(folder)


def place(picture: UUID, width: int) -> str:
    """The key of one size of a picture."""
    return f"pictures/{picture.hex[:2]}/{picture.hex}-{width}.webp"
