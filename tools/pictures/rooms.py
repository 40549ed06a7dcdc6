"""Rooms, yards and the fronts of both houses: `python rooms.py FOLDER [slug ...]`."""

import sys
from collections.abc import Callable
from pathlib import Path

import mitsuba as mi

mi.set_variant("scalar_rgb")

import math  # noqa: E402  # the variant must be chosen before anything else of it is used

import numpy as np  # noqa: E402
from fronts import BRICK, FRONTS, PALE, WOOD  # noqa: E402
from PIL import Image  # noqa: E402
from solid import Point, Set, bricks, glossy, matt, metal, shining, sky, sun, textured  # noqa: E402

SIZE = (800, 450)
SAMPLES = 8
KB_MAX = 80


def panel(
    scene: Set, at: Point, size: tuple[float, float], axis: Point, turn: float, light: dict
) -> None:
    """A broad light out of sight: it takes the noise out of a room that small bulbs light."""
    scene.sheet(at, size, axis, turn, None, light)


def laid_table(
    scene: Set, at: Point, size: tuple[float, float], *, top: dict, seats: int, drink: str = ""
) -> None:
    """A table with chairs on both long sides, a plate and a glass before each."""
    wide, deep = size
    leg = matt("2b211b")
    scene.box((at[0], at[1], at[2] + 0.72), (wide, deep, 0.04), top)
    for x in (-wide / 2 + 0.08, wide / 2 - 0.08):
        for y in (-deep / 2 + 0.08, deep / 2 - 0.08):
            scene.rod(
                (at[0] + x, at[1] + y, at[2]), (at[0] + x, at[1] + y, at[2] + 0.72), 0.025, leg
            )
    for side in (-1, 1):
        for number in range(seats):
            x = at[0] + (number + 0.5) * wide / seats - wide / 2
            y = at[1] + side * (deep / 2 - 0.2)
            scene.plate((x, y, at[2] + 0.76))
            scene.box((x + 0.17, y, at[2] + 0.76), (0.012, 0.19, 0.004), metal("d8d8d8"))
            scene.box((x - 0.17, y, at[2] + 0.76), (0.016, 0.19, 0.004), metal("d8d8d8"))
            scene.wine_glass((x + 0.15, y - side * 0.19, at[2] + 0.76), drink)
            scene.chair(
                (x, at[1] + side * (deep / 2 + 0.22), at[2]), 0 if side > 0 else 180, matt("3a2a20")
            )


def lamp(scene: Set, at: Point, ceiling: float) -> None:
    scene.rod((at[0], at[1], at[2] + 0.18), (at[0], at[1], ceiling), 0.006, matt("1c1815"))
    scene.turned(at, [(0.03, 0.18), (0.1, 0.14), (0.2, 0.0)], metal("a5793f", 0.35))
    scene.ball((at[0], at[1], at[2] + 0.04), 0.055, light=shining("ffd9a0", 7))


def shell(scene: Set, wide: float, deep: float, high: float) -> None:
    """Floor, ceiling and the wall at the back of a room that opens towards the camera."""
    floor = textured(WOOD, 3.0, 0.35)
    scene.sheet((0, 0, 0), (wide, deep * 2), (0, 0, 1), 0, floor)
    scene.sheet((0, 0, high), (wide, deep * 2), (1, 0, 0), 180, matt("cbb9a0"))
    for x in np.arange(-wide / 2 + 0.6, wide / 2, 1.4):
        scene.box((float(x), 0, high - 0.2), (0.18, deep * 2, 0.2), textured(WOOD, 1.0))


def room_oven(scene: Set) -> dict:
    shell(scene, 9, 9, 3.4)
    scene.sheet((0, 4.5, 1.7), (9, 3.4), (1, 0, 0), 90, textured(BRICK, 2.0, 0.8))
    scene.sheet((-4.5, 0, 1.7), (3.4, 18), (0, 1, 0), 90, matt("d9cdb9"))
    scene.sheet((4.5, 0, 1.7), (3.4, 18), (0, 1, 0), -90, textured(BRICK, 3.0, 0.8))
    scene.box((0, 3.9, 0), (2.8, 1.2, 0.95), textured(BRICK, 1.0, 0.8))
    dome = [(1.15 * math.cos(a), 1.05 * math.sin(a)) for a in np.linspace(0, math.pi / 2, 24)]
    scene.turned((0, 3.95, 0.95), dome, glossy("b5653c", 0.3))
    scene.box((0, 2.95, 0.95), (0.9, 0.35, 0.08), matt("2a2220"))
    mouth = [(0.36 * math.cos(a), 0.0, 0.4 * math.sin(a)) for a in np.linspace(0, math.pi, 20)]
    scene.mesh(
        [(x, 2.815, 1.03 + z) for x, _, z in mouth], [tuple(range(20))], matt("140c08"), flat=True
    )
    for x, size in ((-0.14, 0.08), (0.02, 0.11), (0.15, 0.07)):
        scene.ball((x, 2.79, 1.05 + size), size, light=shining("ff9a3c", 6))
    scene.rod((0, 3.95, 1.9), (0, 3.95, 3.4), 0.16, metal("4a4a4a", 0.4))
    top = textured(PALE, 0.6, 0.3)
    for x in (-2.6, 0.1, 2.7):
        laid_table(scene, (x, 0.6, 0), (1.5, 0.85), top=top, seats=2, drink="6e1423")
        lamp(scene, (x, 0.6, 1.85), 3.4)
    laid_table(scene, (-1.6, -1.7, 0), (1.5, 0.85), top=top, seats=2)
    lamp(scene, (-1.6, -1.7, 1.85), 3.4)
    for y in (1.5, 3.0):
        scene.ball((-4.2, y, 2.1), 0.12, light=shining("ffdca8", 5))
    panel(scene, (0, -6.5, 2.6), (8.6, 3), (1, 0, 0), -70, shining("ffcf98", 1.6))
    sky(scene, "ffdcb0", 0.34)
    return {"eye": (1.9, -5.2, 1.6), "target": (-0.25, 1.6, 1.1), "angle": 60, "exposure": 1.6}


def room_window(scene: Set) -> dict:
    scene.sheet((0, 0, 0), (9, 18), (0, 0, 1), 0, textured(PALE, 3.0, 0.3))
    scene.sheet((0, 0, 3.6), (9, 18), (1, 0, 0), 180, matt("f2ede4"))
    scene.sheet((0, 5, 1.8), (9, 3.6), (1, 0, 0), 90, matt("e7dfd0"))
    scene.sheet((4.5, 0, 1.8), (3.6, 18), (0, 1, 0), -90, textured(BRICK, 3.0, 0.8))
    frame = matt("23312c")
    scene.box((-4.5, 0, 0), (0.2, 18, 0.7), matt("e7dfd0"))
    scene.box((-4.5, 0, 3.2), (0.2, 18, 0.4), matt("e7dfd0"))
    for y in (-6.0, -3.2, -0.4, 2.4, 5.0):
        scene.box((-4.5, y, 0.7), (0.22, 0.5, 2.5), matt("e7dfd0"))
    for y in (-4.6, -1.8, 1.0, 3.7):
        scene.box((-4.5, y, 0.7), (0.06, 0.05, 2.5), frame)
        scene.box((-4.5, y, 1.9), (0.06, 2.3, 0.05), frame)
    top = textured(WOOD, 0.6, 0.25)
    for y in (-1.8, 1.0, 3.7):
        laid_table(scene, (-2.9, y, 0), (1.4, 0.8), top=top, seats=2, drink="d9c078")
        scene.turned(
            (-2.9, y, 0.76),
            [(0.03, 0), (0.05, 0.06), (0.025, 0.14), (0.03, 0.17)],
            glossy("dfe6e2", 0.1),
        )
        scene.bush((-2.9, y, 1.02), 0.11, "5d7d3c", np.random.default_rng(int(y * 10) + 40), 240)
    laid_table(scene, (1.4, 1.8, 0), (1.4, 0.8), top=top, seats=2)
    scene.box((3.6, 3.6, 0), (1.2, 2.2, 1.1), textured(PALE, 1.0, 0.4))
    rng = np.random.default_rng(5)
    for height in (1.6, 2.1, 2.6):
        scene.box((0.6, 4.85, height), (3.4, 0.25, 0.035), textured(WOOD, 1.0))
        for x in np.arange(-0.9, 2.2, 0.16):
            code = ("3d5a4a", "7a2e2a", "c9a14a", "d8cdb8", "26343f")[int(rng.integers(5))]
            scene.rod(
                (float(x), 4.8, height + 0.035),
                (float(x), 4.8, height + 0.26),
                0.04,
                glossy(code, 0.1),
            )
    sky(scene, "cfe2f5", 1.6)
    sun(scene, (1, 0.35, -0.75), "ffedd0", 480)
    return {"eye": (1.9, -4.6, 1.65), "target": (-1.6, 1.8, 1.05), "angle": 62, "exposure": 0.9}


def strings(scene: Set, spans: list[tuple[Point, Point]], power: float) -> None:
    for start, end in spans:
        for step in np.linspace(0, 1, 13):
            sag = 0.45 * 4 * step * (1 - step)
            x, y, z = (start[i] + (end[i] - start[i]) * step for i in range(3))
            scene.ball((x, y, z - sag), 0.035, light=shining("ffdca6", min(power, 9)))


def mill_wall(scene: Set, *, lit: bool) -> None:
    scene.sheet((0, 6, 3), (16, 6), (1, 0, 0), 90, textured(BRICK, 4.0, 0.8))
    for x in (-4.6, -1.6, 1.6, 4.6):
        light = shining("ffb765", 0.85) if lit else None
        scene.sheet((x, 5.97, 1.75), (1.3, 1.9), (1, 0, 0), 90, glossy("20303a", 0.05), light)
        for offset in (-0.65, 0, 0.65):
            scene.box((x + offset, 5.95, 0.8), (0.05, 0.05, 1.9), matt("26211d"))
        scene.box((x, 5.95, 1.72), (1.3, 0.05, 0.05), matt("26211d"))
        scene.box((x, 5.92, 0.72), (1.6, 0.18, 0.09), matt("a59a89"))


def yard(scene: Set, *, lit: bool, seed: int) -> None:
    stone = bricks(6, "8d867b", "6b655c", rows=10)
    scene.sheet((0, 0, 0), (24, 24), (0, 0, 1), 0, textured(stone, 6.0, 0.7))
    mill_wall(scene, lit=lit)
    rng = np.random.default_rng(seed)
    for x, y, size in (
        (-5.6, 4.6, 0.8),
        (-6.2, 1.6, 1.0),
        (6.2, 4.4, 0.9),
        (6.4, 1.0, 1.1),
        (0, 5.2, 0.45),
    ):
        scene.box((x, y, 0), (1.0, 1.0, 0.5), matt("6a5846"))
        scene.bush((x, y, 0.6 + size * 0.7), size, "4c7038", rng, 1500)


def garden_dusk(scene: Set) -> dict:
    yard(scene, lit=True, seed=8)
    top = textured(PALE, 0.8, 0.35)
    for x, y in ((-2.7, 2.2), (1.9, 2.6), (-0.6, -0.6), (3.4, -0.4)):
        laid_table(scene, (x, y, 0), (1.6, 0.85), top=top, seats=2, drink="e2c25a")
        scene.candle((x, y, 0.76))
    posts: list[Point] = [(-5, -2, 3.1), (5, -2, 3.1), (-5, 5.6, 3.4), (5, 5.6, 3.4)]
    strings(
        scene,
        [(posts[0], posts[3]), (posts[1], posts[2]), (posts[0], posts[1]), (posts[2], posts[3])],
        60,
    )
    panel(scene, (0, 1.5, 4.6), (9, 7), (1, 0, 0), 180, shining("ffbe74", 0.55))
    sky(scene, "5a7ab0", 0.75)
    return {"eye": (0.4, -5.4, 1.75), "target": (0, 2.4, 1.15), "angle": 62, "exposure": 1.5}


def event_long_table(scene: Set) -> dict:
    shell(scene, 9, 14, 3.6)
    scene.sheet((0, 9, 1.8), (9, 3.6), (1, 0, 0), 90, textured(BRICK, 2.0, 0.8))
    for x, turn in ((-4.5, 90), (4.5, -90)):
        scene.sheet((x, 0, 1.8), (3.6, 28), (0, 1, 0), turn, matt("d8ccb8"))
    cloth = matt("f4f1ea")
    scene.box((0, 2.6, 0.1), (1.24, 10, 0.66), cloth)
    rng = np.random.default_rng(11)
    for y in np.arange(-1.9, 7.4, 0.62):
        for side in (-1, 1):
            place = (side * 0.4, float(y), 0.76)
            scene.plate(place, 0.14)
            scene.box((side * 0.4, float(y), 0.785), (0.09, 0.14, 0.015), matt("3e5c4c"))
            scene.wine_glass(
                (side * 0.2, float(y) + 0.17, 0.76), "6e1423" if rng.uniform() < 0.4 else ""
            )
            scene.chair((side * 0.88, float(y), 0), -90 if side > 0 else 90, matt("caa879"))
    for y in np.arange(-1.4, 7.0, 1.24):
        scene.candle((0, float(y), 0.76))
        scene.turned(
            (0, float(y) + 0.5, 0.76),
            [(0.04, 0), (0.06, 0.05), (0.03, 0.11)],
            glossy("e9e4da", 0.1),
        )
        scene.bush((0, float(y) + 0.5, 0.98), 0.14, "6b8f52", rng, 260)
        scene.bush((0, float(y) + 0.5, 1.0), 0.12, "e9c7c2", rng, 90)
    strings(
        scene,
        [((-4.3, float(y), 3.25), (4.3, float(y), 3.25)) for y in (-1.0, 1.5, 4.0, 6.5)],
        46,
    )
    panel(scene, (0, 3, 3.4), (7, 11), (1, 0, 0), 180, shining("ffd2a0", 0.9))
    sky(scene, "ffe2bd", 0.25)
    return {"eye": (0.85, -4.4, 1.75), "target": (-0.1, 2.2, 0.8), "angle": 56, "exposure": 1.35}


SCENES: dict[str, Callable[[Set], dict]] = {
    "room-oven": room_oven,
    "room-window": room_window,
    "garden-dusk": garden_dusk,
    "event-long-table": event_long_table,
    **FRONTS,
}


def render(slug: str, folder: Path, samples: int) -> None:
    scene = Set()
    view = SCENES[slug](scene)
    picture = Image.fromarray(scene.photograph(size=SIZE, samples=samples, **view))
    for quality in range(82, 20, -6):
        picture.save(folder / f"{slug}.webp", "WEBP", quality=quality, method=6)
        if (folder / f"{slug}.webp").stat().st_size <= KB_MAX * 1000:
            return


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for slug in sys.argv[2:] or SCENES:
        render(slug, folder, SAMPLES)
        print(slug, flush=True)


if __name__ == "__main__":
    main()
