"""What the menu's forms offer to choose from."""

from __future__ import annotations

from typing import Any

from kitchenasty import menu
from kitchenasty.dashboard.order_pages import list_own_houses
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.principals import Principal


async def house_choices(look: Look, principal: Principal) -> list[tuple[str, str]]:
    """One's own houses, before them all of them together for who works in every one."""
    every = [("", translate("All houses"))] if principal.house_ids is None else []
    houses = await list_own_houses(look, principal)
    return [*every, *((house.id, house.name) for house in houses)]


async def list_own_mealtimes(look: Look) -> list[tuple[Any, int]]:
    """Mealtimes of one's own houses and of all of them, with how many dishes are served then."""
    own = look.actor.house_ids
    return [
        (row, count)
        for row, count in await menu.list_mealtimes(look)
        if own is None or row.house_id is None or row.house_id in own
    ]
