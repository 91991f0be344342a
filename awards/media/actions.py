"""Taking pictures in and letting the public see them.

The files are written before the row: a crash between them leaves an unnamed file, never a row
without its picture.
"""

import asyncio
import hashlib
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from awards import clock
from awards.db import in_transaction
from awards.errors import Invalid
from awards.media.models import Picture
from awards.media.queries import is_unused, list_unused
from awards.media.rules import (
    FORMATS,
    MAX_PIXELS,
    QUALITY,
    UNUSED_FOR,
    WIDTHS,
    not_a_picture,
    too_large,
    too_many_pixels,
    widths_for,
)
from awards.media.store import Store, place

PROGRAM = Path(__file__).with_name("reencode.py")
WISHES = {
    "formats": FORMATS,
    "most_pixels": MAX_PIXELS,
    "widths": WIDTHS,
    "quality": QUALITY,
}
PATIENCE = 40
TURNS = ThreadPoolExecutor(max_workers=2, thread_name_prefix="photo")
"""Two at a time: each may take much memory, and who sends many photos at once has to wait."""


@dataclass(frozen=True)
class Prepared:
    """A picture re-encoded and already in the store, waiting for its row."""

    id: UUID
    width: int
    height: int
    digest: bytes
    size: int


async def prepare_picture(data: bytes, *, store: Store) -> Prepared:
    """Check and re-encode one upload, outside any transaction. Raises `Invalid` with
    what is wrong.
    """
    if no := too_large(len(data)):
        raise no
    head, sizes = await asyncio.get_running_loop().run_in_executor(TURNS, _reencode, data)
    if "error" in head:
        raise _objection(head)
    return await _stored(head["width"], head["height"], sizes, store)


async def prepare_ready(data: bytes, width: int, height: int, *, store: Store) -> Prepared:
    """Take in a WebP of our own as it is, in one size: for pictures that the program ships."""
    return await _stored(width, height, [data] * len(widths_for(width)), store)


async def _stored(width: int, height: int, sizes: list[bytes], store: Store) -> Prepared:
    id = uuid4()
    for kept, body in zip(widths_for(width), sizes, strict=True):
        await store.put_async(place(id, kept), body, mode="create")
    digest = hashlib.sha256(sizes[-1]).digest()
    return Prepared(id, width, height, digest, sum(map(len, sizes)))


def _reencode(data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """What the program says and makes of a file. It gets neither our settings nor our modules."""
    try:
        ended = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-I", str(PROGRAM), json.dumps(WISHES)],
            input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}, timeout=PATIENCE,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise not_a_picture() from None
    line, _, rest = ended.stdout.partition(b"\n")
    head: dict[str, Any] = json.loads(line) if line else {"error": "photo.not_a_picture"}
    return head, _cut(rest, head.get("lengths", []))


def _cut(body: bytes, lengths: list[int]) -> list[bytes]:
    starts = [sum(lengths[:n]) for n in range(len(lengths))]
    return [body[start : start + length] for start, length in zip(starts, lengths, strict=True)]


def _objection(head: dict[str, Any]) -> Invalid:
    size = head.get("size")
    if isinstance(size, list):
        return too_many_pixels(*size) or not_a_picture()
    return not_a_picture()


async def keep_picture(prepared: Prepared) -> Picture:
    """Give a prepared picture its row, inside the transaction of what it belongs to.
    It is private.
    """
    return await Picture.create(
        id=prepared.id,
        width=prepared.width,
        height=prepared.height,
        bytes=prepared.size,
        digest=prepared.digest,
        created_at=clock.now(),
    )


async def publish_picture(picture: UUID) -> None:
    """Let everybody see it, inside the caller's transaction."""
    await Picture.filter(id=picture, published_at__isnull=True).update(published_at=clock.now())


async def unpublish_picture(picture: UUID) -> None:
    """Take it back from the public, inside the caller's transaction."""
    await Picture.filter(id=picture).update(published_at=None)


async def forget_picture(picture: UUID, *, store: Store) -> bool:
    """Delete it for good; whether it went. What is still shown somewhere stays whole.

    Files first: a crash between the two leaves a row that can be deleted again, never a file that
    nobody knows of. The row is held meanwhile, so that nothing begins to refer to it.
    """
    async with in_transaction():
        row = await Picture.select_for_update().get_or_none(id=picture)
        if row is None or not await is_unused(picture):
            return False
        for width in widths_for(row.width):
            with suppress(FileNotFoundError):
                await store.delete_async(place(picture, width))
        await Picture.filter(id=picture).delete()
    return True


async def forget_unused(*, store: Store) -> int:
    """Delete what nothing shows: photos of nominations that were never sent, pictures that an
    editor took out. How many.
    """
    due = await list_unused(before=clock.now() - UNUSED_FOR)
    return sum([await forget_picture(each, store=store) for each in due])
