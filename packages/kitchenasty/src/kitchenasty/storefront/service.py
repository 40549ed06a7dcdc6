"""Changing a visitor's cart."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import bindparam, delete, select, update

from basis.ids import hash_capability, new_id
from basis.kit.data.statements import Statement, insert_unless_there
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.storefront.models import CartRow
from kitchenasty.storefront.queries import OF_VISITOR
from kitchenasty.storefront.rules import Cart, CartLine

KEPT_DAYS = 14

OPEN = insert_unless_there(CartRow)
LOCK = Statement(select(CartRow.lines, CartRow.expires_at).where(*OF_VISITOR).with_for_update())
STORE = Statement(
    update(CartRow)
    .where(*OF_VISITOR)
    .values(
        lines=bindparam("lines", required=True), expires_at=bindparam("expires_at", required=True)
    )
)
FORGET = Statement(delete(CartRow).where(CartRow.expires_at < bindparam("now", required=True)))


async def change_cart(
    uow: UnitOfWork, visitor: str, house_id: str, change: Callable[[Cart], Cart]
) -> Cart:
    """Apply one change and answer the cart as it is then. Two taps at once are both kept: the row
    is locked before it is read.
    """
    key = {"visitor_hash": hash_capability(visitor), "house_id": house_id}
    expires_at = uow.now + timedelta(days=KEPT_DAYS)
    await uow.run(OPEN, id=new_id(), lines=[], expires_at=expires_at, **key)
    row = await uow.row(LOCK, **key)
    assert row is not None
    lines, kept_until = row
    known = lines if kept_until > uow.now else []
    cart = change(Cart(msgspec.convert(known, tuple[CartLine, ...])))
    await uow.run(STORE, lines=msgspec.to_builtins(cart.lines), expires_at=expires_at, **key)
    return cart


async def forget_old_carts(uow: UnitOfWork, _payload: dict[str, Any]) -> None:
    await uow.run(FORGET, now=uow.now)
