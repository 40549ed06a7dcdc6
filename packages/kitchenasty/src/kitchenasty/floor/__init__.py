"""The house's side of an evening: who sits where, who moves, what is kept free, how a room stands.
Others use only these names.
"""

from kitchenasty.floor.arrivals import find_now, seat, unseat, walk_in
from kitchenasty.floor.blocks import block, unblock
from kitchenasty.floor.places import (
    PLAN_WIDTH,
    PlaceRefused,
    TablePlace,
    list_places,
    place_tables,
)
from kitchenasty.floor.service import put, resize, shift, stay_until

__all__ = [
    "PLAN_WIDTH",
    "PlaceRefused",
    "TablePlace",
    "block",
    "find_now",
    "list_places",
    "place_tables",
    "put",
    "resize",
    "seat",
    "shift",
    "stay_until",
    "unblock",
    "unseat",
    "walk_in",
]
