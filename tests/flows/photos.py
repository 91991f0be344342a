"""Photos as phones make them."""

import io
import random
from pathlib import Path

from PIL import Image, ImageDraw

GPS_TAG, LATITUDE, LONGITUDE, CAMERA = 0x8825, 2, 4, 0x010F


def snapshot(path: Path, *, size: tuple[int, int] = (1200, 900), hue: int = 30) -> Path:
    """A plain JPEG: a lamp over a table."""
    picture = Image.new("RGB", size, (hue, 90, 120))
    pen = ImageDraw.Draw(picture)
    width, height = size
    pen.rectangle((0, height * 2 // 3, width, height), fill=(150, 110, 70))
    pen.ellipse((width // 3, height // 5, width * 2 // 3, height * 3 // 5), fill=(250, 220, 140))
    picture.save(path, "JPEG", quality=88)
    return path


def located(path: Path) -> Path:
    """A JPEG that says where it was taken, and with what."""
    snapshot(path, hue=160)
    exif = Image.Exif()
    exif[CAMERA] = "Lantern"
    exif[GPS_TAG] = {1: "N", LATITUDE: (34.0, 45.0, 12.0), 3: "E", LONGITUDE: (113.0, 37.0, 30.0)}
    Image.open(path).save(path, "JPEG", exif=exif)
    assert is_located(path.read_bytes())
    return path


def huge(path: Path, *, size: tuple[int, int] = (4000, 3000)) -> Path:
    """A JPEG of more than 12 MB: noise can't be made small."""
    small = random.Random(7).randbytes(size[0] * size[1] // 16 * 3)  # noqa: S311 - only noise
    coarse = Image.frombytes("RGB", (size[0] // 4, size[1] // 4), small)
    coarse.resize(size, Image.Resampling.NEAREST).save(path, "JPEG", quality=99)
    assert path.stat().st_size > 12 << 20, path.stat().st_size
    return path


def is_located(data: bytes) -> bool:
    """Whether a picture says where it was taken."""
    return bool(Image.open(io.BytesIO(data)).getexif().get_ifd(GPS_TAG))


def metadata(data: bytes) -> dict[int, object]:
    """All that a picture says about how it was taken."""
    return dict(Image.open(io.BytesIO(data)).getexif())
