"""Letters and text messages as files in a folder: for development and for machines without mail."""

import asyncio
from pathlib import Path

from awards.notifications.actions import Send
from awards.notifications.models import Letter
from awards.notifications.transports.message import message


def to_folder(folder: str, sender: str) -> Send:
    """Each letter becomes `<time>-<id>.eml`."""

    async def send(letter: Letter) -> None:
        await asyncio.to_thread(_write, Path(folder), letter, sender)

    return send


def texts_to_folder(folder: str) -> Send:
    """Each text message becomes `<time>-<id>.txt`."""

    async def send(letter: Letter) -> None:
        text = f"{letter.address}\n\n{letter.text}\n"
        await asyncio.to_thread(_keep, Path(folder), letter, "txt", text.encode())

    return send


def _write(folder: Path, letter: Letter, sender: str) -> None:
    _keep(folder, letter, "eml", bytes(message(letter, sender)))


def _keep(folder: Path, letter: Letter, kind: str, content: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)  # Letters hold codes and links.
    path = folder / f"{letter.created_at:%Y%m%dT%H%M%S}-{letter.id}.{kind}"
    path.write_bytes(content)
