"""A small renderer: food as a relief of heights and colours, lit from the upper left."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, shift, zoom

Array = NDArray[np.float32]
LIGHT = np.array([-0.52, -0.5, 0.69], dtype=np.float32)


def rgb(code: str) -> Array:
    """The colour of `RRGGBB` as three linear floats in 0..1."""
    return np.array([(int(code[i : i + 2], 16) / 255) ** 2.2 for i in (0, 2, 4)], np.float32)


@dataclass(frozen=True)
class Look:
    """How a dab is shaped and coloured; heights are in pixels, the rest in 0..1."""

    colour: str
    kind: str = "dome"
    height: float = 12
    tint: float = 0.2
    gloss: float = 0.25
    wobble: float = 0.06
    edge: str = ""
    bumps: float = 0.6


def _capsule(u: Array, v: Array, ratio: float) -> Array:
    along = np.maximum(np.abs(u) * ratio - (ratio - 1), 0)
    return np.hypot(along, v)


def _distance(kind: str, u: Array, v: Array, ratio: float) -> Array:
    if kind == "leaf":
        return np.abs(v) / np.maximum((1 - u * u) * (1 - 0.35 * u), 0.001) * 0.95
    if kind == "box":
        return (u**6 + v**6) ** (1 / 6)
    if kind in {"rod", "slab"}:
        return _capsule(u, v, max(ratio, 1))
    if kind == "wedge":
        return np.maximum(np.abs(v) / np.maximum((u + 1) / 2, 0.001), np.abs(u))
    return np.hypot(u, v)


def _profile(kind: str, r: Array, v: Array) -> Array:
    inside = np.clip(1 - r, 0, 1)
    if kind == "ring":
        return np.sqrt(np.clip(1 - ((r - 0.84) / 0.16) ** 2, 0, 1))
    if kind in {"dome", "rod"}:
        return np.sqrt(np.clip(1 - r * r, 0, 1))
    if kind == "leaf":
        return np.clip(inside * 3, 0, 1) * (0.55 + 0.45 * np.clip(np.abs(v) * 5, 0, 1))
    if kind == "dish":
        return np.clip(inside * 14, 0, 1) * (0.35 + 0.65 * np.clip((r - 0.62) / 0.3, 0, 1) ** 1.5)
    return np.sqrt(np.clip(inside * 9, 0, 1))


class Scene:
    """A picture being laid: heights, colours and gloss, each `high` x `wide`."""

    def __init__(self, wide: int, high: int, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.height: Array = np.zeros((high, wide), np.float32)
        self.colour: Array = np.zeros((high, wide, 3), np.float32)
        self.gloss: Array = np.zeros((high, wide), np.float32)
        self.coarse, self.fine = self._noise(48), self._noise(5)
        self.grit = self._noise(1.4)

    def _noise(self, size: float) -> Array:
        high, wide = self.height.shape
        small = self.rng.standard_normal((int(high / size) + 4, int(wide / size) + 4))
        field = zoom(gaussian_filter(small, 0.8), size, order=1)[:high, :wide]
        return (field / field.std()).astype(np.float32)

    def spread(self, x: float, y: float, radius: float) -> tuple[float, float]:
        """A random place within `radius` of a point, evenly spread."""
        turn = self.rng.uniform(0, 2 * np.pi)
        far = radius * np.sqrt(self.rng.uniform())
        return x + far * np.cos(turn), y + far * np.sin(turn)

    def dab(
        self, at: tuple[float, float], size: tuple[float, float], look: Look, angle: float = 0
    ) -> None:
        """Put one thing on what lies there already; `size` is half its length and width."""
        reach = int(max(size) * 1.25) + 3
        high, wide = self.height.shape
        left, top = max(int(at[0]) - reach, 0), max(int(at[1]) - reach, 0)
        right, low = min(int(at[0]) + reach, wide), min(int(at[1]) + reach, high)
        if left >= right or top >= low:
            return
        here = np.s_[top:low, left:right]
        yy, xx = np.mgrid[top:low, left:right].astype(np.float32)
        dx, dy = xx - at[0], yy - at[1]
        cos, sin = np.cos(angle), np.sin(angle)
        u, v = (dx * cos + dy * sin) / size[0], (dy * cos - dx * sin) / size[1]
        field = self.coarse if min(size) > 40 else self.fine
        stretch = 1 + look.wobble * np.roll(field, int(self.rng.integers(900)), 1)[here]
        r = _distance(look.kind, u, v, size[0] / size[1]) / np.clip(stretch, 0.6, 1.5)
        self._blend(here, r, v, min(size), look)

    def _blend(
        self, here: tuple[slice, slice], r: Array, v: Array, small: float, look: Look
    ) -> None:
        alpha = np.clip((1 - r) * max(small, 3) * 0.7, 0, 1)
        if look.kind == "ring":
            alpha = np.minimum(alpha, np.clip((r - 0.66) * small * 0.7, 0, 1))
        if not (alpha > 0.4).any():
            return
        base = float(np.median(self.height[here][alpha > 0.4]))
        top = base + look.height * _profile(look.kind, r, v) + look.bumps * self.fine[here]
        self.height[here] += (top - self.height[here]) * alpha
        shade = 1 + look.tint * (0.5 * self.fine + 0.3 * self.grit + 0.4 * self.coarse)[here]
        paint = rgb(look.colour) * np.clip(shade, 0.35, 1.8)[..., None]
        if look.edge:
            mix = np.clip((r - 0.62) * 2.4 + 0.25 * self.fine[here], 0, 1)[..., None]
            paint = paint * (1 - mix) + rgb(look.edge) * mix
        cover = alpha[..., None]
        self.colour[here] = self.colour[here] * (1 - cover) + paint * cover
        self.gloss[here] = self.gloss[here] * (1 - alpha) + look.gloss * alpha

    def many(
        self, count: int, at: tuple[float, float, float], size: tuple[float, float], look: Look
    ) -> None:
        """Scatter `count` dabs about `at` (x, y, radius), each a little different."""
        for _ in range(count):
            grow = self.rng.uniform(0.75, 1.25)
            one = replace(look, height=look.height * grow)
            self.dab(
                self.spread(*at), (size[0] * grow, size[1] * grow), one, self.rng.uniform(0, 6.3)
            )

    def paint(self, mix: Callable[[Array, Array], Array], colour: str) -> None:
        """Colour the surface without changing it: `mix` of (x, y) gives how much, 0..1."""
        yy, xx = np.mgrid[: self.height.shape[0], : self.height.shape[1]].astype(np.float32)
        cover = np.clip(mix(xx, yy), 0, 1)[..., None]
        self.colour = self.colour * (1 - cover) + rgb(colour) * cover

    def _shadow(self) -> Array:
        dark = np.zeros_like(self.height)
        for step in range(2, 64, 3):
            way = LIGHT[:2] / np.hypot(*LIGHT[:2]) * step
            blocker = shift(self.height, (-way[1], -way[0]), order=0, mode="nearest")
            over = blocker - self.height - step * 0.8
            dark = np.maximum(dark, np.clip(over / (2 + step * 0.12), 0, 1))
        return gaussian_filter(dark, 1.6)

    def photograph(self) -> NDArray[np.uint8]:
        """Light the relief; the answer is high x wide x 3 bytes of sRGB."""
        smooth = gaussian_filter(self.height, 0.7)
        gy, gx = np.gradient(smooth)
        normal = np.dstack([-gx, -gy, np.full_like(gx, 1.1)])
        normal /= np.linalg.norm(normal, axis=2, keepdims=True)
        key = np.clip(normal @ LIGHT, 0, 1) * (1 - 0.8 * self._shadow())
        wide = gaussian_filter(self.height, 9) - self.height
        hollow = np.clip(1 - wide * 0.03 - gaussian_filter(wide, 3) * 0.02, 0.35, 1.15)
        half = LIGHT + np.array([0, 0, 1], np.float32)
        shine = np.clip(normal @ (half / np.linalg.norm(half)), 0, 1) ** 46 * self.gloss
        warm = np.array([1.34, 1.24, 1.08], np.float32)
        sky = np.array([0.46, 0.49, 0.56], np.float32)
        light = key[..., None] * warm + hollow[..., None] * sky
        seen = self.colour * light + (shine * (0.3 + key))[..., None] * 0.9
        bleed = np.dstack([gaussian_filter(seen[..., i], 5) for i in range(3)])
        seen = 0.84 * seen + 0.16 * bleed
        seen = seen * (1 + seen * 0.12) / (1 + seen * 0.32) * 1.12
        return (np.clip(seen, 0, 1) ** (1 / 2.2) * 255).astype(np.uint8)
