"""The map of zones: drawn, moved, typed, asked, by pointer, touch, keyboard. About 30 seconds."""

from __future__ import annotations

import json

from playwright.async_api import Page, Route, expect

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


async def middle_of(page: Page) -> list[float]:
    """Latitude and longitude of a corner that is set in the middle of the map, which goes again."""
    await page.locator("#zone-map > svg").focus()
    await page.keyboard.press("Enter")
    typed = page.locator("#zone-numbers input")
    found = [float(await typed.nth(at).input_value()) for at in (-2, -1)]
    await page.get_by_role("button", name="Undo").click()
    return found


async def test_the_map_moves_by_keyboard_pointer_and_two_fingers(
    open_page: OpenPage, server: Server
) -> None:
    page = await open_map(open_page, server, phone=True)
    before = await middle_of(page)
    await page.keyboard.press("Tab")
    await page.locator("#zone-map > svg").focus()
    for key in ("ArrowUp", "ArrowRight", "+"):
        await page.keyboard.press(key)
    after = await middle_of(page)
    assert after[0] > before[0], "up is north"
    assert after[1] > before[1], "right is east"
    box = await page.locator("#zone-map > svg").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + 40, y, steps=4)
    await page.mouse.up()
    dragged = await middle_of(page)
    assert dragged[1] < after[1], "what is pulled to the right shows what lies west"
    await expect(page.locator(CORNERS)).to_have_count(0)
    far = await ring_radius(page)
    await pinch(page, x, y)
    assert await ring_radius(page) > far, "two fingers that part bring it nearer"
    await expect(page.locator(CORNERS)).to_have_count(0)


async def ring_radius(page: Page) -> float:
    """Of the ring of one kilometre, in pixels of the drawing."""
    label = page.locator("#zone-map text", has_text="1 km")
    ring = label.locator("xpath=preceding-sibling::*[1]")
    return float(await ring.get_attribute("r") or 0)


async def pinch(page: Page, x: float, y: float) -> None:
    cdp = await page.context.new_cdp_session(page)

    async def touch(kind: str, *across: float) -> None:
        points = [{"x": x + far, "y": y, "id": at} for at, far in enumerate(across)]
        await cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    await touch("touchStart", -20, 20)
    for far in (26, 32, 38):
        await touch("touchMove", -far, far)
    await touch("touchEnd")


async def test_corners_are_typed_as_numbers_and_drawn_as_they_are_typed(
    open_page: OpenPage, server: Server
) -> None:
    page = await open_map(open_page, server)
    for _ in range(3):
        await page.get_by_role("button", name="Add a corner").click()
    await page.get_by_text("Corners as numbers").click()
    latitude = page.get_by_label("Latitude of corner 2")
    before = await ring_of(page)
    await latitude.fill(f"{before[1][1] + 0.01:.6f}")
    await latitude.press("Enter")
    after = await ring_of(page)
    assert after[1] == [before[1][0], round(before[1][1] + 0.01, 6)]
    assert [after[0], after[2]] == [before[0], before[2]]
    await latitude.fill("north")
    await latitude.press("Tab")
    await expect(latitude).to_have_attribute("aria-invalid", "true")
    assert await ring_of(page) == after
    assert await axe_violations(page) == []
    await page.get_by_role("button", name="Take corner 1 away").click()
    await expect(page.locator(CORNERS)).to_have_count(2)


TILE = (
    b"<svg xmlns='http://www.w3.org/2000/svg' width='256' height='256'>"
    b"<rect width='256' height='256' fill='#cde'/></svg>"
)


async def test_tiles_of_the_named_service_lie_under_the_zones_and(
    open_page: OpenPage, server: Server
) -> None:
    page = await open_page("/sign-in", reduced_motion="reduce")
    await sign_in(page, server.url, "owner")
    await page.goto("/admin/settings/maps")
    await page.get_by_label("Address of the tiles").fill("https://tiles.example/{z}/{x}/{y}.svg")
    await page.get_by_label("Whose map it is").fill("© Mappers")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    asked: list[str] = []

    async def serve(route: Route) -> None:
        asked.append(route.request.url)
        await route.fulfill(body=TILE, content_type="image/svg+xml")

    await page.route("https://tiles.example/**", serve)
    try:
        await page.goto("/admin/zones")
        await page.get_by_role("link", name="Add a zone").first.click()
        tiles = page.locator("#zone-map image")
        await expect(tiles.first).to_be_visible()
        await expect(page.get_by_text("© Mappers")).to_be_visible()
        async with page.expect_request("https://tiles.example/**"):
            await page.get_by_role("button", name="Nearer").dblclick()
        assert asked
        assert all(len(url.split("/")) == 6 for url in asked)
        assert await axe_violations(page) == []
    finally:
        await page.unroute_all()
        await page.goto("/admin/settings/maps")
        for box in await page.get_by_label("Back to the default").all():
            await box.check()
        await page.get_by_role("button", name="Save").click()


async def test_a_place_is_picked_by_keyboard_and_answered(
    open_page: OpenPage, server: Server
) -> None:
    page = await open_page("/sign-in", phone=True, reduced_motion="reduce")
    await sign_in(page, server.url, "owner")
    await page.goto("/admin/zones")
    await page.get_by_role("link", name="Check an address").first.click()
    await page.wait_for_url("**/check")
    await page.wait_for_load_state("load")  # the script listens then
    await page.locator("#place-map > svg").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=2).first).to_be_visible()
    await expect(page.get_by_text("from the house")).to_be_visible()
    assert await axe_violations(page) == []
    assert await page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
