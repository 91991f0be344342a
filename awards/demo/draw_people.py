"""Draw the demonstration's people and places: cut-paper prints, lit by one warm lamp.

Nobody here exists. Every picture follows from its number and a dozen plain words, so that the
season looks the same on every machine:  python3 -m awards.demo.draw_people [folder]

To extend the cast: a new trade each time, no two neighbours on one ground.
"""

import sys
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image

from awards.demo.drawing.people import Person, portrait
from awards.demo.drawing.places import place

LARGEST = 12_288  # bytes
PICTURES = Path(__file__).parent / "pictures"


@dataclass(frozen=True)
class Portrait:
    people: tuple[Person, ...]
    ground: str
    behind: str
    mirrored: bool = False


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, what in CAST.items():
        (folder / f"{name}.webp").write_bytes(_webp(draw(name, what)))


def draw(name: str, what: Portrait | str) -> Image.Image:
    seed = int(name.split("-")[0])
    if isinstance(what, str):
        return place(seed, what)
    return portrait(
        seed, what.people, ground=what.ground, behind=what.behind, mirrored=what.mirrored
    )


def _webp(picture: Image.Image) -> bytes:
    """As fine as twelve kilobytes allow: the whole cast has to travel with the program."""
    out = BytesIO()
    for quality in (72, 64, 56, 48):
        out = BytesIO()
        picture.save(out, "WEBP", quality=quality, method=6)
        if out.tell() <= LARGEST:
            break
    return out.getvalue()


def _one(person: Person, ground: str, behind: str, mirrored: bool = False) -> Portrait:
    return Portrait((person,), ground, behind, mirrored)


CAST: dict[str, Portrait | str] = {
    "01-soup-cook": _one(
        Person(age=63, woman=True, hair="perm", clothes="apron", cloth="plum"), "brick", "steam"
    ),
    "02-ferryman": _one(
        Person(age=71, hat="straw", clothes="shirt", beard="goatee", skin=3), "river", "waves"
    ),
    "03-village-doctor": _one(
        Person(age=58, glasses=True, clothes="coat", cloth="white"), "snow", "lattice"
    ),
    "04-courier": _one(
        Person(age=27, hat="helmet", clothes="vest", cloth="teal"), "dusk", "rain", mirrored=True
    ),
    "05-teacher": _one(
        Person(age=34, woman=True, hair="bob", clothes="sweater", cloth="straw", glasses=True),
        "bamboo",
        "books",
    ),
    "06-road-sweeper": _one(
        Person(age=55, woman=True, hair="bob", hat="cap", clothes="vest", cloth="orange", skin=1),
        "lamp",
        "street",
    ),
    "07-carpenter": _one(
        Person(age=49, clothes="apron", cloth="brown", skin=3), "wheat", "lattice"
    ),
    "08-nurse": _one(
        Person(age=29, woman=True, hair="bun", hat="nurse", clothes="coat", cloth="white"),
        "river",
        "bridge",
        mirrored=True,
    ),
    "09-old-soldier": _one(Person(age=88, hat="cap", cloth="green"), "bamboo", "hills"),
    "10-farmer": _one(
        Person(age=52, hat="straw", clothes="shirt", cloth="white", skin=3),
        "wheat",
        "wheat",
        mirrored=True,
    ),
    "11-daughter": _one(
        Person(age=41, woman=True, hair="ponytail", clothes="padded", cloth="red"),
        "plum",
        "branch",
    ),
    "12-builder": _one(
        Person(age=37, hat="hard", clothes="vest", cloth="orange", skin=1), "dusk", "street"
    ),
    "13-librarian": _one(Person(age=66, hair="bald", glasses=True, cloth="grey"), "lamp", "books"),
    "14-student": _one(
        Person(age=14, woman=True, hair="braids", clothes="shirt", cloth="white", skin=2),
        "river",
        "hills",
    ),
    "15-bicycle-mender": _one(
        Person(age=60, hair="bald", clothes="apron", skin=1), "brick", "wheel", mirrored=True
    ),
    "16-shopkeeper": _one(
        Person(age=46, woman=True, hair="bun", clothes="sweater", cloth="teal"),
        "plum",
        "lattice",
    ),
    "17-embroiderer": _one(
        Person(age=76, woman=True, hair="bun", hat="kerchief", clothes="padded"),
        "snow",
        "branch",
    ),
    "18-social-worker": _one(
        Person(age=31, clothes="vest", cloth="red", glasses=True),
        "bamboo",
        "bamboo",
        mirrored=True,
    ),
    "19-bridge-in-the-evening": "bridge",
    "20-wheat-harvest": "field",
    "21-lane-after-work": "lane",
    "22-evening-class": "classroom",
    "23-soup-stall": "stall",
    "24-volunteers-at-the-river": "volunteers",
    "25-naan-baker": _one(
        Person(age=38, hat="doppa", clothes="apron", cloth="white", beard="moustache", skin=1),
        "brick",
        "breads",
    ),
    "26-sluice-keepers": Portrait(
        (
            Person(age=57, hat="knit", clothes="lifejacket", cloth="grey", skin=3),
            Person(age=54, woman=True, hair="bun", clothes="lifejacket", cloth="teal", skin=1),
        ),
        "river",
        "sluice",
    ),
    "27-bus-driver": _one(
        Person(age=44, woman=True, hair="bob", hat="peaked", clothes="uniform", cloth="white"),
        "lamp",
        "bus",
        mirrored=True,
    ),
    "28-saturday-team": Portrait(
        (
            Person(age=61, hat="cap", clothes="vest", cloth="red", skin=1),
            Person(age=46, woman=True, hair="perm", clothes="vest", cloth="orange", skin=0),
            Person(age=23, woman=True, hair="ponytail", clothes="vest", cloth="red", skin=2),
        ),
        "bamboo",
        "hills",
    ),
    "29-lift-mechanic": _one(
        Person(age=33, woman=True, hair="cropped", hat="lamp", clothes="overalls", cloth="grey"),
        "dusk",
        "shaft",
    ),
    "30-orchardist": _one(
        Person(age=51, hat="cap", clothes="padded", cloth="brown", skin=3),
        "bamboo",
        "orchard",
        mirrored=True,
    ),
    "31-barber": _one(
        Person(age=35, hair="swept", clothes="smock", cloth="white", skin=2), "plum", "mirror"
    ),
    "32-forest-ranger": _one(
        Person(age=59, hat="brim", clothes="field", cloth="green", skin=1), "snow", "pines"
    ),
    "33-taxi-driver": _one(
        Person(age=48, glasses=True, beard="moustache", clothes="sweater", cloth="brown", skin=0),
        "dusk",
        "street",
        mirrored=True,
    ),
    "34-river-patrol": "patrol",
    "35-village-library": "library",
    "36-fire-drill": "fire drill",
    "37-pear-orchard": "orchard",
    "38-winter-coats": "coats",
    "39-hospital-corridor": "corridor",
    "40-school-gate-in-the-rain": "gate",
    "41-bread-wall": "bread wall",
}


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURES)
