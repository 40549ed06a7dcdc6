"""Who may follow how it stands with somebody who waits."""

from __future__ import annotations

from collections.abc import Mapping

from kitchenasty.kit.books import Look
from kitchenasty.kit.live import Rule
from kitchenasty.waitlist.queries import find_opened


async def may_follow_waiting(look: Look, waiting_id: str, capability: str | None) -> bool:
    """Whoever has its link."""
    opened = await find_opened(look, capability) if capability else None
    return opened is not None and opened.id == waiting_id


ROOM_RULES: Mapping[str, Rule] = {"waiting": may_follow_waiting}
