"""A manager puts the menu in order and chooses pictures: by keyboard, by hand, without script."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.visitor import Complaints, axe_violations, sign_in
from tests.server import Server

TREE = "/admin/menu/categories"
FITS = "() => document.documentElement.scrollWidth <= innerWidth"
LINES = "ol[data-order=shelf-top] > li"


async def open_office(
    open_page: OpenPage, server: Server, path: str, *, phone: bool = False, **options: object
) -> Page:
    page = await open_page("/sign-in", phone=phone, reduced_motion="reduce", **options)
    await sign_in(page, server.url, "manager")
    await page.goto(path)
    return page


async def names_of(page: Page) -> list[str]:
    found = await page.locator(LINES).evaluate_all("lines => lines.map(one => one.dataset.name)")
    return [str(name) for name in found]


async def take_back(page: Page, before: list[str]) -> None:
    async with page.expect_navigation():
        await page.get_by_role("button", name="Take it back").click()
    assert await names_of(page) == before


async def test_alt_and_the_arrows_move_a_category_and_say_where_it_is(
    open_page: OpenPage, server: Server
) -> None:
    page = await open_office(open_page, server, TREE)
    before = await names_of(page)
    first, second = before[:2]
    await page.get_by_role("link", name=first, exact=True).focus()
    async with page.expect_response("**/admin/menu/order") as answered:
        await page.keyboard.press("Alt+ArrowDown")
        said = page.locator("[data-order-said]")
        await expect(said).to_have_text(f"{first} is now number 2 of {len(before)}.")
    assert (await answered.value).ok
    await expect(page.get_by_role("button", name="Take it back")).to_be_visible()
    assert await page.evaluate("document.activeElement.textContent") == first
    await page.reload()
    assert (await names_of(page))[:2] == [second, first]
    # The way back is for whoever did it; a page opened anew moves it by its button.
    async with page.expect_response("**/admin/menu/order"):
        await page.get_by_role("button", name=f"Move {first} up", exact=True).press("Enter")
    await page.reload()
    assert await names_of(page) == before


@pytest.mark.parametrize("phone", [True, False])
async def test_a_line_is_dragged_by_its_grip(
    open_page: OpenPage, server: Server, *, phone: bool
) -> None:
    page = await open_office(open_page, server, TREE, phone=phone)
    before = await names_of(page)
    third, top = [await page.locator(LINES).nth(at).bounding_box() for at in (2, 0)]
    assert third is not None
    assert top is not None
    grip = page.locator(LINES).nth(2).locator("[data-grip]").first
    async with page.expect_response("**/admin/menu/order") as answered:
        await grip.hover()
        await page.mouse.down()
        await page.mouse.move(third["x"] + 30, third["y"] - 10, steps=3)
        await page.mouse.move(top["x"] + 30, top["y"] + 2, steps=5)
        await page.mouse.up()
    assert (await answered.value).ok
    wanted = [before[2], *before[:2], *before[3:]]
    assert await names_of(page) == wanted
    await expect(page.get_by_role("button", name="Take it back")).to_be_visible()
    await take_back(page, before)


async def test_whoever_was_slower_is_told_and_sees_the_list_again(
    open_page: OpenPage, server: Server, complaints: dict[Page, Complaints]
) -> None:
    page = await open_office(open_page, server, TREE)
    complaints[page].forgive("409")
    before = await names_of(page)
    other = await page.context.new_page()
    await other.goto(TREE)
    async with other.expect_response("**/admin/menu/order"):
        await other.get_by_role("button", name=f"Move {before[0]} down", exact=True).click()
    async with page.expect_response("**/admin/menu/order"):
        await page.get_by_role("button", name=f"Move {before[3]} up", exact=True).click()
    await expect(page.get_by_role("alert")).to_contain_text("Somebody has changed this list")
    assert await names_of(page) == before, "as it was, and not half of it"
    await page.get_by_role("link", name="Show it as it stands").click()
    await page.wait_for_load_state()
    assert await names_of(page) == [before[1], before[0], *before[2:]]
    await take_back(other, before)


async def test_without_script_each_line_has_its_buttons(
    open_page: OpenPage, server: Server
) -> None:
    page = await open_office(open_page, server, TREE, phone=True, javascript=False)
    names = await page.locator(LINES).locator("> .order-line .order-name").all_inner_texts()
    await page.get_by_role("button", name=f"Move {names[0]} down", exact=True).click()
    await expect(page.locator(LINES).first).to_contain_text(names[1])
    await page.get_by_role("button", name="Take it back").click()
    await expect(page.locator(LINES).first).to_contain_text(names[0])


@pytest.mark.parametrize("phone", [True, False])
async def test_the_keyboard_chooses_a_picture_of_the_library(
    open_page: OpenPage, server: Server, *, phone: bool
) -> None:
    page = await open_office(open_page, server, TREE, phone=phone)
    await page.get_by_role("link", name="Sides", exact=True).press("Enter")
    await page.get_by_role("link", name="Choose a picture").press("Enter")
    pictures = page.locator("[data-picker] button")
    await pictures.first.wait_for()
    await page.wait_for_load_state("load")  # the script listens then
    await pictures.first.focus()
    await page.keyboard.press("ArrowRight")
    await expect(pictures.nth(1)).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("img", name="The picture of Sides")).to_be_visible()
    await page.get_by_role("link", name="Another picture").press("Enter")
    await expect(pictures.nth(1)).to_have_attribute("aria-pressed", "true")
    await page.go_back()
    await page.get_by_role("button", name="Take it away").press("Enter")
    await expect(page.get_by_text("It has no picture yet.")).to_be_visible()


@pytest.mark.parametrize("phone", [True, False])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_new_pages_of_the_menu_are_sound(
    open_page: OpenPage, server: Server, scheme: str, *, phone: bool
) -> None:
    page = await open_office(open_page, server, TREE, phone=phone, color_scheme=scheme)
    category = await page.get_by_role("link", name="Breakfast", exact=True).get_attribute("href")
    await page.goto("/admin/menu/mealtimes")
    mealtime = await page.locator(".office-number").first.get_attribute("href")
    await page.goto("/admin/houses")
    for path in (
        TREE, f"{TREE}/new", "/admin/menu/import", category, f"{category}/pictures",
        "/admin/menu/mealtimes", mealtime, "/admin/menu/mealtimes/new", "/admin/menu/allergens",
    ):  # fmt: skip
        await page.goto(str(path))
        assert await axe_violations(page) == [], path
        assert await page.evaluate(FITS), path
