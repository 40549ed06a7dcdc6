"""What a guest with an account has ordered, and ordering it again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.params import PathParameter
from litestar.response import Redirect

from basis.ids import new_id
from basis.kit.data.paging import Cursor, Keyset
from kitchenasty import orders
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, Work, back_to, page
from kitchenasty.kit.principals import Principal
from kitchenasty.locations import HouseNotFound, load_house
from kitchenasty.storefront.rules import NOTE_LENGTH_MAX, QUANTITY_MAX, Cart, CartLine, with_line
from kitchenasty.storefront.service import change_cart
from kitchenasty.storefront.visitor import visitor_cookie

SHOWN = 10

OrderId = Annotated[str, PathParameter(max_length=64)]


class HistoryPages(Controller):
    path = "/account/orders"
    include_in_schema = False
    opt = access(Access.CUSTOMER)

    @get()
    async def show_orders(
        self, look: Reading, request: WebRequest, principal: Actor
    ) -> Response[Any]:
        """Newest first, ten to a page; each page costs the same, however long the list is."""
        text = request.query_params.get("after", "")
        after = Cursor.parse(text) if text else None
        wanted = orders.OrderFilter(customer_id=principal.id)
        found = await orders.list_orders(
            look, wanted, Keyset(after, limit=SHOWN + 1), with_lines=True
        )
        shown = found[:SHOWN]
        last = Cursor(shown[-1].placed_at, shown[-1].id) if len(found) > SHOWN else None
        houses = {order.house_id for order in shown}
        return page(
            "storefront/history.html",
            orders=shown,
            houses={house_id: await load_house(look, house_id) for house_id in sorted(houses)},
            newer="/account/orders" if after else None,
            older=f"/account/orders?after={last.to_text()}" if last else None,
        )

    @get("/{order_id:str}")
    async def open_order(self, uow: Work, principal: Actor, order_id: OrderId) -> Redirect:
        """On to the order's own page."""
        order = await own_order(uow, principal, order_id)
        return back_to(f"/t/{orders.capability_of(uow.secret, order.id)}")

    @post("/{order_id:str}/again")
    async def order_again(
        self, uow: Work, request: WebRequest, principal: Actor, order_id: OrderId
    ) -> Response[Any]:
        """Put the same into the cart, at the prices of then: the cart shows what has become dearer,
        cheaper or is gone, and each such line can be changed or removed there.
        """
        order = await own_order(uow, principal, order_id)
        house = await load_house(uow, order.house_id)
        if not house.is_active:
            raise HouseNotFound("We have no such house.")
        cookie = visitor_cookie(request)
        lines = [line_again(line) for line in order.lines]
        await change_cart(uow, str(cookie.value), house.id, partial(with_lines, lines=lines))
        answer: Response[Any] = back_to(f"/at/{house.slug}/cart")
        answer.cookies.append(cookie)
        return answer


def with_lines(cart: Cart, lines: Sequence[CartLine]) -> Cart:
    """Beside what is in the cart already. Raises CartFull, CartLineRefused."""
    for line in lines:
        cart = with_line(cart, line)
    return cart


def line_again(line: orders.Line) -> CartLine:
    return CartLine(
        id=new_id(),
        dish_id=line.dish_id,
        quantity=min(line.quantity, QUANTITY_MAX),
        options=tuple((option.id, option.quantity) for option in line.options),
        note=(line.note or "")[:NOTE_LENGTH_MAX],
        shown_minor=line.unit_minor,
        name=line.name,
    )


async def own_order(look: Look, principal: Principal, order_id: str) -> orders.Order:
    """Raises OrderNotFound, also for an order of somebody else."""
    order = await orders.load_order(look, order_id)
    if principal.id is None or order.customer_id != principal.id:
        raise orders.OrderNotFound("There is no such order.")
    return order
