"""Areas as a small drawing without a map: their outlines, as they lie to each other. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, radians

from kitchenasty.locations import Area, House, Zone

WIDTH, HEIGHT, MARGIN = 320, 200, 14
SPAN_MIN = 0.001
"""About a hundred metres: nothing is drawn larger than life."""

Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Outline:
    """`path` is for SVG; the number stands inside the area, at `x` and `y`."""

    path: str
    number: int
    name: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Drawing:
    outlines: tuple[Outline, ...]
    house: Pair | None
    """Where the house lies, if it has told."""
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True, slots=True)
class Frame:
    """From degrees to the drawing: the middle stays in the middle, north is up."""

    west: float
    north: float
    scale: float
    squeeze: float
    left: float
    top: float

    def place(self, corner: Pair) -> Pair:
        x = self.left + (corner[0] - self.west) * self.squeeze * self.scale
        y = self.top + (self.north - corner[1]) * self.scale
        return round(x, 1), round(y, 1)


def draw(house: House, zones: Sequence[tuple[int, Zone]]) -> Drawing | None:
    """The zones that have an area, each with its number; None when none has."""
    drawn = [(number, zone, zone.area) for number, zone in zones if zone.area is not None]
    if not drawn:
        return None
    corners = [corner for _, _, area in drawn for ring in rings_of(area) for corner in ring]
    here = None
    if house.longitude is not None and house.latitude is not None:
        here = (house.longitude, house.latitude)
    frame = frame_of(corners)
    outlines = tuple(
        Outline(path_of(area, frame), number, zone.name, *frame.place(area.inner_point()))
        for number, zone, area in drawn
    )
    return Drawing(outlines, None if here is None else frame.place(here))


def frame_of(corners: Sequence[Pair]) -> Frame:
    """A degree of longitude is shorter than one of latitude, the more so the further north."""
    west, east = min(x for x, _ in corners), max(x for x, _ in corners)
    south, north = min(y for _, y in corners), max(y for _, y in corners)
    squeeze = max(0.01, cos(radians((south + north) / 2)))
    wide, high = max((east - west) * squeeze, SPAN_MIN), max(north - south, SPAN_MIN)
    scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high)
    left = (WIDTH - (east - west) * squeeze * scale) / 2
    top = (HEIGHT - (north - south) * scale) / 2
    return Frame(west, north, scale, squeeze, left, top)


def path_of(area: Area, frame: Frame) -> str:
    parts = []
    for ring in rings_of(area):
        points = [frame.place(corner) for corner in ring[:-1]]
        parts.append("M" + " L".join(f"{x} {y}" for x, y in points) + " Z")
    return " ".join(parts)


def rings_of(area: Area) -> Iterator[Sequence[Pair]]:
    """Every ring, the holes among them."""
    shape = area.to_geojson()
    polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
    for polygon in polygons:
        yield from polygon
