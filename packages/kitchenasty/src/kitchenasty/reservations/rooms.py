"""Who may follow the tables of a house, or one reservation."""

from __future__ import annotations

from collections.abc import Mapping

from kitchenasty.kit.books import Look
from kitchenasty.kit.live import Rule
from kitchenasty.reservations.queries import find_opened


async def may_watch_tables(look: Look, house_id: str, _capability: str | None) -> bool:
    """Staff of the house, of any role."""
    return look.actor.may_see_house(house_id)


async def may_follow_reservation(look: Look, reservation_id: str, capability: str | None) -> bool:
    """Whoever has its link."""
    opened = await find_opened(look, capability) if capability else None
    return opened is not None and opened.id == reservation_id


ROOM_RULES: Mapping[str, Rule] = {
    "tables": may_watch_tables,
    "reservation": may_follow_reservation,
}
