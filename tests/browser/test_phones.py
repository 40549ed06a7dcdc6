"""Somebody presses the button, and their phone shows what happened: from the browser through the
server to a push service, and back into the worker of the browser.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser as Chromium
from playwright.async_api import BrowserContext, Page, expect

from kitchenasty import orders
from kitchenasty.push.tests.builders import HERE, Browser, PushService, push_service
from tests.browser.conftest import DESK, PHONE
from tests.browser.house import PATIENCE_MS, House, open_house
from tests.browser.visitor import axe_violations, tab_to, watch

pytestmark = pytest.mark.enable_socket
# A browser gets its address from the service of its maker, which no test may call. In its place
# stands one of ours; what the page, the worker and the server do with it is real.
SUBSCRIBE = """
(() => {
  const made = %s;
  const known = () => localStorage.getItem("test-key");
  const subscription = () => ({
    endpoint: made.endpoint,
    options: { applicationServerKey: Uint8Array.from(JSON.parse(known())).buffer },
    toJSON: () => ({ keys: { p256dh: made.publicKey, auth: made.authSecret } }),
    unsubscribe: async () => { localStorage.removeItem("test-key"); return true; },
  });
  PushManager.prototype.getSubscription = async () => (known() ? subscription() : null);
  PushManager.prototype.subscribe = async (options) => {
    localStorage.setItem("test-key", JSON.stringify([...options.applicationServerKey]));
    return subscription();
  };
})();
"""
SHOWN = """
async () => {
  const registration = await navigator.serviceWorker.getRegistration("/push/");
  return (await registration.getNotifications()).map((one) => [one.title, one.body, one.data.link]);
}
"""
PATIENCE_SECONDS = PATIENCE_MS / 1_000
TELL = "Tell me when it is ready"
STOP = "Don't tell me any more"


@pytest_asyncio.fixture(loop_scope="session")
async def service() -> AsyncIterator[PushService]:
    async with push_service() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """On a server that may call this machine, as it may call no other inside a network."""
    outgoing = {"KITCHENASTY_OUTGOING_NETWORKS": HERE}
    async with open_house(tmp_path / "house", environment=outgoing) as opened:
        yield opened


async def open_browser(
    chromium: Chromium, house: House, known: Browser, *, may_tell: bool = True, phone: bool = True
) -> BrowserContext:
    context = await chromium.new_context(
        base_url=house.server.url, viewport=PHONE if phone else DESK, reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE_MS)
    if may_tell:
        await context.grant_permissions(["notifications"], origin=house.server.url)
    await context.add_init_script(SUBSCRIBE % json.dumps(known.body))
    return context


async def deliver(page: Page, house: House, told: bytes) -> None:
    """What a push service does: the worker wakes, whether a page is open or not."""
    devtools = await page.context.new_cdp_session(page)
    found: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def note(event: dict[str, list[dict[str, str]]]) -> None:
        for one in event["registrations"]:
            if one["scopeURL"].endswith("/push/") and not found.done():
                found.set_result(one["registrationId"])

    devtools.on("ServiceWorker.workerRegistrationUpdated", note)
    await devtools.send("ServiceWorker.enable")
    registration = await asyncio.wait_for(found, PATIENCE_SECONDS)
    await devtools.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": house.server.url, "registrationId": registration, "data": told.decode()},
    )
    await devtools.detach()


async def test_a_guest_presses_the_button_and_the_phone_shows_that_it_is_ready(
    browser: Chromium, house: House, service: PushService
) -> None:
    placed, known = await house.place(), service.browser("ada")
    context = await open_browser(browser, house, known)
    complaints = await watch(context)
    page = await context.new_page()
    await page.goto(f"/t/{placed.capability}")
    ask = page.get_by_role("button", name=TELL)
    await expect(ask).to_be_visible()
    assert await axe_violations(page) == []
    await page.wait_for_load_state("load")
    await tab_to(page, ask)
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("This phone will tell you")).to_be_visible()
    await expect(page.get_by_role("button", name=STOP)).to_be_focused()
    assert await axe_violations(page) == []

    await page.reload()
    await expect(page.get_by_role("button", name=STOP)).to_be_visible()
    await expect(page.get_by_role("button", name=TELL)).to_be_hidden()

    await house.move(placed.id, *orders.FORWARD[orders.OrderType.PICKUP][1:4])
    got = await service.first()
    told = known.open(got.body)
    assert told["body"] == "Your order is ready."
    await deliver(page, house, known.decrypt(got.body))
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (shown := await page.evaluate(SHOWN)):
            await page.wait_for_timeout(50)
    assert shown == [[told["title"], "Your order is ready.", told["link"]]]

    await page.get_by_role("button", name=STOP).click()
    await expect(page.get_by_text("You are not told any more.")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("button", name=TELL)).to_be_visible()
    assert complaints.left() == []
    await context.close()


async def test_who_does_not_let_us_is_told_so_and_nothing_is_kept(
    browser: Chromium, house: House, service: PushService
) -> None:
    placed, known = await house.place(), service.browser("ben")
    context = await open_browser(browser, house, known, may_tell=False)
    page = await context.new_page()
    await page.goto(f"/t/{placed.capability}")
    await page.get_by_role("button", name=TELL).click()
    await expect(page.get_by_text("Your browser does not let us tell you.")).to_be_visible()
    assert await axe_violations(page) == []
    await expect(page.get_by_role("button", name=TELL)).to_be_visible()
    assert await page.evaluate("navigator.serviceWorker.getRegistrations()") == []
    await context.close()


async def test_a_cook_is_told_of_new_orders_on_their_own_page(
    browser: Chromium, house: House, service: PushService
) -> None:
    known = service.browser("cook")
    context = await house.let_in(await open_browser(browser, house, known, phone=False))
    complaints = await watch(context)
    page = await context.new_page()
    await page.goto("/admin/me")
    button = page.get_by_role("button", name="Tell me of new orders")
    await button.click()
    await expect(page.get_by_text("This phone will tell you")).to_be_visible()
    assert await axe_violations(page) == []
    placed = await house.place()
    told = known.open((await service.first()).body)
    assert told["title"] == f"New order {placed.order.number}"
    assert complaints.left() == []
    await context.close()


async def test_without_script_the_page_says_nothing_of_it(browser: Chromium, house: House) -> None:
    placed = await house.place()
    context = await browser.new_context(base_url=house.server.url, java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"/t/{placed.capability}")
    await expect(page.get_by_role("button", name=TELL)).to_be_hidden()
    await context.close()
