"""Today, the list of orders, and one order with everything a caller may ask about."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import PathParameter, URLEncodedBody

from basis.errors import Conflict, DomainError, Invalid
from basis.kit.data.paging import BadCursor, Cursor, Keyset
from basis.kit.http.wire import Form, Version
from basis.sentences import word
from kitchenasty import (
    deposits,
    guests,
    locations,
    menu,
    orders,
    paying,
    payments,
    privacy,
    receipts,
    refunds,
)
from kitchenasty.dashboard import today
from kitchenasty.dashboard.handoff_views import handoff_of
from kitchenasty.dashboard.houses.before import before_in
from kitchenasty.dashboard.houses.first_steps import list_first_steps
from kitchenasty.dashboard.messages import messages_to
from kitchenasty.dashboard.order_filters import (
    EXPORT,
    LATE,
    OPEN,
    STATE_LABELS,
    Wanted,
    status_words,
)
from kitchenasty.dashboard.shell import office_page
from kitchenasty.dashboard.typed_numbers import minor_or_none
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.keeping import keep_or_show_again
from kitchenasty.kit.http.web import (
    Actor,
    Reading,
    WebRequest,
)
from kitchenasty.kit.principals import Principal, Role

LIST_LIMIT = 50
OPEN_LIMIT = 300
MOVE_LABELS = {
    orders.OrderStatus.CONFIRMED: "Confirm",
    orders.OrderStatus.PREPARING: "Start cooking",
    orders.OrderStatus.READY: "Mark as ready",
    orders.OrderStatus.OUT_FOR_DELIVERY: "Send out",
    orders.OrderStatus.DELIVERED: "Mark as delivered",
    orders.OrderStatus.PICKED_UP: "Mark as picked up",
}
PAYMENT_WORDS = {
    payments.PaymentStatus.PENDING: "still due",
    payments.PaymentStatus.COMPLETED: "paid",
    payments.PaymentStatus.FAILED: "no longer due",
    payments.PaymentStatus.REFUNDED: "paid back",
}
Typed = Annotated[str, msgspec.Meta(max_length=15)]
OrderId = Annotated[str, PathParameter(max_length=64)]


class MoveForm(Form):
    target: orders.OrderStatus
    version: Version
    reason: Annotated[str, msgspec.Meta(max_length=300)] = ""


class CounterForm(Form):
    """`tendered` is an amount as people type it; empty for the exact one."""

    method: payments.PaymentMethod
    tendered: Typed = ""


@dataclass(frozen=True, slots=True)
class Row:
    """An order in a list, and whether its promise has passed."""

    order: orders.Order
    is_late: bool


@dataclass(frozen=True, slots=True)
class Count:
    state: str
    label: str
    number: int
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    target: orders.OrderStatus
    label: str
    is_forward: bool


class OrderPages(Controller):
    path = "/admin"
    include_in_schema = False

    @get("/", opt=access(Access.STAFF))
    async def show_today(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        waiting = await list_waiting(look, principal)
        houses = await list_own_houses(look, principal)
        return office_page(
            "dashboard/today.html",
            request,
            principal,
            counts=counts_of(waiting),
            rows=sorted(waiting, key=lambda row: (not row.is_late, row.order.promised_at)),
            zones=zones_of(houses),
            first_steps=await list_first_steps(look, principal),
            kitchens=[house for house in houses if house.is_active],
            before=before_in(request),
            loads=await today.look_at_kitchens(request, look, houses),
            short=await today.list_short(look, principal),
            troubles=await today.list_troubles(look, principal),
        )

    @get("/orders", opt=access(Access.STAFF))
    async def show_orders(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        wanted = Wanted.of(request.query_params)
        houses = await list_own_houses(look, principal)
        zone = houses[0].zone if houses else "UTC"
        after = cursor_or_none(request.query_params.get("after", ""))
        found = await list_wanted(look, principal, wanted, zone, after)
        return office_page(
            "dashboard/orders.html",
            request,
            principal,
            wanted=wanted,
            state_choices=[(code, translate(label)) for code, label in STATE_LABELS.items()],
            house_choices=[("", translate("All")), *((house.id, house.name) for house in houses)],
            rows=found,
            zones=zones_of(houses),
            newer=wanted.address() if after else None,
            older=older_of(found, wanted),
            export=wanted.address(path=EXPORT),
        )

    @get("/orders/{order_id:str}", opt=access(Access.STAFF))
    async def show_order(
        self, request: WebRequest, look: Reading, principal: Actor, order_id: OrderId
    ) -> Response[Any]:
        return await show(request, look, principal, order_id)

    @post("/orders/{order_id:str}/move", opt=access(Access.STAFF))
    async def move_order(
        self,
        request: WebRequest,
        principal: Actor,
        order_id: OrderId,
        data: URLEncodedBody[MoveForm],
    ) -> Response[Any]:
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: move(uow, order_id, data),
            lambda look, said: show(request, look, principal, order_id, refusal=said),
            refused=(orders.OrderChanged, orders.OrderMoveRefused),
        )

    @post("/orders/{order_id:str}/paid", opt=access(Access.STAFF))
    async def collect(
        self,
        request: WebRequest,
        principal: Actor,
        order_id: OrderId,
        data: URLEncodedBody[CounterForm],
    ) -> Response[Any]:
        """What is due was paid at the counter; the page then says what change to give."""
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: collect(uow, order_id, data),
            lambda look, said: show(request, look, principal, order_id, refusal=said),
            refused=(Conflict, Invalid),
        )


async def move(uow: UnitOfWork, order_id: str, form: MoveForm) -> str:
    before = await orders.load_visible(uow, order_id)
    await orders.move_order(
        uow,
        order_id,
        form.target,
        expected_version=form.version,
        reason=form.reason or None,
    )
    return f"/admin/orders/{order_id}?was={before.status.value}"


async def collect(uow: UnitOfWork, order_id: str, form: CounterForm) -> str:
    order = await orders.load_visible(uow, order_id)
    house = await locations.load_house(uow, order.house_id)
    tendered = minor_or_none(form.tendered, house)
    await paying.collect(uow, order, form.method, tendered_minor=tendered)
    return f"/admin/orders/{order_id}"


async def show(
    request: WebRequest,
    look: Look,
    principal: Principal,
    order_id: str,
    *,
    refusal: DomainError | None = None,
) -> Response[Any]:
    order = await orders.load_visible(look, order_id)
    house = await locations.load_house(look, order.house_id)
    was = request.query_params.get("was", "")
    return office_page(
        "dashboard/order.html",
        request,
        principal,
        refusal=refusal,
        order=order,
        sums=await orders.load_sums(look, order),
        **await money_of(look, order, just_refunded=request.query_params.get("refunded")),
        **await guest_of(look, order),
        **await handoff_of(look, order),
        just_forgotten=request.query_params.get("told") == "forgotten",
        zone=house.zone,
        house_name=house.name,
        is_late=is_late(order, look.now),
        address=[str(part) for part in (order.address or {}).values() if isinstance(part, str)],
        allergen_words=menu.ALLERGEN_NAMES,
        moves=moves_of(order),
        may_cancel=orders.OrderStatus.CANCELLED in order.next_statuses,
        status_words=status_words(order.order_type),
        was=was if refusal is None else "",
        undo=next((status for status in order.next_statuses if status.value == was), None),
    )


async def guest_of(look: Look, order: orders.Order) -> dict[str, Any]:
    """What the house knows of whoever ordered."""
    allergies = None
    if order.customer_id is not None:
        allergies = await guests.find_allergies(look, order.customer_id)
    contact = order.contact
    is_known = contact.email or contact.phone or contact.name != privacy.NOBODY
    is_stranger = order.customer_id is None and bool(is_known)
    works_everywhere = look.actor.has_role(Role.MANAGER) and look.actor.house_ids is None
    return {
        "allergies": allergies,
        "earlier": await orders.count_earlier(look, order),
        "may_forget": is_stranger and works_everywhere,
        **await messages_to(look, contact.email, about_id=order.id),
    }


async def money_of(look: Look, order: orders.Order, *, just_refunded: str | None) -> dict[str, Any]:
    """What came in for the order, what is due, and what went back."""
    tenders = await payments.list_payments(look, order.id)
    made = await receipts.list_numbered(look, order.id)
    bill = await refunds.look_at_bill(look, order)
    may_decide = look.actor.has_role(Role.MANAGER)
    return {
        "payments": tenders,
        "payment_words": PAYMENT_WORDS,
        "method_words": payments.METHOD_WORDS,
        "due": payments.find_due_at_the_counter(tenders),
        "from_deposit": await deposits.plan_bill(look, order),
        "refunds": made,
        "just_refunded": next((one for one in made if one.refund.id == just_refunded), None),
        "may_decide": may_decide,
        "may_refund": bill.left_minor > 0 and may_decide,
    }


async def list_waiting(look: Look, principal: Principal) -> list[Row]:
    wanted = Wanted(state=OPEN).to_filter(principal, "UTC")
    found = await orders.list_orders(look, wanted, Keyset(limit=OPEN_LIMIT))
    return rows_of(found, look.now)


async def list_wanted(
    look: Look, principal: Principal, wanted: Wanted, zone: str, after: Cursor | None
) -> list[Row]:
    limit = OPEN_LIMIT if wanted.state == LATE else LIST_LIMIT
    asked = wanted.to_filter(principal, zone)
    found = rows_of(await orders.list_orders(look, asked, Keyset(after, limit)), look.now)
    return [row for row in found if row.is_late or wanted.state != LATE]


async def list_own_houses(look: Look, principal: Principal) -> list[locations.House]:
    """The houses this person sees; nobody else's are looked at, however many there are."""
    if principal.house_ids is None:
        return await locations.list_houses(look, only_active=False)
    own = []
    for house_id in principal.house_ids:
        with contextlib.suppress(locations.HouseNotFound):  # closed down since
            own.append(await locations.load_house(look, house_id))
    return sorted(own, key=lambda house: (house.name, house.id))


def zones_of(houses: Sequence[locations.House]) -> dict[str, str]:
    return {house.id: house.zone for house in houses}


def rows_of(found: Sequence[orders.Order], now: datetime) -> list[Row]:
    return [Row(order, is_late(order, now)) for order in found]


def is_late(order: orders.Order, now: datetime) -> bool:
    return order.status in orders.OPEN_STATUSES and order.promised_at < now


def counts_of(waiting: Sequence[Row]) -> list[Count]:
    by_status = Counter(row.order.status for row in waiting)
    late = sum(row.is_late for row in waiting)
    return [
        Count(LATE, "Late", late, is_bad=late > 0),
        *(
            Count(status.value, STATE_LABELS[status.value], by_status[status])
            for status in orders.OPEN_STATUSES
        ),
    ]


def moves_of(order: orders.Order) -> list[Move]:
    """The legal next steps as buttons; cancelling stands apart, since it needs a reason."""
    forward = orders.following(order.status, order.order_type)
    steps = orders.FORWARD[order.order_type]
    moves = []
    for target in order.next_statuses:
        if target is orders.OrderStatus.CANCELLED:
            continue
        is_back = target in steps and steps.index(target) < steps.index(order.status)
        label = (
            translate("Back to: %s") % translate(status_words(order.order_type)[target.value])
            if is_back
            else translate(label_of(order, target))
        )
        moves.append(Move(target, label, is_forward=target is forward))
    return sorted(moves, key=lambda move: not move.is_forward)


def label_of(order: orders.Order, target: orders.OrderStatus) -> str:
    if order.order_type is orders.OrderType.DINE_IN and target is orders.OrderStatus.DELIVERED:
        return word("Mark as served")
    return MOVE_LABELS[target]


def cursor_or_none(text: str) -> Cursor | None:
    try:
        return Cursor.parse(text) if text else None
    except BadCursor:
        return None  # an old link starts from the top


def older_of(found: Sequence[Row], wanted: Wanted) -> str | None:
    if len(found) < LIST_LIMIT or wanted.state == LATE:
        return None
    last = found[-1].order
    return wanted.address(after=Cursor(last.placed_at, last.id).to_text())
