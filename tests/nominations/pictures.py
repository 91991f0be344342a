"""Photos as cameras and mischief make them."""

import io
import zlib

from PIL import Image


def jpeg(width: int = 640, height: int = 480, *, gps: bool = False) -> bytes:
    """A small photo; with the place where it was taken, if asked."""
    exif = Image.Exif()
    if gps:
        exif[0x0110] = "Phone of the Li family"
        exif.get_ifd(0x8825)[2] = (34.0, 37.0, 12.0)
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#c4a052").save(out, "JPEG", exif=exif)
    return out.getvalue()


def heavy_jpeg(size: int) -> bytes:
    """A photo of so many bytes."""
    small = jpeg()
    return small + b"\0" * (size - len(small))


def vast_png() -> bytes:
    """Fifty megapixels in a few kilobytes."""
    width, height = 10_000, 5_000
    rows = zlib.compress(bytes(1 + width // 8) * height, 9)

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return len(data).to_bytes(4) + body + zlib.crc32(body).to_bytes(4)

    size = width.to_bytes(4) + height.to_bytes(4)
    head = chunk(b"IHDR", size + b"\x01\x00\x00\x00\x00")
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
