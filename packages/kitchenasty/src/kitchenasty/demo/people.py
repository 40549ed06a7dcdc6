"""Who works and eats at Juniper & Rye. Their password is published: never for a real house."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kitchenasty import guests, orders, staff
from kitchenasty.demo.regulars import Regular
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.identity.passwords import Passwords
from kitchenasty.kit.principals import Kind, Principal, Role

PASSWORD = "kitchen-demo"  # noqa: S105  # printed at every start of the demo


GUEST_PHONE = "+353 1 555 0199"
GUEST_VISITS = 8


@dataclass(frozen=True, slots=True)
class Person:
    """`role` None is a guest."""

    email: str
    name: str
    role: Role | None
    house: str | None = None
    """The slug of the only house that they see; None for all."""


PEOPLE = (
    Person("owner@demo.example", "Orla Byrne", Role.SUPER_ADMIN),
    Person("manager@demo.example", "Mattis Lund", Role.MANAGER),
    Person("cook@demo.example", "Chiara Neri", Role.STAFF),
    Person("waiter@demo.example", "Wim de Graaf", Role.STAFF),
    Person("courier@demo.example", "Kofi Mensah", Role.STAFF),
    Person("harbour@demo.example", "Síle Keogh", Role.MANAGER, house="harbour"),
    Person("guest@demo.example", "Grace Nolan", None),
)


async def hash_for_all() -> dict[str, str]:
    """A hash for each address, made before the transaction begins: each takes 20 ms."""
    passwords = Passwords()
    return {person.email: await passwords.hash(PASSWORD) for person in PEOPLE}


async def add_people(
    uow: UnitOfWork, hashes: Mapping[str, str], houses: Mapping[str, str]
) -> dict[str, str]:
    """Everybody who may sign in, `houses` being ids by slug; answers their ids by address."""
    ids: dict[str, str] = {}
    for person in PEOPLE:
        hashed = hashes[person.email]
        if person.role is None:
            newcomer = guests.NewGuest(email=person.email, name=person.name, phone=GUEST_PHONE)
            guest = await guests.register_guest(uow, newcomer, password_hash=hashed)
            await guests.confirm_address(uow, guest.id)
            ids[person.email] = guest.id
            continue
        only = None if person.house is None else (houses[person.house],)
        member = staff.NewMember(
            email=person.email, name=person.name, role=person.role, house_ids=only
        )
        ids[person.email] = (await staff.add_member(uow, member, password_hash=hashed)).id
    return ids


async def change_the_team(uow: UnitOfWork, houses: Mapping[str, str], *, hashed: str) -> None:
    """Somebody left, and somebody was asked to come."""
    gone = staff.NewMember(email="bram@juniper-rye.example", name="Bram Visser", role=Role.STAFF)
    member = await staff.add_member(uow, gone, password_hash=hashed)
    await staff.change_member(uow, member.id, {"is_active": False})
    draft = staff.InvitationDraft(
        email="nia@juniper-rye.example", name="Nia Boateng", house_ids=(houses["harbour"],)
    )
    await staff.invite(uow, draft)


def as_staff(who: str, ids: Mapping[str, str]) -> Principal:
    """One of the staff, acting."""
    [person] = [one for one in PEOPLE if one.email == f"{who}@demo.example"]
    return Principal(kind=Kind.STAFF, id=ids[person.email], role=person.role, name=person.name)


def guest_as_regular(ids: Mapping[str, str]) -> Regular:
    """The guest whom visitors of the demo are."""
    [person] = [one for one in PEOPLE if one.role is None]
    contact = orders.Contact(name=person.name, email=person.email, phone=GUEST_PHONE)
    return Regular(ids[person.email], contact, GUEST_VISITS)
