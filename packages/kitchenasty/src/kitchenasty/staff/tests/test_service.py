from __future__ import annotations

import asyncio

import pytest

from basis.kit.data.paging import Page
from kitchenasty import audit, staff
from kitchenasty.kit.books import Books, UnitOfWork
from kitchenasty.kit.principals import Kind, Principal, Role

HASH = "$argon2id$v=19$m=64,t=2,p=1$c2FsdHNhbHQ$aGFzaA"


async def add(uow: UnitOfWork, email: str, role: Role = Role.STAFF) -> staff.Member:
    newcomer = staff.NewMember(email=email, name="Rosa Vidal", role=role)
    return await staff.add_member(uow, newcomer, password_hash=HASH)


async def test_adds_somebody_once_whatever_the_capitals(uow: UnitOfWork) -> None:
    member = await add(uow, "Cook@Bistro.Example")
    assert member.email == "cook@bistro.example"
    with pytest.raises(staff.EmailTaken):
        await add(uow, "COOK@bistro.example")


async def test_writes_down_who_changed_what(uow: UnitOfWork) -> None:
    member = await add(uow, "cook@bistro.example")
    await staff.change_member(uow, member.id, {"role": Role.MANAGER, "name": " Rosa  Marin "})
    newest, first = await audit.list_entries(uow, entity="Staff", entity_id=member.id)
    assert first.action == "create"
    assert newest.before == {"name": "Rosa Vidal", "role": "STAFF"}
    assert newest.after == {"name": "Rosa Marin", "role": "MANAGER"}


async def test_a_new_name_ends_no_session(uow: UnitOfWork) -> None:
    member = await add(uow, "cook@bistro.example")
    await staff.change_member(uow, member.id, {"name": "Rosa Marin"})
    assert uow.events == []


async def test_finds_people_by_name_address_role_and_activity(uow: UnitOfWork) -> None:
    cook = await add(uow, "cook@bistro.example")
    owner = await add(uow, "owner_1@bistro.example", Role.SUPER_ADMIN)
    await staff.change_member(uow, cook.id, {"is_active": False})
    searches = {
        "everybody": staff.StaffFilter(),
        "owners": staff.StaffFilter(role=Role.SUPER_ADMIN),
        "active": staff.StaffFilter(is_active=True),
        "gone": staff.StaffFilter(is_active=False),
        "by address": staff.StaffFilter(search="owner_1"),
        "a blank in LIKE": staff.StaffFilter(search="owner%1"),
        "by name": staff.StaffFilter(search="VIDAL"),
    }
    found = {
        what: {member.id for member in (await staff.list_members(uow, wanted, Page()))[0]}
        for what, wanted in searches.items()
    }
    assert found == {
        "everybody": {cook.id, owner.id},
        "owners": {owner.id},
        "active": {owner.id},
        "gone": {cook.id},
        "by address": {owner.id},
        "a blank in LIKE": set(),
        "by name": {cook.id, owner.id},
    }


async def test_finds_people_by_any_letter_in_any_case(uow: UnitOfWork) -> None:
    member = await add(uow, "oe@bistro.example")
    await staff.change_member(uow, member.id, {"name": "Özgür Strauß"})
    for search in ("özgür", "ÖZGÜR", "Strauß", "strauß"):
        found, _ = await staff.list_members(uow, staff.StaffFilter(search=search), Page())
        assert [one.id for one in found] == [member.id], search


async def test_two_owners_cannot_remove_each_other_at_once(books: Books) -> None:
    async with books.writing() as uow:
        first = await add(uow, "first@bistro.example", Role.SUPER_ADMIN)
        second = await add(uow, "second@bistro.example", Role.SUPER_ADMIN)

    async def demote(actor_id: str, staff_id: str) -> None:
        actor = Principal(kind=Kind.STAFF, id=actor_id, role=Role.SUPER_ADMIN)
        async with books.writing(actor) as uow:
            await staff.change_member(uow, staff_id, {"role": Role.STAFF})

    outcomes = await asyncio.gather(
        demote(first.id, second.id), demote(second.id, first.id), return_exceptions=True
    )
    assert sum(isinstance(outcome, staff.LastOwnerRefused) for outcome in outcomes) == 1


async def test_says_whether_the_demo_people_are_there(uow: UnitOfWork) -> None:
    assert await staff.list_demo_people(uow) == []
    await add(uow, "cook@demo.example")
    assert await staff.list_demo_people(uow) == ["cook@demo.example"]


async def test_unknown_people_cannot_be_changed(uow: UnitOfWork) -> None:
    with pytest.raises(staff.StaffMemberNotFound):
        await staff.change_member(uow, "01890000-0000-7000-8000-000000000009", {"name": "X"})
