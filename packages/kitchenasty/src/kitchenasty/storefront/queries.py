"""Reading a visitor's cart."""

from __future__ import annotations

import msgspec
from sqlalchemy import bindparam, select

from basis.ids import hash_capability
from basis.kit.data.statements import Statement
from kitchenasty.kit.books import Look
from kitchenasty.storefront.models import CartRow
from kitchenasty.storefront.rules import Cart, CartLine

OF_VISITOR = (
    CartRow.visitor_hash == bindparam("visitor_hash", required=True),
    CartRow.house_id == bindparam("house_id", required=True),
)
LINES = Statement(
    select(CartRow.lines).where(*OF_VISITOR, CartRow.expires_at > bindparam("now", required=True))
)


async def find_cart(look: Look, visitor: str | None, house_id: str) -> Cart:
    """What the holder of this cookie chose at this house; an empty cart if nothing."""
    if not visitor:
        return Cart()
    found = await look.value(
        LINES, visitor_hash=hash_capability(visitor), house_id=house_id, now=look.now
    )
    return Cart(msgspec.convert(found or [], tuple[CartLine, ...]))
