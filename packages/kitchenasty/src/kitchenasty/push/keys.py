"""The key pair by which push services know this server: made when it is first needed, kept sealed.

What a browser subscribed to is bound to the public part. If the private part cannot be read any
more, because the server's own secret is another one, a new pair is made and browsers ask again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from basis.kit.secret import Secret
from kitchenasty import settings
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.push import queries
from kitchenasty.push.states import Way

if TYPE_CHECKING:
    from kitchenasty.push.encryption import KeyPair

NAME = "vapid"
SEAL_NAME = "push.vapid"


async def find_public_key(look: Look) -> str | None:
    """None as long as there is none that can be used."""
    row = await look.row(queries.KEY, of_name=NAME)
    return row[0] if row is not None and can_open(look, row[1]) else None


async def load_keys(uow: UnitOfWork) -> KeyPair:
    """Of two that make them at once, both get those that were first."""
    # Libraries for keys take 10 MB, and in many houses nobody follows anything.
    from kitchenasty.push.encryption import KeyPair, make_key_pair  # noqa: PLC0415

    row = await uow.row(queries.KEY, of_name=NAME)
    if row is not None and not can_open(uow, row[1]):
        await uow.run(queries.DROP_KEY, of_name=NAME, seen_key=row[0])
        await uow.run(queries.FORGET_WAY, of_way=Way.WEB)
        row = None
    if row is None:
        made = make_key_pair()
        sealed = settings.seal(uow.secret, SEAL_NAME, made.private)
        await uow.run(
            queries.ADD_KEY, name=NAME, public_key=made.public, sealed=sealed, made_at=uow.now
        )
        row = await uow.row(queries.KEY, of_name=NAME)
    assert row is not None, "it was made a moment ago, by us or by another"
    return KeyPair(Secret(settings.unseal(uow.secret, SEAL_NAME, row[1])), row[0])


def can_open(look: Look, sealed: str) -> bool:
    try:
        settings.unseal(look.secret, SEAL_NAME, sealed)
    except settings.CannotUnseal:
        return False
    return True
