"""The pages before the cart: the front, the houses, a menu, a dish."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Controller, Response, get, post
from litestar.datastructures import Cookie
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from basis.kit.data.database import DatabaseAway
from kitchenasty import menu, promotions, reservation_terms, reviews
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.i18n import COOKIE, available
from kitchenasty.kit.http.local_paths import is_local_path
from kitchenasty.kit.http.pages import SCHEME_COOKIE, SCHEMES
from kitchenasty.kit.http.web import (
    Reading,
    WebRequest,
    answer_domain_error,
    back_to,
    page,
    site_of,
)
from kitchenasty.locations import (
    DayHours,
    House,
    HouseNotFound,
    find_house_by_slug,
    list_days,
    list_houses,
)
from kitchenasty.storefront.forms import read_filter
from kitchenasty.storefront.queries import find_cart
from kitchenasty.storefront.remembered import Counter, memory_of
from kitchenasty.storefront.rules import NOTE_LENGTH_MAX, QUANTITY_MAX, Cart, CartLine
from kitchenasty.storefront.search_engines import house_facts, menu_facts, rating_facts
from kitchenasty.storefront.views import (
    DIETS,
    MARKS,
    card_of,
    cart_view,
    menu_view,
)
from kitchenasty.storefront.visitor import visitor_of

PICTURES = 4
DAYS_SHOWN = 7
CHOICE_SECONDS = 365 * 86_400
ALLERGENS = tuple((code, name) for code, name in menu.ALLERGEN_NAMES.items() if ":" not in code)


def show_menu_from_memory(request: WebRequest, away: DatabaseAway) -> Response[Any]:
    """The menu as it was shown last, with the word that ordering is paused."""
    counter = memory_of(request).recall(request.path_params["house"])
    if counter is None:
        return answer_domain_error(request, away)
    return menu_page(request, counter, Cart(), request.app.state.books.clock())


def show_dish_from_memory(request: WebRequest, away: DatabaseAway) -> Response[Any]:
    counter = memory_of(request).recall(request.path_params["house"])
    served = counter.book.find_by_slug(request.path_params["dish"]) if counter else None
    if counter is None or served is None:
        return answer_domain_error(request, away)
    return dish_page(request, counter, Cart(), served)


def show_houses_from_memory(request: WebRequest, away: DatabaseAway) -> Response[Any]:
    counters = memory_of(request).recall_all()
    if not counters:
        return answer_domain_error(request, away)
    return houses_page(request, counters, request.app.state.books.clock())


class StorefrontPages(Controller):
    path = "/"
    include_in_schema = False
    opt = access(Access.PUBLIC)

    @get("/", name="front", exception_handlers={DatabaseAway: show_houses_from_memory})
    async def show_front(self, look: Reading, request: WebRequest) -> Template:
        return houses_page(request, await open_counters(look, request), look.now)

    @get("/locations", exception_handlers={DatabaseAway: show_houses_from_memory})
    async def show_houses(self, look: Reading, request: WebRequest) -> Template:
        return houses_page(request, await open_counters(look, request), look.now)

    @get("/at/{house:str}", exception_handlers={DatabaseAway: show_menu_from_memory})
    async def show_menu(self, look: Reading, request: WebRequest, house: FromPath[str]) -> Template:
        counter = await open_counter(look, request, await house_of(look, house))
        cart = await find_cart(look, visitor_of(request), counter.house.id)
        return menu_page(request, counter, cart, look.now)

    @get(
        "/at/{house:str}/dish/{dish:str}", exception_handlers={DatabaseAway: show_dish_from_memory}
    )
    async def show_dish(
        self,
        look: Reading,
        request: WebRequest,
        house: FromPath[str],
        dish: FromPath[str],
        line: FromQuery[str | None] = None,
    ) -> Template:
        """With `line`, the sheet shows that line of the cart and changes it."""
        counter = await open_counter(look, request, await house_of(look, house))
        served = counter.book.find_by_slug(dish)
        if served is None:
            raise menu.DishNotFound("This dish is not on the menu any more.")
        cart = await find_cart(look, visitor_of(request), counter.house.id)
        return dish_page(request, counter, cart, served, line=cart.find(line))

    @post("/looks", status_code=303)
    async def choose_looks(self, request: WebRequest) -> Redirect:
        """Language, and light, dark, or as the device says; each kept in a cookie for a year."""
        form = await request.form()
        here = form.get("next", "/")
        answer = back_to(here if isinstance(here, str) and is_local_path(here) else "/")
        for name, choices in ((SCHEME_COOKIE, (*SCHEMES, "auto")), (COOKIE, available())):
            chosen = form.get(name)
            if chosen in choices:
                answer.cookies.append(kept_choice(request, name, chosen))
        return answer


def kept_choice(request: WebRequest, name: str, chosen: str) -> Cookie:
    return Cookie(
        name,
        value=chosen,
        max_age=CHOICE_SECONDS,
        httponly=True,
        samesite="lax",
        secure=request.app.state.config.secure_cookies,
    )


def houses_page(request: WebRequest, counters: Sequence[Counter], now: datetime) -> Template:
    """The front, or the plain list of houses."""
    template = "storefront/home.html" if request.url.path == "/" else "storefront/houses.html"
    houses = [(counter.house, counter.doors(now)) for counter in counters]
    site = site_of(request)
    return page(
        template,
        houses=houses,
        pictures=pictures_of(counters[:1]),
        address=site + request.url.path,
        facts=[counter_facts(site, counter) for counter in counters],
    )


def pictures_of(counters: Sequence[Counter]) -> list[str]:
    """A few dishes to look at, one of each category, as various as the menu."""
    first = [
        next((dish.image for dish in category.dishes if dish.image), None)
        for counter in counters
        for category in menu.walk(counter.book.categories)
    ]
    return [image for image in first if image][:PICTURES]


def menu_page(request: WebRequest, counter: Counter, cart: Cart, now: datetime) -> Template:
    wanted = read_filter(request.query_params.multi_items())
    return page(
        "storefront/menu.html",
        **frame_at(counter, cart, now),
        address=f"{site_of(request)}/at/{counter.house.slug}",
        facts=None if wanted.is_on else all_facts(site_of(request), counter),
        rating=counter.rating,
        takes_reservations=counter.takes_reservations,
        view=menu_view(counter.book, counter.left, counter.house, now, wanted),
        wanted=wanted,
        diets=[(code, MARKS[code][0]) for code in DIETS],
        allergens=ALLERGENS,
        days=days_of(counter.house, now),
    )


def all_facts(site: str, counter: Counter) -> dict[str, Any]:
    """The house, its menu, and what guests say."""
    return (
        counter_facts(site, counter)
        | menu_facts(counter.house, counter.book)
        | rating_facts(counter.rating)
    )


def counter_facts(site: str, counter: Counter) -> dict[str, Any]:
    return house_facts(site, counter.house, takes_reservations=counter.takes_reservations)


def days_of(house: House, now: datetime) -> list[DayHours]:
    """Today and the days to come, as it stands on the door."""
    return list_days(house.hours, now.astimezone(ZoneInfo(house.zone)).date(), DAYS_SHOWN)


def dish_page(
    request: WebRequest,
    counter: Counter,
    cart: Cart,
    served: menu.Dish,
    *,
    line: CartLine | None = None,
) -> Template:
    context = dish_context(request, counter, cart, served, line=line)
    return page("storefront/dish.html", **context)


def dish_context(
    request: WebRequest,
    counter: Counter,
    cart: Cart,
    served: menu.Dish,
    *,
    line: CartLine | None = None,
) -> dict[str, Any]:
    """What the page of a dish shows; with `line` it changes that line of the cart."""
    now = request.app.state.books.clock()
    left = counter.left.get(served.id, menu.AVAILABLE)
    return {
        **frame_at(counter, cart, now),
        "address": f"{site_of(request)}/at/{counter.house.slug}/dish/{served.slug}",
        "card": card_of(served, left, counter.house, now),
        "line": line if line is not None and line.dish_id == served.id else None,
        "taken": dict(line.options) if line is not None else None,
        "allergen_names": menu.ALLERGEN_NAMES,
        "rule_of": menu.how_many,
        "quantity_max": QUANTITY_MAX,
        "note_length_max": NOTE_LENGTH_MAX,
    }


async def open_counters(look: Look, request: WebRequest) -> list[Counter]:
    """Every house that guests may see."""
    houses = await list_houses(look)
    memory_of(request).forget_all_but({house.slug for house in houses})
    return [await open_counter(look, request, house) for house in houses]


async def open_counter(look: Look, request: WebRequest, house: House) -> Counter:
    """What the house sells at this moment, remembered for when it cannot be read."""
    book = await menu.load_menu(look, house.id)
    counter = Counter(
        house,
        book,
        await menu.list_availability(look),
        await promotions.load_timed(look, house, book),
        await reviews.summarise(look, house.id),
        takes_reservations=(await reservation_terms.load_terms(look, house.id)).is_on,
    )
    memory_of(request).keep(counter)
    return counter


async def house_of(look: Look, slug: str) -> House:
    """The open-to-guests house of an address. Raises HouseNotFound."""
    house = await find_house_by_slug(look, slug)
    if house is None or not house.is_active:
        raise HouseNotFound("We have no such house.")
    return house


async def frame_of(look: Look, request: WebRequest, house: House) -> dict[str, Any]:
    """What every page at a house shows around its own matter."""
    cart = await find_cart(look, visitor_of(request), house.id)
    return frame_at(await open_counter(look, request, house), cart, look.now)


def frame_at(counter: Counter, cart: Cart, now: datetime) -> dict[str, Any]:
    house = counter.house
    return {
        "house": house,
        "doors": counter.doors(now),
        "cart": cart_view(cart, counter.book, counter.left, house, now),
        "here": f"/at/{house.slug}",
        "is_from_memory": counter.is_from_memory,
        "happy": counter.happy(now),
    }
