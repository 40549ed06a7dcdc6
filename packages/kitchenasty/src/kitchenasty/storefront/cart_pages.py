"""The cart: put in, change, take out. With script the answer is a part, without it a page."""

from __future__ import annotations

from functools import partial
from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Template

from basis.ids import is_id, new_id
from kitchenasty import checkout, menu, orders, promotions
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.i18n import say
from kitchenasty.kit.http.web import Reading, WebRequest, Work, back_to, page
from kitchenasty.locations import House
from kitchenasty.storefront.checkout_form import cart_draft, first_form
from kitchenasty.storefront.forms import read_count, read_note, read_options
from kitchenasty.storefront.pages import frame_of, house_of
from kitchenasty.storefront.queries import find_cart
from kitchenasty.storefront.rules import (
    QUANTITY_MAX,
    Cart,
    CartLine,
    CartLineGone,
    with_line,
    with_quantity,
)
from kitchenasty.storefront.service import change_cart
from kitchenasty.storefront.views import cart_view, doors_of
from kitchenasty.storefront.visitor import visitor_cookie, visitor_of


class CartPages(Controller):
    path = "/at/{house:str}/cart"
    include_in_schema = False
    opt = access(Access.PUBLIC)

    @get()
    async def show_cart(self, look: Reading, request: WebRequest, house: FromPath[str]) -> Template:
        found = await house_of(look, house)
        cart = await find_cart(look, visitor_of(request), found.id)
        answer = page(
            "storefront/cart.html",
            **await frame_of(look, request, found),
            cheaper=await cheaper_by_itself(look, found, cart),
            quantity_max=QUANTITY_MAX,
        )
        answer.headers = {"Cache-Control": "no-store"}
        return answer

    @post(status_code=200)
    async def put_in(self, uow: Work, request: WebRequest, house: FromPath[str]) -> Response[Any]:
        """Add a dish, or with `line` choose that line again."""
        found = await house_of(uow, house)
        form = await request.form()
        dish = (await menu.load_menu(uow, found.id)).dishes.get(text(form, "dish"))
        if dish is None:
            raise menu.DishNotFound("This dish is not on the menu any more.")
        options = read_options(form.multi_items())
        chosen = menu.choose(dish.name, dish.options, options)
        edited = text(form, "line")
        line = CartLine(
            id=edited if is_id(edited) else new_id(),
            dish_id=dish.id,
            quantity=read_count(text(form, "quantity") or "1"),
            options=options,
            note=read_note(text(form, "note")),
            shown_minor=checkout.unit_price(dish.price_minor, chosen),
            name=dish.name,
        )
        cookie = visitor_cookie(request)
        cart = await change_cart(uow, str(cookie.value), found.id, partial(with_line, line=line))
        answer = await answer_with(
            uow, request, found, cart, template="storefront/added.html", added=dish.name
        )
        answer.cookies.append(cookie)
        return answer

    @post("/{line:str}", status_code=200)
    async def set_quantity(
        self, uow: Work, request: WebRequest, house: FromPath[str], line: FromPath[str]
    ) -> Response[Any]:
        """Nought removes the line."""
        found = await house_of(uow, house)
        form = await request.form()
        quantity = read_count(text(form, "quantity"))
        cookie = visitor_cookie(request)
        change = partial(with_quantity, line_id=line, quantity=quantity)
        told: dict[str, str] = {}
        try:
            cart = await change_cart(uow, str(cookie.value), found.id, change)
        except CartLineGone as gone:
            # Removed in another tab: the cart as it is now says more than an error.
            cart, told = await find_cart(uow, str(cookie.value), found.id), {"gone": say(gone)}
        answer = await answer_with(
            uow, request, found, cart, template="storefront/changed.html", **told
        )
        answer.cookies.append(cookie)
        return answer


async def answer_with(
    uow: UnitOfWork, request: WebRequest, house: House, cart: Cart, *, template: str, **more: Any
) -> Response[Any]:
    here = f"/at/{house.slug}"
    if not request.headers.get("hx-request"):
        return back_to(f"{here}/cart")
    book = await menu.load_menu(uow, house.id)
    left = await menu.list_availability(uow)
    return page(
        template,
        house=house,
        here=here,
        doors=doors_of(house, uow.now),
        cart=cart_view(cart, book, left, house, uow.now),
        cheaper=await cheaper_by_itself(uow, house, cart),
        quantity_max=QUANTITY_MAX,
        **more,
    )


async def cheaper_by_itself(look: Look, house: House, cart: Cart) -> tuple[orders.totals.Step, ...]:
    """What happy hours take off the cart as it would be ordered now; nothing is priced while there
    is none.
    """
    book = await menu.load_menu(look, house.id)
    if not cart.lines or not await promotions.list_holding(look, house, book, look.now):
        return ()
    draft = cart_draft(first_form(house), house, cart)
    priced = await checkout.price_cart(look, draft)
    kind = orders.totals.StepKind.DISCOUNT
    return tuple(step for step in priced.breakdown.steps if step.kind is kind and step.minor)


def text(form: Any, name: str) -> str:
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""
