"""A guest pays by card on the provider's page: declined, paid, back again, with and without script;
then a manager gives a part of it back.

The provider is a twin of Stripe, in a process of its own.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from basis.ids import new_code
from kitchenasty import settings, staff
from kitchenasty.kit.identity.sessions import SessionKind, open_session
from kitchenasty.kit.principals import Kind, Role
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.payments import PAYMENT
from kitchenasty.payments.tests.builders import DECLINED, GOOD, running_twin
from tests.browser.conftest import PHONE
from tests.browser.house import PATIENCE_MS, House, open_house
from tests.browser.visitor import Complaints, axe_violations, watch
from tests.reliability.shop import pause

HERE = "/at/mill-lane"
LOOKS_MAX = 120


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
async def test_declined_then_paid_and_a_part_given_back(
    browser: Browser, house: House, stripe_url: str, *, script: bool
) -> None:
    page, complaints = await open_phone(browser, house, script=script)
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
    if script:
        await give_a_part_back(browser, house)
        assert await money_at(stripe_url) == [(1_250, 500)]
        await page.reload()
        await expect(page.get_by_role("article")).to_contain_text("€5.00")
    assert complaints.left() == []
    await page.context.close()


async def open_phone(browser: Browser, house: House, *, script: bool) -> tuple[Page, Complaints]:
    context = await browser.new_context(
        base_url=house.server.url, viewport=PHONE, java_script_enabled=script
    )
    context.set_default_timeout(PATIENCE_MS)
    complaints = await watch(context)
    complaints.forgive("favicon")  # the twin has none
    return await context.new_page(), complaints


async def give_a_part_back(browser: Browser, house: House) -> None:
    """The manager finds the order, sees what would go back to the card, and confirms."""
    context = await browser.new_context(base_url=house.server.url)
    context.set_default_timeout(PATIENCE_MS)
    complaints = await watch(context)
    token = await open_office(house)
    await context.add_cookies([{"name": "session", "value": token, "url": house.server.url}])
    page = await context.new_page()
    await page.goto("/admin/orders")
    await page.locator(".office-number").first.click()
    await page.get_by_role("link", name="Give money back").click()
    await page.get_by_role("radio", name="An amount").check()
    await page.get_by_label("How much").fill("5")
    await page.get_by_label("Why?").fill("It was cold.")
    await page.get_by_role("button", name="See what goes back").click()
    await expect(page.get_by_role("main")).to_contain_text("To the card, by Stripe")
    await page.get_by_role("button", name="Give €5.00 back").click()
    await expect(page.locator(".notice.ok")).to_contain_text("€5.00 given back.")
    for _ in range(LOOKS_MAX):
        await page.reload()
        if not await page.get_by_text("on its way").count():
            break
        await pause(0.25)
    await expect(page.get_by_text("on its way")).to_have_count(0)
    assert complaints.left() == []
    await context.close()


async def open_office(house: House) -> str:
    """The session of a manager of all houses."""
    newcomer = staff.NewMember(
        email=f"{new_code(8).lower()}@house.example", name="Mara", role=Role.MANAGER
    )
    async with house.books.writing() as uow:
        manager = await staff.add_member(uow, newcomer, password_hash="none")
        return await open_session(
            uow, kind=SessionKind.PAGE, subject_kind=Kind.STAFF, subject_id=manager.id
        )


async def money_at(stripe_url: str) -> list[tuple[int, int]]:
    """Of each charge, what was taken and what went back."""
    async with httpx.AsyncClient() as client:
        charges = (await client.get(f"{stripe_url}/_books")).json()["charges"]
    return [(one["amount"], one["refunded"]) for one in charges]
