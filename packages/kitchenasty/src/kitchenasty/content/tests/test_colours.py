"""Whatever colour an owner likes, words stay readable: every hue, weak and strong."""

from __future__ import annotations

import colorsys
import re
from pathlib import Path

import pytest

import kitchenasty
from kitchenasty.content.colours import LEAST_CONTRAST, contrasts_of, tone_of
from kitchenasty.content.themes import THEMES

THEMES_CSS = Path(kitchenasty.__file__).parent / "kit" / "static" / "css" / "themes.css"
TOKENS = re.compile(
    r'\[data-theme="(\w+)"\] \{ --hue: ([\d.]+); --chroma: ([\d.]+);'
    r" --hue-2: ([\d.]+); --chroma-2: ([\d.]+);"
)


def all_over_the_wheel() -> list[str]:
    """Bright, dull, pale and dark ones of every hue, and greys."""
    found = ["#000000", "#ffffff", "#808080", "#ffff00", "#00ff00", "#0000ff"]
    for hue in range(0, 360, 5):
        for lightness in (0.15, 0.5, 0.9):
            for saturation in (0.2, 1.0):
                parts = colorsys.hls_to_rgb(hue / 360, lightness, saturation)
                found.append("#" + "".join(f"{round(255 * part):02x}" for part in parts))
    return found


def test_no_colour_makes_words_unreadable() -> None:
    colours = all_over_the_wheel()
    worst = min(one.ratio for colour in colours for one in contrasts_of(tone_of(colour)))
    assert len(colours) > 400
    assert worst > LEAST_CONTRAST, worst


@pytest.mark.parametrize(
    ("colour", "hue"), [("#ff0000", 29.2), ("#0000ff", 264.1), ("#00ff00", 142.5)]
)
def test_a_colour_keeps_its_hue(colour: str, hue: float) -> None:
    assert tone_of(colour).hue == pytest.approx(hue, abs=0.2)


def test_a_grey_has_no_chroma() -> None:
    assert tone_of("#777777").chroma == 0


def test_the_stylesheet_has_the_colours_of_the_themes() -> None:
    written = {
        name: tuple(map(float, tokens)) for name, *tokens in TOKENS.findall(THEMES_CSS.read_text())
    }
    reckoned = {}
    for name, (_, primary, secondary) in THEMES.items():
        first, second = tone_of(primary), tone_of(secondary)
        reckoned[name] = (first.hue, first.chroma, second.hue, second.chroma)
    assert written == reckoned
    assert len(written) == 10
