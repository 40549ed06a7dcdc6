"""The ledger: each entry follows the one before, whoever writes at once."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from basis.errors import DomainError
from basis.kit.data.paging import Page
from basis.kit.data.statements import Statement
from kitchenasty import audit, loyalty
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Principal
from kitchenasty.kit.tables import every_table
from kitchenasty.loyalty.tests.builders import add_guest, set_up

ENTRIES = every_table()["point_entries"]
ALL = Statement(
    select(ENTRIES.c.customer_id, ENTRIES.c.number, ENTRIES.c.points, ENTRIES.c.balance).order_by(
        ENTRIES.c.customer_id, ENTRIES.c.number
    )
)


async def guest_with(books: Books, points: int) -> Principal:
    async with books.writing() as uow:
        return await add_guest(uow, points)


async def adjust(books: Books, guest: Principal, points: int) -> int | str:
    assert guest.id is not None
    try:
        async with books.writing() as uow:
            return await loyalty.adjust(uow, guest.id, points, reason="counted again")
    except DomainError as refusal:
        return refusal.code


async def check_ledger(books: Books) -> None:
    """Every balance is the sum of the entries up to it, numbered without gaps."""
    async with books.reading() as look:
        rows = await look.rows(ALL)
    sums: dict[str, list[int]] = {}
    for customer_id, number, points, balance in rows:
        before = sums.setdefault(customer_id, [])
        before.append(points)
        assert (number, balance) == (len(before), sum(before))


async def test_20_adjustments_at_once_lose_none(books: Books) -> None:
    guest = await guest_with(books, 1_000)
    answers = await asyncio.gather(*(adjust(books, guest, 7) for _ in range(20)))
    assert sorted(answers) == [1_000 + 7 * count for count in range(1, 21)]
    await check_ledger(books)


async def test_of_20_who_take_the_same_points_one_gets_them(books: Books) -> None:
    guest = await guest_with(books, 1_000)
    answers = await asyncio.gather(*(adjust(books, guest, -1_000) for _ in range(20)))
    print(f"C4: 20 take the same 1,000 points: {answers.count(0)} gets them")
    assert sorted(answers, key=str) == [0, *["PointsShort"] * 19]
    await check_ledger(books)


@pytest.mark.parametrize(
    ("points", "reason"), [(0, "why"), (5, "  "), (5, "x" * 201), (1_000_001, "why")]
)
async def test_an_adjustment_needs_points_and_a_reason(
    books: Books, points: int, reason: str
) -> None:
    guest = await guest_with(books, 0)
    assert guest.id is not None
    with pytest.raises(loyalty.AdjustmentRefused):
        async with books.writing() as uow:
            await loyalty.adjust(uow, guest.id, points, reason=reason)


async def test_an_adjustment_is_in_the_audit_trail_and_in_the_history(books: Books) -> None:
    guest = await guest_with(books, 100)
    assert guest.id is not None
    await adjust(books, guest, -30)
    async with books.reading() as look:
        [latest, _] = await audit.list_entries(look, entity="Points", entity_id=guest.id)
        entries, total = await loyalty.list_entries(look, guest.id, Page())
    assert (latest.before, latest.after) == (
        {"points": 100},
        {"points": 70, "reason": "counted again"},
    )
    assert [(one.kind, one.points, one.balance) for one in entries] == [
        (loyalty.EntryKind.ADJUSTED, -30, 70),
        (loyalty.EntryKind.ADJUSTED, 100, 100),
    ]
    assert total == 2


async def test_the_programme_is_off_until_it_is_set_up_and_then_as_set(books: Books) -> None:
    async with books.reading() as look:
        assert not (await loyalty.load_programme(look)).is_on
    async with books.writing() as uow:
        await set_up(uow)
        wanted = await set_up(uow, points_per_unit=3, spend_min_points=50)
    async with books.reading() as look:
        assert await loyalty.load_programme(look) == wanted
    with pytest.raises(loyalty.ProgrammeRefused):
        async with books.writing() as uow:
            await set_up(uow, hundred_points_minor=0)
