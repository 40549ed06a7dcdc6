"""A letter that lets somebody of the staff choose a new password: once, for an hour."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select, true, update

from basis.errors import Conflict
from basis.ids import hash_capability, new_id
from basis.signing import derive
from kitchenasty import audit, notices
from kitchenasty.kit.data.statements import Statement, insert_into
from kitchenasty.kit.data.work import Look, UnitOfWork
from kitchenasty.kit.identity.sessions import end_sessions_of
from kitchenasty.kit.principals import Kind
from kitchenasty.staff import queries
from kitchenasty.staff.models import PasswordLinkRow, StaffMember
from kitchenasty.staff.people import Member
from kitchenasty.staff.service import load_member

LIFE = timedelta(hours=1)
NEWS_USEFUL = timedelta(days=3)
KEPT = timedelta(days=7)
TOKEN_LENGTH_MAX = 64

ADD = insert_into(PasswordLinkRow)
LIVE = (
    PasswordLinkRow.used_at.is_(None),
    PasswordLinkRow.expires_at > bindparam("now", required=True),
)
BY_TOKEN = Statement(
    select(PasswordLinkRow.id, PasswordLinkRow.staff_id)
    .join(StaffMember, StaffMember.id == PasswordLinkRow.staff_id)
    .where(
        PasswordLinkRow.token_hash == bindparam("token_hash", required=True),
        StaffMember.is_active.is_(true()),
        *LIVE,
    )
)
BY_ID = Statement(
    select(PasswordLinkRow.staff_id).where(
        PasswordLinkRow.id == bindparam("link_id", required=True), *LIVE
    )
)
USE = Statement(
    update(PasswordLinkRow)
    .where(PasswordLinkRow.id == bindparam("link_id", required=True), *LIVE)
    .values(used_at=bindparam("now", required=True))
)
END_ALL = Statement(
    update(PasswordLinkRow)
    .where(
        PasswordLinkRow.staff_id == bindparam("of_staff", required=True),
        PasswordLinkRow.used_at.is_(None),
    )
    .values(used_at=bindparam("now", required=True))
)
FORGET = Statement(
    delete(PasswordLinkRow).where(PasswordLinkRow.expires_at < bindparam("before", required=True))
)


class PasswordLinkSpent(Conflict):
    """Used, too old, of somebody who left, or never ours: the answer is the same."""

    def __init__(self) -> None:
        super().__init__("This link has been used or is too old. Please ask for a new letter.")


async def write_password_letter(uow: UnitOfWork, email: str) -> bool:
    """Write to whoever works here under this address; whether there is anybody."""
    row = await uow.row(queries.CREDENTIALS, email=email)
    if row is None or not row[2]:
        return False
    link_id = new_id()
    await uow.run(
        ADD,
        id=link_id,
        staff_id=row[0],
        token_hash=hash_capability(token_of_link(uow, link_id)),
        created_at=uow.now,
        expires_at=uow.now + LIFE,
        used_at=None,
    )
    await notices.send_notice(
        uow, "staff.password", recipient=email, facts={"link_id": link_id}, useful_for=LIFE
    )
    return True


def token_of_link(look: Look, link_id: str) -> str:
    return derive(look.secret, purpose="staff password", subject=link_id)


async def is_link_live(look: Look, link_id: str) -> bool:
    return await look.row(BY_ID, link_id=link_id, now=look.now) is not None


async def find_password_link(look: Look, token: str) -> Member:
    """Whose password a letter's token lets choose anew. Raises PasswordLinkSpent."""
    return await load_member(look, (await find(look, token))[1])


async def use_password_link(uow: UnitOfWork, token: str, *, password_hash: str) -> Member:
    """Choose another password; of two at once one gets through. Raises PasswordLinkSpent."""
    link_id, staff_id = await find(uow, token)
    if not await uow.run(USE, link_id=link_id, now=uow.now):
        raise PasswordLinkSpent
    return await set_password(uow, staff_id, password_hash=password_hash)


async def set_password(uow: UnitOfWork, staff_id: str, *, password_hash: str) -> Member:
    """Another password counts: every session ends, no older letter opens anything, and the owner
    of the account is told. Raises StaffMemberNotFound.
    """
    member = await load_member(uow, staff_id)
    await uow.run(queries.SET_PASSWORD, staff_id=staff_id, new_hash=password_hash, now=uow.now)
    await uow.run(END_ALL, of_staff=staff_id, now=uow.now)
    await end_sessions_of(uow, subject_kind=Kind.STAFF, subject_id=staff_id)
    await audit.record(uow, action="password", entity="Staff", entity_id=staff_id)
    await notices.send_notice(
        uow,
        "staff.password-changed",
        recipient=member.email,
        facts={},
        useful_for=NEWS_USEFUL,
    )
    return member


async def find(look: Look, token: str) -> tuple[str, str]:
    """The ids of a live link and of its member. Raises PasswordLinkSpent."""
    row = None
    if len(token) <= TOKEN_LENGTH_MAX:
        row = await look.row(BY_TOKEN, token_hash=hash_capability(token), now=look.now)
    if row is None:
        raise PasswordLinkSpent
    link_id, staff_id = row
    return link_id, staff_id


async def forget_old_password_links(uow: UnitOfWork, _payload: dict[str, Any]) -> None:
    await uow.run(FORGET, before=uow.now - KEPT)
