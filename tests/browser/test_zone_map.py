"""The boundary of a zone, drawn with a pointer and with the keyboard alone. About 10 seconds."""

from __future__ import annotations

import json

from playwright.async_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.visitor import axe_violations, sign_in
from tests.server import Server

CORNERS = "#zone-map svg [data-corner]"


async def open_map(open_page: OpenPage, server: Server, *, phone: bool = False) -> Page:
    page = await open_page("/sign-in", phone=phone, reduced_motion="reduce")
    await sign_in(page, server.url, "owner")
    await page.goto("/admin/zones")
    await page.get_by_role("link", name="Add a zone").first.click()
    await expect(page.get_by_role("group", name="Draw the boundary")).to_be_visible()
    return page


async def ring_of(page: Page) -> list[list[float]]:
    text = await page.locator("#field-boundary").input_value()
    return json.loads(text)["coordinates"][0] if text else []


async def test_a_boundary_is_drawn_moved_and_undone_with_a_pointer(
    open_page: OpenPage, server: Server
) -> None:
    page = await open_map(open_page, server)
    drawing = page.locator("#zone-map > svg")
    await drawing.scroll_into_view_if_needed()
    for x, y in ((120, 80), (420, 80), (420, 280)):
        await drawing.click(position={"x": x, "y": y})
    await expect(page.locator(CORNERS)).to_have_count(3)
    before = await ring_of(page)
    assert len(before) == 4
    assert before[0] == before[-1]
    await page.get_by_role("button", name="Undo").click()
    await expect(page.locator(CORNERS)).to_have_count(2)
    assert await ring_of(page) == []
    await drawing.click(position={"x": 420, "y": 280})
    assert await ring_of(page) == before
    assert await axe_violations(page) == []


async def test_the_keyboard_is_enough_to_draw_a_zone(open_page: OpenPage, server: Server) -> None:
    page = await open_map(open_page, server, phone=True)
    add = page.get_by_role("button", name="Add a corner")
    for _ in range(3):
        await add.focus()
        await page.keyboard.press("Enter")
    await expect(page.locator(CORNERS)).to_have_count(3)
    before = await ring_of(page)
    await page.locator(CORNERS).first.focus()
    await page.keyboard.press("Shift+ArrowUp")
    after = await ring_of(page)
    assert after[0][1] > before[0][1], "north is up"
    await page.keyboard.press("Delete")
    await expect(page.locator(CORNERS)).to_have_count(2)
    assert await axe_violations(page) == []
    assert await page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
