"""Signing somebody out where they are signed in, and writing down who did it."""

from __future__ import annotations

from kitchenasty import audit
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.identity import signed_in
from kitchenasty.kit.identity.sessions import end_sessions_of
from kitchenasty.kit.principals import Kind


async def end_place(uow: UnitOfWork, kind: Kind, subject_id: str, session_id: str) -> None:
    """In one place. Raises SessionNotFound."""
    await signed_in.end_place(uow, session_id, subject_kind=kind, subject_id=subject_id)
    await write_down(uow, kind, subject_id, 1)


async def end_other_places(uow: UnitOfWork, kind: Kind, subject_id: str, kept_id: str) -> None:
    """Everywhere but there."""
    ended = await signed_in.end_other_places(uow, kept_id, subject_kind=kind, subject_id=subject_id)
    await write_down(uow, kind, subject_id, ended)


async def end_every_place(uow: UnitOfWork, kind: Kind, subject_id: str) -> None:
    ended = await end_sessions_of(uow, subject_kind=kind, subject_id=subject_id)
    await write_down(uow, kind, subject_id, ended)


async def write_down(uow: UnitOfWork, kind: Kind, subject_id: str, ended: int) -> None:
    if ended:
        await audit.record(
            uow,
            action="sign-out",
            entity=kind.capitalize(),
            entity_id=subject_id,
            before={"sessions": ended},
        )
