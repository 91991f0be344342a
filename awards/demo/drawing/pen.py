"""The knife and the paper: colours, curves, and the sheet that everything is cut from.

Units: a picture is 100 wide; a portrait is 125 high, a place 66. Shapes are written as texts of
points, "x,y x,y x,y", so that a silhouette stays on one line.
"""

import math
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from PIL import Image, ImageChops, ImageDraw, ImageOps

Point = tuple[float, float]
Mask = Image.Image

SCALE = 3  # drawn large, then reduced: smooth edges

INK = "#2b2019"
BRIGHT, BRIGHT_SHADE = "#f1e4b8", "#cfb883"  # a reflecting band in light and in shade


def dots(text: str) -> list[Point]:
    """The points of "x,y x,y x,y"."""
    pairs = (pair.split(",") for pair in text.split())
    return [(float(x), float(y)) for x, y in pairs]


@dataclass(frozen=True)
class Frame:
    """A place to draw in: (0, 0) is its middle, a step right `w` wide, a step down `h` high."""

    x: float
    y: float
    w: float
    h: float

    def __call__(self, text: str) -> list[Point]:
        return [self.point(x, y) for x, y in dots(text)]

    def point(self, x: float, y: float) -> Point:
        return self.x + x * self.w, self.y + y * self.h

    def flipped(self, side: int) -> "Frame":
        """The same frame with right and left exchanged where side is -1."""
        return replace(self, w=self.w * side)

    def moved(self, x: float) -> "Frame":
        """The same frame, x of its own steps further to the right."""
        return replace(self, x=self.x + x * self.w)


def spline(points: Sequence[Point], closed: bool = True, steps: int = 12) -> list[Point]:
    """A smooth line through the points (Catmull-Rom)."""
    count = len(points)

    def at(i: int) -> Point:
        return points[i % count] if closed else points[max(0, min(count - 1, i))]

    line: list[Point] = []
    for i in range(count if closed else count - 1):
        corners = (at(i - 1), at(i), at(i + 1), at(i + 2))
        line += [_between(corners, step / steps) for step in range(steps)]
    return line if closed else [*line, points[-1]]


def _between(corners: tuple[Point, Point, Point, Point], t: float) -> Point:
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = corners

    def blend_one(a: float, b: float, c: float, d: float) -> float:
        curve = 2 * a - 5 * b + 4 * c - d
        return 0.5 * (2 * b + (c - a) * t + curve * t * t + (3 * b - a - 3 * c + d) * t * t * t)

    return blend_one(ax, bx, cx, dx), blend_one(ay, by, cy, dy)


def knife(points: Sequence[Point], width: float) -> list[Point]:
    """The outline of a knife cut along the points: thick in the middle, pointed at both ends."""
    line = spline(points, closed=False, steps=10)
    left: list[Point] = []
    right: list[Point] = []
    for i, (x, y) in enumerate(line):
        (x0, y0), (x1, y1) = line[max(0, i - 1)], line[min(len(line) - 1, i + 1)]
        length = math.hypot(x1 - x0, y1 - y0) or 1
        half = width / 2 * math.sin(math.pi * i / (len(line) - 1)) ** 0.7
        nx, ny = (y0 - y1) / length * half, (x1 - x0) / length * half
        left.append((x + nx, y + ny))
        right.append((x - nx, y - ny))
    return left + right[::-1]


def shade(colour: str, factor: float) -> str:
    parts = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{max(0, min(255, round(part * factor))):02x}" for part in parts)


def blend(first: str, second: str, share: float) -> str:
    pairs = ((int(first[i : i + 2], 16), int(second[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


class Print:
    """One sheet. What is drawn later lies on top."""

    def __init__(self, width: int, ratio: float, seed: int) -> None:
        self.unit = width * SCALE / 100
        self.size = (width * SCALE, round(width * SCALE * ratio))
        self.image = Image.new("RGB", self.size, "#fff")
        self.chance = random.Random(seed)  # noqa: S311 - the same picture each time, no secret
        self._origin: Point = (0.0, 0.0)
        self._zoom = 1.0

    @contextmanager
    def placed(self, x: float, y: float, zoom: float) -> Iterator[None]:
        """Draw smaller or larger for a while, with the sheet's middle (50, 50) put at (x, y)."""
        before = self._origin, self._zoom
        self._origin, self._zoom = (x - 50 * zoom, y - 50 * zoom), zoom
        try:
            yield
        finally:
            self._origin, self._zoom = before

    def mask(self, points: Sequence[Point]) -> Mask:
        mask = Image.new("L", self.size, 0)
        ImageDraw.Draw(mask).polygon(self._pixels(points), fill=255)
        return mask

    def fill(self, points: Sequence[Point], colour: str, within: Mask | None = None) -> None:
        if within is None:
            ImageDraw.Draw(self.image).polygon(self._pixels(points), fill=colour)
        else:
            self.image.paste(colour, mask=ImageChops.multiply(self.mask(points), within))

    def blob(self, points: Sequence[Point], colour: str, within: Mask | None = None) -> None:
        self.fill(spline(points), colour, within)

    def cut(
        self, points: Sequence[Point], width: float, colour: str, within: Mask | None = None
    ) -> None:
        self.fill(knife(points, width), colour, within)

    def line(self, points: Sequence[Point], width: float, colour: str) -> None:
        """A line of even width, as a wire has."""
        pixels = round(width * self.unit * self._zoom)
        draw = ImageDraw.Draw(self.image)
        draw.line(self._pixels(points), fill=colour, width=pixels, joint="curve")

    def disc(self, x: float, y: float, r: float, colour: str, squash: float = 1.0) -> None:
        corners = self._pixels([(x - r, y - r * squash), (x + r, y + r * squash)])
        ImageDraw.Draw(self.image).ellipse(corners, fill=colour)

    def box(
        self,
        x0: float,
        y0: float,
        x1: float,
        y1: float,
        colour: str,
        within: Mask | None = None,
    ) -> None:
        self.fill([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], colour, within)

    def ground(self) -> str:
        """The colour of the bare sheet, for holes."""
        return "#" + self.image.crop((3, 3, 4, 4)).tobytes().hex()

    def finish(self, mirrored: bool = False, closer: float = 0.0) -> Image.Image:
        """Step closer (a share cut from each side), reduce, lay on paper grain, turn if asked."""
        w, h = self.size
        frame = (w * closer, h * closer * 0.55, w * (1 - closer), h * (1 - closer * 1.45))
        size = (w // SCALE, h // SCALE)
        small = self.image.resize(size, Image.Resampling.LANCZOS, box=frame)
        small = ImageChops.multiply(small, self._grain(*size))
        return ImageOps.mirror(small) if mirrored else small

    def _grain(self, w: int, h: int) -> Image.Image:
        noise = self.chance.randbytes((w // 2) * (h // 2))
        grain = Image.frombytes("L", (w // 2, h // 2), noise)
        grain = grain.resize((w, h), Image.Resampling.BICUBIC)
        grain = grain.point([245 + v * 10 // 255 for v in range(256)])
        return Image.merge("RGB", (grain, grain, grain))

    def _pixels(self, points: Sequence[Point]) -> list[Point]:
        (ox, oy), zoom, unit = self._origin, self._zoom, self.unit
        return [((ox + x * zoom) * unit, (oy + y * zoom) * unit) for x, y in points]
