"""Whoever wants no advertising by mail: asked for by a link in the letter, kept as a sign.

The link carries a sign of the address and the proof that we made it, so it needs no account, works
as long as the server keeps its key, tells nobody the address, and cannot be invented.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection

from sqlalchemy import bindparam, delete, select

from basis.errors import NotFound
from basis.kit.data.statements import Statement, insert_unless_there, one_of
from basis.kit.secret import Secret
from basis.signing import derive
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.notices.models import StoppedMailRow

STOP = insert_unless_there(StoppedMailRow)
ALLOW = Statement(
    delete(StoppedMailRow).where(StoppedMailRow.sign == bindparam("of_address", required=True))
)
IS_STOPPED = Statement(
    select(StoppedMailRow.sign).where(StoppedMailRow.sign == bindparam("of_address", required=True))
)
STOPPED = Statement(select(StoppedMailRow.sign).where(one_of(StoppedMailRow.sign, "signs")))
DOT = "."


class WayOutNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("This link is not one of ours. Take the one that stands in the letter.")


def way_out_for(secret: Secret, address: str, public_url: str) -> str:
    """Where whoever reads at this address asks for no more advertising."""
    sign = sign_of(secret, address)
    return f"{public_url}/u/{sign}{DOT}{proof_of(secret, sign)}"


def read_token(secret: Secret, token: str) -> str:
    """The sign in a link. Raises WayOutNotFound."""
    sign, _, proof = token.partition(DOT)
    if not hmac.compare_digest(proof.encode(), proof_of(secret, sign).encode()):
        raise WayOutNotFound
    return sign


def sign_of(secret: Secret, address: str) -> str:
    return derive(secret, purpose="stopped mail", subject=address.casefold())


def proof_of(secret: Secret, sign: str) -> str:
    return derive(secret, purpose="way out of mail", subject=sign)


async def stop_advertising(uow: UnitOfWork, token: str) -> None:
    """Asked twice it is asked once. Raises WayOutNotFound."""
    await uow.run(STOP, sign=read_token(uow.secret, token), stopped_at=uow.now)


async def allow_advertising(uow: UnitOfWork, token: str) -> None:
    """It was a mistake. Raises WayOutNotFound."""
    await uow.run(ALLOW, of_address=read_token(uow.secret, token))


async def allow_advertising_to(uow: UnitOfWork, address: str) -> None:
    """Whoever reads there has agreed anew."""
    await uow.run(ALLOW, of_address=sign_of(uow.secret, address))


async def wants_advertising(look: Look, token: str) -> bool:
    """Raises WayOutNotFound."""
    return await is_free(look, read_token(look.secret, token))


async def may_advertise_to(look: Look, address: str) -> bool:
    return await is_free(look, sign_of(look.secret, address))


async def is_free(look: Look, sign: str) -> bool:
    return await look.value(IS_STOPPED, of_address=sign) is None


async def list_stopped(look: Look, addresses: Collection[str]) -> list[str]:
    """Those of these addresses that want no advertising."""
    if not addresses:
        return []
    by_sign = {sign_of(look.secret, one): one for one in addresses}
    return [by_sign[row[0]] for row in await look.rows(STOPPED, signs=sorted(by_sign))]
