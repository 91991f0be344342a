"""Files as phones, scanners and mischief-makers send them."""

import io
import os
import struct
import zlib
from typing import Any

from PIL import Image

ORIENTATION = 0x0112
GPS = 0x8825
COLOURS = {"left": (200, 30, 20), "right": (20, 60, 200)}


def half_and_half(width: int = 800, height: int = 400) -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (width, height), COLOURS["left"])
    image.paste(COLOURS["right"], (width // 2, 0, width, height))
    return image


def saved(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def phone_photo(orientation: int = 1, *, size: tuple[int, int] = (1600, 1200)) -> bytes:
    """A JPEG that tells where it was taken, and how the phone was held."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[0x010F] = "Invented phone"
    exif[0x013B] = "Li Nian"
    place = exif.get_ifd(GPS)
    place[1], place[2] = "N", (30.0, 33.0, 21.0)
    place[3], place[4] = "E", (114.0, 18.0, 9.0)
    return saved(half_and_half(*size), exif=exif, quality=90, comment=b"at home")


def noise(width: int, height: int) -> Image.Image:
    """Pixels that nothing can compress."""
    return Image.frombytes("RGB", (width, height), os.urandom(width * height * 3))


def png_header(width: int, height: int) -> bytes:
    """A small PNG that says it is huge."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        checksum = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(bytes(100_000)))
        + chunk(b"IEND", b"")
    )
