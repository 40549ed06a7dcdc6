"""The menu is edited while guests order: what was placed keeps its names and prices."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace

import httpx

from basis.errors import DomainError
from kitchenasty import checkout, locations, menu, orders
from kitchenasty.checkout.tests.builders import draft_of
from kitchenasty.kit.books import Books
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import SIZE, TOPPINGS, add_dish

EDITS, GUESTS = 8, 16
PRICE_MINOR, LARGE_MINOR = 1_000, 100


async def test_orders_placed_while_the_menu_is_edited_keep_names_and_prices(
    client: httpx.AsyncClient, books: Books
) -> None:
    async with books.writing() as uow:
        house = await add_house(uow)
        dish_id = await add_dish(uow, name="Soup 0", price_minor=PRICE_MINOR, options=(SIZE,))
        other_id = await add_dish(uow)
        size = (await menu.load_entry(uow, dish_id)).options[0]
        await menu.link_group(uow, other_id, str(size.id))
    await asyncio.gather(edit_dish(books, dish_id), edit_group(books, str(size.id)))
    large = str(size.values[1].id)
    found = await asyncio.gather(
        edit_dish(books, dish_id),
        edit_group(books, str(size.id)),
        *(order(books, house, dish_id, large) for _ in range(GUESTS)),
    )
    placed = [one for one in found if one is not None]
    assert placed, "nobody could order at all"
    for accepted in placed:
        [line] = accepted.order.lines
        [option] = line.options
        # Name and price of one moment: the n-th name never comes with the price of another edit.
        number, step = int(line.name.split()[-1]), int(option.name.split()[-1])
        assert line.unit_minor == PRICE_MINOR + number + LARGE_MINOR + step
    await take_everything_away(books, dish_id, str(size.id), other_id)
    for accepted in placed:
        await check_kept(client, books, accepted)
    print(f"U1: {len(placed)} orders placed during {4 * EDITS} edits, 0 say anything else now")


async def edit_dish(books: Books, dish_id: str) -> None:
    """Its name and its price, always together; once in a while it is off the menu."""
    for number in range(1, EDITS + 1):
        async with books.writing() as uow:
            now = await menu.load_entry(uow, dish_id)
            wanted = replace(
                now,
                name=f"Soup {number}",
                price_minor=PRICE_MINOR + number,
                is_active=number % 4 > 0,
            )
            await menu.rewrite_dish(uow, dish_id, seen=now, wanted=wanted)


async def edit_group(books: Books, group_id: str) -> None:
    for number in range(1, EDITS + 1):
        async with books.writing() as uow:
            group = await menu.load_shared_group(uow, group_id)
            small, large, *_ = group.draft.values
            dearer = replace(large, name=f"Large {number}", modifier_minor=LARGE_MINOR + number)
            wanted = replace(group.draft, name=f"Size {number}", values=(small, dearer))
            await menu.change_shared_group(
                uow, group_id, seen=group.draft, wanted=wanted, dish_ids=group.dishes
            )


async def order(
    books: Books, house: locations.House, dish_id: str, large: str
) -> checkout.AcceptedOrder | None:
    """Whoever finds the dish off the menu just now goes home."""
    line = checkout.CartLine(dish_id=dish_id, quantity=1, options=((large, 1),))
    with suppress(DomainError):
        async with books.writing() as uow:
            return await checkout.place_order(uow, draft_of(house.id, line))
    return None


async def take_everything_away(books: Books, dish_id: str, group_id: str, other_id: str) -> None:
    async with books.writing() as uow:
        now = await menu.load_entry(uow, dish_id)
        wanted = replace(now, name="Gone", price_minor=1, is_active=False)
        await menu.rewrite_dish(uow, dish_id, seen=now, wanted=wanted)
        for one in (dish_id, other_id):
            await menu.take_off_group(uow, one, group_id)
        await menu.put_away_group(uow, group_id)
        await menu.add_shared_group(uow, TOPPINGS, [dish_id])


async def check_kept(
    client: httpx.AsyncClient, books: Books, accepted: checkout.AcceptedOrder
) -> None:
    """In the books, on the guest's page, on the receipt, on the board, and when ordered again."""
    [line] = accepted.order.lines
    [option] = line.options
    async with books.reading() as look:
        kept = await orders.load_order(look, accepted.id)
        tickets = await orders.list_open_tickets(look, kept.house_id)
        again = await checkout.order_again(look, kept)
    assert kept.lines == accepted.order.lines
    assert kept.total_minor == accepted.order.total_minor
    for page in ("", "/receipt"):
        shown = (await client.get(f"/t/{accepted.capability}{page}")).text
        assert line.name in shown, page
        assert option.name in shown, page
    [ticket] = [one for one in tickets if one.id == kept.id]
    assert (ticket.lines[0].name, option.name in str(ticket.lines[0])) == (line.name, True)
    assert again.lines[0].line == line
    assert again.lines[0].problem is not None
