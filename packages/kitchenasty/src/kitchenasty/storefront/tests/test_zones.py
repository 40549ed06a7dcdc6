"""Zones at the checkout: the postal code names the fee, with and without script."""

from __future__ import annotations

from html import unescape

from httpx import AsyncClient as Client

from kitchenasty import locations, menu
from kitchenasty.kit.books import Books
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.storefront.tests.builders import (
    DELIVERY,
    GUEST,
    HERE,
    fill_cart,
    open_checkout,
    order,
)


async def open_with_zones(books: Books) -> str:
    """A tart for 12.50 at a house with a near zone and a far one."""
    async with books.writing() as uow:
        house = await add_house(uow, slug="mill-lane", delivery_fee_minor=999)
        near = locations.ZoneDraft(
            name="Near", fee_minor=200, min_order_minor=2_000, free_from_minor=3_000, codes="10115"
        )
        await locations.add_zone(uow, house.id, near)
        far = locations.ZoneDraft(name="Far", fee_minor=650, codes="12*")
        await locations.add_zone(uow, house.id, far)
        return await add_dish(uow, name="Leek Tart", stock=9)


async def look(guest: Client, **fields: str) -> str:
    answer = await guest.post(f"{HERE}/checkout/look", data={**GUEST, **DELIVERY, **fields})
    assert answer.status_code == 200
    return unescape(answer.text)


async def test_the_postal_code_names_fee_minimum_and_what_is_left_to_free_delivery(
    guest: Client, books: Books
) -> None:
    await fill_cart(guest, await open_with_zones(books), quantity=1)
    unknown = await look(guest, postal_code="")
    assert "The fee depends on the postal code." in unknown
    assert "from €2.00, by postal code" in unknown
    near = await look(guest)
    assert "We deliver to you for €2.00, from €20.00 on" in near
    assert "€7.50 to go" in near
    assert "€9.99" not in near
    await fill_cart(guest, (await dish_of(books)), quantity=1)
    assert "€5.00 more for free delivery." in await look(guest)
    far = await look(guest, postal_code="12 043")
    assert "€31.50" in far
    assert "free delivery" not in far
    nowhere = await look(guest, postal_code="80331")
    assert "outside the area that we deliver to" in nowhere


async def test_an_order_of_the_zones_page_needs_no_script_and_none_goes_to_nowhere(
    guest: Client, books: Books
) -> None:
    await fill_cart(guest, await open_with_zones(books))
    refused = await order(guest, **DELIVERY | {"postal_code": "80331"})
    assert refused.status_code == 400
    assert "outside the area that we deliver to" in refused.text
    # Whoever never asked for the fee is shown it before anything is ordered.
    form = {**await open_checkout(guest, **DELIVERY | {"postal_code": ""}), "postal_code": "10115"}
    unseen = await guest.post(f"{HERE}/checkout", data=form)
    assert unseen.status_code == 409
    assert "The total is now €27.00" in unescape(unseen.text)
    placed = await order(guest, **DELIVERY)
    assert placed.status_code == 303
    page = (await guest.get(placed.headers["location"])).text
    assert "€2.00" in page
    assert "€27.00" in page


async def dish_of(books: Books) -> str:
    async with books.reading() as reader:
        house = await locations.find_house_by_slug(reader, "mill-lane")
        assert house is not None
        return next(iter((await menu.load_menu(reader, house.id)).dishes))


async def open_with_tips(books: Books) -> str:
    dish_id = await open_with_zones(books)
    async with books.writing() as uow:
        house = await locations.find_house_by_slug(uow, "mill-lane")
        assert house is not None
        charges = locations.Charges(takes_tips=True, tips=(5, 10), cash_step_minor=5)
        await locations.set_charges(uow, house.id, charges)
    return dish_id


async def test_a_tip_is_chosen_or_typed_and_stands_on_every_page(
    guest: Client, books: Books
) -> None:
    await fill_cart(guest, await open_with_tips(books))
    offered = await look(guest)
    assert "A tip for the people?" in offered
    assert "€1.25" in offered, "5 percent of 25.00"
    assert 'value="" checked' in offered, "none is chosen beforehand"
    assert "€29.50" in await look(guest, tip="10")
    typed = await look(guest, tip="other", tip_amount="3,33")
    assert "€30.33" in typed
    assert "In cash: €30.35" in typed
    for odd in ("lots", "99", "1.005", "-1"):
        told = await look(guest, tip="other", tip_amount=odd)
        assert "€27.00" in told, odd
        assert "A tip is at most" in told or "Please write the tip as an amount" in told, odd
    placed = await order(guest, **DELIVERY, tip="other", tip_amount="3.33")
    assert placed.status_code == 303, placed.text
    page = (await guest.get(placed.headers["location"])).text
    receipt = (await guest.get(f"{placed.headers['location']}/receipt")).text
    for shown in (page, receipt):
        assert "Tip" in shown
        assert "€3.33" in shown
        assert "€30.33" in shown
        assert "Delivery" in shown


async def test_an_odd_tip_orders_nothing_and_is_told(guest: Client, books: Books) -> None:
    await fill_cart(guest, await open_with_tips(books))
    refused = await order(guest, **DELIVERY, tip="other", tip_amount="lots")
    assert refused.status_code == 400
    assert "Please write the tip as an amount" in refused.text
