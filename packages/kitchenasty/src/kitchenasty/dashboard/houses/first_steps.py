"""What is missing for the first order, told by what is there: nothing of it is stored."""

from __future__ import annotations

from dataclasses import dataclass

from basis.sentences import word
from kitchenasty import locations, menu, payments
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.principals import Principal, Role

HOUSES = "/admin/houses"
DISHES = "/admin/first-dish"
PAYMENTS = "/admin/payments"
WORDS = {
    "house": word("Open a house, with its address and its clock."),
    "hours": word("Say when it is open."),
    "dish": word("Put a dish on the menu."),
    "payment": word("Choose how guests pay."),
}


@dataclass(frozen=True, slots=True)
class Step:
    """Something that a house needs before guests can order, and where it is done."""

    words: str
    path: str
    is_done: bool


async def list_first_steps(look: Look, principal: Principal) -> list[Step]:
    """In the order in which one does them; empty once guests can order somewhere."""
    if not (principal.has_role(Role.SUPER_ADMIN) and principal.house_ids is None):
        return []
    houses = await locations.list_houses(look)
    opened = [house for house in houses if house.hours.week or house.hours.exceptions]
    dishes = [bool((await menu.load_menu(look, house.id)).dishes) for house in houses]
    keys = await payments.load_keys(look)
    done = {
        "house": bool(houses),
        "hours": bool(opened),
        "dish": any(dishes),
        "payment": bool(keys.offered),
    }
    if all(done.values()):
        return []
    first = houses[0].id if houses else ""
    paths = {
        "house": f"{HOUSES}/new",
        "hours": f"{HOUSES}/{first}/hours" if first else HOUSES,
        "dish": DISHES,
        "payment": PAYMENTS,
    }
    return [Step(translate(WORDS[name]), paths[name], done[name]) for name in WORDS]
