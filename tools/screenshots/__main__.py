"""Start `kitchenasty demo` on an empty folder, walk through an order, and keep what is seen."""

import asyncio
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

from kitchenasty.demo.people import PASSWORD
from kitchenasty.payments.tests.builders import running_twin
from tests.browser.newcomer import Newcomer
from tests.browser.suppers import PATIENCE_SECONDS, READY, SUPPER, said
from tests.server import Server

FOLDER = Path(__file__).parents[2] / "docs" / "users" / "pictures"
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 800}
QUALITY = 72
WAIT_MILLISECONDS = 30_000
HOUSE = "/at/mill-lane"
PLAIN_PAGES = {
    "office-guests": "/admin/guests",
    "office-menu": "/admin/menu",
    "office-categories": "/admin/menu/categories",
    "office-coupons": "/admin/coupons",
    "office-payments": "/admin/payments",
    "office-charges": "/admin/charges",
    "office-branding": "/admin/site/branding",
    "office-cookies": "/admin/site/cookies",
}
"""Pages of the office that are shown as they open."""
DISH = ".dish:not(.away):not(:has(form)) h3 a"


@dataclass(frozen=True)
class Camera:
    """A browser that looks at one server and writes what it sees."""

    browser: Browser
    url: str

    async def open(self, path: str, *, screen: ViewportSize, scheme: str = "light") -> Page:
        context = await self.browser.new_context(
            base_url=self.url,
            viewport=screen,
            color_scheme="dark" if scheme == "dark" else "light",
            reduced_motion="reduce",
            locale="en-GB",
        )
        context.set_default_timeout(WAIT_MILLISECONDS)
        page = await context.new_page()
        await page.goto(path)
        return page

    async def keep(self, page: Page, name: str) -> None:
        """Write what the window shows, once its pictures and letters have come."""
        await page.wait_for_load_state("load")
        await page.evaluate("document.fonts.ready.then(() => true)")
        target = FOLDER / f"{name}.jpg"
        await page.screenshot(path=target, type="jpeg", quality=QUALITY, animations="disabled")
        sys.stdout.write(f"{target.name}: {target.stat().st_size:,} bytes\n")


async def show_guest(camera: Camera) -> None:
    """From the menu to the page that follows an order; the kitchen has something to do then."""
    desk = await camera.open(HOUSE, screen=DESK)
    await camera.keep(desk, "menu-desk")
    dark = await camera.open(HOUSE, screen=PHONE, scheme="dark")
    await camera.keep(dark, "menu-phone-dark")
    page = await camera.open(HOUSE, screen=PHONE)
    await camera.keep(page, "menu-phone")
    await page.locator(DISH).first.click()
    await page.locator(".buy [data-more]").wait_for()
    await camera.keep(page, "dish-phone")
    await page.goto(HOUSE)
    await page.locator("button.add").first.click()
    await page.locator("#cart-link .badge", has_text="1").wait_for()
    await page.goto(f"{HOUSE}/checkout")
    await page.fill("[name=name]", "Ada Guest")
    await page.fill("[name=phone]", "+353 1 555 0142")
    await camera.keep(page, "checkout-phone")
    await page.locator("#checkout aside button.main").click()
    await page.wait_for_url("**/t/**")
    await camera.keep(page, "tracking-phone")


async def show_staff(camera: Camera) -> None:
    """The board of the kitchen and the office's orders, as the owner sees them."""
    page = await camera.open("/sign-in", screen=DESK)
    await page.fill("[name=email]", "owner@demo.example")
    await page.fill("[name=password]", PASSWORD)
    await page.press("[name=password]", "Enter")
    await page.wait_for_url(lambda reached: "/sign-in" not in reached)
    await page.goto("/admin/orders")
    await camera.keep(page, "office-orders")
    await page.locator("main a[href^='/admin/orders/']").first.click()
    await page.wait_for_url("**/admin/orders/*")
    await camera.keep(page, "office-order")
    await page.goto("/admin/me")
    await camera.keep(page, "office-me")
    await page.goto("/kitchen")
    await page.get_by_role("main").get_by_role("link", name="Mill Lane").click()
    await page.locator("article").first.wait_for()
    await camera.keep(page, "kitchen-board")
    await show_settings(camera, page)
    await show_money_back(camera, page)
    await show_figures(camera, page)
    await show_tables(camera, page)
    await show_lists(camera, page)


async def show_lists(camera: Camera, page: Page) -> None:
    for name, path in PLAIN_PAGES.items():
        await page.goto(path)
        await camera.keep(page, name)


async def show_settings(camera: Camera, page: Page) -> None:
    """What the owner sets for all houses, for one, and where that one delivers."""
    await page.goto("/admin/settings/general")
    await camera.keep(page, "office-settings")
    await page.goto("/admin/houses")
    await page.get_by_role("main").get_by_role("link", name="Mill Lane").first.click()
    await page.wait_for_url("**/admin/houses/*")
    await camera.keep(page, "office-house")
    await page.goto("/admin/zones")
    await page.get_by_role("link", name="Check an address Juniper & Rye Mill Lane").click()
    await page.fill("[name=postalCode]", "D08 X2Y7")
    await page.press("[name=postalCode]", "Enter")
    await page.locator("#answer").wait_for()
    await page.locator("#place-map svg circle").first.wait_for()
    await camera.keep(page, "office-zones")


async def show_money_back(camera: Camera, page: Page) -> None:
    """What would go back of an order that was paid, and the paper of that order."""
    await page.goto("/admin/orders?state=DELIVERED")
    await page.locator(".office-number").nth(1).click()
    await page.wait_for_url("**/admin/orders/*")
    order = page.url
    await page.get_by_role("link", name="Give money back").click()
    await page.get_by_label("Everything that is left").check()
    await page.get_by_label("Why?").fill("It was cold.")
    await page.get_by_role("button", name="See what goes back").click()
    await page.get_by_role("heading", name="Where it goes").wait_for()
    await camera.keep(page, "office-refund")
    await page.goto(f"{order}/receipt")
    await camera.keep(page, "office-receipt")


async def show_figures(camera: Camera, page: Page) -> None:
    """What the demo took in its weeks."""
    await page.goto("/admin/reports?period=month")
    await page.locator(".chart").first.wait_for()
    await page.locator(".report-grid").first.scroll_into_view_if_needed()
    await camera.keep(page, "office-reports")
    await page.goto("/admin/till")
    await page.locator("main a[href^='/admin/till/']").first.click()
    await page.locator("[name=piece-5000]").fill("6")
    await page.locator("[name=piece-1000]").fill("7")
    await page.locator("[name=piece-200]").fill("12")
    await camera.keep(page, "office-till")


async def show_tables(camera: Camera, page: Page) -> None:
    """The day and the rooms of the house that never closes."""
    await page.goto("/admin/tables")
    if await page.get_by_role("link", name="Mill Lane").count():
        await page.get_by_role("link", name="Mill Lane").click()
    await page.locator(".timeline .bar").first.wait_for()
    await camera.keep(page, "office-tables")
    await page.get_by_role("link", name="Floor plan").click()
    await page.locator(".plan .standing").first.wait_for()
    await camera.keep(page, "office-plan")


async def show_first_day(browser: Browser) -> None:
    """The newcomer's walk on a server that knows nobody."""
    with tempfile.TemporaryDirectory() as folder, running_twin("stripe_twin") as stripe_url:
        environment = {"KITCHENASTY_STRIPE_API_BASE": stripe_url}
        server = Server(data=Path(folder), environment=environment)
        server.start()
        try:
            camera = Camera(browser, server.url)
            owner = await camera.open("/setup", screen=DESK)
            guest = await camera.open("/", screen=PHONE)
            await Newcomer(server, owner, guest, camera.keep).walk()
        finally:
            server.stop()


async def show_couriers(browser: Browser) -> None:
    """A supper that somebody ordered in the demo, as its guest and as the market see it."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(data=Path(folder), command="demo", words=("--couriers",))
        server.start()
        try:
            link = await asyncio.to_thread(said, server, SUPPER)
            guest = Camera(browser, server.url)
            market = Camera(browser, said(server, READY))
            page = await guest.open(link, screen=PHONE)
            await page.get_by_text("A courier will bring it.").scroll_into_view_if_needed()
            await guest.keep(page, "tracking-couriers-phone")
            seen = await market.open("/", screen=DESK)
            await seen.locator("#ground .leg").first.wait_for(state="attached")
            await market.keep(seen, "market-map")
            await expect(page.locator("#tracking[data-status=DELIVERED]")).to_be_visible(
                timeout=PATIENCE_SECONDS * 1_000
            )
            await seen.goto("/jobs?status=delivered")
            await seen.locator("tbody a").first.click()
            await seen.locator("#ground .leg.settled").first.wait_for(state="attached")
            await market.keep(seen, "market-job")
        finally:
            server.stop()


async def take_all(url: str) -> None:
    expect.set_options(timeout=WAIT_MILLISECONDS)
    async with async_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("chromium-browser")
        assert path, "Chromium is missing; `make test` installs it"
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        camera = Camera(browser, url)
        await show_guest(camera)
        await show_staff(camera)
        await show_first_day(browser)
        await show_couriers(browser)
        await browser.close()


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        server = Server(data=Path(folder), command="demo", words=("--no-couriers",))
        server.start()
        try:
            asyncio.run(take_all(server.url))
        finally:
            server.stop()


if __name__ == "__main__":
    main()
