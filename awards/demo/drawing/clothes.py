"""What people wear, from the collar down: the trade is told here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from awards.demo.drawing.pen import BRIGHT, BRIGHT_SHADE, INK, Frame, Mask, Print, shade


class Cloth(NamedTuple):
    mid: str
    dark: str
    lit: str
    under: str  # what shows beneath


CLOTHS = {
    "indigo": Cloth("#2f4a63", "#223749", "#56748c", "#efe3cd"),
    "grey": Cloth("#6b675f", "#514d46", "#918c82", "#e9dfcd"),
    "white": Cloth("#efe8da", "#cbbfa9", "#fffaf0", "#7f9cab"),
    "orange": Cloth("#d2702a", "#a5511a", "#e99a55", "#394a57"),
    "red": Cloth("#a8392b", "#7e261c", "#cb6a55", "#efe3cd"),
    "green": Cloth("#4c6a50", "#37503b", "#77937a", "#efe3cd"),
    "brown": Cloth("#76543a", "#573b27", "#9d7a5c", "#e6d5b8"),
    "plum": Cloth("#6a4351", "#4d2f3a", "#94707c", "#eddccb"),
    "straw": Cloth("#cda968", "#a5823f", "#e7cf98", "#5a4a3a"),
    "teal": Cloth("#2f6a6a", "#214d4e", "#5c9190", "#efe3cd"),
}


@dataclass(frozen=True)
class Wearer:
    """Where the clothes go: the collar's middle, the neck's half width, the body's outline."""

    x: float
    y: float
    neck: float
    body: Mask
    cloth: Cloth

    @property
    def at(self) -> Frame:
        return Frame(self.x, self.y, 1, 1)

    def side(self, side: int) -> Frame:
        return self.at.flipped(side)

    def lit(self, side: int) -> str:
        """The light cloth on the side of the lamp, the dark on the other."""
        return self.cloth.lit if side < 0 else self.cloth.dark


def _lapels(p: Print, w: Wearer, points: str, right: str | None = None) -> None:
    for side in (-1, 1):
        p.fill(w.side(side)(points), right if right and side > 0 else w.lit(side))


def _seam(p: Print, w: Wearer, points: str, width: float) -> None:
    p.cut(w.at(points), width, w.cloth.dark)


def _jacket(p: Print, w: Wearer) -> None:  # stand collar, placket, a pocket
    n = w.neck
    _lapels(p, w, f"0,11 {n * 0.8},-4 {n * 0.98},1 5,14", right=w.cloth.mid)
    _seam(p, w, f"0,10 0.6,30 0,{128 - w.y}", 1.0)
    for y in (19, 31):
        p.disc(w.x + 2.2, w.y + y, 0.9, w.cloth.lit)
    p.fill(w.at("-24,27 -10,26 -10,29 -17,31 -24,30"), w.cloth.dark, w.body)


def _coat(p: Print, w: Wearer) -> None:  # a white coat over blue, a stethoscope
    n = w.neck
    p.fill(w.at(f"{-n * 0.75},-3 0,24 {n * 0.75},-3 0,6"), w.cloth.under)
    p.fill(w.at(f"{-n * 0.45},1 0,17 {n * 0.45},1 0,8"), "#e6c29a")
    _lapels(p, w, f"{n * 0.72},-5 {n * 1.15},3 13,20 0,42")
    _seam(p, w, f"0,40 0.5,50 0,{130 - w.y}", 0.9)
    p.cut(w.at("-11,-1 -17,18 -13,36 -8,40"), 1.4, INK)
    p.cut(w.at("11,-1 17,16 15,30"), 1.4, INK)
    p.disc(w.x - 8, w.y + 41, 2.6, INK)


def _vest(p: Print, w: Wearer) -> None:  # a volunteer's or road worker's, with bright bands
    n, under, low = w.neck, w.cloth.under, 130 - w.y
    p.fill(w.at(f"{-n * 0.8},-5 0,27 {n * 0.8},-5 0,4"), under)
    for side in (-1, 1):
        p.fill(w.side(side)(f"{n * 0.55},-5 {n * 0.92},0 2,12"), shade(under, 1.18))
        band = w.side(side)(f"17,-8 23,-8 21,{low} 14,{low}")
        p.fill(band, BRIGHT if side < 0 else BRIGHT_SHADE, w.body)
    p.fill(w.at("-50,34 50,34 50,40 -50,40"), BRIGHT, w.body)
    p.fill(w.at("10,34 60,34 60,40 10,40"), BRIGHT_SHADE, w.body)
    _seam(p, w, f"0,26 0.4,40 0,{128 - w.y}", 1.0)


def _apron(p: Print, w: Wearer) -> None:
    n, under, low = w.neck, w.cloth.under, 130 - w.y
    _lapels(p, w, f"0,13 {n * 0.78},-4 {n * 1.1},3 7,18")
    p.fill(w.at(f"-17,24 17,24 25,{low} -25,{low}"), under, w.body)
    p.fill(w.at(f"4,24 17,24 25,{low} 6,{low}"), shade(under, 0.84), w.body)
    for side in (-1, 1):
        p.cut(w.side(side)("16,26 14,10 10,-4"), 2.6, shade(under, 0.95), w.body)


def _sweater(p: Print, w: Wearer) -> None:
    n = w.neck
    collar = f"{-n * 0.82},-3 0,8 {n * 0.82},-3 {n * 0.92},3 0,15 {-n * 0.92},3"
    p.blob(w.at(collar), w.cloth.lit)
    for k in range(13):
        x = -30 + k * 5
        p.cut(w.at(f"{x},20 {x + 0.3},34 {x},{128 - w.y}"), 0.6, w.cloth.dark, w.body)


def _shirt(p: Print, w: Wearer) -> None:
    n = w.neck
    p.fill(w.at(f"{-n * 0.55},-2 0,19 {n * 0.55},-2 0,3"), "#d8a877")
    _lapels(p, w, f"{n * 0.62},-6 {n * 1.02},1 9.5,17 0.5,18")
    _seam(p, w, f"0,18 0.4,34 0,{128 - w.y}", 0.8)


def _padded(p: Print, w: Wearer) -> None:  # a cotton-padded jacket, cross collar
    n = w.neck
    p.fill(w.at(f"{-n * 0.9},-5 {-n * 0.5},-4 12,30 6,34"), w.cloth.lit)
    p.fill(w.at(f"{n * 0.9},-5 {n * 0.5},-4 -2,14 3,20"), w.cloth.mid)
    for k in range(6):
        p.cut(w.at(f"-42,{16 + k * 9} -8,{21 + k * 9} 42,{16 + k * 9}"), 0.8, w.cloth.dark, w.body)


def _scarf(p: Print, w: Wearer) -> None:
    n, wool, fold = w.neck, "#b04a35", "#7e261c"
    p.blob(w.at(f"{-n},-6 0,6 {n},-6 {n * 1.1},4 0,15 {-n * 1.1},4"), wool)
    p.fill(w.at(f"-9,7 1,9 -1,{130 - w.y} -12,{130 - w.y}"), wool)
    p.cut(w.at("-12,3 0,9 13,2"), 1.0, fold)
    p.cut(w.at(f"-5,12 -6,34 -6,{128 - w.y}"), 0.9, fold)


def _uniform(p: Print, w: Wearer) -> None:  # a pale shirt, a dark tie, shoulder straps
    n, low = w.neck, 130 - w.y
    _lapels(p, w, f"{n * 0.6},-6 {n * 1.04},0 9,15 0.5,11", right=w.cloth.mid)
    p.fill(w.at("-2.4,10 2.4,10 3.4,15 -3.4,15"), "#26394a")
    p.fill(w.at(f"-2.6,15 2.6,15 5,{low} -5,{low}"), "#2f4a63")
    p.fill(w.at(f"0.8,15 2.6,15 5,{low} 1.4,{low}"), "#22364a")
    for side in (-1, 1):
        p.fill(w.side(side)("19,6 31,12 30,16 18,10"), "#2f4a63", w.body)
        p.cut(w.side(side)("28.5,11 27.6,13 27.4,15"), 1.0, "#d8a02c", w.body)
    p.fill(w.at("-26,30 -12,29 -12,32 -19,34 -26,33"), w.cloth.dark, w.body)


def _overalls(p: Print, w: Wearer) -> None:  # a bib over a work shirt, tools in the pocket
    n, low = w.neck, 130 - w.y
    _lapels(p, w, f"0,13 {n * 0.74},-5 {n * 1.06},2 7,18")
    bib, dim = "#2f4a63", "#223749"
    for side in (-1, 1):
        strap = w.side(side)("10,-6 15.5,-7 17.5,22 11.5,22")
        p.fill(strap, bib if side < 0 else dim, w.body)
    p.fill(w.at(f"-18,19 18,19 27,{low} -27,{low}"), bib, w.body)
    p.fill(w.at(f"5,19 18,19 27,{low} 8,{low}"), dim, w.body)
    for side in (-1, 1):
        p.disc(w.x + side * 14.4, w.y + 22, 1.7, "#d8a02c")
    p.fill(w.at("-10.5,23 -8,23 -8,33 -10.5,33"), "#cb6a55", w.body)
    p.fill(w.at("-5.6,25 -4.2,25 -4.2,33 -5.6,33"), "#d3c8b4", w.body)
    p.fill(w.at("-13,31 6,31 6,50 -13,50"), shade(bib, 1.18), w.body)
    p.cut(w.at("-13,32.4 -4,32.8 6,32.4"), 0.7, dim, w.body)


def _lifejacket(p: Print, w: Wearer) -> None:  # two thick panels, webbing, buckles
    n, low = w.neck, 130 - w.y
    _lapels(p, w, f"0,12 {n * 0.74},-5 {n * 1.02},1 6,16")
    orange, dim = "#d2702a", "#a5511a"
    for side in (-1, 1):
        panel = f"7,-5 19,-7 27,6 25,30 26,{low} 1.5,{low} 1.5,24"
        p.fill(w.side(side)(panel), orange if side < 0 else dim, w.body)
        p.cut(w.side(side)("11,-3 9,16 4,28"), 0.9, "#e99a55" if side < 0 else "#823c10", w.body)
    for y in (26, 40):
        p.fill(w.at(f"-28,{y} 28,{y} 28,{y + 3.4} -28,{y + 3.4}"), INK, w.body)
        p.fill(w.at(f"-4,{y - 0.8} 4,{y - 0.8} 4,{y + 4.2} -4,{y + 4.2}"), BRIGHT, w.body)
    for side in (-1, 1):
        p.fill(
            w.side(side)("13,10 21,10 21,14 13,14"), BRIGHT if side < 0 else BRIGHT_SHADE, w.body
        )


def _smock(p: Print, w: Wearer) -> None:  # a barber's: buttoned at the side, comb and scissors
    n, low = w.neck, 130 - w.y
    p.blob(w.at(f"{-n * 0.8},-4 0,5 {n * 0.8},-4 {n * 0.9},3 0,12 {-n * 0.9},3"), w.cloth.lit)
    p.cut(w.at(f"7,7 12,20 11,{low}"), 1.0, w.cloth.dark, w.body)
    for y in (14, 25, 36):
        p.disc(w.x + 8 + y * 0.1, w.y + y, 1.0, "#8a837a")
    p.fill(w.at("-25,32 -9,31 -9,50 -25,50"), shade(w.cloth.mid, 0.93), w.body)
    p.cut(w.at("-25,32 -17,31.8 -9,31"), 0.8, w.cloth.dark, w.body)
    p.fill(w.at("-22,23 -19,23 -19,32 -22,32"), "#76543a")
    for side in (-1, 1):
        p.cut(Frame(w.x - 14, w.y + 31, side, 1)("0,1 1,-3 1.4,-6.4"), 1.0, INK)
        p.disc(w.x - 14 + side * 1.7, w.y + 23, 1.7, INK)
        p.disc(w.x - 14 + side * 1.7, w.y + 23, 0.9, w.cloth.mid)


def _field(p: Print, w: Wearer) -> None:  # a jacket, field glasses on a strap
    _jacket(p, w)
    for side in (-1, 1):
        p.cut(w.side(side)("10,-2 12,10 5,22"), 1.5, INK, w.body)
    for side in (-1, 1):
        p.blob(w.side(side)("0.6,20 6,19 8.6,25 8.6,35 1,35"), INK)
        p.disc(w.x + side * 4.9, w.y + 34.6, 3.1, "#56748c", 0.6)


DRESS: dict[str, Callable[[Print, Wearer], None]] = {
    "apron": _apron,
    "coat": _coat,
    "field": _field,
    "jacket": _jacket,
    "lifejacket": _lifejacket,
    "overalls": _overalls,
    "padded": _padded,
    "scarf": _scarf,
    "shirt": _shirt,
    "smock": _smock,
    "sweater": _sweater,
    "uniform": _uniform,
    "vest": _vest,
}
