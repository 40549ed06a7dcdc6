"""What is done about attempts when no guest and no provider says anything."""

from __future__ import annotations

from typing import Any

from basis.kit.background.worker import Errand
from kitchenasty import payments
from kitchenasty.kit.books import Books
from kitchenasty.paying.attempts import DEALINGS
from kitchenasty.paying.holding import EXPIRE_JOB, expire
from kitchenasty.paying.settling import RETURN_JOB
from kitchenasty.payments import IntentState


async def return_surplus(books: Books, payload: dict[str, Any]) -> None:
    """Money that came when nothing was due goes back, all of it, under one key."""
    attempt = await find(books, payload)
    if attempt is None or attempt.state is not IntentState.CAPTURED or not attempt.is_surplus:
        return
    provider = await payments.provider_now(books, attempt.method)
    assert attempt.charge_ref is not None, "what was captured has a name"
    await provider.refund(attempt.charge_ref, attempt.amount, key=f"{attempt.id}:surplus")
    async with books.writing() as uow:
        await payments.mark_attempt(uow, attempt, IntentState.REFUNDED)


async def find(books: Books, payload: dict[str, Any]) -> payments.Attempt | None:
    async with books.reading() as view:
        return await payments.find_attempt(view, payload["payment_id"])


ERRANDS = (
    Errand(EXPIRE_JOB, expire),
    *DEALINGS.errands,
    Errand(RETURN_JOB, return_surplus),
)
