"""What the map of a page lies on: the tiles of a service, or nothing but rings of distance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Response

from kitchenasty import locations, settings
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.web import allow_images_from

METRES = {settings.KILOMETRES: 1_000.0, settings.MILES: 1_609.344}


@dataclass(frozen=True, slots=True)
class Ground:
    """`unit` is how distances are said, `km` or `mi`."""

    unit: str
    tiles: locations.Tiles | None

    def distance(self, metres: int) -> float:
        return metres / METRES[self.unit]


async def load_ground(look: Look) -> Ground:
    general = await settings.load(look, settings.GENERAL)
    return Ground(str(general["distanceUnit"]), await locations.load_tiles(look))


def with_ground(response: Response[Any], ground: Ground) -> Response[Any]:
    """The page may fetch its tiles, if there are any."""
    return allow_images_from(response, ground.tiles.origin) if ground.tiles else response
