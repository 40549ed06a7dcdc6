"""O1: who may follow what, over kitchens and orders."""

import pytest

from kitchenasty.kit.books import Books
from kitchenasty.kit.live import Gate
from kitchenasty.kit.principals import ANONYMOUS, Kind, Principal, Role
from kitchenasty.kitchen import ROOM_RULES
from kitchenasty.kitchen.tests.builders import add_kitchen, place


def staff_of(role: Role, *houses: str) -> Principal:
    return Principal(kind=Kind.STAFF, id="s", role=role, house_ids=frozenset(houses) or None)


async def test_every_principal_at_every_room(books: Books) -> None:
    async with books.writing() as uow:
        ours, theirs = await add_kitchen(uow), await add_kitchen(uow, "Elsewhere")
        order, other = await place(uow, ours), await place(uow, theirs)
    gate = Gate(books, ROOM_RULES)
    kitchens = {f"kitchen:{ours.house_id}", f"kitchen:{theirs.house_id}"}
    follows = {f"order:{order.id}", f"order:{other.id}"}
    own = {f"kitchen:{ours.house_id}", f"order:{order.id}"}
    expected = [
        (ANONYMOUS, None, set()),
        (ANONYMOUS, order.capability, {f"order:{order.id}"}),
        (ANONYMOUS, "guess", set()),
        (Principal(kind=Kind.CUSTOMER, id="c"), None, set()),
        (Principal(kind=Kind.CUSTOMER, id="c"), order.capability, {f"order:{order.id}"}),
        (staff_of(Role.STAFF, ours.house_id), None, own),
        (staff_of(Role.MANAGER, ours.house_id), None, own),
        (staff_of(Role.SUPER_ADMIN), None, kitchens | follows),
    ]
    tried = 0
    for principal, capability, allowed in expected:
        for topic in (*kitchens, *follows, "control", "order:", "kitchen:nowhere", "order:x"):
            tried += 1
            if topic == "kitchen:nowhere" and principal.role is Role.SUPER_ADMIN:
                continue  # a house that is not there has nothing to tell
            assert await gate.may_join(principal, topic, capability) == (topic in allowed), topic
    print(f"O1: {tried} pairs of principal and room as the table says")


@pytest.mark.parametrize("topic", ["order:" + "f" * 36, "order:'--", "order:\x00"])
async def test_odd_ids_open_nothing(books: Books, topic: str) -> None:
    gate = Gate(books, ROOM_RULES)
    assert not await gate.may_join(staff_of(Role.SUPER_ADMIN), topic, None)
