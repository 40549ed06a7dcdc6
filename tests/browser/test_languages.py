"""The house in German: every page whole, nothing sticks out, and the choice is kept."""

import pytest
from playwright.async_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.visitor import axe_violations, sign_in
from tests.server import Server

FOR_GUESTS = (
    "/",
    "/locations",
    "/at/mill-lane",
    "/at/mill-lane?q=zzzz",
    "/at/mill-lane/dish/mill-burger",
    "/at/mill-lane/cart",
    "/sign-in",
)
FOR_STAFF = ("/admin", "/admin/orders", "/admin/staff", "/admin/me", "/kitchen")
WIDTH_OVER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


async def check(page: Page, path: str) -> None:
    await page.goto(path)
    assert await page.get_attribute("html", "lang") == "de", path
    assert await page.evaluate(f"() => {WIDTH_OVER}") <= 0, f"{path} is wider than the screen"
    assert await axe_violations(page) == [], path


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_german_pages_for_guests_fit_a_phone_and_axe(
    open_page: OpenPage, scheme: str
) -> None:
    page = await open_page(phone=True, locale="de-DE", color_scheme=scheme)
    for path in FOR_GUESTS:
        await check(page, path)


async def test_german_pages_for_staff_fit_a_phone_and_axe(
    open_page: OpenPage, server: Server
) -> None:
    page = await open_page("/sign-in", phone=True, locale="de-DE")
    await sign_in(page, server.url, "owner")
    for path in FOR_STAFF:
        await check(page, path)
    await page.goto("/admin/orders")
    await page.locator(".office-number").first.click()
    await check(page, page.url)


@pytest.mark.parametrize("javascript", [True, False])
async def test_a_guest_changes_the_language_in_the_footer(
    open_page: OpenPage, javascript: bool
) -> None:
    page = await open_page("/at/mill-lane", locale="en-GB", javascript=javascript)
    await page.get_by_role("button", name="Deutsch").click()
    await page.get_by_role("searchbox", name="Gericht suchen").wait_for()
    assert page.url.endswith("/at/mill-lane")
    await page.goto("/")
    assert await page.get_attribute("html", "lang") == "de"
    await page.get_by_role("button", name="English").click()
    await page.locator("html[lang=en]").wait_for(state="attached")


async def test_no_page_is_wider_than_320_pixels(open_page: OpenPage) -> None:
    """WCAG 1.4.10: a small phone, or 400 % on a desk."""
    page = await open_page(locale="de-DE")
    await page.set_viewport_size({"width": 320, "height": 640})
    for path in FOR_GUESTS:
        await page.goto(path)
        assert await page.evaluate(f"() => {WIDTH_OVER}") <= 0, path
