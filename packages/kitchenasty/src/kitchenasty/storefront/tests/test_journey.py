"""A whole order without script: menu, cart, checkout, the order's own page."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape

from httpx import AsyncClient as Client

from basis.kit.testing import HandClock
from kitchenasty import menu, orders
from kitchenasty.kit.books import Books
from kitchenasty.kit.limits import COUPON_GUESS_PER_ADDRESS
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.orders import OrderStatus
from kitchenasty.promotions.tests.builders import add_coupon
from kitchenasty.storefront.tests.builders import (
    DELIVERY,
    GUEST,
    HERE,
    fill_cart,
    hidden,
    open_checkout,
    open_with_tart,
    order,
)


async def test_a_guest_orders_without_script_and_finds_the_order(
    guest: Client, books: Books
) -> None:
    await fill_cart(guest, await open_with_tart(books))
    placed = await order(guest)
    assert placed.status_code == 303
    page = (await guest.get(placed.headers["location"])).text
    assert "We have your order" in page
    assert "Leek Tart" in page
    assert "€25.00" in page
    assert 'http-equiv="refresh"' in page
    assert "Nothing in it yet" in (await guest.get(f"{HERE}/cart")).text


async def test_a_delivery_keeps_its_address_and_names_its_fee(guest: Client, books: Books) -> None:
    dish_id = await open_with_tart(books, delivery_enabled=True, delivery_fee_minor=350)
    await fill_cart(guest, dish_id)
    placed = await order(guest, **DELIVERY)
    page = (await guest.get(placed.headers["location"])).text
    assert "€3.50" in page
    assert "€28.50" in page


async def test_the_same_form_sent_again_leads_to_the_same_order(
    guest: Client, books: Books
) -> None:
    await fill_cart(guest, await open_with_tart(books))
    form = await open_checkout(guest)
    answers = [await guest.post(f"{HERE}/checkout", data=form) for _ in range(5)]
    assert {answer.headers["location"] for answer in answers} == {answers[0].headers["location"]}
    async with books.reading() as look:
        assert await orders.count_orders(look, orders.OrderFilter()) == 1


async def test_a_refused_form_keeps_what_was_typed_and_writes_nothing(
    guest: Client, books: Books
) -> None:
    dish_id = await open_with_tart(books)
    await fill_cart(guest, dish_id)
    form = await open_checkout(guest)
    refused = await guest.post(f"{HERE}/checkout", data={**form, "total": "100"})
    assert refused.status_code == 409
    assert "The total is now" in refused.text
    assert 'value="Ada Guest"' in refused.text
    async with books.reading() as look:
        assert await orders.count_orders(look, orders.OrderFilter()) == 0
        assert (await menu.load_availability(look, [dish_id]))[dish_id].stock == 3


async def test_who_sends_no_total_is_shown_one_first(guest: Client, books: Books) -> None:
    await fill_cart(guest, await open_with_tart(books))
    form = await open_checkout(guest)
    for odd in ("", "-1", "2500.0", "٢٥٠٠"):
        refused = await guest.post(f"{HERE}/checkout", data={**form, "total": odd})
        assert refused.status_code == 409, odd


async def test_missing_names_and_odd_times_are_told_in_words(guest: Client, books: Books) -> None:
    await fill_cart(guest, await open_with_tart(books))
    form = await open_checkout(guest)
    for change, words in (
        ({"name": " "}, "Please tell us your name"),
        ({"phone": ""}, "Please leave a phone number"),
        ({"when": "tonight"}, "Please choose a time from the list."),
        ({"when": "2030-05-17T20:00:00"}, "Please choose a time from the list."),
        ({"method": "GOLD"}, "does not take this way of paying"),
    ):
        refused = await guest.post(f"{HERE}/checkout", data={**form, **change})
        assert refused.status_code == 400, change
        assert words in unescape(refused.text)


async def test_an_address_that_no_mail_can_reach_is_told(guest: Client, books: Books) -> None:
    await fill_cart(guest, await open_with_tart(books))
    refused = await order(guest, email="ada at home")
    assert refused.status_code == 400
    assert "This is not an e-mail address" in refused.text
    assert 'value="ada at home"' in refused.text


async def test_a_dish_that_sold_out_meanwhile_is_told(guest: Client, books: Books) -> None:
    dish_id = await open_with_tart(books)
    await fill_cart(guest, dish_id)
    form = await open_checkout(guest)
    async with books.writing() as uow:
        await menu.take_stock(uow, {dish_id: 2}, {dish_id: "Leek Tart"})
    refused = await guest.post(f"{HERE}/checkout", data=form)
    assert refused.status_code == 409
    assert "Only 1 of Leek Tart left." in refused.text


async def test_a_time_of_the_list_is_promised(guest: Client, books: Books) -> None:
    await fill_cart(guest, await open_with_tart(books))
    page = (await guest.get(f"{HERE}/checkout")).text
    when = re.findall(r'<option value="(2030[^"]+)"', page)[3]
    placed = await order(guest, when=unescape(when))
    assert placed.status_code == 303, placed.text


async def test_a_guest_cancels_and_the_portions_come_back(guest: Client, books: Books) -> None:
    dish_id = await open_with_tart(books)
    await fill_cart(guest, dish_id)
    link = (await order(guest)).headers["location"]
    assert "Cancel this order" in (await guest.get(link)).text
    cancelled = await guest.post(f"{link}/cancel", data={"reason": "Rain"})
    assert cancelled.status_code == 303
    assert "This order was cancelled." in (await guest.get(link)).text
    async with books.reading() as look:
        assert (await menu.load_availability(look, [dish_id]))[dish_id].stock == 3


async def test_once_the_kitchen_began_it_is_too_late_to_cancel(guest: Client, books: Books) -> None:
    await fill_cart(guest, await open_with_tart(books))
    link = (await order(guest)).headers["location"]
    async with books.writing() as uow:
        found = await orders.find_order_by_capability(uow, link.removeprefix("/t/"))
        assert found is not None
        await orders.move_order(uow, found.id, OrderStatus.CONFIRMED)
        await orders.move_order(uow, found.id, OrderStatus.PREPARING)
    page = (await guest.get(link)).text
    assert "It is being cooked" in page
    assert "Cancel this order" not in page
    assert (await guest.post(f"{link}/cancel")).status_code == 409


async def test_what_was_handed_over_is_not_to_be_paid_any_more(guest: Client, books: Books) -> None:
    await fill_cart(guest, await open_with_tart(books))
    link = (await order(guest)).headers["location"]
    assert "To be paid when it is handed over" in (await guest.get(link)).text
    async with books.writing() as uow:
        found = await orders.find_order_by_capability(uow, link.removeprefix("/t/"))
        assert found is not None
        for status in (
            OrderStatus.CONFIRMED,
            OrderStatus.PREPARING,
            OrderStatus.READY,
            OrderStatus.PICKED_UP,
        ):
            await orders.move_order(uow, found.id, status)
    assert "To be paid" not in (await guest.get(link)).text


async def test_a_link_that_was_guessed_opens_nothing(guest: Client, books: Books) -> None:
    await fill_cart(guest, await open_with_tart(books))
    await order(guest)
    for guess in ("K7-42", "x" * 27, "x" * 500, "%00"):
        assert (await guest.get(f"/t/{guess}")).status_code == 404, guess


async def test_the_tracking_page_is_kept_by_nobody(guest: Client, books: Books) -> None:
    await fill_cart(guest, await open_with_tart(books))
    answer = await guest.get((await order(guest)).headers["location"])
    assert answer.headers["cache-control"] == "no-store"
    assert 'name="robots" content="noindex"' in answer.text


async def test_an_empty_cart_has_no_checkout(guest: Client, books: Books) -> None:
    await open_with_tart(books)
    assert (await guest.get(f"{HERE}/checkout")).status_code == 303


async def test_an_old_cart_is_forgotten(guest: Client, books: Books, clock: HandClock) -> None:
    await fill_cart(guest, await open_with_tart(books))
    clock.advance(days=15)
    assert "Nothing in it yet" in (await guest.get(f"{HERE}/cart")).text


async def promised(guest: Client, **fields: str) -> str:
    """The time that the checkout page shows for as soon as possible."""
    page = (await guest.post(f"{HERE}/checkout/look", data={**GUEST, **fields})).text
    return hidden(page, "promised")


async def test_the_page_the_quote_and_the_placed_order_say_the_same_time(
    guest: Client, books: Books
) -> None:
    """Each order fills a quarter of an hour of the kitchen, so every time is another one."""
    async with books.writing() as uow:
        house = await add_house(uow, slug="mill-lane", kitchen_minutes_per_quarter=20)
        dish_id = await add_dish(uow, work_minutes=10)
    items = [{"menuItemId": dish_id, "quantity": 2}]
    cart = {"orderType": "PICKUP", "locationId": house.id, "items": items}
    times = set()
    for _ in range(4):
        await fill_cart(guest, dish_id)
        shown = datetime.fromisoformat(await promised(guest))
        quote = (await guest.post("/api/orders/quote", json=cart)).json()["data"]
        link = (await order(guest)).headers["location"]
        async with books.reading() as look:
            placed = await orders.find_order_by_capability(look, link.removeprefix("/t/"))
        assert placed is not None
        assert placed.promised_at == shown == datetime.fromisoformat(quote["promisedAt"])
        assert quote["total"] == 25
        times.add(shown)
    assert len(times) == 4


async def test_a_time_that_has_moved_meanwhile_is_asked_again(guest: Client, books: Books) -> None:
    async with books.writing() as uow:
        house = await add_house(uow, slug="mill-lane", kitchen_minutes_per_quarter=20)
        dish_id = await add_dish(uow, work_minutes=10)
    await fill_cart(guest, dish_id)
    form = await open_checkout(guest)
    form["promised"] = await promised(guest)
    items = [{"menuItemId": dish_id, "quantity": 2}]
    for name in ("Bo", "Cy", "Di"):
        wish = {"orderType": "PICKUP", "locationId": house.id, "items": items}
        taken = await guest.post(
            "/api/orders", json={**wish, "guestName": name, "guestPhone": "030 5550100"}
        )
        assert taken.status_code == 201
    refused = await guest.post(f"{HERE}/checkout", data=form)
    assert refused.status_code == 409
    assert "The kitchen has filled up meanwhile" in refused.text
    later = {**form, "promised": hidden(refused.text, "promised")}
    later["key"] = hidden(refused.text, "key")
    assert later["promised"] > form["promised"]
    assert (await guest.post(f"{HERE}/checkout", data=later)).status_code == 303


async def test_what_is_missing_is_told_beside_its_field_and_the_first_has_the_focus(
    guest: Client, books: Books
) -> None:
    await fill_cart(guest, await open_with_tart(books, delivery_enabled=True))
    form = await open_checkout(guest, **DELIVERY)
    without = {"postal_code": "", "city": "", "phone": ""}
    refused = await guest.post(f"{HERE}/checkout", data={**form, **without})
    assert refused.status_code == 400
    for name in without:
        field = re.search(rf'<input[^>]* name="{name}"[^>]*>', refused.text)
        assert field is not None
        assert 'aria-invalid="true"' in field[0]
        assert ("autofocus" in field[0]) == (name == "postal_code")
        assert f'id="problem-{name}"' in refused.text


async def test_a_line_removed_in_another_tab_is_told_with_the_cart_as_it_is(
    guest: Client, books: Books
) -> None:
    await fill_cart(guest, await open_with_tart(books))
    page = (await guest.get(f"{HERE}/cart")).text
    line = re.search(r'action="(/at/mill-lane/cart/[^"]+)"', page)
    assert line is not None
    await guest.post(line[1], data={"quantity": "0"})
    answer = await guest.post(line[1], data={"quantity": "3"}, headers={"hx-request": "true"})
    assert answer.status_code == 200
    assert "This line is no longer in the cart." in answer.text
    assert "Nothing in it yet" in answer.text


async def test_the_page_without_script_says_when_it_reads_itself_again(
    guest: Client, books: Books
) -> None:
    await fill_cart(guest, await open_with_tart(books))
    link = (await order(guest)).headers["location"]
    page = (await guest.get(link)).text
    assert "reads itself again every 30 seconds" in page
    assert "Times are those of Berlin (Europe/Berlin)." in page
    await guest.post(f"{link}/cancel")
    assert 'http-equiv="refresh"' not in (await guest.get(link)).text


async def test_a_coupon_is_applied_without_script_and_named_wherever_the_total_is(
    guest: Client, books: Books
) -> None:
    await fill_cart(guest, await open_with_tart(books))
    async with books.writing() as uow:
        await add_coupon(uow)
    looked = (await guest.post(f"{HERE}/checkout/look", data={**GUEST, "coupon": "summer"})).text
    assert "SUMMER" in looked
    assert "€22.50" in looked
    placed = await order(guest, coupon="summer")
    page = (await guest.get(placed.headers["location"])).text
    assert "SUMMER" in page
    assert "-€2.50" in page.replace("\u2212", "-")


async def test_a_refused_coupon_is_told_at_its_field_and_the_form_stays(
    guest: Client, books: Books
) -> None:
    await fill_cart(guest, await open_with_tart(books))
    looked = (await guest.post(f"{HERE}/checkout/look", data={**GUEST, "coupon": "winter"})).text
    assert "Invalid coupon code" in looked
    assert 'value="winter"' in looked
    refused = await order(guest, coupon="winter")
    assert refused.status_code == 404
    assert 'id="problem-coupon"' in refused.text
    async with books.reading() as look:
        assert await orders.count_orders(look, orders.OrderFilter()) == 0


async def test_whoever_guesses_codes_at_the_checkout_is_told_nothing_by_the_total(
    guest: Client, books: Books
) -> None:
    await fill_cart(guest, await open_with_tart(books))
    async with books.writing() as uow:
        await add_coupon(uow)
    for number in range(COUPON_GUESS_PER_ADDRESS.burst + 2):
        words = {**GUEST, "coupon": f"guess{number}"}
        looked = await guest.post(f"{HERE}/checkout/look", data=words)
    assert looked.status_code == 429
    lucky = await guest.post(f"{HERE}/checkout/look", data={**GUEST, "coupon": "summer"})
    assert lucky.status_code == 429
    assert "€22.50" not in lucky.text


async def test_a_checkout_of_what_was_ordered_leads_to_the_order(
    guest: Client, books: Books
) -> None:
    """By the back button, by a reload, and from a tab that was left open."""
    await fill_cart(guest, await open_with_tart(books), quantity=1)
    first, second = await open_checkout(guest), await open_checkout(guest)
    placed = await guest.post(f"{HERE}/checkout", data=first)
    again = [
        await guest.get(f"{HERE}/checkout"),
        await guest.post(f"{HERE}/checkout", data={**first, "name": "Somebody Else"}),
        await guest.post(f"{HERE}/checkout", data=second),
        await guest.post(f"{HERE}/checkout/look", data=second),
    ]
    places = {(answer.status_code, answer.headers["location"]) for answer in again}
    assert places == {(303, placed.headers["location"])}
    async with books.reading() as look:
        assert await orders.count_orders(look, orders.OrderFilter()) == 1


async def test_an_hour_later_an_empty_checkout_leads_to_the_cart_again(
    guest: Client, books: Books, clock: HandClock
) -> None:
    await fill_cart(guest, await open_with_tart(books), quantity=1)
    await order(guest)
    clock.advance(minutes=61)
    assert (await guest.get(f"{HERE}/checkout")).headers["location"] == f"{HERE}/cart"
