"""The pages before the cart: the front, the houses, a menu, a dish."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import Controller, get, post
from litestar.datastructures import Cookie
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from kitchenasty import menu
from kitchenasty.kit.access import Access, access
from kitchenasty.kit.local_paths import is_local_path
from kitchenasty.kit.pages import SCHEME_COOKIE, SCHEMES
from kitchenasty.kit.web import Reading, WebRequest, back_to, page
from kitchenasty.kit.work import Look
from kitchenasty.locations import House, HouseNotFound, find_house_by_slug, list_houses
from kitchenasty.storefront.forms import read_filter
from kitchenasty.storefront.queries import find_cart
from kitchenasty.storefront.rules import NOTE_LENGTH_MAX, QUANTITY_MAX
from kitchenasty.storefront.views import (
    DIETS,
    MARKS,
    Doors,
    card_of,
    cart_view,
    doors_of,
    menu_view,
)
from kitchenasty.storefront.visitor import visitor_of

PICTURES = 4
SCHEME_SECONDS = 365 * 86_400
ALLERGENS = tuple((code, name) for code, name in menu.ALLERGEN_NAMES.items() if ":" not in code)


class StorefrontPages(Controller):
    path = "/"
    include_in_schema = False
    opt = access(Access.PUBLIC)

    @get("/", name="front")
    async def show_front(self, look: Reading) -> Template:
        return await houses_page(look, "storefront/home.html")

    @get("/locations")
    async def show_houses(self, look: Reading) -> Template:
        return await houses_page(look, "storefront/houses.html")

    @get("/at/{house:str}")
    async def show_menu(self, look: Reading, request: WebRequest, house: FromPath[str]) -> Template:
        found = await house_of(look, house)
        book = await menu.load_menu(look, found.id)
        left = await menu.list_availability(look)
        wanted = read_filter(request.query_params.multi_items())
        view = menu_view(book, left, found, look.now, wanted)
        return page(
            "storefront/menu.html",
            **await frame_of(look, request, found),
            view=view,
            wanted=wanted,
            diets=[(code, MARKS[code][0]) for code in DIETS],
            allergens=ALLERGENS,
        )

    @get("/at/{house:str}/dish/{dish:str}")
    async def show_dish(
        self,
        look: Reading,
        request: WebRequest,
        house: FromPath[str],
        dish: FromPath[str],
        line: FromQuery[str | None] = None,
    ) -> Template:
        """With `line`, the sheet shows that line of the cart and changes it."""
        found = await house_of(look, house)
        book = await menu.load_menu(look, found.id)
        served = book.find_by_slug(dish)
        if served is None:
            raise menu.DishNotFound("This dish is not on the menu any more.")
        left = (await menu.load_availability(look, [served.id])).get(served.id, menu.AVAILABLE)
        cart = await find_cart(look, visitor_of(request), found.id)
        known = cart.find(line)
        return page(
            "storefront/dish.html",
            **await frame_of(look, request, found),
            card=card_of(served, left, found, look.now),
            line=known if known is not None and known.dish_id == served.id else None,
            taken=dict(known.options) if known is not None else None,
            allergen_names=menu.ALLERGEN_NAMES,
            rule_of=menu.how_many,
            quantity_max=QUANTITY_MAX,
            note_length_max=NOTE_LENGTH_MAX,
        )

    @post("/looks", status_code=303)
    async def choose_looks(self, request: WebRequest) -> Redirect:
        """Light, dark, or as the device says; kept in a cookie for a year."""
        form = await request.form()
        chosen, here = form.get("scheme"), form.get("next", "/")
        answer = back_to(here if isinstance(here, str) and is_local_path(here) else "/")
        answer.cookies.append(
            Cookie(
                SCHEME_COOKIE,
                value=chosen if chosen in SCHEMES else "auto",
                max_age=SCHEME_SECONDS,
                httponly=True,
                samesite="lax",
                secure=request.app.state.config.secure_cookies,
            )
        )
        return answer


async def houses_page(look: Look, template: str) -> Template:
    houses = [(house, doors_of(house, look.now)) for house in await list_houses(look)]
    return page(template, houses=houses, pictures=await pictures_of(look, houses[:1]))


async def pictures_of(look: Look, houses: Sequence[tuple[House, Doors]]) -> list[str]:
    """A few dishes to look at, one of each category, as various as the menu."""
    for house, _ in houses:
        book = await menu.load_menu(look, house.id)
        first = [
            next((dish.image for dish in category.dishes if dish.image), None)
            for category in menu.walk(book.categories)
        ]
        return [image for image in first if image][:PICTURES]
    return []


async def house_of(look: Look, slug: str) -> House:
    """The open-to-guests house of an address. Raises HouseNotFound."""
    house = await find_house_by_slug(look, slug)
    if house is None or not house.is_active:
        raise HouseNotFound("We have no such house.")
    return house


async def frame_of(look: Look, request: WebRequest, house: House) -> dict[str, Any]:
    """What every page at a house shows around its own matter."""
    cart = await find_cart(look, visitor_of(request), house.id)
    book = await menu.load_menu(look, house.id)
    left = await menu.list_availability(look)
    return {
        "house": house,
        "doors": doors_of(house, look.now),
        "cart": cart_view(cart, book, left, house, look.now),
        "here": f"/at/{house.slug}",
    }
