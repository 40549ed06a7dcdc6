"""Money that a provider is to give back."""

from __future__ import annotations

from typing import Any

from basis.kit.background.worker import Errand
from kitchenasty.kit.books import Books
from kitchenasty.payments.give_back import RETURN_JOB
from kitchenasty.payments.returns import carry_out


async def give_back(books: Books, payload: dict[str, Any]) -> None:
    await carry_out(books, payload["return_id"], key=payload["key"])


ERRANDS = (Errand(RETURN_JOB, give_back),)
