"""Points on the earth, many at a time, and which of them lie near each other."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Indexes = npt.NDArray[np.int64]
Pairs = tuple[Indexes, Indexes]

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of the earth (IUGG)."""
CELL_MARGIN = 1.0000001
"""A cell is this much wider than the radius, so that rounding puts nobody two cells away."""
LATITUDE_MAX = math.radians(89)
"""Cells do not get wider than there; nearer to a pole they would have no end."""
NOBODY: Pairs = (np.empty(0, np.int64), np.empty(0, np.int64))


@dataclass(frozen=True, slots=True)
class Place:
    """Degrees, WGS 84: latitude from -90 to 90, longitude from -180 to 180."""

    latitude: float
    longitude: float

    def is_on_earth(self) -> bool:
        return -90 <= self.latitude <= 90 and -180 <= self.longitude <= 180

    def metres_to(self, other: Place) -> float:
        """The same as `metres_between`, for two."""
        here = math.radians(self.latitude), math.radians(self.longitude)
        there = math.radians(other.latitude), math.radians(other.longitude)
        up, along = math.sin((there[0] - here[0]) / 2), math.sin((there[1] - here[1]) / 2)
        square = up * up + math.cos(here[0]) * math.cos(there[0]) * along * along
        return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1, square)))


@dataclass(frozen=True, slots=True)
class Points:
    """Many places in radians, longitudes counted from a place of one's choice. So no trip is cut
    by the antimeridian unless it goes half around the earth.
    """

    latitudes: Floats
    longitudes: Floats
    directions: Floats
    """From the middle of the earth, three rows of them: to compare two takes no trigonometry."""

    @classmethod
    def of(cls, places: list[Place], around: Place) -> Points:
        count = len(places)
        latitudes = np.fromiter((place.latitude for place in places), np.float64, count)
        longitudes = np.fromiter((place.longitude for place in places), np.float64, count)
        turned = (longitudes - around.longitude + 540) % 360 - 180
        up, along = np.radians(latitudes), np.radians(turned)
        across = np.cos(up)
        directions = np.stack([across * np.cos(along), across * np.sin(along), np.sin(up)])
        return cls(up, along, directions)

    def __len__(self) -> int:
        return len(self.latitudes)

    def take(self, indexes: Indexes) -> Points:
        return Points(
            self.latitudes[indexes], self.longitudes[indexes], self.directions_of(indexes)
        )

    def directions_of(self, indexes: Indexes) -> Floats:
        return self.directions.take(indexes, axis=1)


def haversines(one: Floats, other: Floats) -> Floats:
    """The haversine of the angle between each two directions, which is a quarter of the square of
    the chord: cheap, and grows with the distance.
    """
    apart = one - other
    apart *= apart
    squares: Floats = apart[0] + apart[1] + apart[2]
    squares /= 4
    return squares


def haversine_of(metres: float) -> float:
    return math.sin(metres / (2 * EARTH_RADIUS_M)) ** 2


def metres_between(one: Points, other: Points) -> Floats:
    """Great-circle distances (the haversine formula, R. W. Sinnott, Sky & Telescope 68, 1984)."""
    squares = np.minimum(1, haversines(one.directions, other.directions))
    metres: Floats = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(squares))
    return metres


class Grid:
    """Some of many points, sorted into cells at least as wide as the radius: whoever is within the
    radius is in the same cell or beside it, which is three runs of the sorted cells.
    """

    def __init__(self, points: Points, indexes: Indexes, radius_m: float) -> None:
        self.points = points
        self.radius = haversine_of(radius_m)
        mine = points.take(indexes)
        self.south, self.west = mine.latitudes.min(), mine.longitudes.min()
        farthest = min(np.abs(mine.latitudes).max() + radius_m / EARTH_RADIUS_M, LATITUDE_MAX)
        self.height = radius_m / EARTH_RADIUS_M * CELL_MARGIN
        self.width = self.height / math.cos(farthest)
        rows, columns = self._cells(mine)
        # One empty column on each side, so that a neighbour's cell is never the next row's.
        self.columns = int(columns.max()) + 3
        self.row_last = int(rows.max())
        keys = rows * self.columns + columns + 1
        order = np.argsort(keys, kind="stable")
        self.indexes, self.keys = indexes[order], keys[order]

    def count_near(self, queries: Points) -> Indexes:
        """How many are looked at for each query, whether or not they turn out to be near."""
        total = np.zeros(len(queries), np.int64)
        for first, last in self._runs(queries):
            total += last - first
        return total

    def near(self, queries: Points) -> Pairs:
        """Positions of queries and indexes of points, for each two within the radius."""
        found = [self._within(queries, first, last) for first, last in self._runs(queries)]
        asked = np.concatenate([pair[0] for pair in found])
        return asked, np.concatenate([pair[1] for pair in found])

    def around(self, query: Points) -> Indexes:
        """Who is in the cells around one place: all within the radius, and some beyond it."""
        runs = self._runs(query)
        return np.concatenate([self.indexes[first[0] : last[0]] for first, last in runs])

    def _cells(self, points: Points) -> Pairs:
        rows = np.floor((points.latitudes - self.south) / self.height).astype(np.int64)
        columns = np.floor((points.longitudes - self.west) / self.width).astype(np.int64)
        return rows, columns

    def _runs(self, queries: Points) -> list[Pairs]:
        rows, columns = self._cells(queries)
        first_column = np.clip(columns, 0, self.columns)
        last_column = np.clip(columns + 3, 0, self.columns)
        runs = []
        for step in (-1, 0, 1):
            row = rows + step
            start = np.searchsorted(self.keys, row * self.columns + first_column)
            end = np.searchsorted(self.keys, row * self.columns + last_column)
            is_there = (row >= 0) & (row <= self.row_last) & (end > start)
            runs.append((np.where(is_there, start, 0), np.where(is_there, end, 0)))
        return runs

    def _within(self, queries: Points, first: Indexes, last: Indexes) -> Pairs:
        lengths = last - first
        total = int(lengths.sum())
        if not total:
            return NOBODY
        asked = np.repeat(np.arange(len(lengths)), lengths)
        offsets = np.arange(total) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        found = self.indexes[np.repeat(first, lengths) + offsets]
        here, there = queries.directions_of(asked), self.points.directions_of(found)
        is_near = haversines(here, there) <= self.radius
        return asked[is_near], found[is_near]
