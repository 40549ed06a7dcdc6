"""An owner sets the house, at a desk, on a phone, and with the keyboard alone. About 15 seconds."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.visitor import Complaints, axe_violations, sign_in
from tests.server import Server

QUESTIONS = "ask@juniper.example"
REFUSED = "400 .Bad Request"
FITS = "() => document.documentElement.scrollWidth <= innerWidth"


async def open_settings(open_page: OpenPage, server: Server, *, phone: bool = False) -> Page:
    page = await open_page("/sign-in", phone=phone, reduced_motion="reduce")
    await sign_in(page, server.url, "owner")
    await page.goto("/admin/settings")
    return page


async def forget_all(page: Page, group: str) -> None:
    """As it was before the journey, for those that come after it."""
    await page.goto(f"/admin/settings/{group}")
    for box in await page.get_by_label("Back to the default").all():
        await box.check()
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved.", exact=True)).to_be_visible()


async def test_an_owner_at_a_desk_says_where_questions_are_answered_and_guests_read_it(
    open_page: OpenPage, server: Server, complaints: dict[Page, Complaints]
) -> None:
    page = await open_settings(open_page, server)
    complaints[page].forgive(REFUSED)
    await page.get_by_role("main").get_by_role("link", name="General").click()
    field = page.get_by_label("Address for questions")
    await field.fill("nowhere")
    await page.get_by_role("button", name="Save").click()
    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(field).to_have_value("nowhere")
    assert await axe_violations(page) == []
    await field.fill(QUESTIONS)
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    try:
        guest = await open_page("/")
        await expect(guest.get_by_role("link", name=QUESTIONS)).to_be_visible()
        assert await axe_violations(guest) == []
    finally:
        await forget_all(page, "general")
    await guest.reload()
    await expect(guest.get_by_role("link", name=QUESTIONS)).to_have_count(0)


async def test_a_mail_server_is_changed_on_a_phone_only_with_its_password(
    open_page: OpenPage, server: Server, complaints: dict[Page, Complaints]
) -> None:
    page = await open_settings(open_page, server, phone=True)
    complaints[page].forgive(REFUSED)
    await page.get_by_role("main").get_by_role("link", name="Mail").click()
    typed = {
        "Mail server": "one.example",
        "User": "u",
        "Password": "seven green kettles",
        "Address of the sender": "hello@juniper.example",
    }
    for label, text in typed.items():
        await page.get_by_label(label).first.fill(text)
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    try:
        assert typed["Password"] not in await page.content()
        await page.get_by_label("Mail server").first.fill("two.example")
        await page.get_by_role("button", name="Save").click()
        refused = page.locator("#field-smtpPass")
        await expect(refused).to_have_attribute("aria-invalid", "true")
        await expect(page.locator("#problem-smtpPass")).to_contain_text("type it again")
        assert await axe_violations(page) == []
        assert await page.evaluate(FITS)
        await refused.fill("for the second one")
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    finally:
        await forget_all(page, "mail")


async def test_the_keyboard_is_enough_to_close_for_maintenance_and_to_open_again(
    open_page: OpenPage, server: Server
) -> None:
    page = await open_settings(open_page, server)
    await walk_to(page, "Advanced")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/admin/settings/advanced")
    try:
        await walk_to(page, "Closed for maintenance")
        await page.keyboard.press("Space")
        await walk_to(page, "What guests read meanwhile")
        await page.keyboard.type("New ovens until noon.")
        await walk_to(page, "Save")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
        calm = await page.request.get("/", headers={"cookie": ""})
        assert calm.status == 503
        assert "New ovens until noon." in await calm.text()
        await walk_to(page, "Closed for maintenance")
        await page.keyboard.press("Space")
        await walk_to(page, "Save")
        await page.keyboard.press("Enter")
        await expect(page.get_by_label("Closed for maintenance")).not_to_be_checked()
        assert (await page.request.get("/", headers={"cookie": ""})).status == 200
    finally:
        await forget_all(page, "advanced")


async def walk_to(page: Page, name: str) -> None:
    """Press Tab until what has the focus is called so."""
    for _ in range(80):
        await page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if await focused.count() and name in (await focused.aria_snapshot()):
            return
    raise AssertionError(f"Tab never came to {name}")
