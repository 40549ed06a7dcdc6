"""Drinks as drawings: glass, ice and bubbles are outlines and light, which a relief cannot show.

`python tools/pictures/drinks.py FOLDER [slug ...]`, with the project's own environment: Chromium
draws the SVG. What is laid by chance (bubbles) is seeded, so a picture comes out the same again.
"""

import asyncio
import io
import math
import random
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.async_api import async_playwright

WIDTH, HEIGHT = 640, 480
QUALITY = 86
SHINE = 'stroke="white" stroke-linecap="round" fill="none"'
FILTERS = """
<filter id="soft" x="-30%" y="-30%" width="160%" height="160%">
<feGaussianBlur stdDeviation="9"/></filter>
<filter id="near" x="-30%" y="-30%" width="160%" height="160%">
<feGaussianBlur stdDeviation="3"/></filter>
<filter id="cloud" x="-60%" y="-60%" width="220%" height="220%">
<feGaussianBlur stdDeviation="7" result="blurred"/>
<feTurbulence type="fractalNoise" baseFrequency=".02 .035" numOctaves="3" seed="5"/>
<feDisplacementMap in="blurred" scale="46"/></filter>
<filter id="wood" x="0" y="0" width="100%" height="100%">
<feTurbulence type="fractalNoise" baseFrequency=".004 .11" numOctaves="3" seed="5"/>
<feColorMatrix values="0 0 0 0 .28  0 0 0 0 .15  0 0 0 0 .06  0 0 0 1.6 -.62"/></filter>
<filter id="blot" x="0" y="0" width="100%" height="100%">
<feTurbulence type="fractalNoise" baseFrequency=".02" numOctaves="3" seed="4"/>
<feColorMatrix values="0 0 0 0 1  0 0 0 0 1  0 0 0 0 1  0 0 0 .5 -.2"/></filter>
<filter id="grain" x="0" y="0" width="100%" height="100%">
<feTurbulence type="fractalNoise" baseFrequency=".9" numOctaves="2" seed="3"/>
<feColorMatrix values="0 0 0 0 0  0 0 0 0 0  0 0 0 0 0  0 0 0 .55 -.18"/></filter>
"""
PLANKS = ("#a87346", "#a16c40", "#ad784a", "#a47043", "#aa7547", "#a36e42")


def sheet(paint: str) -> str:
    return f'<rect width="{WIDTH}" height="{HEIGHT}" {paint}/>'


def wood() -> str:
    planks = "".join(
        f'<rect y="{y}" width="{WIDTH}" height="98" fill="{colour}"/>'
        f'<rect y="{y + 96}" width="{WIDTH}" height="2.5" fill="#6d4525" opacity=".7"/>'
        for y, colour in zip(range(-20, HEIGHT, 98), PLANKS, strict=False)
    )
    return planks + sheet('filter="url(#wood)"')


def cloth(colour: str, blots: float, grain: float) -> str:
    return (
        sheet(f'fill="{colour}"')
        + sheet(f'filter="url(#blot)" opacity="{blots}"')
        + sheet(f'filter="url(#grain)" opacity="{grain}"')
    )


def shadow(x: float, y: float, r: float, far: float) -> str:
    return (
        f'<circle cx="{x + far}" cy="{y + far * 1.2}" r="{r * 1.03}" fill="#000" opacity=".35" '
        'filter="url(#soft)"/>'
    )


def arc(x: float, y: float, r: float, start: float, end: float) -> str:
    """A part of a circle in degrees, clockwise from the right."""
    (x1, y1), (x2, y2) = (
        (x + r * math.cos(math.radians(a)), y + r * math.sin(math.radians(a))) for a in (start, end)
    )
    return f"M{x1:.1f} {y1:.1f} A{r:.1f} {r:.1f} 0 0 1 {x2:.1f} {y2:.1f}"


def disc(x: float, y: float, r: float, colour: str, edge: str, rings: tuple[float, ...]) -> str:
    """A board, a slate or a saucer."""
    turned = "".join(
        f'<circle cx="{x}" cy="{y}" r="{r * ring}" fill="none" stroke="{edge}" opacity=".4" '
        'stroke-width="2"/>'
        for ring in rings
    )
    return (
        shadow(x, y, r, 15)
        + f'<circle cx="{x}" cy="{y}" r="{r}" fill="{colour}" stroke="{edge}" stroke-width="5"/>'
        + turned
        + f'<path d="{arc(x, y, r * 0.94, 220, 282)}" {SHINE} stroke-width="6" opacity=".4"/>'
    )


def board(x: float, y: float) -> str:
    return disc(x, y, 186, "#b9854f", "#8d5c31", (0.93, 0.84, 0.74))


def slate(x: float, y: float) -> str:
    return disc(x, y, 196, "#454d56", "#2f363d", (0.93, 0.84))


def saucer(x: float, y: float) -> str:
    return disc(x, y, 194, "#f3efe6", "#d9d2c2", (0.72,))


def glass(x: float, y: float, r: float, inner: str, outer: str, content: str) -> str:
    """A glass from above, `content` floating in it."""
    inside = r * 0.88
    drink = f'<circle cx="{x}" cy="{y}" r="{inside}"'
    return (
        shadow(x, y, r, 27) + f'<circle cx="{x}" cy="{y}" r="{r}" fill="white" opacity=".34"/>'
        f'<defs><radialGradient id="drink" cx=".46" cy=".42" r=".62">'
        f'<stop offset="0" stop-color="{inner}"/><stop offset=".72" stop-color="{inner}"/>'
        f'<stop offset="1" stop-color="{outer}"/></radialGradient>'
        f'<clipPath id="inside">{drink}/></clipPath></defs>'
        f'{drink} fill="url(#drink)"/><g clip-path="url(#inside)">{content}</g>'
        f'{drink} fill="none" stroke="#000" stroke-width="5" opacity=".16"/>'
        f'<circle cx="{x}" cy="{y}" r="{r}" fill="none" stroke="white" stroke-width="3" '
        f'opacity=".75"/><path d="{arc(x, y, r * 0.945, 212, 267)}" {SHINE} stroke-width="9" '
        f'opacity=".85"/><path d="{arc(x, y, r * 0.945, 32, 63)}" {SHINE} stroke-width="6" '
        f'opacity=".55"/>'
    )


def ice(x: float, y: float, size: float, turn: float) -> str:
    half, round_ = size / 2, size * 0.2
    box = f'x="{-half}" y="{-half}" width="{size}" height="{size}" rx="{round_}"'
    return (
        f'<g transform="translate({x} {y}) rotate({turn})"><rect {box} fill="white" opacity=".28"/>'
        f'<rect {box} fill="none" stroke="white" stroke-width="2.2" opacity=".7"/>'
        f'<g transform="scale(.6)"><rect {box} fill="white" opacity=".22"/></g>'
        f'<path d="M{-size * 0.38} {-size * 0.1} Q{-size * 0.36} {-size * 0.36} '
        f'{-size * 0.06} {-size * 0.38}" {SHINE} stroke-width="4" opacity=".9"/></g>'
    )


def bubbles(x: float, y: float, r: float, count: int, chance: random.Random) -> str:
    """Most of them at the glass, as they do."""
    drawn = ""
    for _ in range(count):
        turn = chance.random() * math.tau
        is_free = chance.random() < 0.45
        away = r * (math.sqrt(chance.random()) if is_free else 0.9 + 0.1 * chance.random())
        size = chance.choice((2, 2.5, 3, 4, 5.5))
        at = f'cx="{x + away * math.cos(turn):.1f}" cy="{y + away * math.sin(turn):.1f}"'
        drawn += (
            f'<circle {at} r="{size}" fill="white" opacity=".28"/>'
            f'<circle {at} r="{size}" fill="none" stroke="white" stroke-width="1.1" opacity=".75"/>'
        )
    return drawn


def citrus(x: float, y: float, r: float, rind: str, flesh: str) -> str:
    segments = "".join(
        f'<path transform="rotate({turn})" d="M{r * 0.12} 0 L{r * 0.78} {-r * 0.2} '
        f'Q{r * 0.86} 0 {r * 0.78} {r * 0.2} Z" fill="{flesh}" stroke="{flesh}" '
        'stroke-width="3" stroke-linejoin="round"/>'
        for turn in range(12, 372, 40)
    )
    return (
        f'<g transform="translate({x} {y})">'
        f'<circle cx="3" cy="5" r="{r}" fill="#000" opacity=".22" filter="url(#near)"/>'
        f'<circle r="{r}" fill="{rind}"/><circle r="{r * 0.92}" fill="#fbf6df"/>{segments}'
        f'<path d="{arc(0, 0, r * 0.86, 228, 306)}" {SHINE} stroke-width="5" opacity=".45"/></g>'
    )


def leaf(x: float, y: float, size: float, turn: float, colour: str = "#3f8f3a") -> str:
    half = size * 0.34
    outline = (
        f"M0 0 C{size * 0.2} {-half} {size * 0.7} {-half} {size} 0 "
        f"C{size * 0.7} {half} {size * 0.2} {half} 0 0Z"
    )
    veins = "".join(
        f"M{size * at} 0 L{size * (at + 0.14)} {side * half * 0.62 * (1 - abs(at - 0.42))} "
        for at in (0.18, 0.34, 0.5, 0.66)
        for side in (1, -1)
    )
    return (
        f'<g transform="translate({x} {y}) rotate({turn})">'
        f'<path d="{outline}" transform="translate(2 6)" fill="#000" opacity=".25" '
        f'filter="url(#near)"/><path d="{outline}" fill="{colour}"/>'
        f'<path d="M0 0 C{size * 0.2} {-half} {size * 0.7} {-half} {size} 0Z" fill="white" '
        f'opacity=".14"/><path d="M0 0 L{size * 0.96} 0 {veins}" stroke="#246b2a" '
        'stroke-width="1.7" opacity=".8"/></g>'
    )


def straw(x: float, y: float, to: tuple[float, float], colour: str) -> str:
    """From in the glass to `to`, over the rim."""
    length = math.hypot(to[0] - x, to[1] - y)
    turn = math.degrees(math.atan2(to[1] - y, to[0] - x))
    stripes = "".join(
        f'<path d="M{20 * n} -8 l9 0 l7 16 l-9 0Z" fill="{colour}"/>'
        for n in range(int(length / 20))
    )
    return (
        f'<g transform="translate({x} {y}) rotate({turn})">'
        f'<rect x="6" y="2" width="{length}" height="16" rx="8" fill="#000" opacity=".25" '
        f'filter="url(#near)"/><rect y="-8" width="{length}" height="16" rx="7" fill="#f3f0e8"/>'
        f'{stripes}<rect y="-8" width="{length}" height="5" rx="3" fill="white" opacity=".5"/>'
        f'<rect y="4" width="{length}" height="4" rx="2" fill="#000" opacity=".14"/>'
        f'<ellipse cx="{length}" rx="4" ry="8" fill="#3a2c2a" opacity=".6"/></g>'
    )


def crown_cap(x: float, y: float) -> str:
    teeth = " ".join(
        f"{(19 + 3 * (n % 2)) * math.cos(n * math.pi / 21):.1f},"
        f"{(19 + 3 * (n % 2)) * math.sin(n * math.pi / 21):.1f}"
        for n in range(42)
    )
    return (
        f'<g transform="translate({x} {y})"><circle cx="5" cy="6" r="22" fill="#000" '
        f'opacity=".35" filter="url(#near)"/><polygon points="{teeth}" fill="#b23a1e"/>'
        '<circle r="15" fill="none" stroke="white" stroke-width="2" opacity=".35"/>'
        f'<path d="{arc(0, 0, 14, 214, 276)}" {SHINE} stroke-width="3.5" opacity=".7"/></g>'
    )


def bottle(x: float, y: float, turn: float) -> str:
    """Lying, with its neck to the right before it is turned."""
    outline = (
        "M6 -38 h144 q34 0 50 18 q8 6 22 6 h50 q6 0 6 5 v18 q0 5 -6 5 h-50 q-14 0 -22 6 "
        "q-16 18 -50 18 h-144 q-12 0 -12 -14 v-48 q0 -14 12 -14z"
    )
    return (
        f'<g transform="translate({x} {y}) rotate({turn})"><path d="{outline}" fill="#000" '
        f'transform="translate(12 20)" opacity=".35" filter="url(#soft)"/>'
        f'<path d="{outline}" fill="#4a2e14"/><path d="M6 -30 h144 q30 0 46 15 q10 6 24 6 h46" '
        f'{SHINE} stroke-width="6" opacity=".38"/>'
        '<rect x="36" y="-38" width="92" height="76" fill="#f0dfb4"/>'
        '<circle cx="82" r="22" fill="none" stroke="#7a3b16" stroke-width="3"/>'
        '<path d="M48 -24 h68 M48 28 h68" stroke="#7a3b16" stroke-width="3" opacity=".75"/></g>'
    )


def bean(x: float, y: float, turn: float) -> str:
    return (
        f'<g transform="translate({x} {y}) rotate({turn})"><ellipse cx="4" cy="5" rx="17" ry="12" '
        'fill="#000" opacity=".3" filter="url(#near)"/><ellipse rx="17" ry="12" fill="#4a2a18"/>'
        '<path d="M-15 0 q8 -5 15 0 t15 0" stroke="#22110a" stroke-width="3" fill="none"/>'
        f'<path d="M-9 -7 q8 -4 15 -1" {SHINE} stroke-width="2.5" opacity=".35"/></g>'
    )


def honey(x: float, y: float) -> str:
    """A small bowl with its dipper."""
    rings = "".join(
        f'<rect x="{9 * n - 22}" y="{2 * abs(n - 2) - 17}" width="6" '
        f'height="{32 - 4 * abs(n - 2)}" rx="3" fill="#b97c42"/>'
        for n in range(5)
    )
    return (
        shadow(x, y, 58, 12) + f'<g transform="translate({x} {y})">'
        '<circle r="58" fill="#f3efe6" stroke="#d9d2c2" stroke-width="4"/>'
        '<circle r="46" fill="#d98f1c" stroke="#a9690b" stroke-width="4"/>'
        f'<path d="{arc(0, 0, 36, 216, 280)}" stroke="#ffe3a1" stroke-width="8" fill="none" '
        'stroke-linecap="round"/><g transform="rotate(-38)">'
        '<rect x="20" y="-8" width="130" height="13" rx="6" fill="#a9703c"/>'
        f"{rings}</g></g>"
    )


def ginger_beer(chance: random.Random) -> str:
    x, y, r = 258, 238, 140
    cold = ice(x - 42, y - 34, 74, 18) + ice(x + 46, y - 8, 70, -24) + ice(x - 10, y + 56, 66, 40)
    content = bubbles(x, y, r * 0.86, 90, chance) + cold
    return (
        cloth("#56606a", 0.35, 0.25)
        + bottle(392, 330, -58)
        + board(x, y)
        + glass(x, y, r, "#e9bd62", "#b9802c", content)
        + citrus(x + 78, y + 82, 52, "#6f9f2d", "#c4dc73")
        + crown_cap(470, 392)
    )


def rhubarb_lemonade(chance: random.Random) -> str:
    x, y, r = 312, 240, 150
    pulp = f'<circle cx="{x - 20}" cy="{y - 10}" r="70" fill="#fbd0d2" filter="url(#cloud)"/>'
    cold = ice(x - 58, y + 20, 76, -14) + ice(x + 36, y - 54, 72, 30) + ice(x + 20, y + 66, 66, 10)
    content = pulp + bubbles(x, y, r * 0.86, 70, chance) + cold
    return (
        cloth("#e6dcc6", 0.5, 0.12)
        + slate(x, y)
        + glass(x, y, r, "#f08f9e", "#cf5a72", content)
        + citrus(x - 84, y - 78, 50, "#eac52f", "#f8e27a")
        + leaf(x + 70, y + 58, 64, -30)
        + leaf(x + 64, y + 62, 58, 46)
        + straw(x + 10, y + 24, (x + 206, y - 150), "#c9405c")
    )


def cold_brew(chance: random.Random) -> str:
    x, y, r = 320, 240, 146
    cream = (
        f'<path d="M{x - 70} {y - 50} q60 -60 120 0 q40 60 -30 90" stroke="#e9d3b4" fill="none" '
        'stroke-width="26" stroke-linecap="round" opacity=".75" filter="url(#cloud)"/>'
    )
    cold = ice(x - 52, y - 36, 84, 12) + ice(x + 46, y - 30, 78, -26) + ice(x - 4, y + 60, 78, 34)
    content = cream + cold + bubbles(x, y, r * 0.86, 26, chance)
    beans = ((120, 350, 20), (160, 388, -40), (96, 398, 70), (136, 424, 10), (540, 96, -20))
    return (
        wood()
        + "".join(bean(*one) for one in (*beans, (574, 132, 50), (528, 140, 100)))
        + saucer(x, y)
        + glass(x, y, r, "#3a2014", "#1f0f08", content)
        + straw(x - 20, y + 30, (x - 208, y - 142), "#2b6f63")
    )


def mint_tea(_chance: random.Random) -> str:
    x, y, r = 306, 240, 150
    sprig = "".join(leaf(x, y, 92 - 4 * (n % 2), 60 * n + 12 * (-1) ** n) for n in range(6))
    tips = "".join(leaf(x, y, 46, 60 * n + 30, "#5fae4e") for n in range(6))
    glow = f'<circle cx="{x + 20}" cy="{y + 24}" r="80" fill="#f6f3c0" opacity=".5" '
    content = glow + 'filter="url(#soft)"/>' + sprig + tips
    return wood() + honey(520, 352) + saucer(x, y) + glass(x, y, r, "#d9d98a", "#a9ad4e", content)


DRINKS: dict[str, Callable[[random.Random], str]] = {
    "ginger-beer": ginger_beer,
    "rhubarb-lemonade": rhubarb_lemonade,
    "cold-brew": cold_brew,
    "mint-tea": mint_tea,
}


async def draw(folder: Path, slugs: list[str]) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        page = await browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=2
        )
        for slug in slugs:
            drawing = DRINKS[slug](random.Random(slug))  # noqa: S311  # bubbles are no secret
            await page.set_content(
                f'<body style="margin:0"><svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" '
                f'height="{HEIGHT}"><defs>{FILTERS}</defs>{drawing}</svg></body>'
            )
            picture = Image.open(io.BytesIO(await page.screenshot())).convert("RGB")
            small = picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
            small.save(folder / f"{slug}.webp", "WEBP", quality=QUALITY, method=6)
            print(slug)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(draw(Path(sys.argv[1]), sys.argv[2:] or list(DRINKS)))
