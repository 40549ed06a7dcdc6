"""The website in a real browser: what an owner sets is what guests see, on phones and desks."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Page, expect

from kitchenasty.content import THEMES
from tests.browser.conftest import OpenPage
from tests.browser.visitor import Complaints, axe_violations, sign_in
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


async def test_a_gallery_is_hung_and_looked_at_with_keys_alone(
    open_page: OpenPage, server: Server, tmp_path: Path
) -> None:
    """In the office a picture is uploaded and hung; guests open it, step on and close it."""
    names = [tmp_path / f"{colour}.png" for colour in ("teal", "tomato")]
    for name in names:
        Image.new("RGB", (900, 600), name.stem).save(name)
    page = await open_page("/sign-in", reduced_motion="reduce")
    await sign_in(page, server.url, "manager")
    for name in names:
        await page.goto("/admin/site/gallery")
        await page.locator("[name=file]").set_input_files(name)
        await page.get_by_label("What is to be seen").first.fill(f"A {name.stem} wall")
        await page.get_by_role("button", name="Hang it").click()
        await expect(page.get_by_text("Saved. Every page shows it")).to_be_visible()
    guest = await open_page("/", phone=True, reduced_motion="reduce")
    await guest.get_by_role("link", name="Gallery").click()
    assert await axe_violations(guest) == []
    assert await guest.evaluate(FITS)
    await guest.get_by_role("link", name="A teal wall").focus()
    await guest.keyboard.press("Enter")
    box = guest.get_by_role("dialog")
    await expect(box.get_by_role("img", name="A teal wall")).to_be_visible()
    await guest.keyboard.press("ArrowRight")
    await expect(box.get_by_role("img", name="A teal wall")).to_have_count(0)
    await guest.keyboard.press("Escape")
    await expect(box).to_be_hidden()
    plain = await open_page("/gallery?category=food", javascript=False)
    await expect(plain.get_by_role("link", name="A teal wall")).to_be_visible()


async def test_pages_of_law_are_written_compared_and_linked(
    open_page: OpenPage, server: Server
) -> None:
    page = await open_page("/sign-in", phone=True, color_scheme="dark", reduced_motion="reduce")
    await sign_in(page, server.url, "manager")
    for words in ("# Who\n\nWe, **Rye**.", "# Who\n\nWe, **Rye & Sons**."):
        await page.goto("/admin/site/legal/house-rules")
        await page.get_by_label("Title").fill("House rules")
        await page.get_by_label("Text", exact=True).fill(words)
        await page.get_by_role("button", name="Save as a new version").click()
        await expect(page.get_by_text("Saved. Every page shows it")).to_be_visible()
    await page.get_by_role("link", name="Compare with version 1").click()
    await expect(page.locator("ins")).to_have_text("+ We, **Rye & Sons**.")
    assert await axe_violations(page) == []
    assert await page.evaluate(FITS)
    guest = await open_page("/", javascript=False)
    await guest.get_by_role("link", name="House rules").click()
    await expect(guest.get_by_role("heading", name="Who")).to_be_visible()
    await expect(guest.locator("strong")).to_have_text("Rye & Sons")


async def test_pictures_are_dropped_into_the_library(
    open_page: OpenPage,
    server: Server,
    tmp_path: Path,
    complaints: dict[Page, Complaints],
) -> None:
    page = await open_page("/sign-in", reduced_motion="reduce")
    complaints[page].forgive("400")
    await sign_in(page, server.url, "manager")
    good, bad = tmp_path / "good.png", tmp_path / "bad.png"
    Image.new("RGB", (400, 300), "gold").save(good)
    bad.write_bytes(b"<svg onload=alert(1)>")
    await page.goto("/admin/site/pictures")
    await page.locator("[name=files]").set_input_files([good, bad])
    await page.get_by_role("button", name="Upload").click()
    await expect(page.get_by_text("no JPEG, PNG or WebP")).to_be_visible()
    await page.goto("/admin/site/pictures?q=good")
    await expect(page.get_by_text("good.png")).to_be_visible()
    assert await axe_violations(page) == []
