"""A waiter with a tablet and a phone: people seated in two taps, and every screen knows."""

from __future__ import annotations

import re

from playwright.async_api import Page, ViewportSize, expect

from basis.ids import new_code
from tests.browser.conftest import OpenPage
from tests.browser.visitor import axe_violations, sign_in
from tests.server import Server

TABLET: ViewportSize = {"width": 820, "height": 1180}
PATIENCE_MS = 30_000
FITS = "() => document.documentElement.scrollWidth <= innerWidth"


async def enter(page: Page, url: str, name: str) -> str:
    """The day of the house that never closes, so that there is an evening at any hour."""
    await sign_in(page, url, name)
    await page.goto("/admin/tables")
    link = page.get_by_role("link", name="Mill Lane")
    if await link.count():
        await link.click()
    await expect(page.locator(".timeline")).to_be_visible()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Mill Lane")
    return page.url.split("?")[0]


async def press(page: Page, name: str | re.Pattern[str], role: str = "button") -> None:
    """By the keyboard alone. A fragment takes the focus until its page is whole."""
    target = page.get_by_role(role, name=name).first  # type: ignore[arg-type]  # a role
    await target.wait_for()
    await page.wait_for_load_state("load")
    await target.focus()
    await expect(target).to_be_focused()
    await page.keyboard.press("Enter")


async def test_people_in_the_door_sit_after_two_keys_and_other_screens_know(
    open_page: OpenPage, server: Server
) -> None:
    """1.5 minutes on a busy machine, since both screens are real."""
    tablet = await open_page("/sign-in", reduced_motion="reduce")
    await tablet.set_viewport_size(TABLET)
    phone = await open_page("/sign-in", phone=True, reduced_motion="reduce")
    here = await enter(tablet, server.url, "waiter")
    await enter(phone, server.url, "manager")
    seated = phone.locator("section", has=phone.get_by_role("heading", name="At the table"))
    walk_ins = seated.get_by_role("link", name="Walk-in")
    before = await walk_ins.count()

    await tablet.goto(f"{here}/plan")
    # Free for as long as they like: one that is booked soon is refused, whatever o'clock it is.
    await press(tablet, re.compile(r"^Table \w+, \d+ seats: Free$"), "link")
    await expect(tablet.get_by_role("heading", name="how many are you?")).to_be_visible()
    await press(tablet, "2")
    await expect(tablet.get_by_text("Seated at table")).to_be_visible()
    await expect(walk_ins).to_have_count(before + 1, timeout=PATIENCE_MS)

    await press(tablet, "Open", "link")
    await press(tablet, "They left")
    await expect(tablet.get_by_text("Done.")).to_be_visible()
    await expect(walk_ins).to_have_count(before, timeout=PATIENCE_MS)


async def add_long_table(page: Page, here: str) -> None:
    """A table whose name the plan cuts short, while what is read aloud says all of it. It is too
    large to be given to anybody else's party.
    """
    await page.goto(f"/admin/houses/{here.rsplit('/', 1)[1]}/tables")
    name = f"By the window {new_code(4)}"
    await page.locator('input[name="name"]').fill(name)
    await page.locator('input[name="seats"]').fill("20")
    await page.locator('input[name="name"]').press("Enter")
    await expect(page.get_by_text("1 added.")).to_be_visible()
    await page.goto(f"{here}/plan")
    await expect(page.get_by_role("link", name=re.compile(f"Table {name}"))).to_be_visible()


async def test_every_page_of_the_tables_is_sound(open_page: OpenPage, server: Server) -> None:
    for phone, scheme in ((True, "light"), (False, "dark")):
        page = await open_page(
            "/sign-in", phone=phone, color_scheme=scheme, reduced_motion="reduce"
        )
        here = await enter(page, server.url, "manager")
        house = here.rsplit("/", 1)[1]
        await add_long_table(page, here)
        await page.goto(here)
        await page.locator(".parties a").first.click()
        await expect(page.locator("#party")).to_be_visible()
        for path in (
            page.url,
            here,
            f"{here}/plan",
            f"{here}/plan/edit",
            f"{here}/new",
            f"{here}/trends",
            f"/admin/houses/{house}/reservations",
        ):
            await page.goto(path)
            assert await axe_violations(page) == [], path
            assert await page.evaluate(FITS), path
