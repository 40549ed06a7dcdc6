"""The office in a real browser: its pages are sound, and a keyboard is enough."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.visitor import axe_violations, sign_in
from tests.server import Server

FITS = "() => document.documentElement.scrollWidth <= innerWidth"


@pytest.mark.parametrize("phone", [True, False])
async def test_what_would_go_back_is_sound(
    open_page: OpenPage, server: Server, *, phone: bool
) -> None:
    page = await open_page("/sign-in", phone=phone, reduced_motion="reduce")
    await sign_in(page, server.url, "owner")
    await check_money_back(page)


async def check_money_back(page: Page) -> None:
    """From an order that was handed over: what would go back is shown before it does."""
    await page.goto("/admin/orders?state=DELIVERED")
    await page.locator(".office-number").nth(1).click()
    await page.get_by_role("link", name="Give money back").click()
    await page.get_by_label("Everything that is left").check()
    await page.get_by_label("Why?").fill("It was cold.")
    await page.get_by_role("button", name="See what goes back").click()
    await expect(page.get_by_role("heading", name="Where it goes")).to_be_visible()
    assert await axe_violations(page) == []
    assert await page.evaluate(FITS)


async def test_the_keyboard_is_enough(open_page: OpenPage, server: Server) -> None:
    page = await open_page("/sign-in", reduced_motion="reduce")
    await sign_in(page, server.url, "cook")
    await page.goto("/admin")
    await page.keyboard.type("go")
    await page.wait_for_url("**/admin/orders")
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.keyboard.press("/")
    await page.keyboard.type("nobody of this name")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("No order fits.")).to_be_visible()
    await expect(page.get_by_text("Taxes")).to_have_count(0)


async def test_the_areas_unfold_where_one_is(open_page: OpenPage, server: Server) -> None:
    page = await open_page("/sign-in", phone=True, reduced_motion="reduce")
    await sign_in(page, server.url, "owner")
    await page.goto("/admin/taxes")
    await expect(page.get_by_role("link", name="Taxes")).to_be_hidden()
    await page.get_by_text("More", exact=True).click()
    await expect(page.get_by_role("link", name="Taxes")).to_have_attribute("aria-current", "page")
    await expect(page.get_by_role("link", name="Coupons")).to_be_hidden()
    await page.locator("summary", has_text="Guests").click()
    await page.get_by_role("link", name="Coupons").click()
    await page.wait_for_url("**/admin/coupons")
    await page.keyboard.press("n")
    await expect(page.get_by_label("Code")).to_be_focused()
    assert await axe_violations(page) == []
