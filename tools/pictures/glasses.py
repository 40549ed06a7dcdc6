"""Drinks in glasses, seen from the side of the table: `python glasses.py FOLDER [slug ...]`."""

import sys
from collections.abc import Callable
from pathlib import Path

import mitsuba as mi

mi.set_variant("scalar_rgb")

import numpy as np  # noqa: E402  # the variant must be chosen before anything else of it is used
from PIL import Image  # noqa: E402
from solid import Point, Set, glossy, matt, planks, rgb, shining, textured  # noqa: E402

SIZE = (640, 480)
SAMPLES = 12
KB_MAX = 30


def bar(scene: Set, wood: tuple[str, str], seed: int) -> None:
    """A table, a wall far behind it, and a window to the left that everything mirrors."""
    scene.sheet(
        (0, 0, 0), (1.6, 1.6), (0, 0, 1), 0, textured(planks(seed, *wood, count=6), 1.0, 0.3)
    )
    scene.sheet((0, 0.8, 0.5), (3.0, 2.0), (1, 0, 0), 90, matt("b9ab98"))
    scene.sheet((-0.7, -0.3, 0.55), (0.7, 0.9), (0, 1, 0), 90, None, shining("fff3e2", 9.0))
    scene.sheet((0.9, -0.2, 0.7), (0.5, 0.7), (0, 1, 0), -90, None, shining("dfe9ff", 2.2))
    scene.add({"type": "constant", "radiance": rgb("e8e4dc", 0.4)})


def tumbler(
    scene: Set, at: Point, colour: str, *, high: float = 0.135, full: float = 0.105
) -> None:
    """A thin glass with a drink. The drink is a smooth body that light does not pass: few paths
    find their way through real glass, and what they show is mostly noise.
    """
    wide, foot = 0.04, 0.033
    shell = {"type": "thindielectric", "specular_transmittance": rgb("f6faf9")}
    scene.turned(at, [(0.0005, 0.0), (foot, 0.0), (wide, high)], shell)
    scene.turned(
        at,
        [(wide, high), (wide + 0.0008, high + 0.0006), (wide - 0.0012, high + 0.0006)],
        glossy("ffffff", 0.05),
    )
    inner = foot - 0.0016
    top = inner + (wide - foot) * full / high
    scene.turned(at, [(0.0005, 0.009), (inner, 0.009), (top, full)], glossy(colour, 0.06))
    scene.disk((at[0], at[1], at[2] + full), top, glossy(colour, 0.03))


def ice(scene: Set, at: Point, height: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    for number in range(3):
        turn = float(rng.uniform(0, 90))
        x, y = 0.016 * np.cos(2.1 * number), 0.016 * np.sin(2.1 * number)
        scene.box(
            (at[0] + float(x), at[1] + float(y), height - 0.006 * number),
            (0.019, 0.019, 0.019),
            glossy("eef6f8", 0.08),
            turn,
            18.0,
        )


def wheel(scene: Set, at: Point, rind: str, flesh: str) -> None:
    """A slice of a citrus fruit on the rim."""
    for radius, code, lift in (
        (0.024, rind, 0.0),
        (0.0215, "f7f3e0", 0.0012),
        (0.019, flesh, 0.0016),
    ):
        scene.rod(
            (at[0], at[1] - 0.002 - lift, at[2]),
            (at[0], at[1] + 0.002 + lift, at[2]),
            radius,
            glossy(code, 0.3),
        )
        for side in (-1, 1):
            to = mi.ScalarTransform4f().translate([at[0], at[1] + side * (0.002 + lift), at[2]])
            to = to.rotate([1, 0, 0], side * -90).scale([radius, radius, 1])
            scene.add({"type": "disk", "to_world": to, "bsdf": glossy(code, 0.3)})


def straw(scene: Set, at: Point, code: str) -> None:
    for step in range(12):
        one, two = step / 12, (step + 1) / 12
        start = (at[0] + 0.006 + 0.03 * one, at[1] + 0.008, at[2] + 0.02 + 0.18 * one)
        end = (at[0] + 0.006 + 0.03 * two, at[1] + 0.008, at[2] + 0.02 + 0.18 * two)
        scene.rod(start, end, 0.0034, glossy(code if step % 2 else "f6f2ea", 0.4))


def leaves(scene: Set, at: Point, seed: int) -> None:
    scene.bush(at, 0.022, "4f8a3c", np.random.default_rng(seed), 90)


def rhubarb(scene: Set) -> None:
    bar(scene, ("d2b48c", "b08d60"), 21)
    tumbler(scene, (0, 0, 0), "f2768f")
    ice(scene, (0, 0, 0), 0.097, 1)
    wheel(scene, (-0.03, -0.012, 0.138), "e9b92f", "f7dc6a")
    straw(scene, (0, 0, 0), "c8344c")
    leaves(scene, (0.012, -0.014, 0.118), 2)


def ginger(scene: Set) -> None:
    bar(scene, ("6d4a33", "4a3021"), 22)
    tumbler(scene, (-0.02, 0, 0), "f0c165")
    ice(scene, (-0.02, 0, 0), 0.097, 3)
    wheel(scene, (-0.05, -0.012, 0.138), "5f8f2c", "c3d96a")
    outline = [
        (0.0005, 0),
        (0.031, 0),
        (0.032, 0.004),
        (0.032, 0.12),
        (0.028, 0.145),
        (0.013, 0.18),
        (0.0125, 0.225),
        (0.0145, 0.228),
        (0.0145, 0.236),
        (0.0005, 0.236),
    ]
    scene.turned((0.085, 0.05, 0), outline, glossy("4a2410", 0.04))
    scene.turned((0.085, 0.05, 0), [(0.0326, 0.035), (0.0326, 0.1)], matt("efe3c4"))
    scene.turned((0.085, 0.05, 0), [(0.0328, 0.05), (0.0328, 0.06)], matt("b0552a"))


def cold_brew(scene: Set) -> None:
    bar(scene, ("a57a50", "7b5534"), 23)
    tumbler(scene, (0, 0, 0), "4a2210")
    ice(scene, (0, 0, 0), 0.097, 4)
    straw(scene, (0, 0, 0), "2d6a57")
    rng = np.random.default_rng(24)
    for _ in range(14):
        x, y = rng.uniform(0.06, 0.15), rng.uniform(-0.08, 0.06)
        to = (
            mi.ScalarTransform4f()
            .translate([float(x), float(y), 0.0045])
            .rotate([0, 0, 1], float(rng.uniform(0, 180)))
        )
        scene.add(
            {
                "type": "sphere",
                "to_world": to.scale([0.0075, 0.0052, 0.0045]),
                "bsdf": glossy("3a1d0e", 0.25),
            }
        )


def mint(scene: Set) -> None:
    bar(scene, ("c9a77c", "a27d52"), 25)
    tumbler(scene, (0, 0, 0), "dbe58c", high=0.11, full=0.088)
    leaves(scene, (0.0, -0.004, 0.07), 26)
    leaves(scene, (0.006, 0.0, 0.1), 27)
    bowl = [
        (0.0005, 0.004),
        (0.02, 0.004),
        (0.034, 0.03),
        (0.031, 0.03),
        (0.018, 0.009),
        (0.0005, 0.009),
    ]
    scene.turned((0.1, 0.03, 0), bowl, glossy("f2ede2", 0.1))
    scene.turned((0.1, 0.03, 0), [(0.0005, 0.022), (0.0285, 0.022)], glossy("d98f1c", 0.05))


SCENES: dict[str, tuple[Callable[[Set], None], Point]] = {
    "rhubarb-lemonade": (rhubarb, (0.0, 0.0, 0.07)),
    "ginger-beer": (ginger, (0.025, 0.0, 0.085)),
    "cold-brew": (cold_brew, (0.03, 0.0, 0.07)),
    "mint-tea": (mint, (0.035, 0.0, 0.055)),
}


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for slug in sys.argv[2:] or SCENES:
        lay, target = SCENES[slug]
        scene = Set()
        lay(scene)
        eye = (target[0] + 0.06, -0.42, 0.26)
        seen = scene.photograph(eye, target, size=SIZE, angle=27, samples=SAMPLES, exposure=0.8)
        picture = Image.fromarray(seen)
        for quality in range(84, 20, -6):
            picture.save(folder / f"{slug}.webp", "WEBP", quality=quality, method=6)
            if (folder / f"{slug}.webp").stat().st_size <= KB_MAX * 1000:
                break
        print(slug, flush=True)


if __name__ == "__main__":
    main()
