"""A guest in a real browser: with script, without, with the keyboard alone."""

import re

import pytest
from playwright.async_api import Page, Response, expect

from tests.browser.conftest import OpenPage
from tests.browser.visitor import Complaints, axe_violations, sign_in
from tests.server import Server

HOUSE = "/at/mill-lane"
FIRST_LOAD_BYTES_MAX = 60_000
TABS_MAX = 150


async def order_something(page: Page, guest: str) -> None:
    """From an opened menu to the order's own page."""
    await page.locator("button.add").first.click()
    await expect(page.locator("#cart-link .badge")).to_have_text("1")
    await page.goto(f"{HOUSE}/checkout")
    await page.fill("[name=name]", guest)
    await page.fill("[name=phone]", "030 1234567")
    await page.locator("#checkout aside button.main").click()
    await page.wait_for_url(re.compile(r"/t/"))


async def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus, as somebody without a mouse does."""
    target = page.locator(selector).first
    for _ in range(TABS_MAX):
        await page.keyboard.press("Tab")
        if await target.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"{selector} cannot be reached with the keyboard")


async def test_a_guest_on_a_phone_orders_and_sees_the_kitchen_confirm(
    open_page: OpenPage, server: Server
) -> None:
    guest = await open_page(HOUSE, phone=True)
    await order_something(guest, "Ada Guest")
    await expect(guest.locator("h1")).to_have_text("We have your order")
    order_id = await guest.locator("#tracking").get_attribute("data-order")
    staff = await open_page("/sign-in")
    await sign_in(staff, server.url, "cook")
    moved = await staff.request.post(
        f"/admin/orders/{order_id}/move",
        form={"target": "CONFIRMED", "version": "1"},
        headers={"origin": server.url},
    )
    assert moved.ok
    await expect(guest.locator("h1")).to_have_text("The kitchen has confirmed it")


async def test_the_same_without_script(open_page: OpenPage) -> None:
    guest = await open_page(HOUSE, javascript=False)
    await order_something(guest, "Bo Guest")
    await expect(guest.locator("h1")).to_have_text("We have your order")
    await guest.locator("summary", has_text="Cancel this order").click()
    await guest.get_by_role("button", name="Cancel the order").click()
    await expect(guest.locator("h1")).to_have_text("This order was cancelled.")


async def test_the_keyboard_alone_is_enough(open_page: OpenPage) -> None:
    guest = await open_page(HOUSE)
    await tab_to(guest, "button.add")
    await guest.keyboard.press("Enter")
    await expect(guest.locator("#cartbar a")).to_be_visible()
    await tab_to(guest, "#cartbar a")
    await guest.keyboard.press("Enter")
    await guest.wait_for_url(f"**{HOUSE}/cart")
    await tab_to(guest, "a[href$='/checkout']")
    await guest.keyboard.press("Enter")
    await guest.wait_for_url(f"**{HOUSE}/checkout")
    await tab_to(guest, "[name=name]")
    await guest.keyboard.type("Cy Guest")
    await tab_to(guest, "[name=phone]")
    await guest.keyboard.type("030 1234567")
    await tab_to(guest, "#checkout aside button.main")
    await guest.keyboard.press("Enter")
    await guest.wait_for_url(re.compile(r"/t/"))


async def test_a_dish_shows_what_it_costs_as_chosen(open_page: OpenPage) -> None:
    guest = await open_page(HOUSE)
    await guest.locator(".dish:not(.away):not(:has(form)) h3 a").first.click()
    total = guest.locator("[data-total]")
    before = await total.inner_text()
    await guest.locator(".buy [data-more]").click()
    await expect(total).not_to_have_text(before)


async def test_a_changed_quantity_is_shown_at_once(open_page: OpenPage) -> None:
    guest = await open_page(HOUSE)
    await guest.locator("button.add").first.click()
    await expect(guest.locator("#cart-link .badge")).to_have_text("1")
    await guest.goto(f"{HOUSE}/cart")
    await guest.locator("[data-more]").first.click()
    await expect(guest.locator("#cart-link .badge")).to_have_text("2")


async def test_the_first_load_is_light(
    open_page: OpenPage, complaints: dict[Page, Complaints]
) -> None:
    """Counted on the wire: everything but pictures."""
    guest = await open_page("/health/live")
    complaints[guest].forgive("favicon")
    answers: list[Response] = []
    guest.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108  # not a builtin
    await guest.goto(HOUSE, wait_until="networkidle")
    size = 0
    for answer in answers:
        if answer.request.resource_type != "image":
            size += (await answer.request.sizes())["responseBodySize"]
    print(f"first load of the menu: {size} bytes without pictures")  # the counter
    assert 0 < size <= FIRST_LOAD_BYTES_MAX


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_no_page_keeps_anybody_out(open_page: OpenPage, scheme: str) -> None:
    guest = await open_page("/", phone=scheme == "light", color_scheme=scheme)
    assert await axe_violations(guest) == []
    await guest.goto(f"{HOUSE}?diet=vegan&without=nuts")
    assert await axe_violations(guest) == []
    await guest.goto(HOUSE)
    await guest.locator(".dish:not(.away):not(:has(form)) h3 a").first.click()
    assert await axe_violations(guest) == []
    await guest.goto(HOUSE)
    await guest.locator("button.add").first.click()
    await expect(guest.locator("#cartbar a")).to_be_visible()
    for path in ("/cart", "/checkout"):
        await guest.goto(f"{HOUSE}{path}")
        assert await axe_violations(guest) == []


async def test_a_page_that_the_browser_kept_shows_the_cart_as_it_is_now(
    open_page: OpenPage,
) -> None:
    guest = await open_page(HOUSE)
    await expect(guest.locator("#cart-link .badge")).to_have_count(0)
    other = await guest.context.new_page()
    await other.goto(HOUSE)
    await other.locator("button.add").first.click()
    await expect(other.locator("#cart-link .badge")).to_have_text("1")
    await guest.evaluate(
        "() => { dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })); }"
    )
    await expect(guest.locator("#cart-link .badge")).to_have_text("1")
    await expect(guest.locator("#cartbar a")).to_be_visible()


async def test_pictures_come_as_wide_as_they_are_shown(open_page: OpenPage) -> None:
    guest = await open_page(HOUSE, phone=True)
    first = guest.locator(".dish img").first
    await expect(first).to_have_attribute("fetchpriority", "high")
    assert str(await first.evaluate("image => image.currentSrc")).endswith("-240.webp")
    assert await guest.locator(".dish img").last.get_attribute("loading") == "lazy"
