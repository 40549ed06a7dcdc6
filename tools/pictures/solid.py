"""Solid things for Mitsuba: boxes, rods, turned shapes, and the furniture made of them. Metres."""

import math
import tempfile
from pathlib import Path
from typing import Any

import mitsuba as mi
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter

T = mi.ScalarTransform4f
Thing = dict[str, Any]
Point = tuple[float, float, float]


def rgb(code: str, times: float = 1.0) -> Thing:
    linear = [times * (int(code[i : i + 2], 16) / 255) ** 2.2 for i in (0, 2, 4)]
    return {"type": "rgb", "value": linear}


def matt(code: str) -> Thing:
    return {"type": "twosided", "bsdf": {"type": "diffuse", "reflectance": rgb(code)}}


def glossy(code: str, roughness: float = 0.15) -> Thing:
    return {
        "type": "twosided",
        "bsdf": {
            "type": "principled",
            "base_color": rgb(code),
            "roughness": roughness,
            "specular": 0.5,
        },
    }


def metal(code: str, roughness: float = 0.25) -> Thing:
    return {
        "type": "twosided",
        "bsdf": {
            "type": "principled",
            "base_color": rgb(code),
            "roughness": roughness,
            "metallic": 1.0,
        },
    }


def glass(tint: str = "ffffff", inside: float = 1.5, outside: float = 1.0) -> Thing:
    return {
        "type": "dielectric",
        "int_ior": inside,
        "ext_ior": outside,
        "specular_transmittance": rgb(tint),
    }


def shining(code: str, power: float) -> Thing:
    return {"type": "area", "radiance": rgb(code, power)}


def textured(picture: NDArray[np.float32], scale: float = 1.0, roughness: float = 0.45) -> Thing:
    """A surface with a picture of linear colours on it, repeated."""
    return {
        "type": "twosided",
        "bsdf": {
            "type": "principled",
            "base_color": {
                "type": "bitmap",
                "bitmap": mi.Bitmap(picture.astype(np.float32)),
                "raw": True,
                "to_uv": T().scale([scale, scale, 1]),
            },
            "roughness": roughness,
            "specular": 0.3,
        },
    }


def planks(seed: int, light: str, dark: str, *, count: int = 8) -> NDArray[np.float32]:
    """Boards of wood, each of its own colour and with its own grain."""
    rng = np.random.default_rng(seed)
    side = 1024
    first, second = (np.array(rgb(code)["value"]) for code in (light, dark))
    yy, xx = np.mgrid[:side, :side] / side
    board = np.floor(yy * count).astype(int)
    tone = rng.uniform(0, 1, count)[board]
    wave = np.zeros((side, side))
    for octave in range(1, 6):
        phase = rng.uniform(0, 6.3, count)[board]
        wave += np.sin(xx * 3 * octave + phase + np.sin(yy * 260 * octave + phase) * 0.6) / octave
    grain = (
        rng.standard_normal((side, 1)) * 0.16
        + 0.12 * wave
        + rng.standard_normal((side, side)) * 0.03
    )
    mix = np.clip(0.25 + 0.5 * tone + grain, 0, 1)[..., None]
    colour = first * (1 - mix) + second * mix
    gap = (np.mod(yy * count, 1) < 0.025)[..., None]
    return np.where(gap, colour * 0.25, colour).astype(np.float32)


def bricks(seed: int, brick: str, mortar: str, *, rows: int = 16) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    side, columns = 1024, 8
    yy, xx = np.mgrid[:side, :side] / side
    row = np.floor(yy * rows).astype(int)
    along = xx * columns + 0.5 * (row % 2)
    tone = rng.uniform(0.7, 1.25, (rows, columns + 1))[row, np.floor(along).astype(int)]
    gap = (np.mod(along, 1) < 0.05) | (np.mod(yy * rows, 1) < 0.1)
    speck = 1 + rng.standard_normal((side, side)) * 0.08
    stone = np.array(rgb(brick)["value"]) * (tone * speck)[..., None]
    seam = np.array(rgb(mortar)["value"]) * speck[..., None]
    return np.where(gap[..., None], seam, stone).clip(0, 1).astype(np.float32)


class Set:
    """A scene that is being built."""

    def __init__(self) -> None:
        self.things: Thing = {"type": "scene"}
        self.folder = Path(tempfile.mkdtemp(prefix="pictures-"))

    def add(self, thing: Thing) -> None:
        self.things[f"thing{len(self.things)}"] = thing

    def box(self, at: Point, size: Point, bsdf: Thing, turn: float = 0, tilt: float = 0) -> None:
        """`at` is the middle of its bottom; `turn` is about the upright axis, in degrees."""
        wide, deep, high = size
        to = T().translate([at[0], at[1], at[2] + high / 2]).rotate([0, 0, 1], turn)
        to = to.rotate([1, 0, 0], tilt).scale([wide / 2, deep / 2, high / 2])
        self.add({"type": "cube", "to_world": to, "bsdf": bsdf})

    def rod(self, start: Point, end: Point, radius: float, bsdf: Thing) -> None:
        self.add(
            {"type": "cylinder", "p0": list(start), "p1": list(end), "radius": radius, "bsdf": bsdf}
        )

    def ball(
        self, at: Point, radius: float, bsdf: Thing | None = None, light: Thing | None = None
    ) -> None:
        thing: Thing = {"type": "sphere", "center": list(at), "radius": radius}
        if bsdf:
            thing["bsdf"] = bsdf
        if light:
            thing["emitter"] = light
        self.add(thing)

    def disk(self, at: Point, radius: float, bsdf: Thing) -> None:
        to = T().translate(list(at)).scale([radius, radius, 1])
        self.add({"type": "disk", "to_world": to, "bsdf": bsdf})

    def sheet(
        self, at: Point, size: tuple[float, float], axis: Point, turn: float,
        bsdf: Thing | None = None, light: Thing | None = None,
    ) -> None:  # fmt: skip
        """A rectangle that looks up, turned about an axis by so many degrees."""
        to = T().translate(list(at)).rotate(list(axis), turn).scale([size[0] / 2, size[1] / 2, 1])
        thing: Thing = {"type": "rectangle", "to_world": to}
        if bsdf:
            thing["bsdf"] = bsdf
        if light:
            thing["emitter"] = light
        self.add(thing)

    def mesh(
        self, points: list[Point], faces: list[tuple[int, ...]], bsdf: Thing, *, flat: bool
    ) -> None:
        path = self.folder / f"{len(self.things)}.obj"
        lines = [f"v {x:.5f} {y:.5f} {z:.5f}" for x, y, z in points]
        lines += ["f " + " ".join(str(i + 1) for i in face) for face in faces]
        path.write_text("\n".join(lines))
        self.add({"type": "obj", "filename": str(path), "face_normals": flat, "bsdf": bsdf})

    def turned(
        self, at: Point, outline: list[tuple[float, float]], bsdf: Thing, around: int = 64
    ) -> None:
        """What a lathe makes of an outline of (radius, height)."""
        points, faces = [], []
        for radius, height in outline:
            for step in range(around):
                angle = 2 * math.pi * step / around
                points.append(
                    (
                        at[0] + radius * math.cos(angle),
                        at[1] + radius * math.sin(angle),
                        at[2] + height,
                    )
                )
        for ring in range(len(outline) - 1):
            for step in range(around):
                a, b = ring * around + step, ring * around + (step + 1) % around
                faces.append((a, b, b + around, a + around))
        self.mesh(points, faces, bsdf, flat=False)

    def chair(self, at: Point, turn: float, bsdf: Thing) -> None:
        angle = math.radians(turn)

        def place(x: float, y: float, z: float) -> Point:
            return (
                at[0] + x * math.cos(angle) - y * math.sin(angle),
                at[1] + x * math.sin(angle) + y * math.cos(angle),
                at[2] + z,
            )

        self.box(place(0, 0, 0.44), (0.42, 0.42, 0.03), bsdf, turn)
        for x in (-0.18, 0.18):
            self.rod(place(x, -0.18, 0), place(x, -0.18, 0.44), 0.016, bsdf)
            self.rod(place(x, 0.18, 0), place(x, 0.22, 0.86), 0.016, bsdf)
        for height in (0.62, 0.74, 0.83):
            self.box(place(0, 0.205, height), (0.4, 0.018, 0.05), bsdf, turn)

    def plate(self, at: Point, radius: float = 0.13, code: str = "f3efe6") -> None:
        outline = [
            (0.001, 0.006),
            (radius * 0.62, 0.006),
            (radius, 0.022),
            (radius, 0.017),
            (radius * 0.6, 0),
            (0.001, 0),
        ]
        self.turned(at, outline, glossy(code, 0.12))

    def wine_glass(self, at: Point, drink: str = "") -> None:
        outline = [
            (0.001, 0.004),
            (0.034, 0.002),
            (0.004, 0.012),
            (0.004, 0.085),
            (0.03, 0.11),
            (0.038, 0.15),
            (0.031, 0.2),
        ]
        shell = {"type": "thindielectric", "specular_transmittance": rgb("f4f7f6")}
        self.turned(at, outline, shell)
        if drink:
            self.turned(
                at,
                [(0.001, 0.092), (0.028, 0.113), (0.036, 0.145), (0.001, 0.145)],
                glossy(drink, 0.05),
            )

    def candle(self, at: Point) -> None:
        self.rod(at, (at[0], at[1], at[2] + 0.2), 0.011, matt("f4ecd8"))
        self.ball((at[0], at[1], at[2] + 0.225), 0.011, light=shining("ffb45e", 60))

    def bush(
        self, at: Point, radius: float, code: str, rng: np.random.Generator, count: int = 900
    ) -> None:
        """A cloud of leaves, in three tones."""
        for tone in (0.55, 0.9, 1.4):
            points: list[Point] = []
            faces: list[tuple[int, ...]] = []
            for _ in range(count // 3):
                way = rng.standard_normal(3)
                middle = np.array(at) + way / np.linalg.norm(way) * radius * rng.uniform(0.5, 1.0)
                middle[2] = max(middle[2], 0.02)
                along, across = rng.standard_normal((2, 3)) * radius * 0.075
                corners = (middle - along, middle + across, middle + along, middle - across)
                faces.append(tuple(len(points) + i for i in range(4)))
                points += [(float(x), float(y), float(z)) for x, y, z in corners]
            shade = {"type": "rgb", "value": [min(0.95, one * tone) for one in rgb(code)["value"]]}
            leaf = {"type": "twosided", "bsdf": {"type": "diffuse", "reflectance": shade}}
            self.mesh(points, faces, leaf, flat=True)

    def photograph(
        self,
        eye: Point,
        target: Point,
        *,
        size: tuple[int, int],
        angle: float,
        samples: int,
        exposure: float,
    ) -> NDArray[np.uint8]:
        """What a camera at `eye` sees, high x wide x 3 bytes of sRGB; `angle` is its width."""
        self.things["integrator"] = {
            "type": "aov",
            "aovs": "albedo:albedo,normal:sh_normal,depth:depth",
            "path": {"type": "path", "max_depth": 6},
        }
        self.things["sensor"] = {
            "type": "perspective",
            "fov": angle,
            "fov_axis": "x",
            "to_world": T().look_at(list(eye), list(target), [0, 0, 1]),
            "film": {
                "type": "hdrfilm",
                "width": size[0],
                "height": size[1],
                "rfilter": {"type": "box"},
            },
            "sampler": {"type": "independent", "sample_count": samples},
        }
        planes = np.array(mi.render(mi.load_dict(self.things))).astype(np.float32)
        seen = calm(
            np.minimum(planes[..., :3], 8.0),
            planes[..., -7:-4],
            planes[..., -4:-1],
            planes[..., -1:],
        )
        seen *= exposure
        # Filmic: light rolls off instead of clipping.
        seen = seen * (2.51 * seen + 0.03) / (seen * (2.43 * seen + 0.59) + 0.14)
        return (np.clip(seen, 0, 1) ** (1 / 2.2) * 255).astype(np.uint8)


def calm(
    seen: NDArray[np.float32],
    albedo: NDArray[np.float32],
    normal: NDArray[np.float32],
    depth: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Take the noise out of the light and leave the surfaces as sharp as they are: neighbours count
    that look the same way, are as far and have the same colour (an edge-avoiding wavelet).
    """
    around = np.stack([median_filter(seen[..., i], 3) for i in range(3)], axis=-1)
    stray = seen.sum(-1, keepdims=True) > around.sum(-1, keepdims=True) * 3 + 0.1
    seen = np.where(stray, around, seen)
    paint = np.maximum(albedo, 0.04)
    light = np.log1p(seen / paint)
    kernel = (1 / 16, 1 / 4, 3 / 8, 1 / 4, 1 / 16)
    for level, slack in enumerate((2.0, 1.2, 0.8, 0.5)):
        step = 2**level
        total, weight = np.zeros_like(light), np.zeros_like(depth)
        for row, first in enumerate(kernel):
            for column, second in enumerate(kernel):
                way = ((row - 2) * step, (column - 2) * step)
                other = np.roll(light, way, (0, 1))
                turn = ((np.roll(normal, way, (0, 1)) - normal) ** 2).sum(-1, keepdims=True)
                far = np.abs(np.roll(depth, way, (0, 1)) - depth) / (depth * 0.02 * step + 0.01)
                paint_off = ((np.roll(albedo, way, (0, 1)) - albedo) ** 2).sum(-1, keepdims=True)
                bright = ((other - light) ** 2).sum(-1, keepdims=True) / slack**2
                share = first * second * np.exp(-turn * 12 - far - paint_off * 30 - bright)
                total, weight = total + other * share, weight + share
        light = total / np.maximum(weight, 1e-6)
    return np.expm1(light) * paint


def sky(scene: Set, code: str, power: float) -> None:
    scene.add({"type": "constant", "radiance": rgb(code, power)})


def sun(scene: Set, way: Point, code: str, power: float) -> None:
    """Far light with soft shadows: a small bright ball a long way off."""
    far = np.array(way) / np.linalg.norm(way) * -60
    scene.ball((float(far[0]), float(far[1]), float(far[2])), 3.0, light=shining(code, power))
