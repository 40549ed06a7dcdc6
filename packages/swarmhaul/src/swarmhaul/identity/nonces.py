"""A statement counts once: its nonce is spent in the transaction of what it changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete

from basis.errors import Conflict
from basis.kit.data.statements import Statement, insert_unless_there
from basis.kit.signing import CLOCK_SKEW_SECONDS, Signed
from swarmhaul.identity.models import SpentNonce
from swarmhaul.kit.books import UnitOfWork

SPEND = insert_unless_there(SpentNonce)
FORGET = Statement(
    delete(SpentNonce).where(SpentNonce.expires_at < bindparam("before", required=True))
)


class Replayed(Conflict):
    """The statement came before and was carried out."""


async def spend(uow: UnitOfWork, signed: Signed) -> None:
    """Raises Replayed. Of two at once, the database lets one through."""
    statement = signed.statement
    spent = await uow.run(
        SPEND,
        signer=statement.signer,
        nonce=statement.nonce,
        expires_at=datetime.fromtimestamp(statement.expires_at, UTC),
    )
    if not spent:
        raise Replayed("This came before and was carried out. Sign a new statement.")


async def forget_expired(uow: UnitOfWork, _payload: dict[str, Any]) -> None:
    await uow.run(FORGET, before=uow.now - timedelta(seconds=2 * CLOCK_SKEW_SECONDS))
