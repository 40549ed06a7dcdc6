"""A guest pays by card on the provider's page: declined, paid, back again, with and without script.

The provider is a twin of Stripe, in a process of its own.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from kitchenasty import settings
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.payments import PAYMENT
from kitchenasty.payments.tests.builders import DECLINED, GOOD, running_twin
from tests.browser.conftest import PHONE
from tests.browser.house import PATIENCE_MS, House, open_house
from tests.browser.visitor import axe_violations, watch

HERE = "/at/mill-lane"


@pytest.fixture(scope="module")
def stripe_url() -> Iterator[str]:
    with running_twin("stripe_twin") as url:
        yield url


@pytest_asyncio.fixture(loop_scope="session")
async def house(tmp_path: Path, stripe_url: str) -> AsyncIterator[House]:
    """A house that takes cards online, and cash."""
    environment = {
        "KITCHENASTY_STRIPE_API_BASE": stripe_url,
        "KITCHENASTY_STRIPE_SECRET_KEY": "sk_test_right0000000",
    }
    async with open_house(tmp_path / "house", environment=environment) as opened:
        async with opened.books.writing() as uow:
            await add_house(uow, slug="mill-lane")
            await add_dish(uow, name="Leek Tart", slug="tart", stock=20)
            await settings.change(uow, PAYMENT, {"stripeEnabled": True})
        yield opened


async def order_online(page: Page) -> None:
    """From the dish to our page with the ways of paying."""
    await page.goto(f"{HERE}/dish/tart")
    await page.locator("form[data-dish] button.main").click()
    await page.wait_for_url(f"**{HERE}/cart")
    await page.goto(f"{HERE}/checkout")
    await page.fill("[name=name]", "Ada Guest")
    await page.fill("[name=phone]", "030 1234567")
    await page.get_by_label("By card, now").check()
    await page.get_by_role("button", name="Order and pay").click()
    await page.wait_for_url(re.compile(r"/t/[^/]+/pay$"))


async def type_card(page: Page, card: str) -> None:
    await page.wait_for_url(re.compile(r"/pay/cs_"))
    await page.get_by_label("Card").fill(card)
    await page.get_by_role("button", name="Pay").click()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
async def test_declined_then_paid_and_the_kitchen_has_it(
    browser: Browser, house: House, *, script: bool
) -> None:
    context = await browser.new_context(
        base_url=house.server.url, viewport=PHONE, java_script_enabled=script
    )
    context.set_default_timeout(PATIENCE_MS)
    complaints = await watch(context)
    complaints.forgive("favicon")  # the twin has none
    page = await context.new_page()
    await order_online(page)
    if script:
        assert await axe_violations(page) == []
    tracking = page.url.removesuffix("/pay")
    await page.goto(tracking)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Not paid yet")
    if script:
        assert await axe_violations(page) == []
    await page.get_by_role("link", name="Pay €12.50").click()

    await page.get_by_role("button", name="Pay by card").click()
    await type_card(page, DECLINED)
    await expect(page.get_by_role("alert")).to_have_text("Your card was declined.")
    await page.get_by_role("link", name="Back").click()
    await page.wait_for_url(re.compile(r"/t/[^/]+/pay$"))
    assert await house.statuses() == {}

    await page.get_by_role("button", name="Pay by card").click()
    await type_card(page, GOOD)
    await page.wait_for_url(tracking)
    await expect(page.get_by_role("heading", level=1)).to_have_text("We have your order")
    await expect(page.locator("#tracking")).to_contain_text("Paid. Thank you!")
    await page.get_by_role("link", name="Receipt").click()
    await expect(page.get_by_role("article")).to_contain_text("paid")
    assert complaints.left() == []
    await context.close()
