"""What is done about deposits when no guest and no provider says anything."""

from __future__ import annotations

from typing import Any

from basis.kit.background.worker import Errand
from kitchenasty import payments
from kitchenasty.deposits.attempts import (
    LOOKS_AFTER_MINUTES,
    carry_out,
    carry_out_fee,
    close_attempt,
    expire,
    forget_card,
    look_after,
    look_later,
)
from kitchenasty.deposits.cards import FORGET_JOB
from kitchenasty.deposits.fees import CHARGE_JOB
from kitchenasty.deposits.ledger import RETURN_JOB
from kitchenasty.deposits.queries import find_attempt
from kitchenasty.deposits.service import CLOSE_JOB, close_later
from kitchenasty.deposits.settling import LOOK_JOB
from kitchenasty.deposits.views import Attempt
from kitchenasty.kit.books import Books
from kitchenasty.reservations import LAPSE_JOB


async def lapse(books: Books, payload: dict[str, Any]) -> None:
    await expire(books, payload["reservation_id"])


async def look(books: Books, payload: dict[str, Any]) -> None:
    """Ask by ourselves: the message of the provider, and the guest's browser, may be lost."""
    attempt = await find(books, payload)
    if attempt is not None:
        await look_after(books, attempt)
        attempt = await find(books, payload)
    if attempt is None or not attempt.is_open:
        return
    looks: int = payload["looks"] + 1
    async with books.writing() as uow:
        if looks == len(LOOKS_AFTER_MINUTES):
            close_later(uow, attempt)
        else:
            look_later(uow, attempt, looks)


async def close(books: Books, payload: dict[str, Any]) -> None:
    """The provider is told that we want no more money for it."""
    attempt = await find(books, payload)
    if attempt is not None and attempt.state not in payments.PAID:
        await close_attempt(books, attempt)


async def give_back(books: Books, payload: dict[str, Any]) -> None:
    await carry_out(books, payload["return_id"], key=payload["key"])


async def charge(books: Books, payload: dict[str, Any]) -> None:
    await carry_out_fee(books, payload["payment_id"])


async def forget(books: Books, payload: dict[str, Any]) -> None:
    await forget_card(books, payload["payment_id"])


async def find(books: Books, payload: dict[str, Any]) -> Attempt | None:
    async with books.reading() as view:
        return await find_attempt(view, payload["payment_id"])


ERRANDS = (
    Errand(LAPSE_JOB, lapse),
    Errand(LOOK_JOB, look),
    Errand(CLOSE_JOB, close),
    Errand(RETURN_JOB, give_back),
    Errand(CHARGE_JOB, charge),
    Errand(FORGET_JOB, forget),
)
