"""Places and gatherings: no face is seen, only how people stand."""

import math
from collections.abc import Callable

from PIL import Image

from awards.demo.drawing.pen import INK, Frame, Point, Print, dots, spline

RED, ORANGE, INDIGO, GREEN, STRAW, PLUM, TEAL, GREY = (
    "#a8392b",
    "#d2702a",
    "#2f4a63",
    "#4c6a50",
    "#cda968",
    "#6a4351",
    "#2f6a6a",
    "#6b675f",
)
COATS = (INDIGO, RED, GREEN, STRAW)
PALE = "#efe3cd"


def place(seed: int, name: str, width: int = 640) -> Image.Image:
    """A scene, three wide and two high."""
    p = Print(width, 2 / 3, seed)
    PLACES[name](p)
    return p.finish()


def _figure(
    p: Print,
    x: float,
    y: float,
    h: float,
    colour: str,
    light: str | None = None,
    bag: str | None = None,
) -> None:
    """A small standing figure seen from behind: head, coat, legs."""
    w = h * 0.17
    coat = Frame(x, y, w, h)
    p.disc(x, y - h * 0.9, h * 0.085, colour)
    torso = "-0.5,-0.8 0.5,-0.8 1,-0.66 0.92,-0.34 -0.92,-0.34 -1,-0.66"
    p.blob(coat(torso), light or colour)
    for side in (-1, 1):
        p.fill(coat.flipped(side)("0.08,-0.4 0.75,-0.4 0.62,0 0.18,0"), colour)
    if bag:
        p.box(x + w, y - h * 0.46, x + w * 2, y - h * 0.22, bag)


def _ridge(p: Print, colour: str, base: float, step: float, phase: float, height: float) -> None:
    line: list[Point] = [(-5, 70)]
    line += [(x, base + math.sin(x / step + phase) * height) for x in range(-5, 110, 8)]
    p.fill(spline([*line, (110, 70)])[12:], colour)


def _sun(p: Print, x: float, y: float, rings: tuple[tuple[float, str], ...]) -> None:
    for r, colour in rings:
        p.disc(x, y, r, colour)


def _bridge(p: Print) -> None:
    rnd = p.chance
    p.box(0, 0, 100, 67, "#41526a")
    _sun(p, 72, 20, ((15, "#5f6b78"), (10.5, "#8f8a7f"), (6.5, "#f1d9a3")))
    _ridge(p, "#384960", 34, 9, 0, 3.5)
    _ridge(p, "#2f3f55", 39, 9, 1, 3.5)
    p.box(0, 44, 100, 67, "#37506a")
    arch = "-12,48 20,37 50,33.5 80,37 112,48 112,54 80,47 50,43 20,47 -12,54"
    p.blob(dots(arch), "#22303f")
    for x in (8, 29, 50, 71, 92):
        top = 33.5 + ((x - 50) / 50) ** 2 * 9
        p.box(x - 0.35, top - 8, x + 0.35, top + 2, "#22303f")
        _sun(p, x, top - 8.6, ((3.1, "#8b7a63"), (1.7, "#f6dca0")))
        for k in range(6):
            glint = Frame(x, 51 + k * 2.6 + abs(x - 50) * 0.05, 1, 1)
            line = f"{-2.4 - rnd.random()},0 0,0.25 {2.4 + rnd.random()},0"
            p.cut(glint(line), 0.9, "#e0bd7f")
    for _ in range(30):
        ripple = Frame(rnd.uniform(-5, 95), rnd.uniform(47, 66), 1, 1)
        p.cut(ripple("0,0 5,0.2 10,0"), 0.4, "#4d6881")
    _figure(p, 40, 36.6, 10, "#17212c")
    _figure(p, 43.4, 36.2, 8, "#17212c", RED)


def _field(p: Print) -> None:
    rnd = p.chance
    ears = ("#a87428", "#dcb257", "#8f6120")
    p.box(0, 0, 100, 67, "#e9cf98")
    _sun(p, 26, 24, ((17, "#f0dcae"), (11, "#f8ebcb")))
    _ridge(p, "#b9a06a", 30, 13, 0, 3)
    _ridge(p, "#9c9060", 36, 13, 3, 3)
    p.box(0, 42, 100, 67, "#c28f3c")
    for row in range(7):
        y, h = 44 + row * 3.8, 3 + row * 0.8
        for i in range(40):
            stalk = Frame(i * 2.7 + rnd.uniform(-1, 1), y, 1, h)
            p.cut(stalk("0,1 0.3,0.5 0.9,0"), 0.6 + row * 0.08, rnd.choice(ears))
    _figure(p, 66, 55, 22, "#4a3524", "#5b7186")
    _figure(p, 75, 54, 20, "#4a3524", RED)
    for x, y in ((66, 34.4), (75, 35.3)):
        p.blob(Frame(x, y, 1, 1)("-4.4,0.6 0,-2.4 4.4,0.6 0,0.9"), "#ecd089")
    for i in range(44):
        near = Frame(i * 2.4 + rnd.uniform(-1, 1), 0, 1, 1)
        p.cut(near(f"0,69 0.4,62 1.4,{rnd.uniform(52, 58)}"), 1.0, rnd.choice(ears))


def _lane(p: Print) -> None:
    dark, road = "#171b25", dots("42,44 58,44 76,67 24,67")
    p.box(0, 0, 100, 67, "#39445a")
    p.fill(dots("34,0 66,0 58,44 42,44"), "#56607a")
    p.fill(dots("0,0 36,10 42,44 30,67 0,67"), "#2b3346")
    p.fill(dots("100,0 64,10 58,44 70,67 100,67"), "#242b3b")
    p.fill(road, "#6d6257")
    for y, x, s in ((14.0, 8.0, 1.5), (22.0, 24.0, 1.0), (16.0, 86.0, 1.4)):
        p.box(x - 4 * s, y, x + 4 * s, y + 9 * s, "#f0c67d")
        for k in (-1.4, 1.4):
            p.box(x + k * s - 0.3, y, x + k * s + 0.3, y + 9 * s, "#2b3346")
        p.box(x - 4 * s, y + 4.2 * s, x + 4 * s, y + 4.8 * s, "#2b3346")
    p.box(73, 6, 73.7, 50, "#151a24")
    _sun(p, 70, 9, ((9, "#6a6660"), (5.6, "#b39a70"), (2.6, "#fbe6b6")))
    p.fill(dots("66,13 74,13 84,62 52,62"), "#7f7263", p.mask(road))
    _figure(p, 55, 58, 23, dark, ORANGE)
    for x in (45.5, 37):
        p.disc(x, 56, 4.2, dark)
        p.disc(x, 56, 3.4, "#6d6257")
    p.cut(dots("37,56 40,49 45,50 45.5,56"), 0.9, dark)
    p.cut(dots("40,49 42,56 45,50"), 0.8, dark)
    p.box(43.6, 46.4, 48, 47.2, dark)


def _window(p: Print, x0: float, y0: float, x1: float, y1: float, glass: str, frame: str) -> None:
    p.box(x0, y0, x1, y1, glass)
    for k in range(4):
        x = x0 + (x1 - x0) * k / 3
        y = y0 + (y1 - y0) * k / 3
        p.box(x - 0.45, y0, x + 0.45, y1, frame)
        p.box(x0, y - 0.45, x1, y + 0.45, frame)


def _classroom(p: Print) -> None:
    rnd = p.chance
    p.box(0, 0, 100, 67, "#d8c19a")
    p.box(8, 6, 62, 34, "#3f5a50")
    p.box(7, 34, 63, 35.6, "#8a6a44")
    for k in range(5):
        line = Frame(0, 12 + k * 4, 1, 1)
        words = f"13,0 {26 + rnd.uniform(0, 8)},-0.4 {36 + rnd.uniform(0, 18)},0"
        p.cut(line(words), 0.7, "#c9d2c0")
    _window(p, 70.4, 4.4, 95.6, 39.8, "#f7e6bd", "#8a6a44")
    p.fill(dots("70,40 96,40 78,67 34,67"), "#e8d4ab")
    _figure(p, 52, 50, 34, "#3a2d22", PLUM)
    for row, y in enumerate((58, 68)):
        for i in range(6):
            _seated(p, 8 + i * 17 + row * 6, y, COATS[(i + row) % 4])


def _seated(p: Print, x: float, y: float, coat: str, hair: str = INK) -> None:
    p.disc(x, y - 9, 3.4, hair)
    p.blob(Frame(x, y, 1, 1)("-5,-4 0,-6.6 5,-4 5.4,4 -5.4,4"), coat)


def _stall(p: Print) -> None:
    rnd = p.chance
    p.box(0, 0, 100, 67, "#8b4733")
    for row in range(9):
        for col in range(-1, 11):
            if rnd.random() < 0.6:
                x, y = col * 10 + row % 2 * 5, row * 5
                p.box(x, y + 0.5, x + 9.3, y + 4.5, "#7b3d2b")
    _sun(p, 34, 24, ((24, "#b9714b"), (17, "#e3aa6c")))
    for i in range(8):
        stripe, x = (PALE if i % 2 else RED), i * 13
        p.fill(Frame(x, 0, 1, 1)("-2,0 11,0 9,11 -1,11"), stripe)
        p.disc(x + 4.3, 11, 5, stripe, 0.5)
    for x in (28, 40):
        p.cut(Frame(x, 0, 1, 1)("0,40 -4,33 4,26 -2,17"), 3.2, "#f4dcb3")
    p.blob(dots("22,41 46,41 44,52 24,52"), "#3a3430")
    p.box(20, 39.6, 48, 41.6, "#5a524b")
    p.box(0, 50, 100, 67, "#5b3a26")
    p.box(0, 49, 100, 51, "#8a6040")
    for x in (58, 66, 74):
        p.blob(Frame(x, 0, 1, 1)("-3.2,45 3.2,45 1.8,49 -1.8,49"), "#efe8da")
    _figure(p, 87, 92, 74, INK, INDIGO)
    _figure(p, 12, 94, 78, INK, GREEN)


def _volunteers(p: Print) -> None:
    p.box(0, 0, 100, 67, "#a9bdb4")
    _sun(p, 52, 25, ((22, "#c3cdb6"), (15, "#efe3b6")))
    _ridge(p, "#88a295", 32, 10, 0, 4)
    _ridge(p, "#6c8a7c", 40, 10, 2, 4)
    p.box(0, 54, 100, 67, "#4f6d5b")
    line = ((12, 32), (24, 36), (36, 29), (48, 38), (61, 34), (73, 30), (86, 36))
    for i, (x, h) in enumerate(line):
        coat, bag = (RED if i % 3 else ORANGE), ("#e9dfcd" if i in (1, 4) else None)
        _figure(p, x, 63 + i % 2 * 2, h, "#2a2b26", coat, bag)
    for x, h in ((24, 36), (48, 38), (73, 30)):
        p.box(x - h * 0.15, 65 - h * 0.62, x + h * 0.15, 65 - h * 0.59, "#f1e4b8")


def _patrol(p: Print) -> None:
    """Two people in a patrol boat, a low sun, the far bank."""
    rnd, dark = p.chance, "#2a3338"
    p.box(0, 0, 100, 67, "#e0c39a")
    _sun(p, 66, 27, ((19, "#e8cfa3"), (13, "#f1dcae"), (7.5, "#f8ebcb")))
    _ridge(p, "#a9a488", 27, 14, 0.5, 3)
    _ridge(p, "#7f8c7c", 32, 12, 2.4, 2.4)
    p.box(0, 35, 100, 67, "#6f8f8f")
    for k in range(9):
        half = 9 - k * 0.5 + rnd.uniform(-1.5, 1.5)
        p.cut(
            [(66 - half, 37 + k * 3.3), (66, 37.3 + k * 3.3), (66 + half, 37 + k * 3.3)],
            1.0,
            "#f1dcae",
        )
    for _ in range(46):
        ripple = Frame(rnd.uniform(-8, 96), rnd.uniform(37, 66), 1, 1)
        p.cut(ripple("0,0 5,0.3 11,0"), 0.5, rnd.choice(("#5b7c7e", "#86a3a0")))
    for x, coat in ((37, ORANGE), (52, ORANGE)):
        _figure(p, x, 60, 30, dark, coat)
        p.box(x - 4.4, 44, x + 4.4, 45.2, "#f1e4b8")
    p.cut(dots("59,27 57,42 53.6,60"), 0.9, dark)
    p.blob(dots("56,61 58.6,58 59,54 60.6,60 58,64"), dark)
    p.fill(spline(dots("18,50 30,53 58,53 76,49 70,59 62,62 30,62 23,58")), "#4a3d33")
    p.cut(dots("18,50.4 40,53.6 76,49.4"), 1.4, "#8a6a4c")
    p.box(79, 52, 80, 67, dark)
    p.disc(79.5, 50, 3.2, RED)
    p.disc(79.5, 50, 1.5, "#6f8f8f")
    for k in range(5):
        p.cut(Frame(0, 62 + k * 1.3, 1, 1)(f"{14 - k},0 34,0.5 {66 + k * 3},0"), 0.8, "#a9bdb4")


def _library(p: Print) -> None:
    """A front room with books to the ceiling; children read on the floor in the window's light."""
    rnd = p.chance
    spines = (RED, INDIGO, GREEN, STRAW, "#8a6a44", PALE, TEAL, PLUM)
    p.box(0, 0, 100, 67, "#c9a678")
    p.box(4, 2, 60, 50, "#7a5636")
    for y in (13, 25.3, 37.6, 49):
        p.box(4, y, 60, y + 1.3, "#9c7550")
        x = 5.5
        while x < 57:
            w, h = rnd.uniform(1.3, 2.9), rnd.uniform(6.8, 9.6)
            if rnd.random() < 0.88:
                p.box(x, y - h, min(x + w, 58.6), y, rnd.choice(spines))
            x += w + 0.25
    p.box(31.2, 2, 32.6, 50, "#9c7550")
    _window(p, 69, 7, 94, 36, "#f7e6bd", "#7a5636")
    p.box(0, 50, 100, 67, "#a9805a")
    p.fill(dots("69,50 94,50 74,67 32,67"), "#c9a06f")
    _figure(p, 66, 56, 36, "#4a3d33", GREY)
    p.disc(66, 56 - 36 * 0.9, 3.1, "#c9c3b8")
    for x, y, coat in ((16, 60, RED), (31, 63, INDIGO), (47, 61, GREEN), (84, 63, STRAW)):
        _seated(p, x, y, coat)
        p.fill(Frame(x, y, 1, 1)("-4.4,1 0,2.2 4.4,1 4.4,4.4 0,5.6 -4.4,4.4"), "#f6ead4")
        p.cut([(x, y + 2), (x + 0.1, y + 3.6), (x, y + 5.4)], 0.5, "#a5823f")


def _fire_drill(p: Print) -> None:
    """The yard in smoke; two hold the hose, the others watch how."""
    rnd = p.chance
    p.box(0, 0, 100, 67, "#b9c2bd")
    _sun(p, 24, 20, ((16, "#cfd0c0"), (10, "#eee0ba")))
    for x, h in ((44, 26), (60, 33), (80, 29)):
        p.box(x, 46 - h, x + 17, 46, "#8f9a97")
        for wy in range(int(46 - h) + 4, 42, 7):
            for wx in (x + 2.4, x + 7, x + 11.6):
                p.box(wx, wy, wx + 2.8, wy + 3.6, "#a9b3ae")
    p.box(0, 46, 100, 67, "#a39a86")
    for x, y, r in ((84, 30, 9), (90, 21, 10), (80, 15, 8), (93, 9, 11)):
        p.disc(x, y, r, "#7d817c")
        p.disc(x - r * 0.25, y - r * 0.25, r * 0.66, "#91958f")
    p.fill(dots("79,42 93,42 91.6,54 80.4,54"), "#4a4540")
    flame = "80,43 79.6,37 82.6,39.6 84.4,32.4 87.4,38.4 90.4,34.6 92.4,43"
    p.blob(dots(flame), "#d2702a")
    p.blob(dots("82.6,43 83,39.8 85.4,36.4 87.8,40.4 90,43"), "#f2cf76")
    jet = dots("39,35.5 58,27 74,32 85.5,42")
    p.cut(jet, 2.6, "#eef0ea")
    p.cut(dots("39,36.4 57,30 72,35 82.5,43"), 1.2, "#eef0ea")
    for _ in range(16):
        p.disc(rnd.uniform(76, 94), rnd.uniform(38, 48), rnd.uniform(0.4, 0.9), "#eef0ea")
    p.cut(dots("2,63 14,57 22,62 28,50 33,41"), 1.9, "#8a3a2a")
    for x, h, coat in ((24, 33, "#2f3b44"), (33, 34, "#2f3b44")):
        _figure(p, x, 62, h, INK, coat)
        p.box(x - h * 0.16, 62 - h * 0.55, x + h * 0.16, 62 - h * 0.51, "#f1e4b8")
        helmet = Frame(x, 62 - h * 0.92, h * 0.1, h * 0.1)
        p.blob(helmet("-1.3,0.3 -0.9,-0.8 0,-1.2 0.9,-0.8 1.3,0.3 0,0.1"), "#d8a02c")
        p.cut([(x, 62 - h * 0.66), (x + 4, 41), (x + 7 - (x - 24) * 0.2, 37.6)], 2.6, coat)
    p.fill(dots("34.5,38.4 40.4,34.6 41,36 35.4,40.2"), "#c4a052")
    for i, (x, h) in enumerate(((52, 25), (60, 27), (68, 24), (7, 27))):
        _figure(p, x, 65, h, INK, COATS[i])


def _orchard(p: Print) -> None:
    """Rows of pear trees going back to the hills, a ladder, two baskets."""
    rnd = p.chance
    p.box(0, 0, 100, 67, "#dfe0c4")
    _sun(p, 50, 22, ((16, "#ebe4c0"), (10, "#f8efcf")))
    _ridge(p, "#a9b390", 27, 12, 1, 3)
    p.box(0, 33, 100, 67, "#93a06e")
    p.fill(dots("46,33 54,33 80,67 20,67"), "#b9a97a")
    for row, (y, s) in enumerate(((37, 0.42), (43, 0.66), (56, 1.15))):
        for side in (-1, 1):
            x = 50 + side * (11 + row * 12.5)
            p.cut([(x + s, y + 3), (x, y - 6 * s), (x - s, y - 14 * s)], 3.4 * s, "#5b4632")
            for dx, dy, r in ((0, -17, 9), (-8, -13, 7), (8, -13, 7), (4, -22, 6.4), (-5, -21, 6)):
                p.disc(x + dx * s, y + dy * s, r * s, ("#5d7050", "#66794f", "#587048")[row])
            for dx, dy, r in ((-4, -20, 4.4), (4, -15, 3.6)):
                p.disc(x + dx * s - s, y + dy * s - s, r * s, "#7f9163")
            for _ in range(4 + row * 5):
                a, r = rnd.uniform(0, math.tau), rnd.uniform(2, 13)
                p.disc(
                    x + math.cos(a) * r * s,
                    y + (math.sin(a) * r * 0.7 - 16) * s,
                    1.25 * s,
                    "#ecd089",
                )
    for foot in (74, 79.4):
        p.cut([(foot, 62), (foot - 0.6, 48), (foot - 1.2, 34)], 1.2, "#8a6a44")
    for k in range(5):
        p.box(73.2 - k * 0.2, 58 - k * 5, 79.4 - k * 0.2, 58.9 - k * 5, "#8a6a44")
    _figure(p, 64, 62, 27, "#3a2d22", INDIGO)
    p.blob(Frame(64, 37, 1, 1)("-5,1.2 0,-2.2 5,1.2 0,1.5"), "#ecd089")
    _figure(p, 41, 60, 24, "#3a2d22", RED)
    for x, y in ((52, 63), (31, 62)):
        for k in range(5):
            p.disc(x - 3.2 + k * 1.6, y - 4.4 - k % 2 * 0.8, 1.5, "#ecd089")
        p.fill(Frame(x, y, 1, 1)("-5,-4.4 5,-4.4 4,1.6 -4,1.6"), "#a5823f")
        p.cut(Frame(x, y, 1, 1)("-4.6,-2 0,-1.6 4.6,-2"), 0.7, "#7d5f2a")


def _coats(p: Print) -> None:
    """A rail of winter coats; somebody tries one on, somebody folds the next."""
    rnd = p.chance
    p.box(0, 0, 100, 67, "#c9b79c")
    _sun(p, 40, 26, ((26, "#d6c6aa"), (18, "#e9dcc0")))
    for x in (78, 91):
        _window(p, x, 8, x + 9, 26, "#aebcc2", "#8a7a62")
        for _ in range(9):
            p.disc(rnd.uniform(x + 1, x + 8), rnd.uniform(9, 25), 0.5, "#f6f0e4")
    p.box(0, 55, 100, 67, "#8f7a5c")
    p.box(6, 14, 72, 15.2, "#4a3d33")
    for x in (8, 70):
        p.box(x - 0.7, 14, x + 0.7, 60, "#4a3d33")
    coats = (RED, INDIGO, GREEN, STRAW, PLUM, TEAL, "#76543a", GREY, ORANGE)
    for i, coat in enumerate(coats):
        hung = Frame(13.4 + i * 6.6, 15, 1, 1)
        p.cut(hung("0,-1.4 1.2,0.4 0,2"), 0.7, "#4a3d33")
        p.blob(hung("-1.2,2 1.2,2 4,5 4.3,24 -4.3,24 -4,5"), coat)
        p.cut(hung("0,4 0.3,14 0,23.4"), 0.5, "#efe3cd")
        for k in range(3):
            p.cut(hung(f"-4,{8 + k * 5} 0,{8.8 + k * 5} 4,{8 + k * 5}"), 0.45, "#2b2019")
    p.box(56, 49, 100, 52, "#6b4a30")
    p.box(60, 52, 62.4, 67, "#6b4a30")
    for k, coat in enumerate((GREEN, RED, STRAW)):
        p.box(76, 46 - k * 3.2, 92, 48.8 - k * 3.2, coat)
        p.cut(dots(f"76,{47.4 - k * 3.2} 84,{47.8 - k * 3.2} 92,{47.4 - k * 3.2}"), 0.5, INK)
    _figure(p, 66, 70, 42, INK, RED)
    p.box(59.4, 43.6, 72.6, 45, "#f1e4b8")
    _figure(p, 30, 66, 41, INK, "#8a7a62")
    _figure(p, 43, 66, 27, INK, INDIGO)
    p.cut(dots("62,44 57.5,42.6 52.6,42.4"), 3.6, RED)
    held = Frame(51.6, 42, 1, 1)
    p.blob(held("-1,0 1,0 3.6,2.6 3.8,15 -3.8,15 -3.6,2.6"), "#c4a052")
    p.cut(held("0,1.6 0.2,8 0,14.6"), 0.5, INK)
    for k in range(2):
        p.cut(held(f"-3.4,{5.4 + k * 4.6} 0,{6 + k * 4.6} 3.4,{5.4 + k * 4.6}"), 0.45, INK)


def _corridor(p: Print) -> None:
    """A hospital at night: lamps in a row, one person waits, one nurse walks."""
    p.box(0, 0, 100, 67, "#4b6468")
    p.fill(dots("0,0 100,0 61,22 39,22"), "#3d5458")
    p.fill(dots("0,67 100,67 61,43 39,43"), "#6f8584")
    p.fill(dots("0,0 39,22 39,43 0,67"), "#55706f")
    p.fill(dots("100,0 61,22 61,43 100,67"), "#49625f")
    p.box(39, 22, 61, 43, "#2f4448")
    p.box(44, 26, 56, 43, "#d9b98c")
    p.box(49.7, 26, 50.3, 43, "#7a6a50")
    for y, half, deep in ((2.4, 10, 2.6), (10, 6.4, 1.7), (15.4, 4.2, 1.1), (19, 2.8, 0.7)):
        lamp = Frame(50, y, half, deep)
        p.fill(lamp("-1,-0.5 1,-0.5 0.86,0.5 -0.86,0.5"), "#f6e6bd")
    for y, half in ((62, 11), (54.5, 7), (49.5, 4.6), (46, 3)):
        p.disc(50, y, half, "#83978f", 0.22)
    for near, far, top in ((5, 16, 14), (24, 31, 21)):
        p.fill(
            [
                (near, top),
                (far, top + 4),
                (far, 62 - (far - 5) * 0.62),
                (near, 66 - (near - 2) * 0.6),
            ],
            "#3d5458",
        )
    for near, far, top in ((95, 84, 14), (76, 69, 21)):
        drop = 100 - far
        p.fill(
            [
                (near, top),
                (far, top + 4),
                (far, 62 - (drop - 5) * 0.62),
                (near, 66 - (98 - near) * 0.6),
            ],
            "#3a504e",
        )
    p.box(86.5, 26, 91, 33, "#f0c67d")
    p.fill(dots("15,52 33,47.6 33,50 15,55"), "#8a6a44")
    p.box(17, 54, 18.2, 60, "#5b4632")
    p.box(30, 50, 31, 54.6, "#5b4632")
    p.disc(23, 37.6, 3.2, INK)
    p.blob(dots("18.6,43 22.6,40.4 27,43 28.4,51 18,52"), PLUM)
    p.fill(dots("19,50 28.4,49 31,52.6 30.6,59.6 27.6,59.6 27.4,54 20,54.6"), INK)
    _figure(p, 57, 56, 25, "#2f3b44", "#efe8da")
    p.fill(Frame(57, 56 - 25 * 0.97, 1, 1)("-2,1 -1.6,-1.2 1.6,-1.2 2,1"), "#f6f0e4")
    p.fill(dots("52.6,43 61.4,43 60.6,51 53.4,51"), "#e4dac6")


def _gate(p: Print) -> None:
    """The school gate in the rain: umbrellas, small boots, wet ground."""
    rnd = p.chance
    p.box(0, 0, 100, 67, "#8fa0a3")
    _sun(p, 50, 24, ((24, "#9fb0ae"), (16, "#b9c2b4")))
    p.box(0, 20, 100, 46, "#7d6a5c")
    for row in range(5):
        for col in range(-1, 13):
            if rnd.random() < 0.55:
                x, y = col * 8.4 + row % 2 * 4.2, 20.6 + row * 5.1
                p.box(x, y, x + 7.6, y + 4.2, "#75614f")
    p.box(31, 10, 69, 46, "#a9bab4")
    for x in (26, 69):
        p.box(x, 12, x + 5, 50, "#8b4733")
        p.box(x - 1, 10, x + 6, 12.6, "#a3593f")
    p.fill(spline(dots("26,9 50,2 74,9 74,12 50,5.6 26,12")), "#5f4a3d")
    for x in (33, 37, 41, 59, 63, 67):
        p.box(x - 0.4, 22, x + 0.4, 48, "#4a4540")
    for y in (24, 38):
        p.box(31, y, 42, y + 0.8, "#4a4540")
        p.box(58, y, 69, y + 0.8, "#4a4540")
    p.box(0, 48, 100, 67, "#6b7476")
    for _ in range(26):
        puddle = Frame(rnd.uniform(-4, 96), rnd.uniform(50, 66), 1, 1)
        p.cut(puddle("0,0 5,0.3 10,0"), 0.6, rnd.choice(("#8c9797", "#a3adaa")))
    for x, y, h, coat in CROWD:
        _figure(p, x, y, h, "#26292b", coat)
        if h < 25:
            p.box(x - 2.3, y - h * 0.72, x + 2.3, y - h * 0.42, "#5a4a3a")
        _umbrella(p, x + 1.2, y - h * 0.86, h * 0.36, (RED, INDIGO, "#c4a052", TEAL)[int(x) % 4])
    for _ in range(44):
        drop = Frame(rnd.uniform(-4, 104), rnd.uniform(-6, 62), 1, 1)
        p.cut(drop("0,0 -0.6,2.2 -1.3,4.6"), 0.45, "#c3cdcb")


CROWD = (  # before the gate: where, how tall, in which coat
    (14, 60, 29, STRAW),
    (30, 64, 22, RED),
    (41, 58, 30, INDIGO),
    (52, 64, 21, ORANGE),
    (66, 60, 30, GREEN),
    (77, 65, 22, STRAW),
    (89, 61, 30, PLUM),
)


def _umbrella(p: Print, x: float, y: float, r: float, colour: str) -> None:
    roof = Frame(x, y, r, r)
    outline = "-1,0 -0.86,-0.5 -0.46,-0.86 0,-0.98 0.46,-0.86 0.86,-0.5 1,0"
    p.fill(
        [
            *spline(roof(outline), closed=False),
            *roof("0.66,-0.14 0.33,0 0,-0.14 -0.33,0 -0.66,-0.14"),
        ],
        colour,
    )
    p.cut(roof("0,-0.98 0.36,-0.6 0.33,0"), r * 0.05, "#e9dfcd")
    p.cut(roof("0,-0.98 -0.36,-0.6 -0.33,0"), r * 0.05, "#e9dfcd")
    p.box(x - 0.25, y - r * 1.1, x + 0.25, y + r * 0.5, "#26292b")


def _bread_wall(p: Print) -> None:
    """A wall of flat loaves beside the oven's mouth, a slip of paper under each."""
    rnd = p.chance
    p.box(0, 0, 100, 67, "#c79a66")
    for _ in range(40):
        straw = Frame(rnd.uniform(0, 100), rnd.uniform(0, 52), 1, 1)
        p.cut(straw("0,0 2,0.4 4,0"), 0.4, "#b5884f")
    for x in (33, 99):
        p.box(x - 1, 0, x + 1, 56, "#8a6040")
    for y in (6, 23, 40):
        p.box(32, y - 4.6, 100, y - 3.8, "#8a6040")
        for k in range(5):
            x = 42 + k * 12
            if (y, k) in ((6, 3), (23, 1), (40, 4)):
                p.box(x - 0.4, y - 4, x + 0.4, y - 1.4, "#5b4632")
                continue
            _loaf(p, x, y + 3 + rnd.uniform(-0.4, 0.4))
            p.box(x - 2.4, y + 9, x + 2.4, y + 12, "#f6ead4")
            p.cut([(x - 1.6, y + 10.4), (x, y + 10.5), (x + 1.6, y + 10.4)], 0.4, RED)
    p.box(0, 54, 100, 67, "#6d4f35")
    p.blob(dots("-6,64 -4,34 8,24 22,26 31,38 32,64"), "#8b4733")
    p.disc(13, 45, 10.4, "#5f3022")
    p.disc(13, 46, 8.6, ORANGE)
    p.disc(13, 47.4, 5.8, "#f2cf76")
    _figure(p, 27, 74, 46, "#3a2d22", "#efe8da")
    p.fill(Frame(27, 74 - 46 * 0.955, 1, 1)("-4,0 -3.4,-3.2 3.4,-3.2 4,0"), "#2f4438")
    p.cut(dots("24,44 17,46 13,50"), 3.2, "#efe8da")
    _figure(p, 72, 76, 44, INK, INDIGO)
    p.blob(dots("71,57 64.8,46 64.4,36.4 67,35 68.8,37 69,44 73,49"), INDIGO)
    p.disc(66.4, 34.2, 1.7, INK)


def _loaf(p: Print, x: float, y: float) -> None:
    p.disc(x, y, 5.2, "#a5702f")
    p.disc(x - 0.3, y - 0.3, 4.7, "#e0a95a")
    p.disc(x, y, 3.2, "#c98a42")
    for k in range(8):
        a = k * math.tau / 8
        p.disc(x + 1.9 * math.cos(a), y + 1.9 * math.sin(a), 0.36, "#8f5a24")


PLACES: dict[str, Callable[[Print], None]] = {
    "bread wall": _bread_wall,
    "bridge": _bridge,
    "classroom": _classroom,
    "coats": _coats,
    "corridor": _corridor,
    "field": _field,
    "fire drill": _fire_drill,
    "gate": _gate,
    "lane": _lane,
    "library": _library,
    "orchard": _orchard,
    "patrol": _patrol,
    "stall": _stall,
    "volunteers": _volunteers,
}
