"""Areas on the map, and whether a point lies in one. Pure.

Longitude and latitude look alike, and in the wrong order they name another continent. So the order
is never guessed: GeoJSON has longitude first by its standard (RFC 7946), pairs must name theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt
from typing import Any

from basis.errors import Invalid
from basis.sentences import Sentence

VERTICES_MAX = 2_000
DEGREES_MAX = 360
EARTH_RADIUS_M = 6_371_008.8
"""The mean radius of the earth as the IUGG defines it."""

Pair = tuple[float, float]
"""Longitude, latitude: the order of all coordinates inside."""


class AxisOrder(StrEnum):
    """Which number of a pair comes first."""

    LNG_LAT = "lng_lat"
    LAT_LNG = "lat_lng"


class AreaRefused(Invalid):
    """A boundary that encloses no area, or one that cannot be read without guessing."""


@dataclass(frozen=True, slots=True)
class Place:
    """A point on the map, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Area:
    """One or more polygons, prepared for many questions. The border belongs to it."""

    geometry: Any = field(repr=False)

    def contains(self, place: Place) -> bool:
        return bool(shapely().intersects_xy(self.geometry, place.longitude, place.latitude))

    def inner_point(self) -> Pair:
        """Some place inside, for a label."""
        point = self.geometry.representative_point()
        return point.x, point.y

    def to_geojson(self) -> dict[str, Any]:
        found: dict[str, Any] = shapely().geometry.mapping(self.geometry)
        return found


def shapely() -> Any:
    """The library of shapes, loaded for the first area: with NumPy it takes 14 MB, and a house that
    draws none never needs it.
    """
    import shapely as library  # noqa: PLC0415

    return library


def read_area(boundary: Any, axis_order: AxisOrder | None = None) -> Area:
    """An area from GeoJSON (Polygon, MultiPolygon, one or several Features of these), or from a
    ring of pairs together with their axis order. Raises AreaRefused.
    """
    if isinstance(boundary, dict):
        if axis_order not in (None, AxisOrder.LNG_LAT):
            raise AreaRefused("GeoJSON has longitude first; leave the axis order out.")
        polygons = polygons_of(boundary)
    else:
        if axis_order is None:
            raise AreaRefused("Say whether the pairs are lng_lat or lat_lng; both look alike.")
        polygons = [[read_ring(boundary, axis_order)]]
    if sum(len(ring) for rings in polygons for ring in rings) > VERTICES_MAX:
        raise AreaRefused("Corners of the boundary are missing, or there are too many.")
    shapes = [shapely().Polygon(rings[0], rings[1:]) for rings in polygons]
    geometry = shapes[0] if len(shapes) == 1 else shapely().MultiPolygon(shapes)
    check_shape(geometry)
    shapely().prepare(geometry)
    return Area(geometry)


def polygons_of(document: dict[str, Any]) -> list[list[list[Pair]]]:
    """The rings of each polygon of a GeoJSON document: the outer one first, then its holes."""
    if document.get("type") == "FeatureCollection":
        return [rings for one in some(document.get("features")) for rings in of_feature(one)]
    if document.get("type") == "Feature" and isinstance(document.get("geometry"), dict):
        document = document["geometry"]
    coordinates = document.get("coordinates")
    if document.get("type") == "Polygon":
        coordinates = [coordinates]
    elif document.get("type") != "MultiPolygon":
        raise AreaRefused("An area is a GeoJSON Polygon or MultiPolygon.")
    return [
        [read_ring(ring, AxisOrder.LNG_LAT) for ring in some(rings)] for rings in some(coordinates)
    ]


def of_feature(feature: Any) -> list[list[list[Pair]]]:
    """Each polygon of one feature of a collection."""
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise AreaRefused("An area is a GeoJSON Polygon or MultiPolygon.")
    return polygons_of(feature)


def some(value: Any) -> Sequence[Any]:
    """The list, if it is one with something in it and not endless."""
    if not isinstance(value, list | tuple) or not 1 <= len(value) <= VERTICES_MAX:
        raise AreaRefused("Corners of the boundary are missing, or there are too many.")
    return value


def read_ring(ring: Any, axis_order: AxisOrder) -> list[Pair]:
    """The corners of a ring, longitude first; it may be closed or not."""
    pairs = [read_pair(pair, axis_order) for pair in some(ring)]
    if len(set(pairs)) < 3:
        raise AreaRefused("A boundary has at least three different corners.")
    if any(abs(one[0] - other[0]) > 180 for one, other in pairwise([*pairs, pairs[0]])):
        raise AreaRefused("A boundary must not cross the date line; draw two areas.")
    return pairs


def read_pair(pair: Any, axis_order: AxisOrder) -> Pair:
    """One corner. A third number, the height, is allowed by GeoJSON and ignored."""
    if not isinstance(pair, list | tuple) or not 2 <= len(pair) <= 3:
        raise AreaRefused("A corner is a pair of numbers, in degrees.")
    first, second = read_degrees(pair[0]), read_degrees(pair[1])
    longitude, latitude = (first, second) if axis_order is AxisOrder.LNG_LAT else (second, first)
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise AreaRefused(
            Sentence.of(
                "Longitude {longitude}, latitude {latitude} is not on earth. Is the order right?",
                longitude=longitude,
                latitude=latitude,
            )
        )
    return longitude, latitude


def read_degrees(number: Any) -> float:
    is_number = isinstance(number, int | float) and not isinstance(number, bool)
    # Whatever is no number of degrees fails this comparison: NaN, infinity, an endless integer.
    if not (is_number and -DEGREES_MAX <= number <= DEGREES_MAX):
        raise AreaRefused("A corner is a pair of numbers, in degrees.")
    degrees: float = number
    return degrees


def check_shape(geometry: Any) -> None:
    """Raises AreaRefused for borders that cross themselves and areas without area."""
    if not shapely().is_valid(geometry):
        reason = shapely().is_valid_reason(geometry)
        raise AreaRefused(
            Sentence.of("The boundary crosses itself or does not close: {reason}.", reason=reason)
        )
    if geometry.area <= 0:
        raise AreaRefused("The boundary encloses nothing.")


def distance_m(one: Place, other: Place) -> int:
    """Whole metres as the crow flies (haversine, within 0.6 % of the ellipsoid)."""
    lat1, lat2 = radians(one.latitude), radians(other.latitude)
    half_lat = sin((lat2 - lat1) / 2)
    half_lng = sin(radians(other.longitude - one.longitude) / 2)
    chord = half_lat**2 + cos(lat1) * cos(lat2) * half_lng**2
    return round(2 * EARTH_RADIUS_M * asin(sqrt(min(1.0, chord))))
