"""Tables, plates, bowls, glasses and the garnishes that many dishes share."""

import numpy as np
from relief import Array, Look, Scene, rgb

Spot = tuple[float, float, float]  # x, y and the scale, 1 for a plate that fills a picture


def table(scene: Scene, kind: str) -> None:
    """Lay wood, linen or slate over the whole picture."""
    high, wide = scene.height.shape
    yy, xx = np.mgrid[:high, :wide].astype(np.float32)
    if kind == "linen":
        weave = np.sin(xx * 1.9) * 0.35 + np.sin(yy * 1.9) * 0.35
        scene.height = weave + scene.coarse * 2.2
        scene.colour = rgb("c9bda8") * (1 + 0.05 * scene.grit + 0.03 * weave)[..., None]
    elif kind == "slate":
        scene.height = scene.coarse * 1.2 + scene.fine * 0.5
        scene.colour = rgb("4b5256") * (1 + 0.1 * scene.fine + 0.1 * scene.coarse)[..., None]
    else:
        _wood(scene, xx, yy)


def _wood(scene: Scene, xx: Array, yy: Array) -> None:
    plank = np.floor(yy / 150)
    grain = np.sin((yy + 9 * scene.coarse + 3 * np.sin(xx / 160 + plank * 2)) * 0.42)
    seam = np.clip(1 - np.abs(yy % 150 - 2) / 3, 0, 1)
    tone = 1 + 0.13 * grain + 0.12 * np.sin(plank * 4.1) + 0.07 * scene.grit
    scene.colour = rgb("8d6a4a") * (tone * (1 - 0.6 * seam))[..., None]
    scene.height = grain * 0.35 - seam * 4


def plate(scene: Scene, spot: Spot, colour: str = "e9e3d6", radius: float = 300) -> None:
    x, y, s = spot
    ware = Look(colour, "dish", 26 * s, 0.04, 0.5, 0, "", 0.05)
    scene.dab((x, y), (radius * s, radius * s), ware)


def bowl(scene: Scene, spot: Spot, colour: str, filling: Look, radius: float = 265) -> None:
    """A deep bowl with something filled in, level."""
    x, y, s = spot
    scene.dab((x, y), (radius * s, radius * s), Look(colour, "disc", 40 * s, 0.05, 0.5, 0, "", 0.1))
    inner = radius * 0.9 * s
    sunk = Look(filling.colour, "disc", -22 * s, filling.tint, filling.gloss, 0, filling.edge,
                filling.bumps)  # fmt: skip
    scene.dab((x, y), (inner, inner), sunk)


def board(scene: Scene, spot: Spot, size: tuple[float, float] = (370, 250)) -> None:
    x, y, s = spot
    wood = Look("b98a58", "box", 16 * s, 0.22, 0.15, 0.0, "93683d", 0.3)
    scene.dab((x, y), (size[0] * s, size[1] * s), wood)


def herbs(scene: Scene, spot: Spot, reach: float, count: int = 14, colour: str = "4f8a2b") -> None:
    x, y, s = spot
    leaf = Look(colour, "leaf", 5, 0.3, 0.2, 0.05)
    scene.many(count, (x, y, reach * s), (17 * s, 8 * s), leaf)


def basil(scene: Scene, spot: Spot, reach: float, count: int = 8) -> None:
    x, y, s = spot
    leaf = Look("3f8f2a", "leaf", 9, 0.22, 0.35, 0.05, "2f6f20")
    scene.many(count, (x, y, reach * s), (40 * s, 21 * s), leaf)


def pepper(scene: Scene, spot: Spot, reach: float, count: int = 60, colour: str = "2b221c") -> None:
    x, y, s = spot
    scene.many(count, (x, y, reach * s), (3 * s, 2.4 * s), Look(colour, "dome", 2, 0.2, 0.1))


def citrus(scene: Scene, spot: Spot, colour: str = "f2cf3e", radius: float = 62) -> None:
    """A slice: peel, pith and nine segments."""
    x, y, s = spot
    r = radius * s
    scene.dab((x, y), (r, r), Look(colour, "disc", 9, 0.06, 0.4, 0.01))
    scene.dab((x, y), (r * 0.9, r * 0.9), Look("f6eed0", "disc", 0.5, 0.03, 0.2, 0.01))
    for turn in np.arange(9) * 2 * np.pi / 9:
        at = (x + 0.46 * r * np.cos(turn), y + 0.46 * r * np.sin(turn))
        scene.dab(at, (r * 0.39, r * 0.26), Look(colour, "wedge", 3, 0.16, 0.7, 0.03), turn)


def glass(scene: Scene, spot: Spot, drink: Look, radius: float = 190) -> None:
    """A tumbler from above."""
    x, y, s = spot
    r = radius * s
    scene.dab((x, y), (r, r), Look("cfd6d4", "disc", 46 * s, 0.03, 0.9, 0, "e8efee", 0))
    scene.dab((x, y), (r * 0.93, r * 0.93), Look("a9b3b0", "disc", -8 * s, 0.03, 0.8, 0, "", 0))
    scene.dab((x, y), (r * 0.89, r * 0.89), drink)


def cup(scene: Scene, spot: Spot, colour: str, drink: Look) -> None:
    x, y, s = spot
    plate(scene, spot, colour, 285)
    handle = Look(colour, "rod", 34 * s, 0.04, 0.5, 0, "", 0)
    scene.dab((x + 205 * s, y + 60 * s), (62 * s, 19 * s), handle, 0.3)
    scene.dab((x, y), (178 * s, 178 * s), Look(colour, "disc", 60 * s, 0.03, 0.5, 0, "", 0))
    scene.dab((x, y), (160 * s, 160 * s), drink)


def fork(scene: Scene, spot: Spot) -> None:
    x, y, s = spot
    steel = Look("aab0b3", "rod", 7, 0.05, 1.0, 0, "", 0)
    scene.dab((x, y + 110 * s), (180 * s, 8 * s), steel, np.pi / 2)
    scene.dab((x, y - 90 * s), (50 * s, 25 * s), steel, np.pi / 2)
    for off in (-17, -6, 6, 17):
        scene.dab((x + off * s, y - 150 * s), (52 * s, 3.6 * s), steel, np.pi / 2)
