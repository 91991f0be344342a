"""What stands behind a person: one quiet motif on one of eight grounds."""

import math
from collections.abc import Callable

from awards.demo.drawing.pen import Frame, Point, Print, dots, shade, spline

GROUNDS = {  # ground, motif drawn on it, outer light, inner light
    "dusk": ("#47566a", "#38465a", "#8f7f78", "#e3b778"),
    "wheat": ("#cda765", "#b88f4c", "#e0c286", "#f3e0af"),
    "river": ("#6f8f8f", "#5b7c7e", "#a5b7a6", "#ecd9a8"),
    "brick": ("#a3593f", "#8b4733", "#c98558", "#f0c48a"),
    "bamboo": ("#70835f", "#5d704e", "#a3ab78", "#ead9a2"),
    "snow": ("#c9c8c0", "#b2b2aa", "#ddd6c6", "#f5e7c6"),
    "plum": ("#75505a", "#61404b", "#a97b72", "#ecc596"),
    "lamp": ("#d9b98c", "#c5a173", "#e8cfa3", "#f8ead0"),
}


def backdrop(p: Print, ground: str, motif: str) -> None:
    """The ground, the motif, and the disc of the one lamp that lights every face."""
    back, line, outer, inner = GROUNDS[ground]
    p.box(0, 0, 100, 125, back)
    MOTIFS[motif](p, line)
    p.disc(38, 50, 39, outer)
    p.disc(36.5, 48.5, 32, inner)


def _wheat(p: Print, c: str) -> None:
    for i in range(15):
        x = 1 + i * 7 + p.chance.uniform(-1.5, 1.5)
        top = p.chance.uniform(46, 66)
        p.cut([(x + 3, 126), (x + 1, 95), (x, top)], 1.1, c)
        for k in range(7):
            for side in (-1, 1):
                grain = Frame(x, top + k * 2.6, side, 1)
                p.cut(grain("0,2.4 1.7,0.6 2,-2.2"), 1.3, c)


def _lattice(p: Print, c: str) -> None:  # a window of the "ice-crack" family, squared
    for x in (8, 22, 36, 64, 78, 92):
        p.box(x - 0.6, 0, x + 0.6, 125, c)
    for y in (10, 30, 50, 70):
        p.box(0, y - 0.6, 100, y + 0.6, c)
    for x in (8, 64):
        for y in (10, 50):
            p.box(x + 6, y + 4, x + 22, y + 5, c)
            p.box(x + 6, y + 15, x + 22, y + 16, c)
            p.box(x + 6, y + 4, x + 7, y + 16, c)
            p.box(x + 21, y + 4, x + 22, y + 16, c)


def _bridge(p: Print, c: str) -> None:
    p.blob(dots("-10,74 20,60 50,56 80,60 110,74 110,84 -10,84"), c)
    for x, r in ((14, 9), (50, 15), (86, 9)):
        p.disc(x, 85, r, p.ground())
    for i in range(14):
        y = 87 + i * 2.8
        start = p.chance.uniform(-5, 70)
        p.cut([(start, y), (start + 14, y + 0.5), (start + p.chance.uniform(22, 44), y)], 0.9, c)


def _books(p: Print, c: str) -> None:
    for y in (18, 42, 66, 90):
        p.box(0, y, 100, y + 1.1, c)
        x = -2.0
        while x < 100:
            w = p.chance.uniform(2.2, 5.2)
            h = p.chance.uniform(12, 19)
            if p.chance.random() < 0.86:
                p.box(x, y - h, x + w - 0.7, y, c)
            x += w


def _bamboo(p: Print, c: str) -> None:
    for x in (6, 17, 84, 95):
        lean = p.chance.uniform(-3, 3) / 6
        for k in range(6):
            low, high = x + lean * k, x + lean * (k + 1)
            y = 125 - k * 23
            top = y - 21.8
            p.fill([(low - 1.5, y), (low + 1.5, y), (high + 1.4, top), (high - 1.4, top)], c)
        for _ in range(6):
            leaf_y = p.chance.uniform(6, 70)
            leaf = Frame(x, leaf_y, p.chance.choice((-1, 1)), 1)
            p.cut(leaf("0,0 7,3 13,10"), 2.6, c)


def _hills(p: Print, c: str) -> None:
    for k, base in enumerate((66, 78, 92)):
        ridge: list[Point] = [(-6, 130)]
        for x in range(-6, 112, 9):
            ridge.append((x, base + math.sin(x / 11 + k * 2 + p.chance.random()) * 7))
        p.fill(spline([*ridge, (112, 130)])[12:], c if k != 1 else shade(c, 1.12))


def _wheel(p: Print, c: str) -> None:
    for x in (18, 84):
        p.disc(x, 94, 21, c)
        p.disc(x, 94, 19.2, p.ground())
        for k in range(14):
            spoke = Frame(x, 94, math.cos(k * math.tau / 14), math.sin(k * math.tau / 14))
            p.cut(spoke("0,0 10,10 20,20"), 0.55, c)


def _steam(p: Print, c: str) -> None:
    for x in (10, 24, 76, 90):
        p.cut(Frame(x, 0, 1, 1)("0,110 -6,84 6,60 -4,34 5,8"), 4.4, c)


def _rain(p: Print, c: str) -> None:
    for _ in range(64):
        x, y = p.chance.uniform(-4, 108), p.chance.uniform(-6, 120)
        p.cut([(x, y), (x - 1.2, y + 5), (x - 2.6, y + 11)], 0.8, c)


def _branch(p: Print, c: str) -> None:
    p.cut(dots("-4,30 22,24 46,9 70,2"), 3.2, c)
    p.cut(dots("18,26 26,40 24,58"), 2.0, c)
    p.cut(dots("104,62 88,48 82,26"), 2.6, c)
    for x, y in dots("8,22 25,44 24,60 36,10 50,3 84,24 90,46 96,60 80,36"):
        for k in range(5):
            a = k * math.tau / 5 + x
            p.disc(x + 2 * math.cos(a), y + 2 * math.sin(a), 1.7, c)


def _waves(p: Print, c: str) -> None:
    for row in range(9):
        for col in range(-1, 7):
            for r in (9, 6.4, 3.8):
                wave = Frame(col * 18 + (9 if row % 2 else 0), 58 + row * 8, r, r)
                p.cut(wave("-1,0 -0.7,-0.7 0,-1 0.7,-0.7 1,0"), 0.9, c)


def _street(p: Print, c: str) -> None:
    for x, h in ((-2, 54), (14, 40), (76, 46), (90, 60)):
        p.box(x, 100 - h, x + 13, 126, c)
        for wy in range(int(100 - h) + 4, 118, 8):
            for wx in (x + 2.2, x + 7.6):
                if p.chance.random() < 0.5:
                    p.box(wx, wy, wx + 3.2, wy + 4, "#e8bf7c")


def _breads(p: Print, c: str) -> None:  # flat loaves hung on a wall, a slip of paper under each
    for x, y in dots("16,16 40,11 64,15 85,12 88,36 13,41 89,61 14,67 88,86"):
        p.disc(x, y, 9.4, c)
        p.disc(x, y, 7.2, p.ground())
        p.disc(x, y, 5.9, c)
        for k in range(6):
            a = k * math.tau / 6
            p.disc(x + 3.4 * math.cos(a), y + 3.4 * math.sin(a), 0.7, p.ground())
        p.disc(x, y, 0.8, p.ground())


def _sluice(p: Print, c: str) -> None:  # the gate, its two piers, and the water that comes through
    p.box(-2, 14, 102, 20, c)
    for x in (4, 80):
        p.box(x, 8, x + 16, 126, c)
        p.box(x + 2, 11, x + 14, 12.4, p.ground())
    for x in (10, 88):
        p.disc(x + 1, 8, 6.4, c)
        p.disc(x + 1, 8, 4.6, p.ground())
        for k in range(6):
            spoke = Frame(x + 1, 8, math.cos(k * math.tau / 6), math.sin(k * math.tau / 6))
            p.cut(spoke("0,0 2.6,2.6 5.2,5.2"), 0.9, c)
    for row in range(5):
        for col in range(7):
            wave = Frame(col * 17 + row % 2 * 8, 84 + row * 9, 7, 4)
            p.cut(wave("-1,0 -0.4,-0.6 0.2,0.4 1,-0.2"), 1.0, c)


def _bus(p: Print, c: str) -> None:  # windows, a rail, and the straps one holds on to
    p.box(0, 4, 100, 7, c)
    for x in (8, 24, 40, 62, 78, 93):
        p.box(x - 0.5, 7, x + 0.5, 15, c)
        p.disc(x, 17.6, 3.3, c)
        p.disc(x, 17.6, 2.0, p.ground())
    for x in (-8, 71):
        p.box(x, 32, x + 38, 84, c)
        p.box(x + 2, 34, x + 36, 82, shade(p.ground(), 1.09))
        p.box(x + 18, 34, x + 19.4, 82, c)


def _shaft(p: Print, c: str) -> None:  # the inside of a lift shaft: rails, ropes, landings
    for x in (3, 12, 84, 95):
        p.box(x, 0, x + 2.2, 126, c)
    for x in (19, 22, 25, 76, 79):
        p.box(x, 0, x + 0.7, 126, c)
    for y in range(-4, 126, 15):
        for x in (0, 82):
            p.box(x, y, x + 17, y + 1.3, c)
            p.fill(Frame(x, y, 1, 1)("5.2,1.3 12,13 13,13 6.4,1.3"), c)


def _orchard(p: Print, c: str) -> None:
    for x, y in dots("8,30 90,24 26,12 76,8 52,4"):
        p.disc(x, y, 17, c)
    for x in (7, 91):
        p.cut(Frame(x, 0, 1, 1)("1,126 -1,84 1,36"), 4.6, c)
    for x, y in dots("6,22 14,36 2,40 24,8 32,20 86,14 96,30 83,32 74,4 92,42 62,7 44,5"):
        p.disc(x, y, 2.5, shade(p.ground(), 1.22))
        p.cut([(x, y - 2), (x + 0.6, y - 3.4), (x + 1.8, y - 4)], 0.7, p.ground())


def _mirror(p: Print, c: str) -> None:  # a barber's wall: two mirrors, a shelf, the turning stripes
    for x in (3, 74):
        p.box(x, 10, x + 24, 64, c)
        p.box(x + 1.6, 11.6, x + 22.4, 62.4, shade(p.ground(), 1.1))
        p.cut([(x + 5, 44), (x + 10, 30), (x + 17, 18)], 1.6, c)
    p.box(0, 72, 100, 74.4, c)
    for x in (5, 11, 16, 82, 89, 94):
        p.box(x - 1.5, 65.5, x + 1.5, 72, c)
    for k in range(-2, 9):
        stripe = Frame(92, 80 + k * 8, 1, 1)
        p.fill(stripe("-4,6 4,0 4,4 -4,10"), c)


def _pines(p: Print, c: str) -> None:
    for k, (x, top, size) in enumerate(((8, 30, 15), (26, 52, 11), (74, 46, 12), (93, 24, 16))):
        tone = c if k % 2 == 0 else shade(c, 1.07)
        p.box(x - 1, top, x + 1, 126, tone)
        for step in range(6):
            tier = Frame(x, top + step * size * 0.62, size * (0.34 + step * 0.14), size * 0.8)
            p.fill(tier("0,-0.5 0.5,0.3 1,0.62 0.4,0.56 0,0.7 -0.4,0.56 -1,0.62 -0.5,0.3"), tone)


MOTIFS: dict[str, Callable[[Print, str], None]] = {
    "bamboo": _bamboo,
    "books": _books,
    "branch": _branch,
    "breads": _breads,
    "bridge": _bridge,
    "bus": _bus,
    "hills": _hills,
    "lattice": _lattice,
    "mirror": _mirror,
    "orchard": _orchard,
    "pines": _pines,
    "rain": _rain,
    "shaft": _shaft,
    "sluice": _sluice,
    "steam": _steam,
    "street": _street,
    "waves": _waves,
    "wheat": _wheat,
    "wheel": _wheel,
}
