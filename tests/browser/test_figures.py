"""What the house took and what is in its drawer, as a manager sees it: by keyboard, on a phone."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.visitor import Complaints, axe_violations, sign_in
from tests.server import Server

FITS = "() => document.documentElement.scrollWidth <= innerWidth"


@pytest.mark.parametrize("phone", [True, False])
async def test_a_manager_reads_the_reports_and_closes_a_day(
    open_page: OpenPage, server: Server, complaints: dict[Page, Complaints], *, phone: bool
) -> None:
    page = await open_page("/sign-in", phone=phone, reduced_motion="reduce")
    complaints[page].forgive("400")
    await sign_in(page, server.url, "manager")
    await page.goto("/admin")
    await page.keyboard.type("gi")
    await page.wait_for_url("**/admin/reports")
    await read_reports(page)
    await page.keyboard.type("gm")
    await page.wait_for_url("**/admin/till**")
    await close_a_day(page, amount="5" if phone else "4")


async def read_reports(page: Page) -> None:
    """From this week to this year by the keyboard alone; the chart's numbers are in its table."""
    await page.get_by_role("link", name="This year").focus()
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/admin/reports?period=year**")
    chart = page.get_by_role("img", name="Revenue by day, revenue in EUR")
    await expect(chart).to_be_visible()
    await expect(page.get_by_role("columnheader", name="Day", exact=True).first).to_be_hidden()
    await page.locator("summary", has_text="As a table").first.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("region", name="Revenue by day, as a table")).to_be_visible()
    await expect(page.get_by_role("region", name="Dishes, as a table")).to_contain_text("€")
    assert await axe_violations(page) == []
    assert await page.evaluate(FITS)
    async with page.expect_download() as coming:
        await page.locator("a[href*='dishes.csv']").press("Enter")
    assert (await coming.value).suggested_filename.startswith("dishes-")


async def close_a_day(page: Page, *, amount: str) -> None:
    """A day without cash: what is counted is too much, so the page asks why, and Enter alone closes
    nothing.
    """
    if "/till/" not in page.url:
        await page.locator(".zone-list a").first.click()
        await page.wait_for_url("**/admin/till/*/*")
    await page.goto(page.url.rsplit("/", 1)[0] + f"/2020-01-0{amount}")
    await page.get_by_label("20", exact=True).fill(amount)
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Kept. A manager closes the day on it.")).to_be_visible()
    await page.get_by_role("button", name="Close the day").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Please say why there is more or less")).to_be_visible()
    assert await axe_violations(page) == []
    await page.get_by_label("Why it is different").fill("Found behind the counter")
    await page.get_by_role("button", name="Close the day").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("The day is closed.")).to_be_visible()
    await expect(page.get_by_role("heading", name="Closed", exact=True)).to_be_visible()
    assert await axe_violations(page) == []
    assert await page.evaluate(FITS)


async def test_today_asks_again_and_keeps_ones_place(open_page: OpenPage, server: Server) -> None:
    page = await open_page("/sign-in", reduced_motion="reduce")
    await sign_in(page, server.url, "cook")
    await page.goto("/admin")
    await expect(page.get_by_role("heading", name="The kitchen's next hour")).to_be_visible()
    link = page.locator(".today-list a").first
    await link.focus()
    async with page.expect_response("**/admin") as coming:
        await page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    assert (await coming.value).status == 200
    await expect(link).to_be_focused()
    assert await axe_violations(page) == []
