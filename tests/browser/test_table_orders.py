"""A waiter's evening at one table: seated, ordered, cooked, served, paid, gone."""

from __future__ import annotations

import re

import pytest_asyncio
from playwright.async_api import Page, expect

from kitchenasty.menu.tests.builders import SIZE, add_category, add_dish
from tests.browser.floor import Floor, OpenTables
from tests.browser.house import PATIENCE_MS
from tests.browser.visitor import axe_violations

PHONE = {"width": 390, "height": 844}
FITS = "() => document.documentElement.scrollWidth <= innerWidth"


@pytest_asyncio.fixture(loop_scope="session")
async def plan(floor: Floor) -> str:
    """The address of the plan of a room with a menu of three dishes."""
    async with floor.house.books.writing() as uow:
        starters = await add_category(uow, name="Starters", house_id=floor.here.id)
        mains = await add_category(uow, name="Mains", house_id=floor.here.id)
        for name, category, options in (
            ("Lentil soup", starters, ()),
            ("Tomato bread", starters, ()),
            ("Pizza", mains, (SIZE,)),
        ):
            await add_dish(
                uow, name=name, category_id=category, options=options, house_id=floor.here.id
            )
    return f"/admin/tables/{floor.here.id}/plan"


async def check_looks(page: Page, what: str) -> None:
    assert await axe_violations(page) == [], what
    assert await page.evaluate(FITS), what


async def order_soups_and_a_pizza(tablet: Page) -> None:
    soup = tablet.get_by_role("button", name=re.compile("^Lentil soup"))
    await soup.click()
    await expect(tablet.get_by_text("1 × Lentil soup")).to_be_visible()
    await tablet.get_by_role("button", name="One more: Lentil soup").click()
    await expect(tablet.get_by_text("2 × Lentil soup")).to_be_visible()
    await tablet.get_by_label("Find a dish").fill("piz")
    await expect(soup).to_have_count(0)
    await tablet.get_by_role("button", name=re.compile("^Pizza")).click()
    await tablet.locator("#chosen label", has_text="Large").click()
    await tablet.get_by_label("Note for the kitchen").fill("well done")
    await check_looks(tablet, "the options")
    await tablet.get_by_role("button", name="Put on the order").click()
    await expect(tablet.get_by_text("well done")).to_be_visible()
    await tablet.get_by_role("button", name="Send to the kitchen").click()
    await expect(tablet.get_by_text("is in the kitchen.")).to_be_visible()


async def test_a_table_is_seated_fed_and_paid(
    floor: Floor, plan: str, open_tables: OpenTables
) -> None:
    """12 seconds: the tablet of the waiter, the screen of the kitchen, the plan at the door."""
    tablet, door = await open_tables(plan), await open_tables(plan)
    kitchen = await open_tables(f"/kitchen/{floor.here.id}")
    table = door.locator(f'a.standing[data-table="{floor.tables[4].id}"]')
    await tablet.locator(f'a.standing[data-table="{floor.tables[4].id}"]').click()
    await tablet.get_by_role("button", name="3", exact=True).click()
    await tablet.get_by_role("link", name="Open", exact=True).click()
    await tablet.locator("#party").get_by_role("link", name="Take an order").click()
    await check_looks(tablet, "the menu")

    await order_soups_and_a_pizza(tablet)

    ticket = kitchen.locator(".ticket")
    await expect(ticket).to_contain_text("Table 5", timeout=PATIENCE_MS)
    await expect(ticket).to_contain_text("well done")
    await expect(table).to_have_class(re.compile("is-ordered"), timeout=PATIENCE_MS)
    for status in ("CONFIRMED", "PREPARING", "READY"):
        await ticket.locator(".advance").click()
        await expect(kitchen.locator(f'[data-column="{status}"] .ticket')).to_have_count(1)
    await expect(ticket.locator(".advance")).to_contain_text("Served")
    await expect(table).to_have_class(re.compile("is-ready"), timeout=PATIENCE_MS)

    await tablet.reload()
    await tablet.get_by_role("button", name="Served").click()
    await expect(tablet.get_by_text("Served.", exact=True)).to_be_visible()
    await expect(table).to_have_class(re.compile("is-to-pay"), timeout=PATIENCE_MS)
    await expect(ticket).to_have_count(0, timeout=PATIENCE_MS)
    await check_looks(tablet, "to pay")
    await tablet.get_by_role("button", name="Paid by card").click()
    await expect(tablet.get_by_text("Paid.", exact=True)).to_be_visible()
    await expect(table).to_have_class(re.compile("is-paid"), timeout=PATIENCE_MS)
    await tablet.locator(".crumbs a").click()
    await tablet.get_by_role("button", name="They left").click()
    await expect(table).to_have_class(re.compile("is-free"), timeout=PATIENCE_MS)


async def test_on_a_phone_without_scripts_it_is_the_same_order(
    plan: str, open_tables: OpenTables
) -> None:
    """6 seconds. Who leaves without having paid is asked about."""
    page = await open_tables(plan, viewport=PHONE, java_script_enabled=False, forgive="409")
    await page.get_by_role("button", name="2 people").click()
    await page.get_by_role("link", name="Open", exact=True).click()
    await page.locator("#party").get_by_role("link", name="Take an order").click()
    await page.get_by_role("button", name=re.compile("^Tomato bread")).click()
    await page.get_by_role("button", name="With a note: Lentil soup").click()
    await page.get_by_label("Note for the kitchen").fill("no cream")
    await page.get_by_role("button", name="Put on the order").click()
    await page.get_by_role("button", name="Send to the kitchen").click()
    await expect(page.get_by_text("is in the kitchen.")).to_be_visible()
    await page.locator(".crumbs a").click()
    await page.get_by_role("button", name="They left").first.click()
    await expect(page.get_by_text("They have not paid €25.00 yet")).to_be_visible()
    await page.get_by_role("button", name="Paid in cash").click()
    await page.locator(".crumbs a").click()
    await page.get_by_role("button", name="They left").click()
    await expect(page.locator("#party").get_by_text("Left").first).to_be_visible()
