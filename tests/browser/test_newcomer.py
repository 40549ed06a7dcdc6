"""The newcomer's walk: an empty database, and a few minutes later two paid orders, one in cash and
one online. 30 s.
"""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Browser, Page, expect

from kitchenasty.payments.tests.builders import running_twin
from tests.browser.conftest import DESK, PHONE, WAIT_MILLISECONDS
from tests.browser.newcomer import Newcomer
from tests.browser.visitor import axe_violations, watch
from tests.server import Server


async def test_a_newcomer_gets_from_nothing_to_a_paid_order_through_pages_alone(
    browser: Browser, tmp_path: Path
) -> None:
    with running_twin("stripe_twin") as stripe_url:
        environment = {"KITCHENASTY_STRIPE_API_BASE": stripe_url}
        server = Server(data=tmp_path / "fresh", command="serve", environment=environment)
        server.start()
        try:
            seen = await walk(browser, server)
        finally:
            server.stop()
    assert len(seen) == 10


async def walk(browser: Browser, server: Server) -> list[str]:
    """What was looked at on the way."""
    seen: list[str] = []

    async def look_at(page: Page, name: str) -> None:
        assert await axe_violations(page) == [], name
        seen.append(name)

    desk = await browser.new_context(base_url=server.url, viewport=DESK)
    phone = await browser.new_context(base_url=server.url, viewport=PHONE)
    complaints = [await watch(desk), await watch(phone)]
    complaints[1].forgive("favicon")  # the twin of the provider has none
    for context in (desk, phone):
        context.set_default_timeout(WAIT_MILLISECONDS)
    guest = await phone.new_page()
    await Newcomer(server, await desk.new_page(), guest, look_at).walk()
    await expect(guest.get_by_text("Picked up").first).to_be_visible()
    assert [text for heard in complaints for text in heard.left()] == []
    await desk.close()
    await phone.close()
    return seen
