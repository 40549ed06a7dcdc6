"""Money back by line, portion and amount; once, never too much, and to the last unit."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest

from basis.errors import DomainError
from basis.money import Rate
from kitchenasty import audit, locations, orders, payments
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Principal
from kitchenasty.refunds import bill as bills
from kitchenasty.refunds import queries, service
from kitchenasty.refunds.bill import EVERYTHING, NothingToGiveBack, Wish, WishUnclear
from kitchenasty.refunds.service import AboveYourLimit, NotYoursToGive, OtherAmountDue
from kitchenasty.refunds.states import Cause
from kitchenasty.refunds.tests.builders import ALL, COOK, MANAGER, OWNER, paid_sale, record_sale
from kitchenasty.refunds.views import Refund

KIND = orders.totals.ShareKind
NET = orders.totals.flat_profile(Rate.parse("8.875"), prices_include_tax=False)


def an_amount(minor: int) -> Wish:
    return Wish(units={}, amount_minor=minor)


async def give(
    books: Books,
    order: orders.Order,
    wish: Wish,
    *,
    by: Principal = OWNER,
    seen_minor: int | None = None,
) -> Refund:
    async with books.writing(by) as uow:
        return await service.refund(uow, order, wish, reason="It was cold.", seen_minor=seen_minor)


async def bill_of(books: Books, order: orders.Order) -> bills.Bill:
    async with books.reading() as look:
        return await service.look_at_bill(look, order)


async def test_two_portions_of_three_go_back_with_their_tax(
    books: Books, house: locations.House
) -> None:
    order = await paid_sale(books, house, (1_000, 3), (500, 1))
    made = await give(books, order, Wish(units={order.lines[0].id: 2}))
    assert (made.amount_minor, made.tax_minor, made.cause) == (2_000, 131, Cause.BY_HAND)
    assert (made.reason, made.made_by_name) == ("It was cold.", "Rosa Vidal")
    left = await bill_of(books, order)
    assert left.left_minor == 1_500
    assert [standing.units_left for _, standing in left.rows()] == [1, 1]


async def test_the_fee_and_the_tip_go_back_by_name(books: Books, house: locations.House) -> None:
    order = await paid_sale(books, house, (1_000, 1), extras=ALL)
    made = await give(books, order, Wish(units={}, charges=frozenset({KIND.TIP})))
    assert (made.amount_minor, made.tax_minor) == (200, 0)
    made = await give(books, order, Wish(units={}, charges=frozenset({KIND.DELIVERY})))
    assert (made.amount_minor, made.tax_minor) == (490, 32)


@pytest.mark.parametrize("profile", [None, NET])
async def test_refunds_of_every_kind_end_at_exactly_nothing(
    books: Books, house: locations.House, profile: orders.totals.TaxProfile | None
) -> None:
    terms: dict[str, Any] = {} if profile is None else {"profile": profile}
    order = await paid_sale(books, house, (333, 3), (1_999, 1), extras=ALL, **terms)
    made = [
        await give(books, order, wish)
        for wish in (
            Wish(units={order.lines[0].id: 1}),
            an_amount(101),
            Wish(units={order.lines[0].id: 1}, charges=frozenset({KIND.DELIVERY})),
            EVERYTHING,
        )
    ]
    assert sum(one.amount_minor for one in made) == order.total_minor
    assert sum(one.tax_minor for one in made) == order.tax_minor
    with pytest.raises(NothingToGiveBack):
        await give(books, order, EVERYTHING)
    async with books.reading() as look:
        (tender,) = await payments.list_payments(look, order.id)
        returns = await payments.list_returns(look, order.id)
    assert tender.status is payments.PaymentStatus.REFUNDED
    assert sum(one.amount_minor for one in returns) == order.total_minor
    assert {one.state for one in returns} == {payments.ReturnState.DONE}


async def test_an_order_that_nobody_paid_has_nothing_to_give_back(
    books: Books, house: locations.House
) -> None:
    async with books.writing() as uow:
        placed = await record_sale(uow, house, (1_000, 1))
    with pytest.raises(NothingToGiveBack):
        await give(books, placed.order, EVERYTHING)


async def test_an_order_older_than_the_engine_is_given_back_too(
    books: Books, house: locations.House
) -> None:
    order = await paid_sale(books, house, (333, 3), (1_999, 1), extras=ALL)
    shares = orders.shares_of(order, None)
    assert sum(share.gross_minor for share in shares) == order.total_minor
    assert sum(share.tax_minor for share in shares) == order.tax_minor


async def test_of_twenty_who_give_everything_back_at_once_one_does(
    books: Books, house: locations.House
) -> None:
    """C4. On PostgreSQL it is red without the lock on the tenders; SQLite has one writer anyway."""
    order = await paid_sale(books, house, (1_250, 2))

    async def try_it() -> str:
        try:
            return str((await give(books, order, EVERYTHING)).amount_minor)
        except DomainError as refusal:
            return refusal.code

    told = Counter(await asyncio.gather(*(try_it() for _ in range(20))))
    print(f"C4: 20 refunds of one order at once: {dict(told)}")
    assert told == {"2500": 1, "NothingToGiveBack": 19}


async def test_of_twenty_who_give_back_a_seventh_seven_do_and_the_tax_adds_up(
    books: Books, house: locations.House
) -> None:
    """Each is computed from those before it, so two that saw the same would lose a cent of tax."""
    order = await paid_sale(books, house, (1_001, 7))

    async def try_it() -> str:
        try:
            await give(books, order, Wish(units={order.lines[0].id: 1}))
        except DomainError as refusal:
            return refusal.code
        return "given"

    told = Counter(await asyncio.gather(*(try_it() for _ in range(20))))
    assert told["given"] == 7
    async with books.reading() as look:
        made = await queries.list_refunds(look, order.id)
    assert sum(one.amount_minor for one in made) == order.total_minor
    assert sum(one.tax_minor for one in made) == order.tax_minor


async def test_without_the_lock_more_goes_back_than_was_paid(
    books: Books, house: locations.House
) -> None:
    """The control: deciding on what was seen before is how the money is given twice."""
    order = await paid_sale(books, house, (1_250, 2))
    seen = await asyncio.gather(*(bill_of(books, order) for _ in range(20)))
    willing = sum(one.left_minor == 2_500 for one in seen)
    print(f"C4: control without the lock: {willing} of 20 would give everything back")
    assert willing > 1


async def test_what_was_seen_is_what_goes_back(books: Books, house: locations.House) -> None:
    order = await paid_sale(books, house, (1_000, 1))
    with pytest.raises(OtherAmountDue):
        await give(books, order, EVERYTHING, seen_minor=999)
    assert (await give(books, order, EVERYTHING, seen_minor=1_000)).amount_minor == 1_000


@pytest.mark.parametrize("wish", [Wish(units={}), Wish(units={}, amount_minor=1, everything=True)])
async def test_a_wish_is_for_lines_or_for_an_amount(
    books: Books, house: locations.House, wish: Wish
) -> None:
    order = await paid_sale(books, house, (1_000, 1))
    with pytest.raises(WishUnclear):
        await give(books, order, wish)


async def test_cooks_give_nothing_back(books: Books, house: locations.House) -> None:
    order = await paid_sale(books, house, (1_000, 1))
    with pytest.raises(NotYoursToGive):
        await give(books, order, EVERYTHING, by=COOK)


async def test_many_small_refunds_of_a_manager_are_one_large_one(
    books: Books, house: locations.House
) -> None:
    order = await paid_sale(books, house, (1_000, 20))
    async with books.writing(OWNER) as uow:
        await service.set_limit(uow, house, 5_000)
        await service.set_limit(uow, house, 2_500)
    await give(books, order, an_amount(2_000), by=MANAGER)
    with pytest.raises(AboveYourLimit) as refused:
        await give(books, order, an_amount(501), by=MANAGER)
    assert refused.value.details == {"limitMinor": 2_500}
    await give(books, order, an_amount(500), by=MANAGER)
    await give(books, order, an_amount(10_000), by=OWNER)


async def test_a_house_that_set_nothing_lets_managers_give_a_large_dinner_back(
    books: Books, house: locations.House
) -> None:
    order = await paid_sale(books, house, (1_000, 20))
    await give(books, order, an_amount(10_000), by=MANAGER)
    with pytest.raises(AboveYourLimit):
        await give(books, order, an_amount(1), by=MANAGER)


async def test_the_trail_says_who_gave_what_back_and_why(
    books: Books, house: locations.House
) -> None:
    order = await paid_sale(books, house, (1_000, 2))
    await give(books, order, an_amount(300), by=OWNER)
    made = await give(books, order, an_amount(200), by=MANAGER)
    async with books.reading() as look:
        entry, *_ = await audit.list_entries(look, entity="Order", entity_id=order.id)
    assert (entry.action, entry.actor_name) == ("refund", "Marco Neri")
    assert entry.before == {"given_back_minor": 300}
    assert entry.after == {
        "given_back_minor": 500,
        "refund_id": made.id,
        "cause": "BY_HAND",
        "reason": "It was cold.",
    }


async def test_refunds_in_pieces_hand_back_the_coins_that_came_in(
    books: Books, house: locations.House
) -> None:
    """15.72 was paid with 15.70: pieces of it come to 15.72 in the books and 15.70 in coins."""
    async with books.writing() as uow:
        await locations.set_charges(uow, house.id, locations.Charges(cash_step_minor=5))
    order = await paid_sale(books, house, (786, 2), is_paid=False)
    for target in ("CONFIRMED", "PREPARING", "READY", "PICKED_UP"):
        async with books.writing() as uow:
            await orders.move_order(uow, order.id, orders.OrderStatus(target))
    for minor in (333, 333, 906):
        async with books.writing(OWNER) as uow:
            wish = Wish(units={}, amount_minor=minor)
            await service.refund(uow, order, wish, reason="It was cold.")
    async with books.reading() as look:
        [payment] = await payments.list_payments(look, order.id)
        returns = await payments.list_returns(look, order.id)
    assert (payment.amount_minor, payment.rounding_minor) == (1_572, -2)
    assert sum(one.amount_minor for one in returns) == 1_572
    handed = [one.amount_minor + one.rounding_minor for one in returns]
    assert handed == [335, 330, 905]
    assert all(minor % 5 == 0 for minor in handed)
    assert sum(handed) == 1_570
