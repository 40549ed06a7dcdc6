"""Beginning to pay an order online: one attempt for each way of paying, and one page to pay on."""

from __future__ import annotations

import structlog

from basis.money import Money
from basis.sentences import word
from kitchenasty import locations, orders, payments
from kitchenasty.kit.books import Books, UnitOfWork
from kitchenasty.kit.principals import Principal
from kitchenasty.paying.settling import settle
from kitchenasty.payments import (
    CLOSE_JOB,
    Attempt,
    Begun,
    Found,
    IntentState,
    NothingDue,
    PaymentMethod,
    ProviderAway,
    ProviderRefused,
    Wish,
)

logger = structlog.get_logger(__name__)

LOOK_JOB = "paying.look"
DEALINGS = payments.Dealings(
    look_job=LOOK_JOB, close_job=CLOSE_JOB, find=payments.find_attempt, settle=settle
)


async def begin(
    books: Books,
    actor: Principal,
    order_id: str,
    method: PaymentMethod,
    *,
    hosted: bool,
    site: str,
) -> tuple[Attempt, Begun]:
    """Begin to pay an order online, or go on with what was begun: asked again, in another tab too,
    it is the same attempt. `site` is our own address. The door has checked whose order it is.

    Raises OrderNotFound, PaymentMethodOff, NothingDue, ProviderAway, ProviderRefused.
    """
    async with books.writing(actor) as uow:
        provider = await payments.offered_provider(uow, method)
        attempt, others = await choose_attempt(uow, order_id, method, is_hosted=hosted)
        wish = await wish_of(uow, attempt, site)
    await close_others(books, order_id, others)
    try:
        begun = await provider.begin(wish, hosted=hosted)
    except ProviderRefused as refused:
        async with books.writing(actor) as uow:
            failed = Found(IntentState.FAILED, failure=str(refused))
            await settle(uow, attempt.id, failed)
        raise
    async with books.writing(actor) as uow:
        is_open = await keep_begun(uow, attempt, begun)
    if not is_open:
        await check_due(books, order_id)
        raise too_late()
    return attempt, begun


async def close_others(books: Books, order_id: str, others: list[Attempt]) -> None:
    """Raises NothingDue when one of them turns out to have been paid. A provider that is away does
    not keep the guest from another: what it takes nevertheless goes back.
    """
    for other in others:
        try:
            await DEALINGS.close(books, other)
        except ProviderAway as away:
            logger.warning("payment.close_failed", payment_id=other.id, why=away.code)
    if others:
        await check_due(books, order_id)


async def check_due(books: Books, order_id: str) -> None:
    """Raises NothingDue."""
    async with books.writing() as uow:
        await due_for(uow, await orders.hold_order(uow, order_id))


async def choose_attempt(
    uow: UnitOfWork, order_id: str, method: PaymentMethod, *, is_hosted: bool
) -> tuple[Attempt, list[Attempt]]:
    """The attempt to go on with, and those that are to be closed first, so that a guest who
    changes their mind has one page to pay on. Raises NothingDue.
    """
    order = await orders.hold_order(uow, order_id)
    due = await due_for(uow, order)
    before = await payments.list_open_attempts(uow, order_id)
    for old in before:
        if payments.is_stale(old, uow.now):
            await payments.mark_attempt(uow, old, IntentState.EXPIRED)
            DEALINGS.close_later(uow, old)
    attempt = await payments.open_attempt(uow, order_id, method, due, is_hosted=is_hosted)
    others = await payments.list_open_attempts(uow, order_id)
    return attempt, [other for other in others if other.id != attempt.id]


async def due_for(uow: UnitOfWork, order: orders.HeldOrder) -> Money:
    """What is still to be paid. Raises NothingDue."""
    due = order.total_minor - await payments.sum_paid(uow, order.id)
    is_late = order.awaits_payment_until is not None and order.awaits_payment_until <= uow.now
    if order.is_cancelled or is_late:
        raise too_late()
    if due <= 0:
        raise NothingDue(word("This order is paid. Thank you!"))
    return Money(due, order.currency)


def too_late() -> NothingDue:
    return NothingDue(
        word("This order was not paid in time, or was cancelled. You are charged nothing.")
    )


async def wish_of(uow: UnitOfWork, attempt: Attempt, site: str) -> Wish:
    order = await orders.load_order(uow, attempt.order_id)
    house = await locations.load_house(uow, order.house_id)
    page = f"{site}/t/{orders.capability_of(uow.secret, order.id)}"
    return Wish(
        key=attempt.id,
        order_id=order.id,
        words=f"{house.name} · {order.number}",
        amount=attempt.amount,
        email=order.contact.email,
        paid_url=f"{page}/paid",
        back_url=f"{page}/pay",
        expires_at=attempt.created_at + payments.PAGE_LASTS,
    )


async def keep_begun(uow: UnitOfWork, attempt: Attempt, begun: Begun) -> bool:
    """Write down what the provider calls it; False when it was given up meanwhile."""
    # The order first and its tenders then, as everywhere: two who lock both never wait in a circle.
    await orders.hold_order(uow, attempt.order_id)
    await payments.name_attempt(uow, attempt, begun.ref)
    now = await payments.find_attempt(uow, attempt.id)
    assert now is not None
    if not now.is_open:
        DEALINGS.close_later(uow, now)
        return False
    await settle(uow, attempt.id, Found(IntentState.REQUIRES_ACTION))
    DEALINGS.look_later(uow, attempt)
    return True


async def look_after_order(books: Books, order_id: str) -> None:
    """Ask how all open attempts of an order stand. Raises ProviderAway, ProviderRefused."""
    async with books.reading() as look:
        found = await payments.list_open_attempts(look, order_id)
    for attempt in found:
        await DEALINGS.look_after(books, attempt)
