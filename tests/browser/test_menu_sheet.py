"""A manager and the menu's sheet: by keyboard alone, on a phone, and against somebody quicker."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.visitor import Complaints, axe_violations, sign_in
from tests.server import Server


def cell(page: Page, label: str) -> Locator:
    return page.get_by_label(label, exact=True)


async def open_sheet(open_page: OpenPage, server: Server, *, search: str, phone: bool) -> Page:
    page = await open_page("/sign-in", phone=phone, reduced_motion="reduce")
    await sign_in(page, server.url, "manager")
    await page.goto(f"/admin/menu?q={search}")
    return page


async def test_the_keyboard_is_enough_for_the_sheet(open_page: OpenPage, server: Server) -> None:
    page = await open_sheet(open_page, server, search="a", phone=False)
    prices = page.locator('[data-cell="price"]')
    stocks = page.locator('[data-cell="stock"]')
    before = await prices.nth(0).input_value()
    await prices.nth(0).focus()
    await page.keyboard.type("77.5")
    await page.keyboard.press("Enter")
    await expect(prices.nth(1)).to_be_focused()
    await expect(prices.nth(0)).to_have_value("77.50")
    await page.keyboard.press("ArrowUp")
    await expect(prices.nth(0)).to_be_focused()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("ArrowRight")
    await expect(stocks.nth(0)).to_be_focused()
    await page.keyboard.type("some")
    await page.keyboard.press("Escape")
    await expect(stocks.nth(0)).not_to_have_value("some")
    line = page.locator("tr[data-line]").nth(0)
    box = line.locator('[data-cell="is86"]')
    was_off = await box.is_checked()
    await page.keyboard.press("F8")
    await expect(line).to_have_attribute("data-state", "saved")
    await page.reload()
    await expect(prices.nth(0)).to_have_value("77.50")
    await expect(box).to_be_checked(checked=not was_off)
    # As it was, for whoever comes next.
    await box.focus()
    await page.keyboard.press("F8")
    await expect(line).to_have_attribute("data-state", "saved")
    await prices.nth(0).fill(before)
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-told]")).to_contain_text("Price of")


async def test_keys_of_spreadsheets_fill_leap_and_take_back(
    open_page: OpenPage, server: Server
) -> None:
    page = await open_sheet(open_page, server, search="a", phone=False)
    prices = page.locator('[data-cell="price"]')
    last = await prices.count() - 1
    above, before = [await prices.nth(at).input_value() for at in (0, 1)]
    await prices.nth(0).focus()
    await page.keyboard.press("Control+End")
    await expect(prices.nth(last)).to_be_focused()
    await page.keyboard.press("Control+Home")
    await expect(prices.nth(0)).to_be_focused()
    await page.keyboard.press("PageDown")
    await expect(prices.nth(min(10, last))).to_be_focused()
    await page.keyboard.press("PageUp")
    await expect(prices.nth(0)).to_be_focused()
    await prices.nth(0).fill("71.30")
    await page.keyboard.press("Enter")
    line = page.locator("tr[data-line]")
    await expect(line.nth(0)).to_have_attribute("data-state", "saved")
    await page.keyboard.press("Control+d")
    await expect(line.nth(1)).to_have_attribute("data-state", "saved")
    await expect(prices.nth(1)).to_have_value("71.30")
    for at, was in ((1, before), (0, above)):
        async with page.expect_response("**/cells"):
            await page.keyboard.press("Control+z")
        await expect(prices.nth(at)).to_have_value(was)
        await expect(line.nth(at)).to_have_attribute("data-state", "saved")
    await page.keyboard.press("Shift+Space")
    await expect(line.nth(0).get_by_role("checkbox", name="Tick")).to_be_checked()
    await page.reload()
    assert [await prices.nth(at).input_value() for at in (0, 1)] == [above, before]


async def test_what_is_refused_says_why_and_stays_as_it_was_typed(
    open_page: OpenPage, server: Server, complaints: dict[Page, Complaints]
) -> None:
    page = await open_sheet(open_page, server, search="a", phone=True)
    complaints[page].forgive("40[09]")
    price = page.locator('[data-cell="price"]').first
    before = await price.input_value()
    await price.fill("cheap")
    await price.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("a price like 10 or 12.50")
    await expect(price).to_have_value("cheap")
    await expect(price).to_have_attribute("aria-invalid", "true")
    await price.press("Escape")
    await expect(price).to_have_value(before)
    await expect(page.get_by_role("alert")).to_have_count(0)
    other = await page.context.new_page()
    await other.goto(page.url)
    theirs = other.locator('[data-cell="price"]').first
    await theirs.fill("61")
    await theirs.press("Enter")
    await expect(other.locator("tr[data-line]").first).to_have_attribute("data-state", "saved")
    await price.fill("62")
    await price.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("Now it says: 61.00")
    await expect(price).to_have_value("62")
    await price.press("Escape")
    await expect(price).to_have_value("61.00")
    await price.fill(before)
    await price.press("Enter")
    await expect(page.locator("tr[data-line]").first).to_have_attribute("data-state", "saved")


@pytest.mark.parametrize("phone", [True, False])
async def test_without_script_a_line_has_its_button_and_a_batch_its_way_back(
    open_page: OpenPage, server: Server, *, phone: bool
) -> None:
    page = await open_page("/sign-in", phone=phone, javascript=False)
    await sign_in(page, server.url, "manager")
    await page.goto("/admin/menu?q=a")
    line = page.locator("tr[data-line]").first
    price = line.locator('[data-cell="price"]')
    before = await price.input_value()
    await price.fill("55")
    await line.get_by_role("button", name="Save").click()
    await expect(price).to_have_value("55.00")
    await line.get_by_role("checkbox", name="Tick").check()
    await page.get_by_label("By how many percent").fill("10")
    await page.get_by_role("button", name="Do it").click()
    await expect(page.get_by_text("1 dish is changed.")).to_be_visible()
    await expect(price).to_have_value("60.50")
    await page.get_by_role("button", name="Take it back").click()
    await expect(price).to_have_value("55.00")
    await price.fill(before)
    await line.get_by_role("button", name="Save").click()
    await expect(price).to_have_value(before)


@pytest.mark.parametrize("phone", [True, False])
async def test_the_pages_of_dishes_and_options_are_sound(
    open_page: OpenPage, server: Server, *, phone: bool
) -> None:
    page = await open_sheet(open_page, server, search="a", phone=phone)
    dish = await page.get_by_label("Open ").first.get_attribute("href")
    await page.goto("/admin/menu/options")
    group = await page.locator(".office-number").first.get_attribute("href")
    pages = (dish, "/admin/menu/dishes/new", group, "/admin/menu/options/new")
    for path in (*pages, f"/preview/{str(dish).rpartition('/')[2]}"):
        await page.goto(str(path))
        assert await axe_violations(page) == [], path
        fits = "() => document.documentElement.scrollWidth <= innerWidth"
        assert await page.evaluate(fits), path
