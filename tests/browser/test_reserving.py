"""A guest reserves a table, or waits for one, in a real browser, on a phone. 8 s."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from playwright.async_api import Locator, Page, ViewportSize, expect

from tests.browser.conftest import PHONE, TABLET, OpenPage
from tests.browser.keys import Keys
from tests.browser.visitor import axe_violations, sign_in, tab_to
from tests.server import Server

HOUSE = "/at/mill-lane"
Form = dict[str, str | float | bool]
SIZES = pytest.mark.parametrize("size", [PHONE, TABLET], ids=["phone", "tablet"])


async def put_up_a_table(open_page: OpenPage, server: Server, name: str) -> None:
    """As the owner does it in the office."""
    office = await open_page("/sign-in")
    await sign_in(office, server.url, "owner")
    houses = (await (await office.request.get("/api/locations")).json())["data"]
    [house_id] = [one["id"] for one in houses if one["slug"] == "mill-lane"]
    made = await office.request.post(
        f"/admin/houses/{house_id}/tables",
        form={"name": name, "seats": "2"},
        headers={"origin": server.url},
    )
    assert made.ok


async def reserve(page: Page, guest: str) -> None:
    """From the menu along the links to the reservation's own page."""
    await page.get_by_role("link", name="Reserve a table").click()
    await page.wait_for_url(f"**{HOUSE}/reserve")
    await page.select_option("[name=party]", "2")
    await page.get_by_role("button", name="Show the free days").click()
    assert await axe_violations(page) == []
    # Of today's times the last may go while one types; tomorrow's stay.
    later = page.get_by_role("link", name="Later month")
    if await later.count():
        await later.click()
    await page.locator("a[href*='date=']").first.click()
    await page.locator("label.chip").first.click()
    await page.fill("[name=name]", guest)
    await page.fill("[name=phone]", "030 1234567")
    # From its top: below it the bar that stays in sight may lie over half a day.
    await page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    assert await axe_violations(page) == []
    await page.get_by_role("button", name="Reserve the table").click()
    await page.wait_for_url(re.compile(r"/r/"))


async def test_a_guest_on_a_phone_reserves_changes_and_cancels(
    open_page: OpenPage, server: Server
) -> None:
    await put_up_a_table(open_page, server, "By the door")
    page = await open_page(HOUSE, phone=True)
    await reserve(page, "Ada Guest")
    await expect(page.locator("h1 + [role=status]")).to_have_text("Confirmed")
    assert await axe_violations(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    await page.locator("summary", has_text="Change it").click()
    await page.fill("[name=note]", "A birthday")
    await page.get_by_role("button", name="Keep the changes").click()
    await expect(page.locator(".card .kept-lines")).to_have_text("A birthday")
    await page.locator("summary", has_text="Cancel the reservation").click()
    await page.get_by_role("button", name="Cancel it").click()
    await expect(page.locator("h1 + [role=status]")).to_have_text("Cancelled")


@SIZES
async def test_the_keyboard_is_enough_to_reserve_change_and_cancel(
    open_page: OpenPage, server: Server, size: ViewportSize
) -> None:
    """12 s each. 390 px is also a desk at four times the usual size."""
    await put_up_a_table(open_page, server, f"By the lamp {size['width']}")
    page = await open_page(HOUSE, reduced_motion="reduce")
    keys = Keys(page)
    await page.set_viewport_size(size)
    await press(page, page.get_by_role("link", name="Reserve a table"))
    await page.wait_for_url(f"**{HOUSE}/reserve")
    await tab_to(page, page.locator("[name=party]"))
    await page.keyboard.type("1")
    await press(page, page.get_by_role("button", name="Show the free days"))
    await page.wait_for_url("**party=1**")
    later = page.get_by_role("link", name="Later month")
    if await later.count():
        await press(page, later)
        await page.wait_for_url("**month=**")
    await press(page, page.locator("a[href*='date='][tabindex='0']"))
    await page.wait_for_url("**date=**")
    await keys.check()
    times = page.locator("input[name=time]")
    await tab_to(page, times.first)
    await page.keyboard.press("Space")
    await page.keyboard.press("ArrowRight")
    await expect(times.nth(1)).to_be_checked()
    for field, text in (("name", "Cy Guest"), ("phone", "030 1234567"), ("note", "No stairs")):
        await keys.fill(field, text)
    await press(page, page.get_by_role("button", name="Reserve the table"))
    await page.wait_for_url(re.compile(r"/r/"))
    await expect(page.locator("h1 + [role=status]")).to_have_text("Confirmed")
    await look_at_other_days(keys)
    await press(page, page.locator("summary", has_text="Change it"))
    await keys.fill("party", "2")
    await press(page, page.get_by_role("button", name="Keep the changes"))
    await expect(page.get_by_text("2 people").first).to_be_visible()
    await press(page, page.locator("summary", has_text="Cancel the reservation"))
    await press(page, page.get_by_role("button", name="Cancel it"))
    await expect(page.locator("h1 + [role=status]")).to_have_text("Cancelled")
    await keys.check()


async def look_at_other_days(keys: Keys) -> None:
    """And back to the reservation."""
    page = keys.page
    await keys.check()
    await keys.press(page.get_by_role("link", name="Another day or time"))
    await page.wait_for_url("**/change")
    await keys.check()
    await keys.press(page.get_by_role("link", name="Your reservation"))
    await page.wait_for_url(re.compile(r"/r/[^/]+$"))


@SIZES
async def test_the_keyboard_is_enough_to_wait_for_a_table(
    open_page: OpenPage, size: ViewportSize
) -> None:
    """6 s each. For more people than any table has seats, so that nothing is offered meanwhile."""
    page = await open_page("/at/harbour/reserve", reduced_motion="reduce")
    await page.set_viewport_size(size)
    keys = Keys(page)
    later = page.get_by_role("link", name="Later month")
    if await later.count():
        await keys.press(later)
        await page.wait_for_url("**month=**")
    await keys.press(page.locator("a[href*='date='][tabindex='0']"))
    await page.wait_for_url("**date=**")
    await keys.press(page.get_by_role("link", name="No time suits?"))
    await page.wait_for_url("**/wait?**")
    await keys.check()
    for name, text in (("party", "10"), ("name", "Cy Guest"), ("phone", "030 1234567")):
        await keys.fill(name, text)
    await keys.press(page.get_by_role("button", name="Wait for a table"))
    await page.wait_for_url(re.compile(r"/w/"))
    await expect(page.locator("h1 + [role=status]")).to_have_text("You are on the waiting list")
    await keys.check()
    await keys.press(page.get_by_role("button", name="Leave the waiting list"))
    await expect(page.locator("h1 + [role=status]")).to_contain_text("not on the waiting list")
    await keys.check()


async def test_the_days_of_a_month_are_walked_as_a_grid(open_page: OpenPage) -> None:
    """5 s. One place of Tab, arrows by day and week, Home and End, PageDown and PageUp by month."""
    page = await open_page(f"{HOUSE}/reserve?party=1", phone=True, reduced_motion="reduce")
    await page.wait_for_load_state("load")
    title, here = page.locator("#month-title"), page.locator("[data-day]:focus")
    await tab_to(page, page.locator("[data-day][tabindex='0']"))
    month, first = await title.inner_text(), await standing_on(here)
    await page.keyboard.press("PageDown")
    await expect(title).not_to_have_text(month)
    start = await standing_on(here)
    assert start.day == first.day or (start + timedelta(days=1)).day == 1
    steps = (("ArrowRight", 1), ("ArrowLeft", 0), ("ArrowDown", 7), ("ArrowUp", 0))
    for key, days in steps:
        await page.keyboard.press(key)
        wanted = start + timedelta(days=days)
        await expect(here).to_have_attribute("data-day", wanted.isoformat())
    for key, sibling in (("Home", "previous"), ("End", "next")):
        await page.keyboard.press(key)
        assert await here.evaluate(
            "(day, side) => !day.parentElement[`${side}ElementSibling`]?.firstElementChild", sibling
        )
    assert await page.locator("[data-day][tabindex='0']").count() == 1
    assert await axe_violations(page) == []
    await page.keyboard.press("PageUp")
    await expect(title).to_have_text(month)
    await page.keyboard.press("PageDown")
    await expect(title).not_to_have_text(month)
    chosen = (await standing_on(here)).isoformat()
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**date={chosen}**")
    await expect(page.locator(f"[data-day='{chosen}']")).to_have_attribute("aria-current", "true")
    assert await axe_violations(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390


async def standing_on(here: Locator) -> date:
    """The day that has the keyboard."""
    await expect(here).to_have_count(1)
    return date.fromisoformat(str(await here.get_attribute("data-day")))


async def press(page: Page, wanted: Locator) -> None:
    await tab_to(page, wanted)
    await page.keyboard.press("Enter")


async def test_a_guest_on_a_phone_gets_on_the_waiting_list_and_off_it(open_page: OpenPage) -> None:
    """For more people than any table of the small house has seats: others need not wait."""
    page = await open_page("/at/harbour/reserve", phone=True)
    later = page.get_by_role("link", name="Later month")
    if await later.count():
        await later.click()
    await page.locator("a[href*='date=']").first.click()
    await page.get_by_role("link", name="No time suits?").click()
    assert await axe_violations(page) == []
    await page.fill("[name=name]", "Ada Guest")
    await page.fill("[name=phone]", "030 1234567")
    await page.fill("[name=party]", "10")
    await page.get_by_role("button", name="Wait for a table").click()
    await page.wait_for_url(re.compile(r"/w/"))
    await expect(page.locator("h1 + [role=status]")).to_have_text("You are on the waiting list")
    assert await axe_violations(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    await page.get_by_role("button", name="Leave the waiting list").click()
    await expect(page.locator("h1 + [role=status]")).to_contain_text("not on the waiting list")


async def test_a_guest_sees_without_reloading_what_the_house_does(
    open_page: OpenPage, server: Server
) -> None:
    """3 s."""
    await put_up_a_table(open_page, server, "By the stove")
    page = await open_page(HOUSE, phone=True)
    await reserve(page, "Bea Guest")
    shown = page.locator("#reservation-now")
    await expect(shown.locator("h1 + [role=status]")).to_have_text("Confirmed")
    async with page.expect_download() as saving:
        await page.get_by_role("link", name="Add to calendar").click()
    assert (await saving.value).suggested_filename == "reservation.ics"
    await page.locator("summary", has_text="Change it").click()
    await page.fill("[name=note]", "Half a sentence")
    office = await open_page("/sign-in")
    await sign_in(office, server.url, "owner")
    booked = await shown.get_attribute("data-reservation")
    houses = (await (await office.request.get("/api/locations")).json())["data"]
    [house_id] = [one["id"] for one in houses if one["slug"] == "mill-lane"]
    party = f"/admin/tables/{house_id}/parties/{booked}"
    own = {"origin": server.url}
    noted: Form = {"note": "At the stove", "version": "1"}
    assert (await office.request.post(f"{party}/notes", form=noted, headers=own)).ok
    await expect(shown.locator(".kept-lines")).to_have_text("At the stove")
    await expect(page.locator("[name=note]")).to_have_value("Half a sentence")
    gone: Form = {"step": "cancel", "version": "2"}
    assert (await office.request.post(f"{party}/step", form=gone, headers=own)).ok
    await expect(shown.locator("h1 + [role=status]")).to_have_text("Cancelled")
    await expect(page.locator("[name=note]")).to_have_count(0)
    assert await axe_violations(page) == []
