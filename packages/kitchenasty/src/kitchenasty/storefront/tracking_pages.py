"""The page of one order, for whoever holds its link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from basis.kit.texts import one_line
from kitchenasty import handoff, reviews
from kitchenasty.kit import live
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.access import Access, SignInNeeded, access
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, Work, back_to, page
from kitchenasty.locations import load_house
from kitchenasty.orders import (
    FORWARD,
    HANDED_OVER,
    Order,
    OrderStatus,
    claim_order,
    load_order_by_capability,
    load_sums,
    move_order,
)
from kitchenasty.payments import PaymentMethod, sum_paid
from kitchenasty.receipts import list_numbered

REASON_LENGTH_MAX = 200
REFRESH_SECONDS = 30
"""How often the page without script reads itself again."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way, with the instant it was reached."""

    status: OrderStatus
    reached_at: datetime | None
    is_done: bool
    is_now: bool


class TrackingPages(Controller):
    path = "/t/{capability:str}"
    include_in_schema = False
    opt = access(Access.PUBLIC)

    @get()
    async def show_order(
        self, look: Reading, request: WebRequest, principal: Actor, capability: FromPath[str]
    ) -> Template:
        opened = await load_order_by_capability(look, capability)
        # The place in the stream is read before the order is read again: what happens in between
        # is told twice and never missed.
        since = await live.head_of(look, f"order:{opened.id}")
        order = await load_order_by_capability(look, capability)
        answer = page(
            "storefront/tracking.html",
            order=order,
            house=await load_house(look, order.house_id),
            sums=await load_sums(look, order),
            refunds=await list_numbered(look, order.id),
            steps=steps_of(order),
            capability=capability,
            may_claim=principal.is_customer and order.customer_id is None,
            since=since,
            now=look.now,
            refresh_seconds=REFRESH_SECONDS,
            is_paid=await is_paid(look, order),
            handoff=await handoff.find_handoff(look, order.id),
            **await review_of(look, order),
            stale_seconds=request.app.state.rooms.stale_seconds,
        )
        answer.headers = {"Cache-Control": "no-store"}
        return answer

    @post("/claim", status_code=303)
    async def claim(self, uow: Work, principal: Actor, capability: FromPath[str]) -> Redirect:
        """Put an order that was placed without an account into the account of its guest."""
        order = await load_order_by_capability(uow, capability)
        if not principal.is_customer or principal.id is None:
            raise SignInNeeded("Authentication required")
        await claim_order(uow, order, principal.id)
        return back_to(f"/t/{capability}")

    @post("/cancel", status_code=303)
    async def cancel(self, uow: Work, request: WebRequest, capability: FromPath[str]) -> Redirect:
        """While the house allows it; after that the refusal says to call."""
        order = await load_order_by_capability(uow, capability)
        reason = (await request.form()).get("reason")
        words = one_line(reason)[:REASON_LENGTH_MAX] if isinstance(reason, str) else ""
        await move_order(uow, order.id, OrderStatus.CANCELLED, reason=words or None)
        return back_to(f"/t/{capability}")


async def review_of(look: Look, order: Order) -> dict[str, Any]:
    """What the page of an order says about reviewing it."""
    if order.status not in HANDED_OVER:
        return {"may_review": False, "review": None}
    written = await reviews.find_review_of(look, order.id)
    terms = await reviews.load_terms(look)
    return {"may_review": terms.is_on and written is None, "review": written}


async def is_paid(look: Look, order: Order) -> bool:
    """Only of one that is to be paid online something is read."""
    if not PaymentMethod(order.payment_method).is_online or order.awaits_payment:
        return False
    return await sum_paid(look, order.id) >= order.total_minor


def steps_of(order: Order) -> list[Step]:
    """The way of the order; what was taken back is ahead again."""
    way = FORWARD[order.order_type]
    reached = {entry.after: entry.happened_at for entry in order.history}
    reached.setdefault(OrderStatus.PENDING, order.placed_at)
    place = way.index(order.status) if order.status in way else -1
    return [
        Step(
            status=status,
            reached_at=reached.get(status) if number <= place else None,
            is_done=number < place or (number == place == len(way) - 1),
            is_now=number == place,
        )
        for number, status in enumerate(way)
    ]
