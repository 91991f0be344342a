"""Turn somebody's file into our own WebP pictures: a program of its own, with limits, because
decoders are attack surface. It knows nothing of ours: what is wished for comes as its one argument.

Reads the file from standard input; writes one line of JSON, then the pictures one after the other.
Nothing but pixels is written, so metadata (GPS) is gone.
"""

import io
import json
import resource
import sys
import warnings

from PIL import Image, ImageOps

MEMORY = 1_500_000_000
SECONDS = 20
MOST_HEIGHT = 8000
"""Half of what WebP can hold. A long screenshot becomes narrower, not unreadable."""


def main() -> None:
    """One picture in, its sizes out."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        head, sizes = pictures(sys.stdin.buffer.read(), **json.loads(sys.argv[1]))
    except Exception:  # whatever a decoder throws, the answer is the same
        head, sizes = {"error": "photo.not_a_picture"}, []
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + b"".join(sizes))


def pictures(
    data: bytes, *, formats: list[str], most_pixels: int, widths: list[int], quality: int
) -> tuple[dict[str, object], list[bytes]]:
    """What to say of a picture, and its sizes as WebP, smallest first."""
    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = None  # asked below, with our own number
    with Image.open(io.BytesIO(data), formats=formats) as image:
        if image.width * image.height > most_pixels:
            return {"error": "photo.too_many_pixels", "size": image.size}, []
        image.draft("RGB", (2 * max(widths), 2 * max(widths)))
        image.load()
        picture = _opaque(_upright(image))
    picture.thumbnail((picture.width, MOST_HEIGHT), Image.Resampling.LANCZOS)
    kept = [_scaled(picture, width) for width in sorted({min(picture.width, w) for w in widths})]
    sizes = [_webp(each, quality) for each in kept]
    lengths = [len(each) for each in sizes]
    return {"width": kept[-1].width, "height": kept[-1].height, "lengths": lengths}, sizes


def _upright(image: Image.Image) -> Image.Image:
    """Turned as the camera was held. Broken metadata does not spoil good pixels."""
    try:
        return ImageOps.exif_transpose(image)
    except Exception:
        return image


def _opaque(image: Image.Image) -> Image.Image:
    """In eight bits a colour, on white where it was transparent."""
    if image.mode.startswith("I"):
        image = image.point(lambda value: value * (1 / 256)).convert("L")
    if not image.has_transparency_data:
        return image.convert("RGB")
    cut_out = image.convert("RGBA")
    white = Image.new("RGB", cut_out.size, "white")
    white.paste(cut_out, mask=cut_out.getchannel("A"))
    return white


def _scaled(image: Image.Image, width: int) -> Image.Image:
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS)


def _webp(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", quality=quality, method=4)
    return out.getvalue()


if __name__ == "__main__":
    main()
