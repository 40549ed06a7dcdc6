"""Who works and eats at Juniper & Rye. Their password is published: never for a real house."""

from __future__ import annotations

from dataclasses import dataclass

from kitchenasty import guests, staff
from kitchenasty.kit.data.work import UnitOfWork
from kitchenasty.kit.identity.passwords import Passwords
from kitchenasty.kit.principals import Role

PASSWORD = "kitchen-demo"  # noqa: S105  # printed at every start of the demo


@dataclass(frozen=True, slots=True)
class Person:
    """`role` None is a guest."""

    email: str
    name: str
    role: Role | None


PEOPLE = (
    Person("owner@demo.example", "Orla Byrne", Role.SUPER_ADMIN),
    Person("manager@demo.example", "Mattis Lund", Role.MANAGER),
    Person("cook@demo.example", "Chiara Neri", Role.STAFF),
    Person("waiter@demo.example", "Wim de Graaf", Role.STAFF),
    Person("courier@demo.example", "Kofi Mensah", Role.STAFF),
    Person("guest@demo.example", "Grace Nolan", None),
)


async def hash_for_all() -> dict[str, str]:
    """A hash for each address, made before the transaction begins: each takes 20 ms."""
    passwords = Passwords()
    return {person.email: await passwords.hash(PASSWORD) for person in PEOPLE}


async def add_people(uow: UnitOfWork, hashes: dict[str, str]) -> dict[str, str]:
    """Everybody with an account; answers their ids by e-mail address."""
    ids: dict[str, str] = {}
    for person in PEOPLE:
        hashed = hashes[person.email]
        if person.role is None:
            newcomer = guests.NewGuest(
                email=person.email, name=person.name, phone="+353 1 555 0199"
            )
            guest = await guests.register_guest(uow, newcomer, password_hash=hashed)
            await guests.confirm_address(uow, guest.id)
            ids[person.email] = guest.id
            continue
        member = staff.NewMember(email=person.email, name=person.name, role=person.role)
        ids[person.email] = (await staff.add_member(uow, member, password_hash=hashed)).id
    return ids
