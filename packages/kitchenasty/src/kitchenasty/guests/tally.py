"""How many guests have an account."""

from __future__ import annotations

from sqlalchemy import func, select

from basis.kit.data.statements import Statement
from kitchenasty.guests.models import Customer
from kitchenasty.kit.books import Look

COUNT = Statement(select(func.count()).select_from(Customer).where(Customer.is_active))


async def count_accounts(look: Look) -> int:
    return int(await look.value(COUNT))
