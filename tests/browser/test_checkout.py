"""The cart and the checkout in a real browser: two tabs, impatience, a slow line, no script."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, Route, expect

from basis.clock import system_clock
from basis.ids import new_code
from kitchenasty import locations, menu, orders
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.change import change_dish
from kitchenasty.menu.tests.builders import SIZE, TOPPINGS, add_dish
from kitchenasty.orders.models import OrderRow
from tests.browser.conftest import PHONE
from tests.browser.house import PATIENCE_MS, House
from tests.browser.visitor import watch

ORDER = "#checkout aside button.main"
EGGS = menu.GroupDraft(
    name="Extra eggs",
    display=menu.Display.QUANTITY,
    max_select=4,
    values=(menu.ValueDraft(name="Egg", modifier_minor=80, allergens=("eggs",)),),
)


@dataclass
class Shop:
    """A house that delivers, with a pie that asks everything and a plain tart."""

    house: House
    house_id: str
    tart_id: str
    word: str
    """What is in its links, and those of its dishes, so that houses can share a server."""

    @property
    def menu(self) -> str:
        return f"{self.house.server.url}/at/{self.word}"

    async def choose_tart(self, page: Page) -> None:
        await page.goto(f"dish/tart-{self.word}")
        await page.locator("form[data-dish] button.main").click()
        await page.wait_for_url("**/cart")

    async def placed(self) -> int:
        async with self.house.books.reading() as look:
            wanted = orders.OrderFilter(house_ids=frozenset({self.house_id}))
            return await orders.count_orders(look, wanted)


@pytest_asyncio.fixture(loop_scope="session")
async def shop(house: House) -> Shop:
    word = new_code(6).lower()
    async with house.books.writing() as uow:
        opened = await add_house(uow, slug=word, delivery_enabled=True, delivery_fee_minor=350)
        here = {"house_id": opened.id}
        asks = (SIZE, TOPPINGS, EGGS)
        await add_dish(uow, name="Pie", slug=f"pie-{word}", options=asks, **here)
        tart = await add_dish(uow, name="Leek Tart", slug=f"tart-{word}", stock=20, **here)
    return Shop(house, opened.id, tart, word)


OpenShop = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(loop_scope="session")
async def open_shop(browser: Browser, shop: Shop) -> AsyncIterator[OpenShop]:
    """A visitor on a phone, before a page of the shop."""
    async with AsyncExitStack() as stack:
        heard = []

        async def open_one(*, forgive: str = "", script: bool = True) -> Page:
            context = await browser.new_context(
                base_url=f"{shop.menu}/",
                viewport=PHONE,
                java_script_enabled=script,
                timezone_id="Europe/Berlin",
            )
            stack.push_async_callback(context.close)
            context.set_default_timeout(PATIENCE_MS)
            complaints = await watch(context)
            if forgive:
                complaints.forgive(forgive)
            heard.append(complaints)
            page = await context.new_page()
            await page.goto(shop.menu)
            return page

        yield open_one
    assert [text for complaints in heard for text in complaints.left()] == []


async def fill(page: Page, name: str = "Ada Guest") -> None:
    await page.fill("[name=name]", name)
    await page.fill("[name=phone]", "030 1234567")


async def test_everything_is_ordered_without_script(shop: Shop, open_shop: OpenShop) -> None:
    """Options of every kind, refusals, delivery: with forms and links alone."""
    page = await open_shop(script=False, forgive="4\\d\\d")
    await page.goto(f"dish/pie-{shop.word}")
    await page.get_by_label("Large").check()
    for topping in ("Feta", "Olives", "Walnuts"):
        await page.get_by_label(topping).check()
    await page.locator("form[data-dish] button.main").click()
    await expect(page.locator("main")).to_contain_text("up to 2")
    await page.go_back()
    await page.get_by_label("Large").check()
    await page.get_by_label("Feta").check()
    await page.get_by_label("Olives").check()
    await page.get_by_label("Walnuts").uncheck()
    await page.get_by_label("Egg", exact=True).fill("3")
    await page.locator("form[data-dish] button.main").click()
    await page.wait_for_url("**/cart")
    await expect(page.locator(".line")).to_contain_text("3 × Egg")
    await page.goto("checkout")
    await expect(page.locator("[name=line1]")).to_be_hidden()
    await fill(page)
    await page.get_by_label("Delivery").check()
    await page.get_by_role("button", name="Show the total").click()
    await expect(page.locator("[name=name]")).to_have_value("Ada Guest")
    await page.fill("[name=line1]", "Torstrasse 1")
    await page.fill("[name=postal_code]", " ")
    await page.fill("[name=city]", "Berlin")
    await page.locator(ORDER).click()
    await expect(page.locator("#problem-postal_code")).to_be_visible()
    await expect(page.locator("[name=postal_code]")).to_be_focused()
    await page.fill("[name=postal_code]", "10119")
    await page.locator(ORDER).click()
    await page.wait_for_url(re.compile("/t/"))
    # 12.50 + 2.50 + 1.50 + 1.00 + 3 × 0.80, and 3.50 for the way.
    await expect(page.locator(".sums .total.price")).to_have_text("€23.40")
    assert await shop.placed() == 1


async def test_a_closed_house_takes_orders_for_later_without_script(
    shop: Shop, open_shop: OpenShop
) -> None:
    today = system_clock().astimezone(ZoneInfo("Europe/Berlin")).date()
    async with shop.house.books.writing() as uow:
        for day in (today, today + timedelta(days=1)):
            await locations.set_exception(uow, shop.house_id, day, ())
    page = await open_shop(script=False, forgive="4\\d\\d")
    await shop.choose_tart(page)
    await page.goto("checkout")
    await expect(page.locator("main")).to_contain_text("We are closed just now")
    await fill(page)
    await page.locator(ORDER).click()
    await expect(page.locator("#problem-when")).to_contain_text("closed")
    await expect(page.locator("#when")).to_be_focused()
    value = await page.locator("#when option").nth(1).get_attribute("value")
    await page.locator("#when").select_option(value)
    await page.locator(ORDER).click()
    await page.wait_for_url(re.compile("/t/"))


async def test_two_taps_and_the_way_back_make_one_order(shop: Shop, open_shop: OpenShop) -> None:
    page = await open_shop()
    await shop.choose_tart(page)
    await page.goto("checkout")
    await fill(page)
    await page.locator(ORDER).dblclick()
    await page.wait_for_url(re.compile("/t/"))
    number = await page.locator(".eyebrow").first.inner_text()
    await page.go_back()
    if await page.locator("#checkout").count():
        await page.locator(ORDER).click()
    await page.wait_for_url(re.compile("/t/"))
    assert await page.locator(".eyebrow").first.inner_text() == number
    assert await shop.placed() == 1


async def test_a_slow_line_is_told_on_the_button(shop: Shop, open_shop: OpenShop) -> None:
    page = await open_shop()
    await shop.choose_tart(page)
    await page.clock.install()
    await page.goto("checkout")
    await fill(page)
    sent: list[str] = []

    async def answer_nothing(route: Route) -> None:
        """204 leaves the page as it is, as one that waits."""
        sent.append(route.request.method)
        await route.fulfill(status=204)

    await page.route("**/checkout", answer_nothing)
    button = page.locator(ORDER)
    await button.click()
    await expect(button).to_have_text("Sending your order …")
    await expect(button).to_have_attribute("aria-disabled", "true")
    await button.click(force=True)
    await page.clock.fast_forward(10_000)
    await expect(button).to_contain_text("Still sending")
    assert sent == ["POST"]


async def test_what_was_typed_is_there_when_the_guest_comes_back(
    shop: Shop, open_shop: OpenShop
) -> None:
    page = await open_shop()
    await shop.choose_tart(page)
    await page.goto("checkout")
    await page.get_by_label("Delivery").check()
    await page.fill("[name=line1]", "Torstrasse 1")
    await fill(page, "Bo Guest")
    await page.goto(shop.menu)
    await page.goto("checkout")
    await expect(page.locator("[name=name]")).to_have_value("Bo Guest")
    await expect(page.locator("[name=line1]")).to_have_value("Torstrasse 1")
    await expect(page.locator("#total")).to_have_text("€16.00")
    await page.fill("[name=postal_code]", "10119")
    await page.locator(ORDER).click()
    await page.wait_for_url(re.compile("/t/"))
    assert await page.evaluate("() => sessionStorage.length") == 0


async def test_what_was_typed_comes_back_also_when_our_script_is_the_last_to_come(
    shop: Shop, open_shop: OpenShop
) -> None:
    page = await open_shop()
    await shop.choose_tart(page)
    await page.goto("checkout")
    await fill(page, "Bo Guest")
    await page.goto(shop.menu)

    async def wait_for_htmx(route: Route) -> None:
        await page.locator("#checkout [data-htmx-powered]").first.wait_for(state="attached")
        await route.continue_()

    await page.route("**/static/storefront/typed.js", wait_for_htmx)
    await page.goto("checkout")
    await expect(page.locator("[name=name]")).to_have_value("Bo Guest")


async def test_a_choice_keeps_the_focus_and_what_is_typed(shop: Shop, open_shop: OpenShop) -> None:
    page = await open_shop()
    await shop.choose_tart(page)
    await page.goto("checkout")
    await page.locator("[name=order_type][value=PICKUP]").focus()
    await page.keyboard.press("ArrowRight")
    await expect(page.locator("[name=line1]")).to_be_visible()
    await expect(page.locator("[name=order_type][value=DELIVERY]")).to_be_focused()
    for name, keys in (("phone", "tel"), ("email", "email")):
        field = page.locator(f"[name={name}]")
        await expect(field).to_have_attribute("inputmode", keys)
        await expect(field).to_have_attribute("autocomplete", keys)


async def test_the_cart_tells_what_changed_and_asks_before_it_is_ordered(
    shop: Shop, open_shop: OpenShop
) -> None:
    page = await open_shop(forgive="409")
    await shop.choose_tart(page)
    await page.goto("checkout")
    await fill(page)
    async with shop.house.books.writing() as uow:
        await change_dish(uow, shop.tart_id, {"price_minor": 1_400})
    await page.locator(ORDER).click()
    await expect(page.get_by_role("alert")).to_contain_text("The total is now €14.00")
    await expect(page.locator("aside")).to_contain_text("the price has changed")
    async with shop.house.books.writing() as uow:
        await menu.set_86(uow, shop.tart_id, is_86=True)
    await page.locator(ORDER).click()
    await expect(page.get_by_role("alert")).to_contain_text("Leek Tart is sold out.")
    assert await shop.placed() == 0
    await page.get_by_role("link", name="Change the cart").click()
    await expect(page.locator(".problem")).to_contain_text("Leek Tart is sold out.")


async def test_two_tabs_share_one_cart(shop: Shop, open_shop: OpenShop) -> None:
    one = await open_shop()
    await shop.choose_tart(one)
    other = await one.context.new_page()
    await other.goto("cart")
    await one.get_by_role("button", name="Remove Leek Tart").click()
    await expect(one.locator("#cart")).to_contain_text("Nothing in it yet")
    await other.locator("[data-more]").click()
    await expect(other.get_by_role("alert")).to_contain_text("no longer in the cart")
    await expect(other.locator("#cart")).to_contain_text("Nothing in it yet")


async def test_a_tap_that_reaches_nobody_is_told(open_shop: OpenShop) -> None:
    page = await open_shop(forgive="ERR_(INTERNET_DISCONNECTED|FAILED)|Failed to fetch")
    await page.context.set_offline(True)
    await page.get_by_role("button", name="Add Leek Tart").click()
    await expect(page.locator("#toasts")).to_contain_text("Please try again")


async def test_a_promise_that_moved_is_told_on_the_page_of_the_order(
    shop: Shop, open_shop: OpenShop
) -> None:
    page = await open_shop()
    await shop.choose_tart(page)
    await page.goto("checkout")
    await fill(page)
    await page.locator(ORDER).click()
    await page.wait_for_url(re.compile("/t/"))
    order_id = await page.locator("#tracking").get_attribute("data-order")
    before = await page.locator(".promise time").inner_text()
    async with shop.house.books.writing() as uow:
        row = await uow.session.get(OrderRow, order_id)
        assert row is not None
        row.promised_at += timedelta(minutes=20)
        await orders.move_order(uow, row.id, orders.OrderStatus.CONFIRMED)
    await expect(page.locator("h1")).to_have_text("The kitchen has confirmed it")
    await expect(page.locator("[data-moved]")).to_contain_text(f"Before it was {before}")
    await expect(page.locator(".promise > time")).not_to_have_text(before)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York"])
async def test_the_zone_is_named_to_whoever_has_another(
    shop: Shop, browser: Browser, zone: str
) -> None:
    context: BrowserContext = await browser.new_context(base_url=f"{shop.menu}/", timezone_id=zone)
    async with context:
        page = await context.new_page()
        await shop.choose_tart(page)
        await page.goto("checkout")
        note = page.locator("[data-zone]", has_text="Times are those of Berlin (Europe/Berlin).")
        is_ours = zone == "Europe/Berlin"
        await expect(note).to_be_visible(visible=not is_ours)
        await fill(page)
        await page.locator(ORDER).click()
        await page.wait_for_url(re.compile("/t/"))
        await expect(note).to_be_visible(visible=not is_ours)
