"""The staff: who works here, what they may do, and letting go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, Text, func, or_, select, type_coerce

from basis.ids import new_id
from basis.kit.data.paging import Page
from kitchenasty import audit
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.identity.sessions import Session, end_sessions_of, is_signed_in_from
from kitchenasty.kit.identity.sign_in import Account, check_email
from kitchenasty.kit.principals import Kind, Principal, Role
from kitchenasty.staff import queries
from kitchenasty.staff.models import StaffMember
from kitchenasty.staff.people import (
    EmailTaken,
    Member,
    NewMember,
    StaffFilter,
    StaffMemberNotFound,
    check_name,
    check_phone,
    member_of,
)
from kitchenasty.staff.rules import (
    Houses,
    HousesRefused,
    OwnAccountRefused,
    Standing,
    check_houses_change,
    check_standing_change,
    shares_house,
)
from kitchenasty.staff.security import is_asked_for

SEARCH_LENGTH_MAX = 100


async def find_principal(look: Look, session: Session) -> Principal | None:
    """Who holds this session, as they are at this moment; None if they may not act any more."""
    row = await look.row(queries.PRINCIPAL, staff_id=session.subject_id)
    if row is None:
        return None
    name, email, role, house_ids, has_factor = row
    needs_factor = not has_factor and await is_asked_for(look, Role(role))
    return Principal(
        kind=Kind.STAFF,
        id=session.subject_id,
        role=Role(role),
        house_ids=None if house_ids is None or role == Role.SUPER_ADMIN else frozenset(house_ids),
        name=name,
        email=email,
        session_id=session.id,
        last_seen_at=session.last_seen_at,
        needs_second_factor=needs_factor,
    )


async def find_account(look: Look, email: str, *, address: str) -> Account | None:
    """What the doorman needs to know to check a password; `email` is normalised."""
    return await account_of(look, await look.row(queries.CREDENTIALS, email=email), address)


async def find_own_account(look: Look, staff_id: str, *, address: str) -> Account | None:
    """The same for somebody who is known by id."""
    return await account_of(
        look, await look.row(queries.OWN_CREDENTIALS, staff_id=staff_id), address
    )


async def account_of(look: Look, row: tuple[Any, ...] | None, address: str) -> Account | None:
    if row is None:
        return None
    staff_id, password_hash, is_active = row
    return Account(
        kind=Kind.STAFF,
        id=staff_id,
        password_hash=password_hash,
        is_active=is_active,
        signed_in_from_here=await is_signed_in_from(look, staff_id, address),
    )


async def load_member(look: Look, staff_id: str) -> Member:
    """Raises StaffMemberNotFound."""
    row = await look.row(queries.BY_ID, staff_id=staff_id)
    if row is None:
        raise StaffMemberNotFound
    return member_of(row)


async def load_colleague(look: Look, staff_id: str) -> Member:
    """A member who shares a house with the actor. Raises StaffMemberNotFound."""
    member = await load_member(look, staff_id)
    if not shares_house(look.actor.house_ids, member.houses):
        raise StaffMemberNotFound
    return member


async def list_members(look: Look, wanted: StaffFilter, page: Page) -> tuple[list[Member], int]:
    """One page of the actor's colleagues by name, and how many match in all."""
    houses = look.actor.house_ids
    matching = within(narrowed(select(*queries.MEMBER_COLUMNS), wanted), houses)
    counted = within(narrowed(select(func.count(StaffMember.id)), wanted), houses)
    total = await look.session.scalar(counted)
    found = await look.session.execute(
        matching.order_by(StaffMember.name, StaffMember.id).limit(page.limit).offset(page.offset)
    )
    return [member_of(tuple(row)) for row in found], total or 0


def narrowed(query: Select[Any], wanted: StaffFilter) -> Select[Any]:
    if wanted.role is not None:
        query = query.where(StaffMember.role == wanted.role)
    if wanted.is_active is not None:
        query = query.where(StaffMember.is_active == wanted.is_active)
    if wanted.search:
        text = wanted.search[:SEARCH_LENGTH_MAX]
        query = query.where(
            or_(
                StaffMember.email.contains(text.casefold(), autoescape=True),
                func.lower(StaffMember.name).contains(text.lower(), autoescape=True),
            )
        )
    return query


def within(query: Select[Any], houses: Houses) -> Select[Any]:
    """Those who share a house. The column holds a list of ids, each within quotation marks."""
    if houses is None:
        return query
    listed = type_coerce(StaffMember.house_ids, Text)
    everywhere = StaffMember.house_ids.is_(None)
    return query.where(or_(everywhere, *(listed.contains(f'"{one}"') for one in sorted(houses))))


async def add_member(uow: UnitOfWork, newcomer: NewMember, *, password_hash: str) -> Member:
    """Put somebody on the staff. Raises EmailRefused, NameRefused or EmailTaken."""
    email, name = check_email(newcomer.email), check_name(newcomer.name)
    is_owner = newcomer.role is Role.SUPER_ADMIN
    member = Member(
        id=new_id(),
        email=email,
        name=name,
        role=newcomer.role,
        phone=None,
        avatar=None,
        house_ids=None if is_owner else newcomer.house_ids,
        is_active=True,
        created_at=uow.now,
        updated_at=uow.now,
    )
    columns = {field: getattr(member, field) for field in Member.__dataclass_fields__}
    # The unique index decides, not a look before: two may register the same address at once.
    if not await uow.run(queries.ADD, **columns, password_hash=password_hash):
        raise EmailTaken
    await audit.record(
        uow,
        action="create",
        entity="Staff",
        entity_id=member.id,
        after={"email": email, "name": name, "role": member.role},
    )
    return member


async def change_member(uow: UnitOfWork, staff_id: str, changes: Mapping[str, Any]) -> Member:
    """Change some of name, role, phone, house_ids, is_active; effective with the next request.

    Owners work in every house. Raises StaffMemberNotFound, NameRefused, OwnAccountRefused,
    LastOwnerRefused, HousesRefused.
    """
    before, other_owners = await lock_member(uow, staff_id)
    after = changed(before, changes)
    check_standing_change(
        before.standing,
        after.standing,
        is_own=uow.actor.id == staff_id,
        other_owners=other_owners,
    )
    await save(uow, before, after)
    return after


async def change_profile(uow: UnitOfWork, *, name: str, phone: str | None) -> Member:
    """One's own name and phone, as whoever acts types them. Raises NameRefused, PhoneRefused."""
    assert uow.actor.id is not None
    changes = {"name": name, "phone": check_phone(phone)}
    return await change_member(uow, uow.actor.id, changes)


async def move_member(uow: UnitOfWork, staff_id: str, house_ids: Sequence[str] | None) -> Member:
    """Say in which houses somebody works, None for all of them; they sign in again.

    For those above them, each for houses of their own. Raises StaffMemberNotFound,
    OwnAccountRefused, HousesRefused.
    """
    if uow.actor.id == staff_id:
        raise OwnAccountRefused("You cannot change the houses that you work in.")
    before, _ = await lock_member(uow, staff_id)
    if not shares_house(uow.actor.house_ids, before.houses):
        raise StaffMemberNotFound
    wanted = None if house_ids is None else frozenset(house_ids)
    check_houses_change(
        before.standing,
        before.houses,
        wanted,
        by=Standing(uow.actor.role or Role.STAFF, is_active=True),
        within=uow.actor.house_ids,
    )
    after = changed(before, {"house_ids": None if wanted is None else tuple(sorted(wanted))})
    await save(uow, before, after)
    return after


async def lock_member(uow: UnitOfWork, staff_id: str) -> tuple[Member, int]:
    """The member, and how many other owners there are. Raises StaffMemberNotFound.

    All owners are locked in one order, so two of them cannot remove each other at once.
    """
    owners = [row[0] for row in await uow.rows(queries.LOCK_OWNERS)]
    row = await uow.row(queries.BY_ID_LOCKED, staff_id=staff_id)
    if row is None:
        raise StaffMemberNotFound
    return member_of(row), sum(owner != staff_id for owner in owners)


async def save(uow: UnitOfWork, before: Member, after: Member) -> None:
    """Whose rights changed signs in again."""
    staff_id = after.id
    await uow.run(
        queries.CHANGE,
        staff_id=staff_id,
        name=after.name,
        role=after.role,
        phone=after.phone,
        house_ids=after.house_ids,
        is_active=after.is_active,
        now=uow.now,
    )
    await write_down(uow, before, after)
    if (before.standing, before.house_ids) != (after.standing, after.house_ids):
        await end_sessions_of(uow, subject_kind=Kind.STAFF, subject_id=staff_id)


def changed(member: Member, changes: Mapping[str, Any]) -> Member:
    """Raises NameRefused, HousesRefused."""
    fields = {name: getattr(member, name) for name in Member.__dataclass_fields__} | dict(changes)
    if fields["role"] == Role.SUPER_ADMIN:
        if changes.get("house_ids") is not None:
            raise HousesRefused("Owners work in every house.")
        fields["house_ids"] = None
    return Member(**{**fields, "name": check_name(fields["name"])})


async def write_down(uow: UnitOfWork, before: Member, after: Member) -> None:
    names = ("name", "role", "phone", "house_ids", "is_active")
    differing = [name for name in names if getattr(before, name) != getattr(after, name)]
    if differing:
        await audit.record(
            uow,
            action="update",
            entity="Staff",
            entity_id=after.id,
            before={name: getattr(before, name) for name in differing},
            after={name: getattr(after, name) for name in differing},
        )


async def list_demo_people(look: Look) -> list[str]:
    """Addresses of the demo's active staff, whose password everybody knows."""
    return [row[0] for row in await look.rows(queries.DEMO_PEOPLE)]
