"""Real pictures, turned into ours or refused."""

import asyncio
import io
import json
import subprocess
import sys
import time
from collections.abc import Callable
from uuid import UUID

import pytest
from obstore.store import MemoryStore
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from awards.db import in_transaction
from awards.errors import Invalid, NotFound
from awards.media import actions
from awards.media.actions import (
    Prepared,
    forget_picture,
    keep_picture,
    prepare_picture,
    prepare_ready,
    publish_picture,
    unpublish_picture,
)
from awards.media.queries import find_picture
from awards.media.rules import widths_for
from awards.media.store import place
from tests import make
from tests.media.pictures import COLOURS, half_and_half, noise, phone_photo, png_header, saved

Colour = tuple[int, int, int]


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def kept(store: MemoryStore, prepared: Prepared) -> list[bytes]:
    """Every size in the store, smallest first."""
    return [
        bytes(store.get(place(prepared.id, width)).bytes()) for width in widths_for(prepared.width)
    ]


def opened(body: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(body), formats=["WEBP"])
    image.load()
    return image


async def made(store: MemoryStore, data: bytes) -> Image.Image:
    """The largest size of what becomes of a file."""
    return opened(kept(store, await prepare_picture(data, store=store))[-1])


def is_near(image: Image.Image, at: tuple[int, int], colour: Colour, *, most: int = 12) -> bool:
    pixel = image.convert("RGB").getpixel(at)
    assert isinstance(pixel, tuple)
    return all(abs(a - b) <= most for a, b in zip(pixel, colour, strict=True))


async def refusal(store: MemoryStore, data: bytes) -> Invalid:
    with pytest.raises(Invalid) as refused:
        await prepare_picture(data, store=store)
    assert list(store.list().collect()) == []
    return refused.value


async def test_a_photo_is_kept_in_three_sizes_as_webp(store: MemoryStore) -> None:
    prepared = await prepare_picture(phone_photo(size=(4000, 3000)), store=store)

    sizes = kept(store, prepared)

    assert (prepared.width, prepared.height) == (1280, 960)
    assert [opened(body).size for body in sizes] == [(320, 240), (640, 480), (1280, 960)]
    assert prepared.size == sum(map(len, sizes))


async def test_where_a_photo_was_taken_is_gone_from_every_size(store: MemoryStore) -> None:
    data = phone_photo()
    assert Image.open(io.BytesIO(data)).getexif().get_ifd(0x8825) != {}

    for body in kept(store, await prepare_picture(data, store=store)):
        image = opened(body)
        assert (dict(image.getexif()), image.info.get("exif"), image.info.get("xmp")) == (
            {},
            None,
            None,
        )
        assert not any(word in body for word in (b"Exif", b"EXIF", b"Invented phone", b"at home"))


@pytest.mark.parametrize(
    ("orientation", "size", "red"),
    [
        (1, (1280, 960), (100, 480)),
        (2, (1280, 960), (1180, 480)),
        (3, (1280, 960), (1180, 480)),
        (4, (1280, 960), (100, 480)),
        (5, (1200, 1600), (600, 100)),
        (6, (1200, 1600), (600, 100)),
        (7, (1200, 1600), (600, 1500)),
        (8, (1200, 1600), (600, 1500)),
    ],
)
async def test_a_photo_stands_as_the_phone_was_held(
    store: MemoryStore, orientation: int, size: tuple[int, int], red: tuple[int, int]
) -> None:
    image = await made(store, phone_photo(orientation))

    assert image.size == size
    assert is_near(image, red, COLOURS["left"])


async def test_a_small_picture_is_not_enlarged(store: MemoryStore) -> None:
    prepared = await prepare_picture(saved(half_and_half(200, 100)), store=store)

    assert [opened(body).size for body in kept(store, prepared)] == [(200, 100)]


@pytest.mark.parametrize(
    ("size", "becomes"),
    [
        ((1, 1), (1, 1)),
        ((3000, 1), (1280, 1)),
        ((1080, 20_000), (432, 8000)),
        ((1, 9000), (1, 8000)),
    ],
)
async def test_odd_shapes_work(
    store: MemoryStore, size: tuple[int, int], becomes: tuple[int, int]
) -> None:
    image = await made(store, saved(Image.new("RGB", size, "red"), "PNG"))

    assert image.size == becomes


def _palette(image: Image.Image) -> bytes:
    return saved(image.quantize(8), "PNG")


def _grey(image: Image.Image) -> bytes:
    return saved(image.convert("L"), "JPEG")


def _cmyk(image: Image.Image) -> bytes:
    return saved(image.convert("CMYK"), "JPEG")


def _bilevel(image: Image.Image) -> bytes:
    return saved(image.convert("1"), "PNG")


def _webp(image: Image.Image) -> bytes:
    return saved(image, "WEBP")


def _progressive(image: Image.Image) -> bytes:
    return saved(image, "JPEG", progressive=True)


def _several_in_one(image: Image.Image) -> bytes:
    return saved(image, "MPO", save_all=True, append_images=[Image.new("RGB", image.size)])


@pytest.mark.parametrize(
    "write", [_palette, _grey, _cmyk, _bilevel, _webp, _progressive, _several_in_one]
)
async def test_every_usual_kind_of_file_works(
    store: MemoryStore, write: Callable[[Image.Image], bytes]
) -> None:
    image = await made(store, write(half_and_half(800, 400)))

    assert (image.size, image.mode) == ((800, 400), "RGB")
    if write in (_palette, _webp, _progressive, _several_in_one):
        assert is_near(image, (100, 200), COLOURS["left"])
        assert is_near(image, (700, 200), COLOURS["right"])


async def test_sixteen_bits_become_eight(store: MemoryStore) -> None:
    grey = Image.new("I;16", (400, 300), 0x8000)

    image = await made(store, saved(grey, "PNG"))

    assert is_near(image, (200, 150), (128, 128, 128), most=2)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
async def test_what_is_transparent_lies_on_white(store: MemoryStore, mode: str) -> None:
    picture = Image.new("RGBA", (400, 200), (0, 0, 0, 0))
    ImageDraw.Draw(picture).rectangle((0, 0, 199, 199), fill=(0, 0, 0, 255))
    if mode == "P":
        flat = picture.convert("RGB").quantize(2)
        data = saved(flat, "PNG", transparency=flat.getpixel((300, 100)))
    else:
        data = saved(picture.convert(mode), "PNG")

    image = await made(store, data)

    assert is_near(image, (300, 100), (255, 255, 255))


async def test_half_transparent_is_mixed_with_white(store: MemoryStore) -> None:
    image = await made(store, saved(Image.new("RGBA", (300, 300), (255, 0, 0, 128)), "PNG"))

    assert is_near(image, (150, 150), (255, 127, 127), most=6)


@pytest.mark.parametrize("kind", ["WEBP", "PNG"])
async def test_of_a_moving_picture_the_first_frame_is_kept(store: MemoryStore, kind: str) -> None:
    frames = [Image.new("RGB", (400, 300), colour) for colour in ("red", "lime", "blue")]
    data = saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)

    image = await made(store, data)

    assert getattr(image, "n_frames", 1) == 1
    assert is_near(image, (200, 150), (255, 0, 0))


async def test_broken_metadata_does_not_spoil_a_photo(store: MemoryStore) -> None:
    data = saved(
        half_and_half(), exif=b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\xff" + b"\xee" * 60
    )

    assert (await made(store, data)).size == (800, 400)


async def test_a_photo_of_twelve_megabytes_is_refused(store: MemoryStore) -> None:
    data = saved(noise(2048, 2048), "PNG", compress_level=0)
    assert 12_000_000 < len(data) < 13_000_000

    no = await refusal(store, data)

    assert (no.code, no.values) == ("photo.too_large", {"size": 12.0})


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"Once upon a time there was a cook.",
        b"\xff\xd8\xff\xe0" + bytes(100),
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"%PDF-1.7 ...",
        b"RIFF\x00\x00\x00\x00WEBPVP8 " + bytes(50),
        phone_photo()[:9000],
        saved(half_and_half(), "PNG")[:300],
        saved(half_and_half(), "WEBP")[:200],
        saved(half_and_half(), "GIF"),
        saved(half_and_half(), "BMP"),
        saved(half_and_half(), "TIFF"),
        png_header(4000, 4000),
    ],
    ids=[
        "empty", "text", "fake-jpeg", "svg", "pdf", "fake-webp", "cut-jpeg", "cut-png", "cut-webp",
        "gif", "bmp", "tiff", "missing-rows",
    ],
)  # fmt: skip
async def test_what_is_no_photo_is_refused(store: MemoryStore, data: bytes) -> None:
    assert (await refusal(store, data)).code == "photo.not_a_picture"


@pytest.mark.parametrize(
    ("data", "megapixels"),
    [
        (lambda: saved(Image.new("L", (8000, 6250)), "PNG"), 50),
        (lambda: saved(Image.new("L", (8000, 6250)), "JPEG"), 50),
        (lambda: png_header(60_000, 60_000), 3600),
        (lambda: png_header(2**31 - 1, 2**31 - 1), 4611686014132),
    ],
    ids=["png", "jpeg", "bomb", "largest"],
)
async def test_too_many_pixels_are_refused_before_they_are_decoded(
    store: MemoryStore, data: Callable[[], bytes], megapixels: int
) -> None:
    body = data()
    began = time.monotonic()

    no = await refusal(store, body)

    assert (no.code, no.values) == ("photo.too_many_pixels", {"megapixels": megapixels})
    assert time.monotonic() - began < 10


async def test_forty_megapixels_are_taken(store: MemoryStore) -> None:
    data = saved(Image.new("RGBA", (8000, 5000), (9, 9, 9, 255)), "PNG", compress_level=1)

    prepared = await prepare_picture(data, store=store)

    assert (prepared.width, prepared.height) == (1280, 800)


async def test_text_that_unpacks_without_end_is_not_unpacked(store: MemoryStore) -> None:
    words = PngInfo()
    words.add_text("Comment", "a" * 60_000_000, zip=True)
    data = saved(half_and_half(), "PNG", pnginfo=words)
    assert len(data) < 200_000

    assert (await refusal(store, data)).code == "photo.not_a_picture"


async def test_the_program_that_decodes_is_limited_and_knows_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Run in its place: what the process may do, as the process itself sees it."""
    program = tmp_path_factory.mktemp("spy") / "spy.py"
    source = actions.PROGRAM.read_text().partition('if __name__ == "__main__"')[0]
    spy = """
import os
def pictures(data, **wishes):
    limits = [resource.getrlimit(each)[1] for each in (resource.RLIMIT_AS, resource.RLIMIT_CPU,
        resource.RLIMIT_FSIZE, resource.RLIMIT_CORE)]
    try:
        bytearray(2_000_000_000)
    except MemoryError:
        limits.append("no memory")
    try:
        with open(sys.argv[0] + ".left", "w") as file:
            file.write("x")
    except OSError:
        limits.append("no file")
    ours = [name for name in sys.modules if name.startswith("awards")]
    return {"limits": limits, "ours": ours, "environment": dict(os.environ)}, []
signal = __import__("signal"); signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
main()
"""
    program.write_text(source + spy)
    monkeypatch.setattr(actions, "PROGRAM", program)
    monkeypatch.setenv("AWARDS_SECRET_KEYS", "not for you")

    head, sizes = actions._reencode(b"")

    assert head["limits"] == [1_500_000_000, 20, 0, 0, "no memory", "no file"]
    assert (head["ours"], sizes) == ([], [])
    assert "AWARDS_SECRET_KEYS" not in head["environment"]


@pytest.mark.parametrize(
    "deed", ["import time; time.sleep(60)", "import os; os.kill(os.getpid(), 9)", "1 / 0"]
)
async def test_a_program_that_hangs_or_dies_refuses_the_photo(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory,
    deed: str,
) -> None:  # fmt: skip
    program = tmp_path_factory.mktemp("broken") / "broken.py"
    program.write_text(deed)
    monkeypatch.setattr(actions, "PROGRAM", program)
    monkeypatch.setattr(actions, "PATIENCE", 0.5)

    assert (await refusal(store, phone_photo())).code == "photo.not_a_picture"


def test_the_program_runs_from_any_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    ended = subprocess.run(
        [sys.executable, "-I", str(actions.PROGRAM), json.dumps(actions.WISHES)],
        input=phone_photo(),
        stdout=subprocess.PIPE,
        cwd=tmp_path_factory.mktemp("elsewhere"),
        check=True,
    )

    assert json.loads(ended.stdout.partition(b"\n")[0])["width"] == 1280


async def test_several_photos_at_once_all_arrive(store: MemoryStore) -> None:
    prepared = await asyncio.gather(
        *(prepare_picture(phone_photo(), store=store) for _ in range(5))
    )

    assert len({each.id for each in prepared}) == 5
    assert all(len(kept(store, each)) == 3 for each in prepared)


async def test_names_cannot_be_guessed(store: MemoryStore) -> None:
    first, second = [await prepare_picture(phone_photo(), store=store) for _ in range(2)]

    assert first.digest == second.digest
    assert first.id != second.id
    assert {each.id.version for each in (first, second)} == {4}


async def test_a_shipped_picture_is_taken_as_it_is(store: MemoryStore) -> None:
    data = saved(half_and_half(900, 600), "WEBP")

    prepared = await prepare_ready(data, 900, 600, store=store)

    assert kept(store, prepared) == [data] * 3


async def test_a_kept_picture_is_private_until_it_is_published(
    database: None, store: MemoryStore
) -> None:
    async with in_transaction():
        row = await keep_picture(await prepare_picture(phone_photo(), store=store))
    assert row.published_at is None

    async with in_transaction():
        await publish_picture(row.id)
    first = (await find_picture(row.id)).published_at
    async with in_transaction():
        await publish_picture(row.id)
    assert first is not None and (await find_picture(row.id)).published_at == first

    async with in_transaction():
        await unpublish_picture(row.id)
    assert (await find_picture(row.id)).published_at is None


async def test_a_forgotten_picture_leaves_no_file(database: None, store: MemoryStore) -> None:
    async with in_transaction():
        row = await keep_picture(await prepare_picture(phone_photo(), store=store))
    other = await prepare_picture(phone_photo(), store=store)

    for _ in range(2):
        await forget_picture(row.id, store=store)

    with pytest.raises(NotFound):
        await find_picture(row.id)
    assert {each["path"] for each in store.list().collect()} == {
        place(other.id, width) for width in (320, 640, 1280)
    }


async def test_a_picture_whose_files_are_lost_can_be_forgotten(
    database: None, store: MemoryStore
) -> None:
    row = await make.picture()

    await forget_picture(row.id, store=store)

    with pytest.raises(NotFound):
        await find_picture(UUID(str(row.id)))
