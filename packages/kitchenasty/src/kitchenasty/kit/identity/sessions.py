"""Sessions: who is signed in, kept on the server, so that ending one ends it everywhere at once.

A token is 256 random bits that only its owner has; the database keeps its SHA-256. Pages carry it
in a cookie, the API as a bearer token, and neither is taken for the other.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import Index, String, bindparam, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from basis.events import Event
from basis.ids import new_id
from basis.kit.data.columns import Id, choice
from basis.kit.data.statements import Statement, insert_into
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.principals import Kind, Principal
from kitchenasty.kit.tables import Record

TOKEN_BYTES = 32
TOKEN_LENGTH = 43
USER_AGENT_LENGTH_MAX = 200
SEEN_AGAIN_AFTER = timedelta(minutes=10)


class SessionKind(StrEnum):
    PAGE = "PAGE"
    API = "API"


IDLE_MAX = {SessionKind.PAGE: timedelta(days=14), SessionKind.API: timedelta(days=30)}
AGE_MAX = {SessionKind.PAGE: timedelta(days=90), SessionKind.API: timedelta(days=180)}


class SessionRow(Record):
    """A sign-in that lasts. `last_seen_at` is written at most every ten minutes."""

    __tablename__ = "sessions"
    __table_args__ = (Index(None, "subject_id"), Index(None, "expires_at"))

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[SessionKind] = mapped_column(choice(SessionKind))
    subject_kind: Mapped[Kind] = mapped_column(choice(Kind))
    subject_id: Mapped[Id]
    address: Mapped[str | None] = mapped_column(String(64))
    user_agent: Mapped[str | None] = mapped_column(String(USER_AGENT_LENGTH_MAX))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Session:
    id: str
    kind: SessionKind
    subject_kind: Kind
    subject_id: str
    last_seen_at: datetime
    expires_at: datetime

    def is_live(self, now: datetime) -> bool:
        return now < self.expires_at and now < self.last_seen_at + IDLE_MAX[self.kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrincipalRevoked(Event):
    """Somebody's rights ended or changed; open sockets of theirs are closed.

    `session_id` is None when all of the subject's sessions ended.
    """

    topic: ClassVar[str] = "principal.revoked"
    subject_kind: str
    subject_id: str
    session_id: str | None


INSERT = insert_into(SessionRow)
FIND = Statement(
    select(
        SessionRow.id,
        SessionRow.kind,
        SessionRow.subject_kind,
        SessionRow.subject_id,
        SessionRow.last_seen_at,
        SessionRow.expires_at,
    ).where(
        SessionRow.token_hash == bindparam("token_hash"),
        SessionRow.kind == bindparam("kind"),
    )
)
TOUCH = Statement(
    update(SessionRow)
    .where(SessionRow.id == bindparam("session_id"))
    .values(last_seen_at=bindparam("now"))
)
END = Statement(delete(SessionRow).where(SessionRow.id == bindparam("session_id")))
END_ALL = Statement(
    delete(SessionRow).where(
        SessionRow.subject_kind == bindparam("subject_kind"),
        SessionRow.subject_id == bindparam("subject_id"),
    )
)
END_OUTLIVED = Statement(delete(SessionRow).where(SessionRow.expires_at <= bindparam("now")))
FROM_ADDRESS = Statement(
    select(SessionRow.id)
    .where(
        SessionRow.subject_id == bindparam("subject_id"),
        SessionRow.address == bindparam("address"),
        SessionRow.expires_at > bindparam("now"),
    )
    .limit(1)
)


async def open_session(
    uow: UnitOfWork,
    *,
    kind: SessionKind,
    subject_kind: Kind,
    subject_id: str,
    user_agent: str | None = None,
) -> str:
    """Start a session and give its token, which is told once and never kept."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    await uow.run(
        INSERT,
        id=new_id(),
        token_hash=hash_token(token),
        kind=kind,
        subject_kind=subject_kind,
        subject_id=subject_id,
        address=uow.address,
        user_agent=user_agent[:USER_AGENT_LENGTH_MAX] if user_agent else None,
        created_at=uow.now,
        last_seen_at=uow.now,
        expires_at=uow.now + AGE_MAX[kind],
    )
    return token


async def find_session(look: Look, token: str, *, kind: SessionKind) -> Session | None:
    """The live session of a token that was given out for this kind of door."""
    if len(token) != TOKEN_LENGTH:
        return None  # no token of ours: a JWT, an old cookie, a guess
    row = await look.row(FIND, token_hash=hash_token(token), kind=kind)
    if row is None:
        return None
    session = session_of(row)
    return session if session.is_live(look.now) else None


def is_worth_noting(principal: Principal, now: datetime) -> bool:
    """Whether it is long enough ago that this session was noted to be in use."""
    seen = principal.last_seen_at
    return seen is not None and now >= seen + SEEN_AGAIN_AFTER


async def note_session(uow: UnitOfWork, principal: Principal) -> None:
    """Keep a session that is in use from ending as if nobody came any more."""
    await uow.run(TOUCH, session_id=principal.session_id, now=uow.now)


async def end_session(uow: UnitOfWork, session: Session) -> None:
    """Sign out here. Ending one that has ended is fine."""
    if await uow.run(END, session_id=session.id):
        uow.emit(
            PrincipalRevoked(
                subject_kind=session.subject_kind,
                subject_id=session.subject_id,
                session_id=session.id,
            )
        )


async def end_sessions_of(uow: UnitOfWork, *, subject_kind: Kind, subject_id: str) -> int:
    """Sign somebody out everywhere; answers how many sessions ended."""
    ended = await uow.run(END_ALL, subject_kind=subject_kind, subject_id=subject_id)
    uow.emit(PrincipalRevoked(subject_kind=subject_kind, subject_id=subject_id, session_id=None))
    return ended


async def forget_outlived(uow: UnitOfWork, _payload: dict[str, Any]) -> None:
    """Delete sessions past their age; a daily job calls this."""
    await uow.run(END_OUTLIVED, now=uow.now)


async def is_signed_in_from(look: Look, subject_id: str, address: str) -> bool:
    found = await look.value(FROM_ADDRESS, subject_id=subject_id, address=address, now=look.now)
    return found is not None


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def session_of(row: tuple[Any, ...]) -> Session:
    session_id, kind, subject_kind, subject_id, last_seen_at, expires_at = row
    return Session(
        id=session_id,
        kind=SessionKind(kind),
        subject_kind=Kind(subject_kind),
        subject_id=subject_id,
        last_seen_at=last_seen_at,
        expires_at=expires_at,
    )
