"""How sweets, bread and drinks are laid."""

import numpy as np
import ware
from dishes import Bits, heap, near, put
from relief import Look, Scene
from ware import Spot


def loaf(scene: Scene, spot: Spot) -> None:
    ware.board(scene, spot)
    put(
        scene,
        spot,
        (0, 0),
        (285, 185),
        Look("b5722f", "rod", 110, 0.35, 0.2, 0.04, "8a4a1b", 3),
        -0.15,
    )
    for k in (-130, -45, 40, 125):
        put(
            scene,
            spot,
            (k, -k * 0.15),
            (120, 15),
            Look("f1d7a4", "rod", 9, 0.3, 0.1, 0.12, "d39b52", 3),
            1.15,
        )
    ware.pepper(scene, spot, 170, 260, "f7efe0")


def tart(scene: Scene, spot: Spot, fill: Look, tops: Bits) -> None:
    ware.plate(scene, spot, "6f8088")
    put(
        scene,
        spot,
        (0, 0),
        (262, 178),
        Look("d7a257", "wedge", 40, 0.2, 0.3, 0.01, "b97f38", 1.5),
        0.25,
    )
    put(scene, spot, (4, 0), (238, 154), fill, 0.25)
    heap(scene, near(spot, 80, 24), tops)
    ware.basil(scene, near(spot, 90, 26), 50, 3)
    ware.pepper(scene, spot, 220, 70, "fdfaf4")


def pot(scene: Scene, spot: Spot) -> None:
    """A pot of dark chocolate: cream in the middle, nuts and salt about it."""
    ware.plate(scene, spot, "dcd3c2", 310)
    ware.bowl(scene, spot, "f0e8d8", Look("3b1a0c", "disc", 0, 0.05, 0.9, 0, "54270f", 0.3), 225)
    nut = Look("c98f4c", "dome", 26, 0.2, 0.5, 0.05, "8f5a26", 1)
    heap(scene, near(spot, 0, 70), [(18, 110, (25, 23), nut)])
    cream = Look("fff6e6", "dome", 44, 0.03, 0.4, 0.05, "f0dfc2", 0.6)
    put(scene, spot, (-20, -50), (86, 62), cream, 0.5)
    ware.pepper(scene, near(spot, -20, -50), 90, 60, "4a200e")
    ware.basil(scene, near(spot, 50, -80), 24, 2)


def toffee(scene: Scene, spot: Spot) -> None:
    ware.plate(scene, spot, "dcd3c2")
    put(scene, spot, (0, 10), (215, 190), Look("8a3f0c", "disc", 3, 0.08, 1.0, 0.14))
    put(scene, spot, (-30, 0), (118, 112), Look("5b2a10", "box", 64, 0.4, 0.4, 0.03, "", 3), 0.2)
    put(scene, spot, (-30, 0), (98, 92), Look("9a4a10", "disc", 5, 0.06, 1.0, 0.22), 0.2)
    put(scene, spot, (-20, -10), (66, 62), Look("fff6e2", "dome", 46, 0.05, 0.5, 0.07, "f3dfba", 2))


def scoops(scene: Scene, spot: Spot) -> None:
    ware.bowl(scene, spot, "6d828a", Look("57686f", "disc", 0, 0.03, 0.5))
    for off, hue in (((-85, -50), "fbeecb"), ((85, -55), "e7708a"), ((0, 85), "6b3c22")):
        put(scene, spot, off, (104, 101), Look(hue, "dome", 88, 0.12, 0.35, 0.05, "", 3.4))
    heap(scene, spot, [(12, 150, (19, 18), Look("c42742", "dome", 24, 0.2, 0.8)),
                       (24, 150, (12, 9), Look("c08a45", "dome", 12, 0.3))])  # fmt: skip
    ware.herbs(scene, spot, 60, 5)


def coffee(scene: Scene, spot: Spot, *, milk: str) -> None:
    ware.cup(
        scene,
        spot,
        "5c7079",
        Look(
            "5e3114" if milk else "2a140a",
            "disc",
            -10,
            0.06,
            0.6,
            0,
            "96602f" if milk else "6b3a17",
            0.2,
        ),
    )
    if milk == "heart":
        for k in range(5):
            put(
                scene,
                spot,
                (0, 78 - 36 * k),
                (100 - 17 * k, 29 - 3 * k),
                Look("f8ead0", "dome", 1.5, 0.03, 0.4, 0.04),
            )
            put(
                scene,
                spot,
                (0, 65 - 36 * k),
                (84 - 17 * k, 12),
                Look("8a5426", "dome", 0.5, 0.05, 0.4, 0.04),
            )
        put(scene, spot, (0, 15), (112, 4), Look("8a5426", "rod", 0.5), np.pi / 2)
    if milk == "cream":
        heap(scene, spot, [(22, 90, (36, 30), Look("fdf3e2", "dome", 14, 0.04, 0.4, 0.08))])
        ware.pepper(scene, spot, 100, 90, "56290f")


def cold(scene: Scene, spot: Spot, drink: str, slice_: str, *, leaves: int) -> None:
    ware.glass(scene, spot, Look(drink, "disc", -4, 0.1, 0.9, 0, "", 0.8), 215)
    x, y, s = spot
    for turn in (0.3, 2.2, 4.3):
        at = (x + 92 * s * np.cos(turn), y + 92 * s * np.sin(turn))
        scene.dab(at, (64 * s, 60 * s), Look("e3ecec", "box", 15, 0.12, 1.0, 0.05, drink, 2), turn)
    ware.citrus(scene, near(spot, 75, 75), slice_, 84)
    ware.basil(scene, near(spot, -50, 30), 70, leaves)


def mint(scene: Scene, spot: Spot) -> None:
    ware.glass(scene, spot, Look("b9bf5a", "disc", -4, 0.1, 0.9, 0, "", 0.5), 215)
    ware.basil(scene, spot, 125, 26)
