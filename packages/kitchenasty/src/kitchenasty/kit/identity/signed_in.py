"""Where somebody is signed in, and signing them out there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select

from basis.errors import NotFound
from basis.kit.data.statements import Statement
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.identity.devices import name_device
from kitchenasty.kit.identity.sessions import (
    IDLE_MAX,
    PrincipalRevoked,
    SessionKind,
    SessionRow,
)
from kitchenasty.kit.principals import Kind

OF_SUBJECT = (
    SessionRow.subject_kind == bindparam("subject_kind", required=True),
    SessionRow.subject_id == bindparam("subject_id", required=True),
)
LIST = Statement(
    select(
        SessionRow.id,
        SessionRow.kind,
        SessionRow.address,
        SessionRow.user_agent,
        SessionRow.created_at,
        SessionRow.last_seen_at,
    )
    .where(*OF_SUBJECT, SessionRow.expires_at > bindparam("now", required=True))
    .order_by(SessionRow.last_seen_at.desc(), SessionRow.id)
    .limit(bindparam("most", required=True))
)
END_ONE = Statement(
    delete(SessionRow).where(*OF_SUBJECT, SessionRow.id == bindparam("session_id", required=True))
)
END_OTHERS = Statement(
    delete(SessionRow).where(*OF_SUBJECT, SessionRow.id != bindparam("kept_id", required=True))
)
SHOWN_MAX = 100


class SessionNotFound(NotFound):
    """It has ended, or is somebody else's."""

    def __init__(self) -> None:
        super().__init__("This sign-in has ended already.")


@dataclass(frozen=True, slots=True)
class Place:
    """One sign-in, as its owner may see it."""

    id: str
    kind: SessionKind
    address: str | None
    device: str
    since: datetime
    last_seen_at: datetime


async def list_places(look: Look, *, subject_kind: Kind, subject_id: str) -> list[Place]:
    """Where somebody is signed in, the last seen first."""
    rows = await look.rows(
        LIST, subject_kind=subject_kind, subject_id=subject_id, now=look.now, most=SHOWN_MAX
    )
    places = [
        Place(id_, SessionKind(kind), address, name_device(agent), since, seen)
        for id_, kind, address, agent, since, seen in rows
    ]
    return [one for one in places if look.now < one.last_seen_at + IDLE_MAX[one.kind]]


async def end_place(
    uow: UnitOfWork, session_id: str, *, subject_kind: Kind, subject_id: str
) -> None:
    """Sign somebody out in one place. Raises SessionNotFound."""
    ended = await uow.run(
        END_ONE, session_id=session_id, subject_kind=subject_kind, subject_id=subject_id
    )
    if not ended:
        raise SessionNotFound
    uow.emit(
        PrincipalRevoked(subject_kind=subject_kind, subject_id=subject_id, session_id=session_id)
    )


async def end_other_places(
    uow: UnitOfWork, kept_id: str, *, subject_kind: Kind, subject_id: str
) -> int:
    """Sign somebody out everywhere but there; answers how many sessions ended."""
    ended = await uow.run(
        END_OTHERS, kept_id=kept_id, subject_kind=subject_kind, subject_id=subject_id
    )
    if ended:
        uow.emit(
            PrincipalRevoked(subject_kind=subject_kind, subject_id=subject_id, session_id=None)
        )
    return ended
