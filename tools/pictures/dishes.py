"""How each dish of the house is laid; every function takes the scene and the spot."""

from collections.abc import Callable
from functools import partial

import numpy as np
import ware
from relief import Look, Scene
from ware import Spot

Lay = Callable[[Scene, Spot], None]
EGG = Look("fbf6ea", "disc", 9, 0.05, 0.5, 0.16, "f3e6cb", 1)
YOLK = Look("f2a012", "dome", 20, 0.06, 0.9, 0.02, "", 0.1)
TOMATO = Look("c8321c", "dome", 24, 0.12, 0.8, 0.05, "8f2414")
CHEESE = Look("fff3d6", "disc", 7, 0.07, 0.5, 0.16, "efc67a", 1.4)
CRUST = Look("d9a05a", "dome", 26, 0.3, 0.2, 0.07, "8a4f1f", 2)
CHIP = Look("e6b24c", "rod", 24, 0.2, 0.35, 0.05, "bd7a22", 1)
GREEN = Look("5f9a33", "leaf", 14, 0.3, 0.3, 0.1, "3b7425", 1.5)
MEAT = Look("5c2c18", "dome", 34, 0.3, 0.5, 0.12, "351708", 2.4)
FRIED = Look("d08a35", "dome", 28, 0.35, 0.25, 0.12, "9c5a1c", 3)
BREAD = Look("e3c090", "slab", 26, 0.22, 0.12, 0.05, "9a5c26", 2)
POTATO = Look("e8c878", "dome", 26, 0.15, 0.4, 0.06, "c08d3a", 1)

Bits = list[tuple[int, float, tuple[float, float], Look]]


def heap(scene: Scene, spot: Spot, bits: Bits) -> None:
    """Scatter several kinds of things: (count, reach, size, look), in pixels at scale 1."""
    x, y, s = spot
    for count, reach, size, look in bits:
        scene.many(count, (x, y, reach * s), (size[0] * s, size[1] * s), look)


def put(
    scene: Scene, spot: Spot, off: tuple[float, float], size: tuple[float, float],
    look: Look, angle: float = 0,
) -> None:  # fmt: skip
    x, y, s = spot
    scene.dab((x + off[0] * s, y + off[1] * s), (size[0] * s, size[1] * s), look, angle)


def near(spot: Spot, dx: float, dy: float, scale: float = 1) -> Spot:
    return spot[0] + dx * spot[2], spot[1] + dy * spot[2], spot[2] * scale


def egg(scene: Scene, spot: Spot, off: tuple[float, float]) -> None:
    put(scene, spot, off, (82, 72), EGG, 0.4)
    put(scene, spot, off, (29, 29), YOLK)


def on_plate(scene: Scene, spot: Spot, bits: Bits, colour: str = "e9e3d6") -> None:
    ware.plate(scene, spot, colour)
    heap(scene, spot, bits)


def in_bowl(scene: Scene, spot: Spot, base: Look, bits: Bits, colour: str = "dcd3c2") -> None:
    ware.bowl(scene, spot, colour, base)
    heap(scene, spot, bits)


def pizza(scene: Scene, spot: Spot, base: Look, bits: Bits) -> None:
    ware.board(scene, spot, (335, 335))
    put(scene, spot, (0, 0), (300, 296), Look("dca765", "disc", 14, 0.2, 0.2, 0.025, "c4843c", 1.5))
    put(scene, spot, (0, 0), (298, 294), Look("dba25a", "ring", 24, 0.45, 0.25, 0.03, "", 3))
    scorch = Look("3a2010", "dome", 3, 0.4, 0.1, 0.2)
    for turn in scene.rng.uniform(0, 6.28, 34):
        put(scene, spot, (272 * np.cos(turn), 268 * np.sin(turn)), (13, 8), scorch, turn + 1.5)
    put(scene, spot, (0, 0), (246, 242), base)
    heap(scene, spot, bits)


def breakfast(scene: Scene, spot: Spot) -> None:
    ware.plate(scene, spot)
    egg(scene, spot, (-90, -95))
    egg(scene, spot, (45, -120))
    for k in range(3):
        put(
            scene,
            spot,
            (130, -20 + 36 * k),
            (105, 19),
            Look("b5543c", "rod", 13, 0.5, 0.5, 0.2, "e7b59a", 3),
            0.2,
        )
    put(
        scene,
        spot,
        (-140, 50),
        (105, 30),
        Look("8a4a22", "rod", 44, 0.3, 0.6, 0.04, "5c2b10", 1),
        1.1,
    )
    for off in ((-30, 130), (55, 150)):
        put(scene, spot, off, (46, 43), Look("2b1a16", "disc", 20, 0.5, 0.4, 0.05, "", 2.5))
    for off in ((-50, 30), (30, 55), (120, 120)):
        put(scene, spot, off, (42, 39), TOMATO)
    ware.herbs(scene, spot, 150, 10)
    ware.pepper(scene, spot, 170)


def toast(scene: Scene, spot: Spot, tops: Bits) -> None:
    ware.plate(scene, spot, "7f8f8a")
    put(scene, spot, (0, 0), (210, 130), BREAD, -0.35)
    x, y, s = spot
    for count, reach, size, look in tops:
        for _ in range(count):
            far, side = scene.rng.uniform(-reach, reach), scene.rng.uniform(-reach, reach) * 0.42
            off = (far * 0.94 + side * 0.34, -far * 0.34 + side * 0.94)
            put(scene, (x, y, s), off, size, look, scene.rng.uniform(0, 6.3))


def pancakes(scene: Scene, spot: Spot) -> None:
    ware.plate(scene, spot, "8fa3a8")
    for k in range(3):
        cake = Look("c98536", "disc", 24, 0.2, 0.3, 0.02, "efce8c", 1)
        put(scene, spot, (k * 7 - 8, 10 - k * 9), (195 - 5 * k, 190 - 5 * k), cake)
    put(scene, spot, (20, 0), (140, 95), Look("9a4c0c", "disc", 3, 0.1, 1.0, 0.3, "", 0.2), 0.5)
    put(scene, spot, (0, -20), (48, 42), Look("fbe9a0", "box", 24, 0.04, 0.6, 0.02), 0.4)
    heap(scene, spot, [(26, 150, (21, 21), Look("34406e", "dome", 26, 0.3, 0.4, 0.03))])
    ware.herbs(scene, spot, 90, 6)


def bagel(scene: Scene, spot: Spot) -> None:
    ware.board(scene, spot)
    put(scene, spot, (-50, 0), (200, 196), Look("cd8d43", "dome", 66, 0.15, 0.5, 0.02, "a5642a", 1))
    put(scene, spot, (-50, 0), (172, 168), Look("fbf4e6", "disc", 12, 0.04, 0.4, 0.08))
    for turn in range(11):
        off = (-50 + 105 * np.cos(turn * 0.57), 105 * np.sin(turn * 0.57))
        put(
            scene,
            spot,
            off,
            (84, 34),
            Look("ee7f55", "leaf", 20, 0.25, 0.7, 0.2, "f7ae8c", 3),
            turn * 0.57 + 1,
        )
    put(scene, spot, (-50, 0), (32, 32), Look("a8763f", "disc", -34, 0.2, 0.1, 0.02))
    heap(scene, near(spot, -50, 0), [(18, 150, (9, 9), Look("6c7a2a", "dome", 12, 0.2, 0.5))])
    ware.herbs(scene, near(spot, -50, 0), 140, 26, "4d8b3a")
    ware.citrus(scene, near(spot, 255, 90), radius=70)


def fried(scene: Scene, spot: Spot, bits: Bits, dip: str = "f3e7c8") -> None:
    on_plate(scene, spot, bits, "56666c")
    put(scene, spot, (165, -95), (84, 84), Look("e8e2d4", "disc", 38, 0.03, 0.5, 0))
    put(scene, spot, (165, -95), (70, 70), Look(dip, "disc", -10, 0.06, 0.6, 0.01, "", 0.9))
    ware.citrus(scene, near(spot, -180, 105), radius=60)
    ware.herbs(scene, spot, 160, 12)


def soup(scene: Scene, spot: Spot) -> None:
    ware.bowl(scene, spot, "39464b", Look("c4441c", "disc", 0, 0.09, 0.7, 0, "", 0.8))
    for k, turn in enumerate(np.arange(0, 9.6, 0.12)):
        far = 30 + turn * 13
        put(scene, spot, (far * np.cos(turn), far * np.sin(turn)), (9 + k % 5, 8),
            Look("f6dcb8", "disc", 0.6, 0.03, 0.6), turn)  # fmt: skip
    heap(scene, spot, [(16, 130, (22, 20), Look("d7993f", "box", 22, 0.35, 0.2, 0.05, "99591e", 2)),
                       (22, 190, (9, 8), Look("4c7a1c", "disc", 1, 0.1, 0.9))])  # fmt: skip
    ware.basil(scene, spot, 70, 6)
    ware.pepper(scene, spot, 200)


def burger(scene: Scene, spot: Spot) -> None:
    ware.board(scene, spot)
    at = near(spot, -80, 0)
    heap(scene, at, [(16, 40, (205, 60), GREEN)])
    put(scene, at, (0, 14), (205, 200), Look("fbb227", "box", 16, 0.06, 0.5, 0.04), 0.5)
    for turn in range(7):
        off = (178 * np.cos(turn * 0.9), 178 * np.sin(turn * 0.9))
        put(scene, at, off, (45, 43), Look("7d9434", "disc", 12, 0.15, 0.7, 0.05, "4f6a20"))
    put(scene, at, (0, 0), (194, 192), Look("4a2614", "disc", 26, 0.5, 0.5, 0.06, "", 3))
    put(scene, at, (0, -8), (184, 180), Look("cf8430", "dome", 80, 0.1, 0.8, 0.015, "b0641e", 0.4))
    heap(scene, near(at, 0, -10), [(70, 130, (8, 5), Look("f6e3b4", "dome", 5, 0.1, 0.3))])
    heap(scene, near(spot, 235, 40), [(26, 85, (88, 13), CHIP)])


def chips(scene: Scene, spot: Spot) -> None:
    in_bowl(scene, spot, Look("c99a45", "disc", 0), [(90, 175, (95, 16), CHIP)], "3d474a")
    ware.pepper(scene, spot, 170, 60, "fdfaf2")
    ware.herbs(scene, spot, 150, 8)


def fish_and_chips(scene: Scene, spot: Spot) -> None:
    ware.plate(scene, spot, "8ca0a6")
    heap(scene, near(spot, -90, 70), [(34, 120, (90, 14), CHIP)])
    put(
        scene,
        spot,
        (30, -60),
        (215, 82),
        Look("d6953a", "rod", 58, 0.3, 0.4, 0.12, "a8661f", 4),
        -0.35,
    )
    put(scene, spot, (165, 110), (70, 66), Look("9ab84c", "dome", 22, 0.2, 0.4, 0.08, "", 3))
    ware.citrus(scene, near(spot, 60, 165), radius=58)


def whole_fish(scene: Scene, spot: Spot, *, fillet: bool) -> None:
    ware.plate(scene, spot, "4a5a62")
    heap(
        scene,
        near(spot, 20, 110),
        [(11, 130, (38, 35), POTATO), (12, 150, (60, 15), Look("dfe8b8", "rod", 14))],
    )
    if fillet:
        put(
            scene,
            spot,
            (0, -40),
            (195, 76),
            Look("ee8a5c", "rod", 44, 0.15, 0.6, 0.05, "f4b48e", 1.5),
            -0.2,
        )
        put(
            scene,
            spot,
            (0, -48),
            (178, 56),
            Look("8a6a4e", "rod", 10, 0.6, 0.7, 0.06, "c49a6a", 2),
            -0.2,
        )
    else:
        put(scene, spot, (205, -75), (80, 66), Look("76858a", "wedge", 18, 0.3, 0.6), 2.8)
        put(
            scene,
            spot,
            (-20, -20),
            (230, 78),
            Look("93a0a0", "rod", 44, 0.5, 0.8, 0.02, "4f5c60", 2),
            -0.2,
        )
        for off in (-70, -10, 50, 110):
            put(scene, spot, (off, -20 - off * 0.2), (46, 5), Look("3c2a1c", "rod", 3), 1.2)
        put(scene, spot, (-195, 8), (13, 13), Look("1d1f20", "dome", 5, 0, 0.9))
    ware.citrus(scene, near(spot, -70, 130), radius=60)
    ware.herbs(scene, spot, 180, 26, "5b9440")


def steak(scene: Scene, spot: Spot) -> None:
    ware.board(scene, spot)
    put(scene, spot, (-130, -30), (150, 120), MEAT, 0.3)
    for k in range(5):
        put(
            scene,
            spot,
            (20 + 52 * k, 10 + 8 * k),
            (108, 29),
            Look("b8433c", "box", 34, 0.25, 0.6, 0.05, "3a190c", 2),
            1.3,
        )
    put(scene, spot, (-130, -40), (44, 38), Look("fbe7a2", "dome", 22, 0.05, 0.7, 0.08))
    ware.pepper(scene, spot, 240, 80, "f4efe4")
    ware.herbs(scene, near(spot, -110, -10), 110, 18)
    heap(scene, near(spot, 210, -130), [(8, 70, (60, 26), GREEN)])


def roast(scene: Scene, spot: Spot, look: Look, pieces: int) -> None:
    ware.plate(scene, spot, "dcd3c2")
    put(scene, spot, (0, 0), (190, 175), Look("7a3f17", "disc", 2, 0.2, 0.9, 0.08))
    heap(
        scene,
        near(spot, 0, 60),
        [(12, 150, (40, 34), POTATO), (9, 170, (60, 16), Look("d8742a", "rod", 22))],
    )
    heap(scene, near(spot, -10, -40), [(pieces, 80, (112, 78), look)])
    ware.herbs(scene, spot, 170, 34, "47703a")


def mussels(scene: Scene, spot: Spot) -> None:
    in_bowl(scene, spot, Look("e9d9ac", "disc", 0, 0.1, 0.8), [], "2d3639")
    for _ in range(34):
        dx, dy = scene.spread(0, 0, 195)
        turn = scene.rng.uniform(0, 6.3)
        put(scene, spot, (dx, dy), (58, 30), Look("27303d", "leaf", 24, 0.3, 0.9, 0.03), turn)
        if scene.rng.uniform() < 0.6:
            put(scene, spot, (dx, dy), (40, 19), Look("e79a3c", "dome", 12, 0.15, 0.8, 0.06), turn)
    ware.herbs(scene, spot, 190, 40)


def octopus(scene: Scene, spot: Spot) -> None:
    ware.plate(scene, spot)
    heap(scene, spot, [(16, 130, (44, 38), POTATO)])
    for arm in range(3):
        for k in np.arange(0, 5.2, 0.12):
            far = 175 - 24 * k
            off = (far * np.cos(k + arm * 2.1), far * np.sin(k + arm * 2.1))
            put(
                scene,
                spot,
                off,
                (26 - 3 * k, 24 - 3 * k),
                Look("8e3a34", "dome", 5, 0.4, 0.6, 0.05),
            )
    ware.pepper(scene, spot, 210, 120, "b83a14")
    ware.herbs(scene, spot, 170, 16)


def pie(scene: Scene, spot: Spot) -> None:
    ware.bowl(scene, spot, "445058", Look("5a2a12", "disc", 0, 0.2, 0.9))
    put(scene, spot, (0, 0), (225, 222), Look("d4933c", "dome", 52, 0.2, 0.6, 0.02, "a35f1f", 1.6))
    put(scene, spot, (0, 0), (232, 230), Look("c9852f", "ring", 14, 0.3, 0.5, 0.05))
    for turn in np.arange(6) * 1.047:
        off = (80 * np.cos(turn), 80 * np.sin(turn))
        put(scene, spot, off, (74, 30), Look("dca04a", "leaf", 14, 0.15, 0.6, 0.02, "b06c24"), turn)


def curry(scene: Scene, spot: Spot) -> None:
    in_bowl(scene, spot, Look("d99a2b", "disc", 0, 0.12, 0.7, 0, "", 1.4),
            [(70, 215, (19, 18), Look("e2b45c", "dome", 20, 0.15, 0.4)),
             (24, 200, (48, 24), GREEN)])  # fmt: skip
    heap(scene, near(spot, -95, -70), [(260, 105, (12, 4.5), Look("fbf6e8", "rod", 9, 0.05, 0.3))])
    ware.citrus(scene, near(spot, 120, 95), "b9cf4a", 56)
    ware.herbs(scene, spot, 150, 22)


def salad(scene: Scene, spot: Spot, bits: Bits, leaf: Look = GREEN) -> None:
    in_bowl(scene, spot, Look("3f6a24", "disc", 0), [(75, 190, (66, 30), leaf), *bits])


def onto(lay: Callable[..., None], *args: object, **more: object) -> Lay:
    """`lay` with everything but the scene and the spot given."""
    return lambda scene, spot: partial(lay, scene, spot)(*args, **more)
