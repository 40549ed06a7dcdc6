"""The same request, sent again, gets the same answer and does nothing.

The key, the hash of what was asked and the answer are stored in the transaction of the change
itself: there is no moment at which one exists without the other. A refused request stores nothing,
so it may be corrected and sent again under the same key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, bindparam, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from basis.errors import Conflict, Unprocessable
from basis.kit.data.columns import Model
from basis.kit.data.statements import Statement, insert_unless_there
from basis.kit.data.work import Look, UnitOfWork

KEPT_DAYS = 30
KEY_LENGTH_MAX = 200
SCOPE_LENGTH_MAX = 120


class IdempotencyKeyReused(Unprocessable):
    """The key came before with something else in it; we cannot know which was meant."""


class IdempotencyKeyRefused(Unprocessable):
    """The key is empty, too long, or not printable ASCII."""


class AnsweredToAnother(Conflict):
    """The same request came before from somebody else; their answer is not for this person."""


class IdempotencyRow(Model):
    """An answer, kept under the key of its request. `request_hash` is set where strangers may ask
    too: there it makes key and body one request, whoever sends them.
    """

    __tablename__ = "idempotency_keys"

    scope: Mapped[str] = mapped_column(String(SCOPE_LENGTH_MAX), primary_key=True)
    key: Mapped[str] = mapped_column(String(KEY_LENGTH_MAX), primary_key=True)
    body_hash: Mapped[str] = mapped_column(String(64))
    request_hash: Mapped[str | None] = mapped_column(String(64), unique=True, index=True)
    status: Mapped[int]
    content: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What was answered, word for word. `is_replay` when it was answered before."""

    status: int
    content: bytes
    is_replay: bool


INSERT = insert_unless_there(IdempotencyRow)
FIND = Statement(
    select(IdempotencyRow.body_hash, IdempotencyRow.status, IdempotencyRow.content).where(
        IdempotencyRow.scope == bindparam("in_scope", required=True),
        IdempotencyRow.key == bindparam("of_key", required=True),
    )
)
FIND_REQUEST = Statement(
    select(IdempotencyRow.scope, IdempotencyRow.status, IdempotencyRow.content).where(
        IdempotencyRow.request_hash == bindparam("hashed", required=True)
    )
)
ANSWER = Statement(
    update(IdempotencyRow)
    .where(
        IdempotencyRow.scope == bindparam("in_scope", required=True),
        IdempotencyRow.key == bindparam("of_key", required=True),
    )
    .values(status=bindparam("code", required=True), content=bindparam("answer", required=True))
)
LAST_ANSWER = Statement(
    select(IdempotencyRow.content)
    .where(
        IdempotencyRow.scope == bindparam("in_scope", required=True),
        IdempotencyRow.created_at >= bindparam("since", required=True),
    )
    .order_by(IdempotencyRow.created_at.desc())
    .limit(1)
)
FORGET = Statement(
    delete(IdempotencyRow).where(IdempotencyRow.created_at < bindparam("before", required=True))
)


async def answer_once(
    uow: UnitOfWork[Any],
    *,
    scope: str,
    key: str,
    body: bytes,
    act: Callable[[], Awaitable[tuple[int, bytes]]],
    strangers_scope: str | None = None,
) -> StoredAnswer:
    """Act and store the answer, or give the stored answer. `scope` names the principal and the
    route; at a door open to all, `strangers_scope` is that of those whom nobody knows: whose token
    ends between two tries comes back as one of them, and must not act twice. A second request waits
    for the first: on PostgreSQL at the unique key, on SQLite at the write lock.

    Raises IdempotencyKeyReused when the body is another one, IdempotencyKeyRefused for a bad key,
    AnsweredToAnother, and whatever `act` raises, in which case nothing is stored.
    """
    assert len(scope) <= SCOPE_LENGTH_MAX, scope
    check_key(key)
    body_hash = hash_text(body)
    hashed = strangers_scope and hash_request(strangers_scope, key, body_hash)
    names = {"scope": scope, "key": key, "body_hash": body_hash, "request_hash": hashed}
    if await uow.run(INSERT, **names, status=0, content="", created_at=uow.now):
        status, content = await act()
        uow.write_last(ANSWER, in_scope=scope, of_key=key, code=status, answer=content.decode())
        return StoredAnswer(status, content, is_replay=False)
    return await answer_again(uow, scope, strangers_scope, key, body_hash)


async def answer_again(
    uow: UnitOfWork[Any], scope: str, strangers_scope: str | None, key: str, body_hash: str
) -> StoredAnswer:
    """The stored answer. Raises as `answer_once` does."""
    row = await uow.row(FIND, in_scope=scope, of_key=key)
    if row is None:
        assert strangers_scope is not None
        return await answer_of_another(uow, strangers_scope, key, body_hash)
    if row[0] != body_hash:
        raise IdempotencyKeyReused(
            "This key was used for another request. Use a new key for a new request."
        )
    return StoredAnswer(row[1], row[2].encode(), is_replay=True)


async def find_last_answer(look: Look[Any], scope: str, *, since: datetime) -> bytes | None:
    """What was answered last in this scope, whatever the key was."""
    content = await look.value(LAST_ANSWER, in_scope=scope, since=since)
    return None if content is None else str(content).encode()


async def answer_of_another(
    uow: UnitOfWork[Any], strangers_scope: str, key: str, body_hash: str
) -> StoredAnswer:
    """The answer to the same request under another scope, if it was given to a stranger: whoever
    has the key and the body is that stranger, or could be. Raises AnsweredToAnother.
    """
    row = await uow.row(FIND_REQUEST, hashed=hash_request(strangers_scope, key, body_hash))
    assert row is not None
    scope, status, content = row
    if scope != strangers_scope:
        raise AnsweredToAnother(
            "This was accepted before, from an account. Sign in to see it; do not send it again."
        )
    return StoredAnswer(status, content.encode(), is_replay=True)


def hash_text(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def hash_request(strangers_scope: str, key: str, body_hash: str) -> str:
    """What makes key and body one request at one door, whoever sends it."""
    return hash_text(f"{strangers_scope} {key} {body_hash}".encode())


def check_key(key: str) -> None:
    if not 0 < len(key) <= KEY_LENGTH_MAX or not key.isascii() or not key.isprintable():
        raise IdempotencyKeyRefused(
            f"An idempotency key has 1 to {KEY_LENGTH_MAX} printable ASCII characters."
        )


async def forget_old_keys(uow: UnitOfWork[Any], _payload: dict[str, Any]) -> None:
    """Keys live 30 days: a tablet may come back from a closed week."""
    await uow.run(FORGET, before=uow.now - timedelta(days=KEPT_DAYS))
