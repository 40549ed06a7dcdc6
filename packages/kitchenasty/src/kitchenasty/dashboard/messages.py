"""What the office tells beside a guest or an order of the letters and texts that went to them."""

from __future__ import annotations

from typing import Any

from kitchenasty import notices, texting
from kitchenasty.dashboard.text_pages import STATES
from kitchenasty.kit.books import Look
from kitchenasty.kit.principals import Role


async def messages_to(
    look: Look, email: str | None, *, about_id: str | None = None
) -> dict[str, Any]:
    """Letters that did not arrive at this address, and all texts about one order."""
    return {
        "undelivered": await notices.list_failures(look, email),
        "texts": await texting.list_texts_about(look, about_id) if about_id else [],
        "text_states": STATES,
        "may_see_letters": look.actor.has_role(Role.MANAGER) and look.actor.house_ids is None,
    }
