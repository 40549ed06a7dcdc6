"""A letter that lets somebody of the staff choose a new password: once, for an hour."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from kitchenasty import audit, notices
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.identity.links import Links, LinkSpent
from kitchenasty.kit.identity.sessions import end_sessions_of
from kitchenasty.kit.principals import Kind
from kitchenasty.staff import queries
from kitchenasty.staff.models import PasswordLinkRow
from kitchenasty.staff.people import Member
from kitchenasty.staff.service import load_member

LIFE = timedelta(hours=1)
NEWS_USEFUL = timedelta(days=3)
LINKS = Links(PasswordLinkRow, purpose="staff password", facts=("staff_id",), owner=("staff_id",))


async def write_password_letter(uow: UnitOfWork, email: str) -> bool:
    """Write to whoever works here under this address; whether there is anybody."""
    row = await uow.row(queries.CREDENTIALS, email=email)
    if row is None or not row[2]:
        return False
    link_id = await LINKS.make(uow, LIFE, staff_id=row[0])
    await notices.send_notice(
        uow, "staff.password", recipient=email, facts={"link_id": link_id}, useful_for=LIFE
    )
    return True


async def find_password_link(look: Look, token: str) -> Member:
    """Whose password a letter's token lets choose anew. Raises LinkSpent."""
    return (await find(look, token))[1]


async def use_password_link(uow: UnitOfWork, token: str, *, password_hash: str) -> Member:
    """Choose another password; of two at once one gets through. Raises LinkSpent."""
    link_id, member = await find(uow, token)
    await LINKS.use(uow, link_id)
    return await set_password(uow, member.id, password_hash=password_hash)


async def set_password(uow: UnitOfWork, staff_id: str, *, password_hash: str) -> Member:
    """Another password counts: every session ends, no older letter opens anything, and the owner
    of the account is told. Raises StaffMemberNotFound.
    """
    member = await load_member(uow, staff_id)
    await uow.run(queries.SET_PASSWORD, staff_id=staff_id, new_hash=password_hash, now=uow.now)
    await LINKS.end(uow, staff_id=staff_id)
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


async def find(look: Look, token: str) -> tuple[str, Member]:
    """The id of a live link and its member, who still works here. Raises LinkSpent."""
    link_id, staff_id = await LINKS.find(look, token)
    member = await load_member(look, staff_id)
    if not member.is_active:
        raise LinkSpent
    return link_id, member


async def forget_old_password_links(uow: UnitOfWork, _payload: dict[str, Any]) -> None:
    await LINKS.forget_old(uow)
