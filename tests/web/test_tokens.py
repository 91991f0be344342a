"""The palette keeps its promises: every pair that carries words can be read, in each mode."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "static" / "css"
TOKENS = (CSS / "tokens.css").read_text("utf-8")
COMPONENTS = sorted(path for path in CSS.glob("*.css") if path.name != "tokens.css")

TEXT, CONTROL, CARE = 4.5, 3.0, 7.0
# One line a ground: the pigments that write on it.
GROUNDS = {
    "paper": "ink ink-2 ink-3 cinnabar indigo gold",
    "sheet": "ink-2 ink-3",
    "well": "ink-3",
    "cinnabar-wash": "cinnabar",
    "cinnabar-fill": "white",
    "cinnabar-deep": "white",
    "indigo-wash": "indigo",
    "bamboo-wash": "bamboo",
    "ochre-wash": "ochre",
    "rouge-wash": "rouge",
    "gold-wash": "gold",
    "lacquer": "candle candle-2",
}
TEXT_PAIRS = [(front, back) for back, fronts in GROUNDS.items() for front in fronts.split()]
CONTROL_PAIRS = [("stroke", "paper"), ("stroke", "sheet"), ("cinnabar-fill", "paper")]


def palette(selector: str, css: str = TOKENS) -> dict[str, str]:
    """The pigments that the first rule with this selector sets."""
    rule = re.search(re.escape(selector) + r" \{(.*?)\n\s*\}", css, re.DOTALL)
    assert rule, selector
    return dict(re.findall(r"--p-([a-z0-9-]+): (#[0-9a-f]{3,6});", rule[1]))


LIGHT = palette(":root")
DARK = LIGHT | palette(':root[data-theme="dark"]')
ASKED = TOKENS[TOKENS.index("(prefers-contrast: more)") :]
HIGH = LIGHT | palette(":root", ASKED)
HIGH_DARK = LIGHT | palette(':root[data-theme="dark"]', ASKED)
CARED = palette(':root[data-mode="care"]')
MODES = {
    "light": LIGHT, "dark": DARK, "care": LIGHT | CARED,
    "high contrast": HIGH, "dark high contrast": HIGH_DARK,
}  # fmt: skip


def luminance(colour: str) -> float:
    """WCAG 2: relative luminance of `#rgb` or `#rrggbb`."""
    digits = "".join(each * 2 for each in colour[1:]) if len(colour) == 4 else colour[1:]
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2: between 1 and 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_of_black_and_white_is_21() -> None:
    assert round(contrast("#000", "#ffffff"), 1) == 21.0


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("front", "back"), TEXT_PAIRS)
def test_words_can_be_read(front: str, back: str, mode: str) -> None:
    pigments = MODES[mode]

    assert contrast(pigments[front], pigments[back]) >= (CARE if mode == "care" else TEXT)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("front", "back"), CONTROL_PAIRS)
def test_controls_can_be_seen(front: str, back: str, mode: str) -> None:
    pigments = MODES[mode]

    assert contrast(pigments[front], pigments[back]) >= CONTROL


def test_dark_is_the_same_by_choice_and_by_system() -> None:
    chosen, system = ':root[data-theme="dark"]', ':root:not([data-theme="light"])'

    assert palette(system) == palette(chosen)
    assert palette(system, ASKED) == palette(chosen, ASKED)


def test_dark_replaces_every_ink_of_care_mode() -> None:
    chosen = ':root[data-theme="dark"]'

    assert CARED.keys() <= palette(chosen).keys()
    assert TOKENS.index(':root[data-mode="care"]') < TOKENS.index(":root:not([data-theme")


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.name)
def test_component_names_meanings_that_exist(path: Path) -> None:
    css = path.read_text("utf-8")
    defined = set(re.findall(r"(--[a-z0-9-]+):", TOKENS + css))

    assert not re.findall(r"var\(--p-", css)
    assert set(re.findall(r"var\((--[a-z0-9-]+)\)", css)) <= defined
    assert "@layer " in css
