"""A person from the chest up. Faces have light, shadow and knife marks, and no likeness."""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from awards.demo.drawing.backdrops import backdrop
from awards.demo.drawing.clothes import CLOTHS, DRESS, Cloth, Wearer
from awards.demo.drawing.hair import HAIR, HAIRS, HATS, Head, hang_hair
from awards.demo.drawing.pen import INK, Frame, Print, blend, shade, spline

SKINS = [  # lit, half-light, shadow, deep line
    ("#f0cba2", "#d79c6c", "#a9663f", "#5f3422"),
    ("#e8bb8c", "#c98a58", "#975533", "#54301f"),
    ("#f5d6b3", "#dda77a", "#b3714c", "#673a28"),
    ("#dca878", "#b87847", "#84492c", "#482719"),
]

# Where the middle of each face stands, and how large it is: the last in front.
PLACES = {
    1: ((50.0, 50.0, 1.0),),
    2: ((63.5, 50.0, 0.86), (36.0, 56.0, 0.84)),
    3: ((27.5, 45.5, 0.76), (72.5, 48.0, 0.76), (50.0, 67.0, 0.8)),
}


@dataclass(frozen=True)
class Person:
    """A dozen words about someone: enough to cut a portrait from."""

    age: int = 40
    woman: bool = False
    hair: str = "short"
    hat: str | None = None
    clothes: str = "jacket"
    cloth: str = "indigo"
    glasses: bool = False
    beard: str | None = None  # "goatee" or "moustache"
    skin: int | None = None


def portrait(
    seed: int,
    people: Sequence[Person],
    *,
    ground: str,
    behind: str,
    mirrored: bool = False,
    width: int = 480,
) -> Image.Image:
    """One to three people before a backdrop, all in the same light."""
    p = Print(width, 1.25, seed)
    skins = [p.chance.randrange(3) if one.skin is None else one.skin for one in people]
    backdrop(p, ground, behind)
    for one, skin, (x, y, zoom) in zip(people, skins, PLACES[len(people)], strict=True):
        with p.placed(x, y, zoom):
            _Bust(p, one, skin).draw()
    return p.finish(mirrored, closer=0.1)


class _Bust:
    def __init__(self, p: Print, person: Person, skin: int) -> None:
        chance = p.chance
        self.p, self.person = p, person
        self.lit, self.half, self.dark, self.deep = SKINS[skin]
        self.child = person.age < 16
        old = 0.04 if person.age > 60 else 0
        width = (13.6 if person.woman else 14.8) + chance.uniform(-0.5, 0.7)
        height = (19.6 if person.woman else 20.6) + chance.uniform(-0.6, 0.8)
        self.head = Frame(50, 55, 14.6, 18.2) if self.child else Frame(50, 50, width, height)
        self.jaw = (0.70 if person.woman else 0.82) + chance.uniform(-0.04, 0.05) + old
        self.face = self.head.moved(-chance.uniform(0.05, 0.16))  # turned a little to the light
        colour = "white" if person.age > 68 else "iron" if person.age > 52 else "black"
        self.hair_dark, self.hair_lit = HAIRS[colour]
        self.cloth: Cloth = CLOTHS[person.cloth]
        self.base = self.head.y + self.head.h * 1.16  # where the neck meets the collar

    def draw(self) -> None:
        self._hanging_hair()
        self._body()
        self._skull()
        self._shadows()
        self._features()
        self._years()
        self._beard()
        self._hair_and_hat()

    def _hanging_hair(self) -> None:
        hang_hair(self.p, self.person.hair, self.head, self.hair_dark, self.hair_lit)

    def _body(self) -> None:
        p, x, y, neck = self.p, self.head.x, self.base, self.head.w
        wide = 27 if self.child else 33 if self.person.woman else 38
        w = wide + p.chance.uniform(-1, 2)
        right = [(0.55, 5), (0.93, 13), (1.12, 30), (1.2, 132 - y)]
        shoulders = [(x - neck * 0.62, y - 3)]
        shoulders += [(x - w * a, y + b) for a, b in right]
        shoulders += [(x + w * a, y + b) for a, b in reversed(right)]
        shoulders += [(x + neck * 0.62, y - 3)]
        body = p.mask(spline(shoulders))
        p.blob(shoulders, self.cloth.mid)
        p.fill(
            [(x + 6, y - 6), (x + 13, y + 18), (x + 9, 132), (110, 132), (110, y - 6)],
            self.cloth.dark,
            body,
        )
        for k in range(11):  # the knife's marks where light turns to shade
            mark = Frame(x + 12 - abs(k - 3) * 0.35, y + 10 + k * 4.1, 1, 1)
            p.cut(mark(f"3,0 -2,0.6 {-6 - p.chance.uniform(0, 4)},1.6"), 1.3, self.cloth.dark, body)
        for k in range(5):
            fold = Frame(x, y + 9 + k * 6, -w, 1)
            p.cut(
                fold(f"{0.94 + k * 0.035},0 {0.86 + k * 0.03},4 0.84,9"), 1.2, self.cloth.lit, body
            )
        for side, reach in ((-1, 0.62), (1, 0.7)):  # where the arm leaves the body
            arm = Frame(x, y, w * side, 1)
            tone = self.cloth.dark if side < 0 else shade(self.cloth.dark, 0.8)
            p.cut(arm(f"0.72,24 {reach},40 {reach + 0.03},{131 - y}"), 1.1, tone, body)
        self._neck()
        DRESS[self.person.clothes](p, Wearer(x, y, neck, body, self.cloth))

    def _neck(self) -> None:
        p, x, y = self.p, self.head.x, self.base
        w = self.head.w * 0.72
        outline = self.head("-0.56,0.5 -0.58,1.0")
        outline += [(x - w, y + 2), (x, y + 9), (x + w, y + 2), *self.head("0.58,1.0 0.56,0.5")]
        neck = p.mask(outline)
        p.fill(outline, self.half)
        shadow = self.head("-0.5,0.7 -0.16,1.02")
        p.fill([*shadow, (x - 1, y + 9), (x + 20, y + 9), (x + 20, self.head.y)], self.dark, neck)
        p.blob(self.head("-0.6,0.8 0,1.16 0.7,0.9 0.4,0.5 -0.3,0.5"), self.deep, neck)

    def _skull(self) -> None:
        for side in (-1, 1):
            ear = self.head.flipped(side)("0.94,-0.1 1.13,-0.12 1.14,0.14 0.98,0.3")
            self.p.blob(ear, self.lit if side < 0 else self.dark)
        j = self.jaw
        outline = self.head(
            f"0,-1 0.55,-0.93 0.92,-0.55 1,-0.1 0.96,0.25 {j},0.6 {j * 0.66},0.86 0.2,1 -0.2,1 "
            f"{-j * 0.66},0.86 {-j},0.6 -0.96,0.25 -1,-0.1 -0.92,-0.55 -0.55,-0.93"
        )
        self.skull = self.p.mask(spline(outline))
        self.p.blob(outline, self.lit)

    def _shadows(self) -> None:
        """Half-light, then shadow: the light of one lamp."""
        p, face, skull = self.p, self.face, self.skull
        half = face(
            "0.38,-1.2 0.46,-0.6 0.24,-0.24 0.2,0 0.16,0.36 0.34,0.5 0.28,0.72 0,0.92 -0.1,1.2 "
            "1.6,1.2 1.6,-1.2"
        )
        p.fill(spline(half), self.half, skull)
        dark = face(
            "0.66,-1.2 0.78,-0.5 0.72,-0.1 0.86,0.16 0.66,0.46 0.56,0.74 0.2,0.97 0.1,1.2 "
            "1.6,1.2 1.6,-1.2"
        )
        p.fill(spline(dark), self.dark, skull)
        for k in range(9):
            y = -0.42 + k * 0.145
            x = 0.74 if y < 0.1 else 0.86 - (y - 0.1) * 0.42
            line = face(f"{x + 0.16},{y} {x - 0.02},{y + 0.015} {x - 0.26},{y + 0.05}")
            p.cut(line, 0.75, self.dark, skull)
        j = self.jaw
        edge = self.head(f"-0.93,-0.62 -1,-0.1 -0.95,0.27 {-j},0.6 {-j * 0.6},0.9 -0.1,1")
        p.cut(edge, 1.5, self.half, skull)

    def _features(self) -> None:
        p, face, skull = self.p, self.face, self.skull
        smile = p.chance.uniform(0.02, 0.06)
        for side in (-1, 1):
            self._eye(side)
        nose = face("0.06,-0.16 0.1,0.1 0.2,0.33 0.11,0.4 -0.02,0.36 0.03,0.1")
        p.fill(spline(nose), self.dark, skull)
        p.cut(face("-0.17,0.36 -0.03,0.415 0.16,0.375"), 0.8, self.deep)
        p.cut(face(f"-0.3,{0.6 - smile} 0,0.63 0.31,{0.595 - smile}"), 1.15, self.deep)
        if self.person.woman:
            p.blob(face("-0.19,0.63 0,0.645 0.2,0.625 0,0.71"), "#a9533f")
        p.cut(face("-0.15,0.75 0.02,0.77 0.18,0.745"), 0.8, self.dark)

    def _eye(self, side: int) -> None:
        p, person = self.p, self.person
        eye = self.face.moved(side * 0.43)
        lid = blend(self.lit, self.half, 0.55) if side < 0 else blend(self.half, self.dark, 0.6)
        p.blob(eye("-0.24,-0.09 0,-0.17 0.24,-0.09 0.17,0.06 -0.17,0.06"), lid, self.skull)
        inner, outer = (-0.14, -0.2) if side < 0 else (-0.2, -0.14)
        brow = eye(f"-0.27,{inner} 0,-0.235 0.27,{outer}")
        fine = person.woman or self.child
        p.cut(brow, 1.0 if fine else 1.7, self.hair_dark if person.age <= 68 else "#9a9186")
        p.cut(eye("-0.21,0.015 -0.02,-0.045 0.2,0.02"), 1.25, self.deep)
        p.cut(eye("-0.14,0.075 0,0.1 0.15,0.07"), 0.5, self._line(side))

    def _line(self, side: int) -> str:
        return self.dark if side < 0 else self.deep

    def _years(self) -> None:
        p, age, skull = self.p, self.person.age, self.skull
        for side in (-1, 1):
            cheek = Frame(self.face.x, self.face.y, self.face.w * side, self.face.h)
            if age > 44:
                p.cut(cheek("0.24,0.37 0.42,0.5 0.43,0.64"), 0.65, self._line(side), skull)
            if age > 56:
                for k in (-1, 0, 1):
                    lines = f"0.7,{0.02 + k * 0.03} 0.78,{0.02 + k * 0.07} 0.87,{0.02 + k * 0.12}"
                    p.cut(cheek(lines), 0.45, self._line(side), skull)
        if age > 56 and self.person.hat is None:
            for k in range(3):
                brow = self.face(
                    f"-0.5,{-0.44 - k * 0.1} 0,{-0.47 - k * 0.1} 0.45,{-0.43 - k * 0.1}"
                )
                p.cut(brow, 0.5, self.half if k else self.dark, skull)

    def _beard(self) -> None:
        if self.person.beard is None:
            return
        p, face = self.p, self.face
        colour = "#d8d1c5" if self.person.age > 68 else "#6b6158"
        if self.person.beard == "moustache":
            colour = self.hair_dark
            lip = "-0.37,0.55 -0.2,0.46 0,0.45 0.2,0.455 0.37,0.54 0.18,0.515 0,0.505 -0.18,0.52"
            p.blob(face(lip), colour)
            return
        p.blob(face("-0.34,0.82 0,0.78 0.34,0.82 0.26,1.1 0.02,1.38 -0.22,1.12"), colour)
        for k in range(5):
            hairs = f"{-0.2 + k * 0.1},0.86 {-0.16 + k * 0.08},1.05 {-0.06 + k * 0.04},1.26"
            p.cut(face(hairs), 0.5, shade(colour, 0.78))
        p.cut(face("-0.36,0.56 0,0.5 0.36,0.55"), 1.5, colour)

    def _hair_and_hat(self) -> None:
        person = self.person
        head = Head(self.head, self.skull, self.hair_dark, self.hair_lit, person.age, self.cloth)
        HAIR[person.hair](self.p, head)
        if person.glasses:
            self._glasses()
        if person.hat is not None:
            HATS[person.hat](self.p, head)

    def _glasses(self) -> None:
        p, face = self.p, self.face
        for side in (-1, 1):
            lens = face.moved(side * 0.43)
            ring = spline(lens("-0.31,-0.08 0,-0.13 0.31,-0.08 0.29,0.14 0,0.2 -0.29,0.14"))
            p.line([*ring, ring[0]], 0.75, INK)
        p.cut(face("-0.14,-0.02 0,-0.06 0.14,-0.02"), 0.9, INK)
        for side in (-1, 1):
            temple = [
                *face(f"{side * 0.72},-0.03 {side * 0.86},-0.05"),
                *self.head(f"{side * 1.02},-0.04"),
            ]
            p.cut(temple, 0.9, INK)
