"""An owner's colour as hue and chroma, and the contrasts that come of it. Pure.

Lightness is ours (kit/static/css/tokens.css), so that no colour can make words unreadable. The
numbers are those of OKLab (Björn Ottosson, 2020) and of WCAG 2.2, success criterion 1.4.3.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

CHROMA_MAX = 0.165
STEP = 0.001
LEAST_CONTRAST = 4.5
PAPER_HUE, PAPER_CHROMA = 80.0, 0.011

Rgb = tuple[float, float, float]
"""Linear light, 0 to 1 where a screen can show it."""


@dataclass(frozen=True, slots=True)
class Tone:
    """A colour without its lightness: `hue` in degrees, `chroma` as OKLCH has it."""

    hue: float
    chroma: float


@dataclass(frozen=True, slots=True)
class Shade:
    """A role of the stylesheet: its lightness, and how much of the owner's chroma it takes."""

    lightness: float
    share: float


@dataclass(frozen=True, slots=True)
class Contrast:
    """How well words can be read somewhere; `scheme` is `light` or `dark`."""

    where: str
    scheme: str
    ratio: float


ACCENT = {"light": Shade(0.485, 1.0), "dark": Shade(0.765, 0.85)}
STRONG = {"light": Shade(0.425, 1.0), "dark": Shade(0.825, 0.75)}
WASH = {"light": Shade(0.945, 0.22), "dark": Shade(0.295, 0.35)}
PAGE = {
    "light": (0.978, PAPER_CHROMA, PAPER_HUE),
    "dark": (0.185, 0.011, PAPER_HUE),
}
SUNKEN = {
    "light": (0.953, PAPER_CHROMA * 1.25, PAPER_HUE),
    "dark": (0.262, 0.014, PAPER_HUE),
}
ON_ACCENT = {"light": (0.99, 0.006), "dark": (0.19, 0.03)}
SCHEMES = ("light", "dark")


def tone_of(hexadecimal: str) -> Tone:
    """Hue and chroma of `#rrggbb`, the chroma held to what every shade of it can show."""
    red, green, blue = (linear(int(hexadecimal[at : at + 2], 16) / 255) for at in (1, 3, 5))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    hue = round(math.degrees(math.atan2(b, a)) % 360, 1)
    return Tone(hue, round(min(math.hypot(a, b), chroma_max(hue)), 3))


def chroma_max(hue: float) -> float:
    """The most chroma of this hue with which every shade stays one that screens can show; what
    lies outside, browsers bring back in ways that change its lightness.
    """
    shades = [*ACCENT.values(), *STRONG.values(), *WASH.values()]
    chroma = CHROMA_MAX
    while chroma > STEP and not all(
        is_shown(rgb_of(shade.lightness, chroma * shade.share, hue)) for shade in shades
    ):
        chroma -= STEP
    return chroma


def contrasts_of(tone: Tone) -> list[Contrast]:
    """Where words stand on the owner's colour or in it, the worst of each kind of place."""
    found = []
    for scheme in SCHEMES:
        accent, strong, wash = (shaded(one[scheme], tone) for one in (ACCENT, STRONG, WASH))
        words = rgb_of(*ON_ACCENT[scheme], tone.hue)
        found += [
            Contrast("button", scheme, ratio_of(words, accent)),
            Contrast("link", scheme, ratio_of(accent, rgb_of(*PAGE[scheme]))),
            Contrast("link", scheme, ratio_of(accent, rgb_of(*SUNKEN[scheme]))),
            Contrast("badge", scheme, ratio_of(strong, wash)),
        ]
    worst: dict[tuple[str, str], Contrast] = {}
    for one in found:
        known = worst.get((one.where, one.scheme))
        if known is None or one.ratio < known.ratio:
            worst[one.where, one.scheme] = one
    return list(worst.values())


def shaded(shade: Shade, tone: Tone) -> Rgb:
    return rgb_of(shade.lightness, tone.chroma * shade.share, tone.hue)


def rgb_of(lightness: float, chroma: float, hue: float) -> Rgb:
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def hexadecimal_of(shade: Shade, tone: Tone) -> str:
    """`#rrggbb` of a shade, for those who read no OKLCH: manifests and mail programs."""
    parts = (round(255 * encoded(min(1.0, max(0.0, part)))) for part in shaded(shade, tone))
    return "#" + "".join(f"{part:02x}" for part in parts)


def is_shown(rgb: Rgb) -> bool:
    return all(-1e-4 <= part <= 1.0001 for part in rgb)


def ratio_of(one: Rgb, other: Rgb) -> float:
    """WCAG's contrast, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(rgb: Rgb) -> float:
    red, green, blue = (min(1.0, max(0.0, part)) for part in rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else math.pow((part + 0.055) / 1.055, 2.4)


def encoded(part: float) -> float:
    return part * 12.92 if part <= 0.0031308 else 1.055 * math.pow(part, 1 / 2.4) - 0.055
