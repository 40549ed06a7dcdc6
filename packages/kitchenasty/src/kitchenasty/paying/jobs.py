"""What is done about attempts when no guest and no provider says anything."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from basis.kit.background.worker import Errand
from kitchenasty import payments
from kitchenasty.kit.books import Books
from kitchenasty.paying.attempts import (
    LOOK_JOB,
    LOOKS_AFTER_MINUTES,
    close_attempt,
    close_later,
    look_after,
    provider_now,
)
from kitchenasty.paying.holding import EXPIRE_JOB, expire
from kitchenasty.paying.settling import RETURN_JOB
from kitchenasty.payments import CLOSE_JOB, IntentState


async def look(books: Books, payload: dict[str, Any]) -> None:
    """Ask by ourselves: the message of the provider, and the guest's browser, may be lost."""
    looks: int = payload["looks"]
    attempt = await find(books, payload)
    if attempt is not None:
        await look_after(books, attempt)
        attempt = await find(books, payload)
    if attempt is None or not attempt.is_open:
        return
    async with books.writing() as uow:
        if looks + 1 == len(LOOKS_AFTER_MINUTES):
            close_later(uow, attempt)
            return
        uow.enqueue(
            LOOK_JOB,
            {"payment_id": attempt.id, "looks": looks + 1},
            run_at=uow.now + timedelta(minutes=LOOKS_AFTER_MINUTES[looks + 1]),
            key=f"{LOOK_JOB}:{attempt.id}:{looks + 1}",
        )


async def close(books: Books, payload: dict[str, Any]) -> None:
    """The provider is told that we want no more money for it."""
    attempt = await find(books, payload)
    if attempt is not None and attempt.state not in payments.PAID:
        await close_attempt(books, attempt)


async def return_surplus(books: Books, payload: dict[str, Any]) -> None:
    """Money that came when nothing was due goes back, all of it, under one key."""
    attempt = await find(books, payload)
    if attempt is None or attempt.state is not IntentState.CAPTURED or not attempt.is_surplus:
        return
    provider = await provider_now(books, attempt.method)
    assert attempt.charge_ref is not None, "what was captured has a name"
    await provider.refund(attempt.charge_ref, attempt.amount, key=f"{attempt.id}:surplus")
    async with books.writing() as uow:
        await payments.mark_attempt(uow, attempt, IntentState.REFUNDED)


async def find(books: Books, payload: dict[str, Any]) -> payments.Attempt | None:
    async with books.reading() as view:
        return await payments.find_attempt(view, payload["payment_id"])


ERRANDS = (
    Errand(EXPIRE_JOB, expire),
    Errand(LOOK_JOB, look),
    Errand(CLOSE_JOB, close),
    Errand(RETURN_JOB, return_surplus),
)
