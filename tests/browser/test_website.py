"""The website in a real browser: what an owner sets is what guests see, on phones and desks."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from kitchenasty.content import THEMES
from tests.browser.conftest import OpenPage
from tests.browser.visitor import axe_violations, sign_in
from tests.server import Server

FITS = "() => document.documentElement.scrollWidth <= innerWidth"
PUT_ON = "(html, theme) => { html.dataset.theme = theme }"
HUE = "(look) => getComputedStyle(look).getPropertyValue('--hue')"


async def test_a_manager_brands_the_site_and_guests_see_it(
    open_page: OpenPage, server: Server
) -> None:
    """Beside the form it is seen before it is saved; afterwards it is put back as it was."""
    page = await open_page("/sign-in", reduced_motion="reduce")
    await sign_in(page, server.url, "manager")
    await page.goto("/admin/site/branding")
    look = page.locator("[data-look]").first
    await page.get_by_label("Name of the house or group").fill("The Blue Door")
    await expect(look.locator("[data-look-name]")).to_have_text("The Blue Door")
    await page.locator("[name=primary]").fill("#205f9e")
    await expect(page.get_by_label("Use colours of our own")).to_be_checked()
    await page.locator("[data-branding][data-shown]").wait_for()
    assert (await look.evaluate(HUE)).startswith("251")
    await page.get_by_role("button", name="Save the branding").click()
    await expect(page.get_by_text("Saved. Every page shows it")).to_be_visible()
    guest = await open_page("/")
    await expect(guest.locator("header .brand")).to_have_text("The Blue Door")
    assert (await guest.locator("html").evaluate(HUE)).startswith("251")
    await put_back(page)
    await guest.reload()
    await expect(guest.locator("header .brand")).to_have_text("Juniper & Rye")


async def put_back(page: Page) -> None:
    await page.get_by_label("Name of the house or group").fill("Juniper & Rye")
    await page.get_by_label("Use colours of our own").uncheck()
    await page.get_by_role("radio", name="Classic").check()
    await page.get_by_role("button", name="Save the branding").click()
    await expect(page.get_by_text("Saved. Every page shows it")).to_be_visible()


@pytest.mark.parametrize("phone", [True, False])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_theme_is_sound(open_page: OpenPage, scheme: str, *, phone: bool) -> None:
    """All ten on the front, where most parts are; the theme is put on by hand, which is what the
    server does. About 8 seconds.
    """
    page = await open_page("/", phone=phone, color_scheme=scheme, reduced_motion="reduce")
    for theme in THEMES:
        await page.locator("html").evaluate(PUT_ON, theme)
        assert await axe_violations(page) == [], theme
        assert await page.evaluate(FITS), theme
