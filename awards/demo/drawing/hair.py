"""Hair, and what is worn on it."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from awards.demo.drawing.clothes import CLOTHS, Cloth
from awards.demo.drawing.pen import INK, Frame, Mask, Print, spline

HAIRS = {  # in shade, in light
    "black": ("#2b2019", "#54402f"),
    "iron": ("#56504a", "#8a837a"),
    "white": ("#c9c3b8", "#efe9dd"),
}


@dataclass(frozen=True)
class Head:
    """What hair and hats need to know of the head they sit on."""

    at: Frame
    skull: Mask
    dark: str
    lit: str
    age: int
    cloth: Cloth


def hang_hair(p: Print, style: str, at: Frame, dark: str, lit: str) -> None:
    """The hair that falls behind the shoulders, drawn before them."""
    if style in LOWEST:
        low = LOWEST[style]
        falling = (
            "-1.16,-0.3 -0.9,-1 0,-1.24 0.95,-1 1.2,-0.3 "
            f"1.24,{low * 0.7} 1.1,{low} 0.4,{low - 0.1} -0.4,{low - 0.1} "
            f"-1.08,{low} -1.2,{low * 0.7}"
        )
        p.blob(at(falling), dark)
    elif style == "ponytail":
        p.blob(at("0.5,-0.9 1.35,-0.75 1.65,-0.1 1.5,0.7 1.2,1.05 1.15,0.3 0.9,-0.3"), dark)
        p.cut(at("1.1,-0.6 1.42,-0.1 1.3,0.7"), 0.9, lit)
    elif style == "bun":
        top = Frame(at.x, at.y - at.h, 1, at.h)
        p.disc(at.x + 4.5, at.y - at.h * 1.13, 6.4, dark)
        p.cut(top("-1,-0.18 4,-0.36 9.5,-0.2"), 0.9, lit)


LOWEST = {"bob": 0.92, "long": 1.75, "braids": 0.75}


def _bald(p: Print, head: Head) -> None:
    for side in (-1, 1):
        p.blob(head.at.flipped(side)("0.98,-0.5 1.1,-0.3 1.06,0 0.92,-0.05"), head.dark)
    p.cut(head.at("-0.6,-0.82 -0.2,-0.93 0.2,-0.9"), 1.0, "#fbe7cb", head.skull)


def _perm(p: Print, head: Head) -> None:
    p.chance.choice((-0.3, 0.25))  # where others part their hair: keeps every later mark in place
    for k in range(13):
        a = math.pi + math.pi * k / 12
        x, y = head.at.point(math.cos(a) * 1.02, -0.3 + math.sin(a) * 0.82)
        p.disc(x, y, 4.6, head.dark)
    cap = "-1,-0.4 -0.7,-1.05 0,-1.2 0.7,-1.05 1,-0.4 0.62,-0.62 0,-0.74 -0.62,-0.6"
    p.blob(head.at(cap), head.dark)
    for k in range(11):
        a = math.pi + math.pi * (k + 0.5) / 11
        x, y = head.at.point(math.cos(a) * 0.98, -0.34 + math.sin(a) * 0.8)
        p.cut([(x - 2.2, y + 1), (x, y - 1.8), (x + 2.2, y + 0.8)], 0.8, head.lit)


def _parted(p: Print, head: Head) -> None:
    at, lit = head.at, head.lit
    part = p.chance.choice((-0.3, 0.25))
    cap = (
        "-1.08,0.1 -1.1,-0.5 -0.7,-1.08 0,-1.22 0.75,-1.06 1.12,-0.45 1.08,0.15 0.93,-0.25 "
        f"0.72,-0.58 {part},-0.8 -0.74,-0.52 -0.94,-0.2"
    )
    p.blob(at(cap), head.dark)
    for k in range(4):
        middle = f"{part - 0.36 - k * 0.1},{-0.98 + k * 0.05}"
        strand = f"{part - 0.02},-1.14 {middle} {-0.86 - k * 0.04},{-0.5 + k * 0.08}"
        p.cut(at(strand), 0.7, lit)
    p.cut(at(f"{part + 0.05},-1.13 {part + 0.45},-0.98 0.86,-0.6"), 0.6, lit)


def _braids(p: Print, head: Head) -> None:
    _parted(p, head)
    for side in (-1, 1):
        for k in range(6):
            x, y = head.at.point(side * (1.08 + 0.02 * k), 0.55 + k * 0.22)
            p.disc(x, y, 2.9 - k * 0.18, head.dark)
        x, y = head.at.point(side * 1.2, 1.84)
        p.disc(x, y, 1.8, "#b04a35")


def _short(p: Print, head: Head) -> None:
    at = head.at
    high = -0.66 - (0.12 if head.age > 60 else 0)  # the older, the higher the brow
    cap = (
        "-1.05,-0.05 -1.08,-0.55 -0.72,-1.1 0,-1.22 0.74,-1.1 1.09,-0.55 1.05,-0.02 0.94,-0.3 "
        f"0.82,{high + 0.1} 0.3,{high - 0.06} -0.3,{high} -0.8,{high + 0.16} -0.95,-0.28"
    )
    p.blob(at(cap), head.dark)
    for k in range(7):
        x = -0.78 + k * 0.2
        strand = f"{x},{high - 0.05} {x + 0.04},{high - 0.26} {x + 0.18},{high - 0.42}"
        p.cut(at(strand), 0.75, head.lit)


def _swept(p: Print, head: Head) -> None:  # combed back and to one side, with some care
    cap = (
        "-1.04,-0.02 -1.1,-0.5 -0.92,-1.06 -0.4,-1.34 0.3,-1.36 0.86,-1.14 1.1,-0.6 1.05,-0.02 "
        "0.95,-0.3 0.84,-0.6 0.4,-0.72 -0.1,-0.7 -0.52,-0.86 -0.86,-0.56 -0.96,-0.26"
    )
    p.blob(head.at(cap), head.dark)
    for k in range(6):
        rise = k * 0.09
        end = f"{-0.1 + rise},{-1.08 - rise * 0.3} 0.66,{-0.92 - rise * 0.3}"
        strand = f"{-0.6 + k * 0.05},{-0.86 - rise * 0.5} {end}"
        p.cut(head.at(strand), 0.7, head.lit)


def _cropped(p: Print, head: Head) -> None:  # a woman's short hair, ears half covered
    cap = (
        "-1.08,0.26 -1.14,-0.4 -0.84,-1.06 -0.1,-1.27 0.7,-1.12 1.13,-0.5 1.1,0.26 0.98,0.1 "
        "0.94,-0.26 0.6,-0.62 -0.1,-0.56 -0.6,-0.5 -0.9,-0.22 -0.98,0.08"
    )
    p.blob(head.at(cap), head.dark)
    for k in range(6):
        x = -0.86 + k * 0.26
        p.cut(head.at(f"{0.3 - k * 0.05},-1.14 {x * 0.8},-0.86 {x},-0.54"), 0.65, head.lit)


HAIR: dict[str, Callable[[Print, Head], None]] = {
    "bald": _bald,
    "bob": _parted,
    "braids": _braids,
    "bun": _parted,
    "cropped": _cropped,
    "long": _parted,
    "perm": _perm,
    "ponytail": _parted,
    "short": _short,
    "swept": _swept,
}


def _hard_hat(p: Print, at: Frame, mid: str, dark: str, lit: str) -> None:
    dome = "-1.16,-0.48 -1.1,-0.92 -0.6,-1.36 0,-1.46 0.6,-1.36 1.12,-0.92 1.18,-0.48"
    p.blob(at(dome), mid)
    p.blob(at("0.5,-1.36 1.12,-0.92 1.18,-0.48 0.72,-0.5 0.7,-1"), dark)
    p.fill(at("-0.16,-1.47 0.14,-1.47 0.2,-0.56 -0.18,-0.56"), lit)
    brim = "-1.36,-0.5 -0.6,-0.64 0,-0.68 0.6,-0.64 1.38,-0.5 0.6,-0.46 0,-0.44 -0.6,-0.46"
    p.blob(at(brim), lit)


def _hard(p: Print, head: Head) -> None:
    _hard_hat(p, head.at, "#d8a02c", "#a87614", "#f2cf76")


def _lamp_helmet(p: Print, head: Head) -> None:  # a white one, with a lamp on the brow
    _hard_hat(p, head.at, "#dcd3c2", "#b3a78f", "#f4eee1")
    x, y = head.at.point(-0.02, -0.84)
    p.box(x - 4, y - 3, x + 4, y + 3, INK)
    p.disc(x, y, 2.6, "#f6dca0")
    p.disc(x - 0.6, y - 0.6, 1.2, "#fffaf0")


def _brimmed(p: Print, at: Frame, tones: tuple[str, str, str], band: str, reach: float) -> None:
    mid, dark, lit = tones
    p.blob(at("-0.98,-0.6 -0.82,-1.2 0,-1.42 0.82,-1.2 0.98,-0.6"), mid)
    ribbon = "-1,-0.74 0,-0.92 1,-0.74 1,-0.6 0,-0.76 -1,-0.6"
    p.fill(spline(at(ribbon)), band)
    r = reach
    brim = f"{-r},-0.42 -1.2,-0.72 0,-0.82 1.2,-0.72 {r},-0.42 1.2,-0.44 0,-0.5 -1.2,-0.44"
    p.blob(at(brim), mid)
    p.blob(at(f"0.4,-0.76 1.3,-0.68 {r - 0.05},-0.42 1.2,-0.46 0.5,-0.5"), dark)
    for k in range(7):
        start = f"{-(r - 0.35) + k * 0.1},{-0.5 + k * 0.005}"
        weave = f"{start} {-0.8 + k * 0.12},{-0.66 + k * 0.02} {0.1 + k * 0.2},{-0.74 + k * 0.03}"
        p.cut(at(weave), 0.45, lit)


def _straw(p: Print, head: Head) -> None:
    _brimmed(p, head.at, ("#d9b468", "#a8813a", "#f0d795"), "#8a3a2a", 2.15)


def _brim(p: Print, head: Head) -> None:
    cloth = head.cloth
    _brimmed(p, head.at, (cloth.mid, cloth.dark, cloth.lit), "#8a6a44", 1.78)


def _cap(p: Print, head: Head) -> None:
    at, cloth = head.at, head.cloth
    crown = "-1.12,-0.5 -1.16,-0.96 -0.6,-1.3 0.1,-1.36 0.8,-1.24 1.2,-0.9 1.12,-0.5 0,-0.66"
    p.blob(at(crown), cloth.mid)
    p.blob(at("0.3,-1.34 0.9,-1.2 1.2,-0.9 1.12,-0.5 0.6,-0.6"), cloth.dark)
    peak = "-1.2,-0.42 -0.6,-0.66 0,-0.7 0.55,-0.62 0.6,-0.5 -0.2,-0.5 -0.9,-0.34"
    p.blob(at(peak), cloth.dark)
    p.cut(at("-1,-0.9 -0.5,-1.2 0.1,-1.28"), 0.9, cloth.lit)


def _peaked(p: Print, head: Head) -> None:  # a driver's cap: flat crown, pale band, short peak
    at, cloth = head.at, head.cloth
    crown = "-1.06,-0.72 -1.34,-1.12 -0.7,-1.42 0,-1.48 0.7,-1.42 1.36,-1.12 1.08,-0.72 0,-0.9"
    p.blob(at(crown), cloth.mid)
    p.blob(at("0.34,-1.46 0.9,-1.34 1.36,-1.12 1.08,-0.72 0.5,-0.86"), cloth.dark)
    band = "-1.08,-0.56 -1.06,-0.78 0,-0.96 1.08,-0.78 1.1,-0.56 0,-0.74"
    p.fill(spline(at(band)), "#e9dfcd")
    p.blob(at("-1,-0.5 -0.5,-0.7 0,-0.74 0.5,-0.7 1,-0.5 0.5,-0.46 0,-0.48 -0.5,-0.46"), INK)
    x, y = at.point(0, -1.06)
    p.disc(x, y, 1.7, "#d8a02c")
    p.cut(at("-1.1,-1.1 -0.6,-1.32 0,-1.4"), 0.9, cloth.lit)


def _helmet(p: Print, head: Head) -> None:
    at, cloth = head.at, head.cloth
    shell = (
        "-1.2,0 -1.24,-0.7 -0.7,-1.32 0,-1.44 0.7,-1.32 1.26,-0.7 1.22,0.05 1,-0.05 "
        "0.9,-0.5 0,-0.66 -0.9,-0.5 -1,-0.05"
    )
    p.blob(at(shell), cloth.mid)
    shaded = "0.4,-1.4 1,-1.12 1.26,-0.6 1.22,0.05 1,-0.05 0.92,-0.5 0.6,-0.62"
    p.blob(at(shaded), cloth.dark)
    p.cut(at("-0.95,-0.75 -0.55,-1.16 0,-1.28"), 1.6, cloth.lit)
    for side in (-1, 1):
        p.cut(at.flipped(side)("1.06,0 0.9,0.6 0.3,1.06"), 1.2, INK)


def _nurse(p: Print, head: Head) -> None:
    at = head.at
    p.fill(at("-0.72,-0.86 -0.84,-1.34 0,-1.46 0.84,-1.34 0.72,-0.86 0,-1"), "#f6f0e4")
    p.fill(at("0.3,-0.93 0.34,-1.42 0.84,-1.34 0.72,-0.86"), "#d3c8b4")
    p.fill(at("-0.77,-1.06 0,-1.19 0.77,-1.06 0.75,-0.98 0,-1.11 -0.75,-0.98"), "#7f9cab")


def _knit(p: Print, head: Head) -> None:
    at, mid, dark, lit = head.at, "#8a3a2a", "#652519", "#b5644f"
    crown = "-1.1,-0.42 -1.12,-0.9 -0.6,-1.34 0,-1.44 0.6,-1.34 1.14,-0.9 1.1,-0.42 0,-0.56"
    p.blob(at(crown), mid)
    p.blob(at("0.4,-1.4 1,-1.05 1.14,-0.8 1.1,-0.42 0.5,-0.52"), dark)
    for k in range(9):
        x = -0.96 + k * 0.24
        p.cut(at(f"{x},-0.48 {x * 0.9},-0.8 {x * 0.55},-1.3"), 0.7, lit if k < 5 else mid)
    p.blob(at("-1.16,-0.4 0,-0.56 1.16,-0.4 1.14,-0.66 0,-0.82 -1.14,-0.66"), dark)


def _kerchief(p: Print, head: Head) -> None:
    at, cloth = head.at, CLOTHS["indigo"]
    wrap = (
        "-1.12,0.1 -1.16,-0.5 -0.72,-1.14 0,-1.28 0.76,-1.12 1.18,-0.5 1.12,0.2 0.92,-0.3 "
        "0.5,-0.66 0,-0.74 -0.5,-0.64 -0.9,-0.28"
    )
    p.blob(at(wrap), cloth.mid)
    p.blob(at("0.4,-1.2 0.9,-1 1.18,-0.5 1.12,0.2 0.92,-0.3 0.6,-0.6"), cloth.dark)
    for _ in range(18):
        a = math.pi + math.pi * p.chance.random()
        r = p.chance.uniform(0.98, 1.14)
        x, y = at.point(math.cos(a) * r * 0.98, -0.34 + math.sin(a) * r * 0.78)
        p.disc(x, y, 0.7, "#e9dfcd")


def _doppa(p: Print, head: Head) -> None:  # a four-cornered embroidered cap
    at, thread = head.at, "#efe3cd"
    cap = "-1.02,-0.56 -1,-0.96 -0.74,-1.34 0,-1.5 0.74,-1.34 1.02,-0.96 1.04,-0.56 0,-0.74"
    p.fill(spline(at(cap), steps=6), "#2f4438")
    p.blob(at("0.4,-1.42 0.78,-1.3 1.02,-0.96 1.04,-0.56 0.52,-0.66"), "#223329")
    p.cut(at("-0.06,-1.48 0.02,-1.1 0,-0.76"), 0.8, thread)
    for x, y in (
        (-0.6, -0.98),
        (-0.26, -1.22),
        (0.34, -1.2),
        (0.7, -0.96),
        (-0.32, -0.92),
        (0.36, -0.9),
    ):
        almond = Frame(*at.point(x, y), 1, 1)
        p.cut(almond("-2.2,1.6 -0.4,-1 1.4,-0.6 1.6,1 0.4,1.2"), 0.9, thread)
        p.disc(almond.x, almond.y + 0.3, 0.5, "#cb6a55")
    p.cut(at("-1.02,-0.6 -0.5,-0.72 0,-0.78 0.5,-0.72 1.03,-0.6"), 0.9, thread)


HATS: dict[str, Callable[[Print, Head], None]] = {
    "brim": _brim,
    "cap": _cap,
    "doppa": _doppa,
    "hard": _hard,
    "helmet": _helmet,
    "kerchief": _kerchief,
    "knit": _knit,
    "lamp": _lamp_helmet,
    "nurse": _nurse,
    "peaked": _peaked,
    "straw": _straw,
}
