"""What guests will see of a dish, shown to the house before they do."""

from __future__ import annotations

from typing import Annotated

from litestar import Controller, get
from litestar.params import PathParameter
from litestar.response import Template

from kitchenasty import menu
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, page
from kitchenasty.kit.principals import Principal
from kitchenasty.locations import House, list_houses
from kitchenasty.storefront.pages import dish_context, open_counter
from kitchenasty.storefront.rules import Cart

DishId = Annotated[str, PathParameter(max_length=64)]


class PreviewPages(Controller):
    path = "/preview"
    include_in_schema = False
    opt = access(Access.MANAGER)

    @get("/{dish_id:str}")
    async def show_dish(
        self, request: WebRequest, look: Reading, principal: Actor, dish_id: DishId
    ) -> Template:
        """The dish on the menu and on its page, also while it is switched off."""
        dish = await menu.read_dish(look, dish_id)
        houses = [] if dish is None else houses_for(dish, await list_houses(look), principal)
        if dish is None or not houses:
            raise menu.DishNotFound("There is no such dish.")
        counter = await open_counter(look, request, houses[0])
        told = dish_context(request, counter, Cart(), dish)
        return page(
            "storefront/preview.html",
            **told | {"is_from_memory": True, "is_shown": dish.id in counter.book.dishes},
        )


def houses_for(dish: menu.Dish, houses: list[House], principal: Principal) -> list[House]:
    """One's own houses, where it is offered first; none for the dish of another house."""
    if dish.house_id is not None and not principal.may_see_house(dish.house_id):
        return []
    own = [house for house in houses if principal.may_see_house(house.id)]
    return sorted(own, key=lambda house: not dish.is_offered_at(house.id))
