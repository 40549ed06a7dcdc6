"""Asking the providers: to begin, how it stands, and to take no more. Each call stands between two
transactions and in none.
"""

from __future__ import annotations

from datetime import timedelta

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
    Provider,
    ProviderAway,
    ProviderRefused,
    Wish,
)

logger = structlog.get_logger(__name__)

LOOK_JOB = "paying.look"
LOOKS_AFTER_MINUTES = (2, 3, 4, 6, 13, 30)
"""From one look of ours to the next; after the last nobody pays any more."""
REUSED_FOR = timedelta(minutes=20)
"""Providers forget our keys after some hours, and a page of theirs ends; an older attempt is closed
and a new one begun."""
PAGE_LASTS = timedelta(minutes=60)
"""Stripe wants at least 30 minutes from the moment it is asked; the order's own time is shorter
and ends the page too."""


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
        provider = await provider_of(uow, method)
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
            await close_attempt(books, other)
        except ProviderAway as away:
            logger.warning("payment.close_failed", payment_id=other.id, why=away.code)
    if others:
        await check_due(books, order_id)


async def check_due(books: Books, order_id: str) -> None:
    """Raises NothingDue."""
    async with books.writing() as uow:
        await due_for(uow, await orders.hold_order(uow, order_id))


async def provider_of(uow: UnitOfWork, method: PaymentMethod) -> Provider:
    keys = await payments.load_keys(uow)
    provider = keys.provider(method)
    if provider is None or method not in keys.offered:
        raise payments.method_off()
    return provider


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
        if old.provider_ref is not None and old.created_at + REUSED_FOR < uow.now:
            await payments.mark_attempt(uow, old, IntentState.EXPIRED)
            close_later(uow, old)
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
        expires_at=attempt.created_at + PAGE_LASTS,
    )


async def keep_begun(uow: UnitOfWork, attempt: Attempt, begun: Begun) -> bool:
    """Write down what the provider calls it; False when it was given up meanwhile."""
    # The order first and its tenders then, as everywhere: two who lock both never wait in a circle.
    await orders.hold_order(uow, attempt.order_id)
    await payments.name_attempt(uow, attempt, begun.ref)
    now = await payments.find_attempt(uow, attempt.id)
    assert now is not None
    if not now.is_open:
        close_later(uow, now)
        return False
    await settle(uow, attempt.id, Found(IntentState.REQUIRES_ACTION))
    uow.enqueue(
        LOOK_JOB,
        {"payment_id": attempt.id, "looks": 0},
        run_at=uow.now + timedelta(minutes=LOOKS_AFTER_MINUTES[0]),
        key=f"{LOOK_JOB}:{attempt.id}:0",
    )
    return True


def close_later(uow: UnitOfWork, attempt: Attempt) -> None:
    uow.enqueue(CLOSE_JOB, {"payment_id": attempt.id}, key=f"{CLOSE_JOB}:{attempt.id}")


async def look_after(books: Books, attempt: Attempt) -> None:
    """Ask the provider how an open attempt stands. Raises ProviderAway, ProviderRefused."""
    if attempt.provider_ref is None or not attempt.is_open:
        return
    provider = await provider_now(books, attempt.method)
    found = await provider.find_out(attempt.provider_ref, key=attempt.id)
    async with books.writing() as uow:
        await settle(uow, attempt.id, found)


async def look_after_order(books: Books, order_id: str) -> None:
    """Ask how all open attempts of an order stand. Raises ProviderAway, ProviderRefused."""
    async with books.reading() as look:
        found = await payments.list_open_attempts(look, order_id)
    for attempt in found:
        await look_after(books, attempt)


async def close_attempt(books: Books, attempt: Attempt) -> None:
    """Have no more money taken for it; what was taken already counts, or goes back.

    Raises ProviderAway, ProviderRefused, KeysMissing.
    """
    found = Found(IntentState.EXPIRED)
    if attempt.provider_ref is not None:
        provider = await provider_now(books, attempt.method)
        found = await provider.close(attempt.provider_ref, key=attempt.id)
    async with books.writing() as uow:
        await settle(uow, attempt.id, found)


async def provider_now(books: Books, method: PaymentMethod) -> Provider:
    """Also for a way of paying that was switched off since. Raises KeysMissing."""
    async with books.reading() as look:
        provider = (await payments.load_keys(look)).provider(method)
    if provider is None:
        raise payments.KeysMissing("The keys of this provider were taken away.")
    return provider
