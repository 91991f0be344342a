"""Turn somebody's file into our own WebP pictures: run as a process with limits, since decoders are
attack surface.

Reads the file from standard input; writes one line of JSON, then the pictures one after the other.
Metadata (GPS) is dropped
because nothing but pixels is written.
"""

import io
import json
import resource
import sys
import warnings

from PIL import Image, ImageOps

from awards.media.rules import FORMATS, QUALITY, too_many_pixels, widths_for

MEMORY = 1_500_000_000
SECONDS = 20


def main() -> None:
    """One picture in, its sizes out."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    data = sys.stdin.buffer.read()
    try:
        head, sizes = pictures(data)
    except Exception:  # whatever a decoder throws, the answer is the same
        head, sizes = {"error": "photo.not_a_picture"}, []
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + b"".join(sizes))


def pictures(data: bytes) -> tuple[dict[str, object], list[bytes]]:
    """What to say of a picture, and its sizes as WebP, smallest first."""
    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = None  # asked below, with our own number
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        if too_many_pixels(*image.size):
            return {"error": "photo.too_many_pixels", "size": image.size}, []
        image.draft("RGB", (2560, 2560))
        upright = ImageOps.exif_transpose(image).convert("RGB")
    sizes = [_webp(upright, width) for width in widths_for(upright.width)]
    largest = min(upright.width, widths_for(upright.width)[-1])
    height = max(1, round(upright.height * largest / upright.width))
    lengths = [len(each) for each in sizes]
    return {"width": largest, "height": height, "lengths": lengths}, sizes


def _webp(image: Image.Image, width: int) -> bytes:
    height = max(1, round(image.height * width / image.width))
    out = io.BytesIO()
    image.resize((width, height), Image.Resampling.LANCZOS).save(
        out, "WEBP", quality=QUALITY, method=4
    )
    return out.getvalue()


if __name__ == "__main__":
    main()
