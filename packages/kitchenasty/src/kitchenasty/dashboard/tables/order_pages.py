"""Waiters at a table: what the party orders, what was served, and what it pays."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import URLEncodedBody

from basis.errors import Conflict, DomainError, Invalid
from basis.ids import new_id
from basis.kit.data.idempotency import answer_once
from basis.kit.http.wire import Form, Version
from kitchenasty import checkout, deposits, locations, menu, orders, paying, payments
from kitchenasty.dashboard.tables.book import due_of, named
from kitchenasty.dashboard.tables.frame import HERE, HouseId, ReservationId, Tab, frame_of
from kitchenasty.dashboard.tables.order_form import Sent, TypedOrder, read_sent, step
from kitchenasty.dashboard.tables.party_pages import TABLE_NAME_MAX, load
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.visits import entrance_of
from kitchenasty.kit.http.web import Actor, WebRequest, back_to, page, writing_for
from kitchenasty.kit.principals import Principal
from kitchenasty.orders import OrderStatus, OrderType
from kitchenasty.reservations import Reservation, Status

NUMBER_MAX = 12


class NotSeatedHere(Conflict):
    """Only who sits at a table orders there."""

    def __init__(self) -> None:
        super().__init__("They do not sit at a table. Please seat them first.")


class NotTheirs(Conflict):
    """The order is of another party, or of nobody."""

    def __init__(self) -> None:
        super().__init__("This party has no such order. Please look again.")


class ServedForm(Form, kw_only=True):
    order: Annotated[str, msgspec.Meta(max_length=64)]
    version: Version


class PaidForm(Form, kw_only=True):
    method: payments.PaymentMethod


class TableOrderPages(Controller):
    path = f"{HERE}/{{house_id:str}}/parties/{{reservation_id:str}}"
    include_in_schema = False
    opt = access(Access.STAFF)

    @get("/order")
    async def show_order(
        self,
        request: WebRequest,
        principal: Actor,
        house_id: HouseId,
        reservation_id: ReservationId,
    ) -> Response[Any]:
        return await show(request, principal, (house_id, reservation_id), TypedOrder(key=new_id()))

    @post("/order", status_code=200)
    async def put_together(
        self,
        request: WebRequest,
        principal: Actor,
        house_id: HouseId,
        reservation_id: ReservationId,
    ) -> Response[Any]:
        """A tap on a dish shows the page again with one more; "Send" tells the kitchen."""
        where = house_id, reservation_id
        typed = TypedOrder(key=new_id())
        try:
            sent = read_sent((await request.form()).multi_items())
            typed = sent.typed
            if sent.act == "send":
                number = await send(request, principal, where, typed)
                return back_to(f"{address_of(*where)}?sent={number}")
            typed = await tapped(request, principal, house_id, sent)
        except (Conflict, Invalid) as refusal:
            return await show(request, principal, where, typed, refusal=refusal)
        return await show(request, principal, where, typed)

    @post("/served")
    async def note_served(
        self,
        request: WebRequest,
        principal: Actor,
        house_id: HouseId,
        reservation_id: ReservationId,
        data: URLEncodedBody[ServedForm],
    ) -> Response[Any]:
        where = house_id, reservation_id
        try:
            async with writing_for(request, principal) as uow:
                party = await load(uow, *where)
                rounds = (await orders.list_rounds(uow, [party.id])).get(party.id, [])
                if data.order not in [one.id for one in rounds]:
                    raise NotTheirs
                await orders.move_order(
                    uow, data.order, OrderStatus.DELIVERED, expected_version=data.version
                )
        except (Conflict, Invalid) as refusal:
            fresh = TypedOrder(key=new_id())
            return await show(request, principal, where, fresh, refusal=refusal)
        return back_to(f"{address_of(*where)}?told=served")

    @post("/paid")
    async def collect(
        self,
        request: WebRequest,
        principal: Actor,
        house_id: HouseId,
        reservation_id: ReservationId,
        data: URLEncodedBody[PaidForm],
    ) -> Response[Any]:
        """All that the party owes, in one transaction."""
        where = house_id, reservation_id
        try:
            async with writing_for(request, principal) as uow:
                party = await load(uow, *where)
                await paying.collect_table(uow, party.id, data.method)
        except (Conflict, Invalid) as refusal:
            fresh = TypedOrder(key=new_id())
            return await show(request, principal, where, fresh, refusal=refusal)
        return back_to(f"{address_of(*where)}?told=paid")


def address_of(house_id: str, reservation_id: str) -> str:
    return f"{HERE}/{house_id}/parties/{reservation_id}/order"


async def tapped(
    request: WebRequest, principal: Principal, house_id: str, sent: Sent
) -> TypedOrder:
    """Raises what `order_form.step` raises."""
    async with entrance_of(request).books.reading(principal) as look:
        house = await locations.load_own_house(look, house_id)
        book = await menu.load_menu(look, house.id)
    return step(sent, book.dishes)


async def send(
    request: WebRequest, principal: Principal, where: tuple[str, str], typed: TypedOrder
) -> str:
    """The number of the order; a second tap gets the number of the first.

    Raises NotSeatedHere and what checkout.place_order raises.
    """
    asked = msgspec.json.encode([*where, typed.line_texts, typed.note])
    async with writing_for(request, principal) as uow:

        async def act() -> tuple[int, bytes]:
            return 201, (await take_order(uow, where, typed)).encode()

        answer = await answer_once(
            uow,
            scope=f"{principal.label} order at the table",
            key=typed.key,
            body=asked,
            act=act,
        )
    return answer.content.decode()


async def take_order(uow: UnitOfWork, where: tuple[str, str], typed: TypedOrder) -> str:
    """Raises NotSeatedHere and what checkout.place_order raises."""
    party = await load(uow, *where)
    if party.status is not Status.SEATED or not party.table_ids:
        raise NotSeatedHere
    table = await table_of(uow, party)
    placed = await checkout.place_order(
        uow,
        checkout.OrderDraft(
            cart=cart_of(party.house_id, typed),
            contact=orders.Contact(
                name=party.guest_name or translate("Walk-in"), email=None, phone=None
            ),
            # Until somebody says otherwise; cash may be switched off for those who come for it.
            payment_method=payments.PaymentMethod.CARD,
            note=typed.note or None,
            shown_total_minor=typed.shown_minor,
            seated=checkout.Seated(
                table_id=party.table_ids[0], table_name=table, reservation_id=party.id
            ),
        ),
    )
    return placed.number


async def table_of(look: Look, party: Reservation) -> str:
    """`4`, or `4 + 5` where they were pushed together."""
    tables = await locations.list_tables(look, party.house_id)
    return named(party.table_ids, {one.id: one.name for one in tables})[:TABLE_NAME_MAX]


def cart_of(house_id: str, typed: TypedOrder) -> checkout.CartDraft:
    return checkout.CartDraft(house_id=house_id, order_type=OrderType.DINE_IN, lines=typed.lines)


async def show(
    request: WebRequest,
    principal: Principal,
    where: tuple[str, str],
    typed: TypedOrder,
    *,
    refusal: DomainError | None = None,
) -> Response[Any]:
    """The menu, the order so far, and what the party had before."""
    house_id, reservation_id = where
    async with entrance_of(request).books.reading(principal, snapshot=True) as look:
        party = await load(look, house_id, reservation_id)
        house = await locations.load_own_house(look, house_id)
        book = await menu.load_menu(look, house.id)
        left = await menu.list_availability(look)
        priced = None
        if typed.lines:
            priced = await checkout.price_cart(look, cart_of(house.id, typed))
            typed = replace(typed, shown_minor=priced.breakdown.total_minor)
        rounds = (await orders.list_rounds(look, [party.id])).get(party.id, [])
        planned = await deposits.plan_bills(look, house, party.id)
        context = await frame_of(request, look, house, Tab.DAY, party.day)
        table = await table_of(look, party)
    return page(
        "dashboard/tables/order.html",
        refusal=refusal,
        **context,
        **told_by(request, is_refused=refusal is not None),
        party=party,
        table=table,
        typed=typed,
        dishes=book.dishes,
        categories=[one for one in menu.walk(book.categories) if served(one)],
        sold_out={dish_id for dish_id, one in left.items() if one.is_sold_out},
        chosen=book.dishes.get(typed.chosen),
        problems={one.position: one.message for one in priced.problems} if priced else {},
        is_seated=party.status is Status.SEATED,
        rounds=rounds,
        **due_of(house, rounds, planned),
    )


def told_by(request: WebRequest, *, is_refused: bool) -> dict[str, Any]:
    """What has just been done, by the address, unless something was refused."""
    asked = request.query_params
    told: dict[str, Any] = {
        "sent": asked.get("sent", "")[:NUMBER_MAX],
        "told": asked.get("told", ""),
    }
    return dict.fromkeys(told, "") if is_refused else told


def served(category: menu.Category) -> list[menu.Dish]:
    """What of a category is had at the table."""
    return [dish for dish in category.dishes if dish.is_offered_for(OrderType.DINE_IN)]
