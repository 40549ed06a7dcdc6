"""The rows of access_table.py for deliveries that are handed to couriers of a market."""

from __future__ import annotations

from kitchenasty.tests.access_rows import EVERYBODY, LINKS, OF_HOUSE, OWN_HOUSE

HANDOFF = {
    # Who has no statement of the last courier is told that there is nothing.
    "POST /api/handoffs/{rail_id:str}/address": EVERYBODY,
    "POST /t/{capability:str}/brought": LINKS,
    "POST /admin/orders/{order_id:str}/couriers": OF_HOUSE,
    "GET /admin/houses/{house_id:str}/couriers": OWN_HOUSE,
    "POST /admin/houses/{house_id:str}/couriers/talk": OWN_HOUSE,
    "POST /admin/houses/{house_id:str}/couriers": OWN_HOUSE,
}
HANDOFF_BODIES: dict[str, dict[str, object]] = {
    "POST /t/{capability:str}/brought": {"isHere": "yes"},
    "POST /admin/houses/{house_id:str}/couriers": {"marketUrl": "https://market.example"},
}
