"""What is done about deposits when no guest and no provider says anything."""

from __future__ import annotations

from typing import Any

from basis.kit.background.worker import Errand
from kitchenasty.deposits.attempts import carry_out, carry_out_fee, expire, forget_card
from kitchenasty.deposits.cards import FORGET_JOB
from kitchenasty.deposits.dealings import DEALINGS
from kitchenasty.deposits.fees import CHARGE_JOB
from kitchenasty.deposits.ledger import RETURN_JOB
from kitchenasty.kit.books import Books
from kitchenasty.reservations import LAPSE_JOB


async def lapse(books: Books, payload: dict[str, Any]) -> None:
    await expire(books, payload["reservation_id"])


async def give_back(books: Books, payload: dict[str, Any]) -> None:
    await carry_out(books, payload["return_id"], key=payload["key"])


async def charge(books: Books, payload: dict[str, Any]) -> None:
    await carry_out_fee(books, payload["payment_id"])


async def forget(books: Books, payload: dict[str, Any]) -> None:
    await forget_card(books, payload["payment_id"])


ERRANDS = (
    Errand(LAPSE_JOB, lapse),
    *DEALINGS.errands,
    Errand(RETURN_JOB, give_back),
    Errand(CHARGE_JOB, charge),
    Errand(FORGET_JOB, forget),
)
