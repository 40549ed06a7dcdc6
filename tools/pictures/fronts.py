"""The fronts of both houses: the mill by the canal, the small house on the quay."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from solid import Point, Set, bricks, glossy, matt, planks, shining, sky, sun, textured

WOOD = planks(1, "8a5a34", "5d3a20")
PALE = planks(2, "c49a6c", "9d7448", count=5)
BRICK = bricks(3, "8f4a35", "a39a8e")


@dataclass(frozen=True)
class Gable:
    """A house with its ridge along x, seen from -y: `size` is width, depth, wall and roof."""

    at: Point
    size: tuple[float, float, float, float]
    skin: dict
    tiles: dict


def gable(scene: Set, house: Gable) -> None:
    x, y, z = house.at
    wide, deep, wall, roof = house.size
    scene.box((x, y, z), (wide, deep, wall), house.skin)
    points: list[Point] = []
    for sx in (-1, 1):
        points += [
            (x + sx * wide / 2 * 1.03, y - deep / 2 * 1.12, z + wall - 0.12),
            (x + sx * wide / 2 * 1.03, y + deep / 2 * 1.12, z + wall - 0.12),
            (x + sx * wide / 2 * 1.03, y, z + wall + roof),
        ]
    scene.mesh(points, [(0, 3, 5, 2), (1, 2, 5, 4), (0, 2, 1), (3, 4, 5)], house.tiles, flat=True)


def water(scene: Set, low: float, near: float, shore: float) -> None:
    """A surface with ripples, from `near` to `shore`."""
    rng = np.random.default_rng(12)
    columns, rows = 150, 150
    xs, ys = np.linspace(-22, 22, columns), np.linspace(near, shore, rows)
    height = np.zeros((rows, columns))
    for _ in range(26):
        turn, length, phase = (
            rng.uniform(-0.5, 0.5) + 1.57,
            rng.uniform(0.35, 1.8),
            rng.uniform(0, 6.3),
        )
        wave = np.cos(turn) * xs[None, :] + np.sin(turn) * ys[:, None]
        height += 0.004 * length * np.sin(wave * 6.3 / length + phase)
    points = [
        (float(xs[j]), float(ys[i]), low + float(height[i, j]))
        for i in range(rows)
        for j in range(columns)
    ]
    faces = [
        (i * columns + j, i * columns + j + 1, (i + 1) * columns + j + 1, (i + 1) * columns + j)
        for i in range(rows - 1)
        for j in range(columns - 1)
    ]
    skin = {"type": "roughdielectric", "alpha": 0.04, "int_ior": 1.33, "ext_ior": 1.0}
    scene.mesh(points, faces, skin, flat=False)
    scene.sheet(
        (0, (near + shore) / 2, low - 1.2), (60, shore - near + 4), (0, 0, 1), 0, matt("2c4a55")
    )


def window(scene: Set, at: Point, wide: float, high: float, power: float) -> None:
    light = shining("ffb35c", power * 0.3) if power else None
    scene.sheet(at, (wide, high), (1, 0, 0), 90, glossy("1f2c33", 0.05), light)
    for x in (-wide / 2, 0, wide / 2):
        scene.box((at[0] + x, at[1] - 0.02, at[2] - high / 2), (0.06, 0.06, high), matt("efe9dc"))
    for z in (-high / 2, 0.1, high / 2):
        scene.box((at[0], at[1] - 0.02, at[2] + z - 0.03), (wide, 0.06, 0.06), matt("efe9dc"))


def mill_wheel(scene: Set) -> None:
    wheel = textured(WOOD, 0.6, 0.7)
    for number in range(20):
        angle = 2 * math.pi * number / 20
        at = (7.0, 1.2 + 2.0 * math.cos(angle), 1.1 + 2.0 * math.sin(angle))
        scene.rod((6.55, at[1], at[2]), (7.45, at[1], at[2]), 0.07, wheel)
        scene.rod((7.0, 1.2, 1.1), at, 0.05, wheel)
        after = 2 * math.pi * (number + 1) / 20
        for x in (6.55, 7.45):
            scene.rod(
                (x, at[1], at[2]),
                (x, 1.2 + 2.0 * math.cos(after), 1.1 + 2.0 * math.sin(after)),
                0.06,
                wheel,
            )


def street(scene: Set) -> None:
    """Bushes and lamps before the mill."""
    rng = np.random.default_rng(15)
    for x, y, size in (
        (-11.5, 3.0, 1.9),
        (10.4, 3.6, 2.2),
        (13, 1.5, 1.5),
        (-4.6, 0.1, 0.45),
        (3.1, 0.0, 0.4),
    ):
        scene.bush((x, y, size * 0.9), size, "3c5a36", rng, 2400)
    for x in (-3.2, 4.6):
        scene.rod((x, -1.2, 0), (x, -1.2, 2.6), 0.04, matt("1c1c1c"))
        scene.ball((x, -1.2, 2.7), 0.13, light=shining("ffdca0", 9))


def house_mill_lane(scene: Set) -> dict:
    """The old mill by the canal, at dusk: the ovens are lit."""
    water(scene, -0.6, -20, -1.6)
    scene.box((0, 6.4, -2.2), (60, 16, 2.2), textured(bricks(13, "7a746a", "59544c"), 8.0, 0.8))
    beside = textured(bricks(14, "9a6a4c", "b0a698"), 2.0, 0.8)
    mill = textured(BRICK, 3.0, 0.8)
    gable(scene, Gable((0.6, 3.2, 0), (11, 5.4, 5.6, 2.9), mill, matt("3b3436")))
    gable(scene, Gable((-7.6, 3.6, 0), (5.4, 4.2, 3.2, 1.9), beside, matt("463d3a")))
    for x in (-3.4, -1.1, 1.2, 3.5, 5.4):
        window(scene, (x - 0.2, 0.47, 3.9), 1.1, 1.5, 2.6 if x != 1.2 else 0.35)
    for x in (-3.4, 1.0, 3.5):
        window(scene, (x - 0.2, 0.47, 1.5), 1.5, 1.9, 4.2)
    window(scene, (-8.6, 1.47, 1.6), 1.1, 1.4, 3.4)
    window(scene, (-6.6, 1.47, 1.6), 1.1, 1.4, 3.4)
    scene.box((-1.25, 0.42, 0), (1.1, 0.12, 2.3), matt("2f4a41"))
    scene.box((-1.25, -0.1, 2.5), (2.0, 1.0, 0.07), matt("2f4a41"))
    scene.ball((-0.45, 0.2, 2.25), 0.09, light=shining("ffdca0", 9))
    mill_wheel(scene)
    street(scene)
    sky(scene, "6f86bb", 0.85)
    scene.sheet((0, 40, 4), (160, 14), (1, 0, 0), 90, None, shining("ff9a62", 0.7))
    return {"eye": (-3.4, -15.2, 2.1), "target": (0.2, 2.0, 2.9), "angle": 66, "exposure": 1.7}


def boat(scene: Set, at: Point, long: float, code: str, turn: float) -> None:
    angle = math.radians(turn)
    points, ring = [], 24
    for height, grow in ((-0.18, 0.75), (0.28, 1.0), (0.26, 0.93), (-0.1, 0.7)):
        for step in range(ring):
            way = 2 * math.pi * step / ring
            x, y = math.cos(way) * long / 2 * grow, math.sin(way) * long * 0.19 * grow
            lift = 0.16 * (abs(math.cos(way)) ** 3) if height > 0 else 0
            points.append(
                (
                    at[0] + x * math.cos(angle) - y * math.sin(angle),
                    at[1] + x * math.sin(angle) + y * math.cos(angle),
                    at[2] + height + lift,
                )
            )
    faces = [
        (
            r * ring + s,
            r * ring + (s + 1) % ring,
            (r + 1) * ring + (s + 1) % ring,
            (r + 1) * ring + s,
        )
        for r in range(3)
        for s in range(ring)
    ]
    scene.mesh(points, faces, glossy(code, 0.2), flat=False)
    for offset in (-0.22, 0.1):
        scene.box(
            (
                at[0] + offset * long * math.cos(angle),
                at[1] + offset * long * math.sin(angle),
                at[2] + 0.2,
            ),
            (0.22, long * 0.34, 0.04),
            textured(PALE, 0.4),
            turn,
        )


def terrace(scene: Set) -> None:
    """The awning and the tables below it."""
    for number in range(15):
        code = "d8542f" if number % 2 else "f6f1e6"
        x = -3.2 + number * 0.5
        scene.mesh(
            [(x, 0.56, 2.75), (x + 0.5, 0.56, 2.75), (x + 0.5, -0.75, 2.25), (x, -0.75, 2.25)],
            [(0, 1, 2, 3)],
            matt(code),
            flat=True,
        )
    for x in (-2.4, 3.0):
        scene.disk((x, -0.35, 0.74), 0.36, glossy("e9e4da", 0.2))
        scene.rod((x, -0.35, 0), (x, -0.35, 0.74), 0.03, matt("2a2a2a"))
        scene.chair((x - 0.6, -0.35, 0), 90, matt("1f4f63"))
        scene.chair((x + 0.6, -0.35, 0), -90, matt("1f4f63"))
        scene.plate((x, -0.35, 0.75), 0.1)


def house_harbour(scene: Set) -> dict:
    """The small house on the quay, on a bright morning."""
    water(scene, -0.7, -20, -1.2)
    scene.box((0, 6.8, -2.2), (60, 16, 2.2), textured(bricks(16, "a39c90", "7d776d"), 8.0, 0.8))
    gable(scene, Gable((0.4, 2.9, 0), (7.6, 4.6, 3.2, 2.3), matt("f3efe6"), matt("47535c")))
    gable(scene, Gable((8.2, 3.4, 0), (5.6, 4.4, 3.8, 2.0), matt("c9d8d3"), matt("59453d")))
    gable(scene, Gable((-7.4, 3.6, 0), (5.6, 4.4, 2.8, 1.8), matt("e3b9a0"), matt("4b4542")))
    for x in (-1.9, 2.7):
        window(scene, (x, 0.57, 1.6), 1.5, 1.5, 0.0)
    for x in (7.0, 9.4):
        window(scene, (x, 1.17, 2.3), 0.9, 1.2, 0.0)
    window(scene, (-8.2, 1.37, 1.5), 1.0, 1.2, 0.0)
    window(scene, (-6.4, 1.37, 1.5), 1.0, 1.2, 0.0)
    scene.box((0.4, 0.55, 0), (1.05, 0.1, 2.2), glossy("1f4f63", 0.2))
    terrace(scene)
    boat(scene, (-3.6, -4.6, -0.55), 3.4, "b33a2b", 12)
    boat(scene, (3.2, -3.4, -0.55), 3.0, "2e6f86", -8)
    boat(scene, (7.4, -6.4, -0.55), 3.8, "e7b84b", 20)
    scene.rod((-4.6, -4.8, -0.4), (-4.6, -4.8, 2.9), 0.035, matt("c9a77a"))
    for x in (-6.2, -0.9, 5.4):
        scene.rod((x, -1.0, 0), (x, -1.0, 0.42), 0.11, glossy("2b2b2b", 0.4))
    rng = np.random.default_rng(17)
    for x in (-0.6, 1.4):
        scene.box((x, 0.3, 0), (0.4, 0.4, 0.45), matt("7a4a34"))
        scene.bush((x, 0.3, 0.75), 0.34, "4f7a3d", rng, 700)
    sky(scene, "9cc6ee", 0.95)
    sun(scene, (0.75, 0.7, -0.8), "fff0da", 520)
    return {"eye": (-2.4, -14.2, 2.3), "target": (0.3, 2.0, 1.5), "angle": 60, "exposure": 0.75}


FRONTS: dict[str, Callable[[Set], dict]] = {
    "house-mill-lane": house_mill_lane,
    "house-harbour": house_harbour,
}
