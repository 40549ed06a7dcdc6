"""Staff and their safety, as an owner, a manager and a cook meet it: phone, desk, keyboard."""

import base64
import re
from datetime import UTC, datetime

from playwright.async_api import Locator, Page, ViewportSize, expect

from basis.ids import new_code
from kitchenasty.kit.identity import totp
from tests.browser.conftest import OpenPage
from tests.browser.visitor import axe_violations, sign_in
from tests.server import Server

PASSWORD = "three patient copper pans"
WIDE: ViewportSize = {"width": 1440, "height": 900}
FITS = "() => document.documentElement.scrollWidth <= innerWidth"
TABS_MAX = 40


async def check(page: Page) -> None:
    assert await axe_violations(page) == [], page.url
    assert await page.evaluate(FITS), f"{page.url} is wider than the screen"


async def invite(owner: Page, email: str) -> str:
    """The link that the owner hands over, since the demo sends no letters."""
    await owner.goto("/admin/staff")
    await owner.locator("main [name=email]").fill(email)
    await owner.locator("main [name=name]").fill("Mira Cook")
    await owner.locator("main [name=house]").select_option(index=1)
    await owner.get_by_role("button", name="Invite", exact=True).click()
    link = owner.get_by_role("link", name=f"Link for {email}")
    await check(owner)
    return str(await link.get_attribute("href"))


async def join(cook: Page, path: str) -> None:
    await cook.goto(path)
    await cook.locator("[name=name]").fill("Mira Cook")
    await cook.locator("[name=password]").fill(PASSWORD)
    await cook.locator("[name=password]").press("Enter")
    await cook.wait_for_url("**/admin")


async def set_up_phone(cook: Page) -> bytes:
    """Scan what is shown; the secret."""
    await cook.get_by_role("link", name="Mira Cook").first.click()
    await check(cook)
    await cook.get_by_role("link", name="Set up a second factor").click()
    await cook.get_by_label("Your password").fill(PASSWORD)
    await cook.get_by_role("button", name="Begin").click()
    await check(cook)
    typed = (await cook.locator(".office-secret").inner_text()).replace(" ", "")
    secret = base64.b32decode(typed + "=" * (-len(typed) % 8))
    await cook.get_by_label("The six digits that it shows").fill(code_now(secret))
    await cook.get_by_role("button", name="Switch it on").click()
    await expect(cook.locator(".office-codes li")).to_have_count(10)
    await check(cook)
    return secret


def code_now(secret: bytes, *, ahead: int = 0) -> str:
    return totp.code_at(secret, totp.step_of(datetime.now(UTC)) + ahead)


async def reach(page: Page, wanted: Locator) -> None:
    """With the tab key alone."""
    for _ in range(TABS_MAX):
        if await wanted.evaluate("one => one === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} cannot be reached with the keyboard")


async def sign_in_by_keyboard(page: Page, email: str, secret: bytes) -> None:
    """The code one step ahead: the one of this moment was used to set the phone up."""
    await page.goto("/sign-in")
    await reach(page, page.get_by_label("E-mail"))
    await page.keyboard.type(email)
    await page.keyboard.press("Tab")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Code")).to_be_focused()
    await check(page)
    await page.keyboard.type(code_now(secret, ahead=1))
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/admin")


async def test_a_cook_is_invited_sets_up_a_phone_and_is_signed_out_by_the_owner(
    open_page: OpenPage, server: Server
) -> None:
    owner = await open_page("/sign-in", reduced_motion="reduce")
    await owner.set_viewport_size(WIDE)
    await sign_in(owner, server.url, "owner")
    email = f"mira.{new_code(6).lower()}@demo.example"
    path = await invite(owner, email)

    cook = await open_page("/sign-in", phone=True, reduced_motion="reduce")
    await join(cook, path)
    secret = await set_up_phone(cook)
    await cook.get_by_role("link", name="I have kept them").click()
    await cook.get_by_role("button", name="Sign out", exact=True).click()
    await cook.wait_for_url("**/sign-in")
    await sign_in_by_keyboard(cook, email, secret)

    await owner.goto("/admin/staff")
    row = owner.get_by_role("row", name=re.compile(re.escape(email)))
    await row.get_by_role("link", name="Mira Cook").click()
    await expect(owner.get_by_role("heading", name="Works in")).to_be_visible()
    await check(owner)
    await owner.get_by_role("button", name="Sign out everywhere").click()
    await expect(owner.get_by_text("Signed out there.")).to_be_visible()
    await cook.goto("/admin")
    await cook.wait_for_url("**/sign-in?**")


async def test_a_manager_sees_who_works_there_and_where_they_are_signed_in_themselves(
    open_page: OpenPage, server: Server
) -> None:
    manager = await open_page("/sign-in", phone=True, reduced_motion="reduce")
    await sign_in(manager, server.url, "manager")
    await manager.goto("/admin/staff")
    await manager.locator("main table a[href^='/admin/staff/']").first.click()
    await expect(manager.get_by_role("heading", name="Works in")).to_be_visible()
    await expect(manager.get_by_role("heading", name="Signed in")).to_have_count(0)
    await check(manager)
    await manager.goto("/admin/me")
    await expect(manager.get_by_text("This one")).to_be_visible()
    await check(manager)
