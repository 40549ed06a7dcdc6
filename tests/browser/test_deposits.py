"""A guest on a phone pays a deposit and has it back, or pays late; the house sees it and decides.

The provider is a twin of Stripe, in a process of its own.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, ViewportSize, expect

from basis.money import Money
from kitchenasty import (
    availability,
    deposits,
    locations,
    payments,
    reservation_terms,
    reservations,
    settings,
)
from kitchenasty.availability.tests.builders import WAITER, open_restaurant, wish
from kitchenasty.payments import PAYMENT
from kitchenasty.payments.tests.builders import GOOD, running_twin
from kitchenasty.reservation_terms import Ask, Terms
from kitchenasty.reservations.tests.builders import let_time_to_pay_run_out
from tests.browser.conftest import DESK, PHONE
from tests.browser.house import PATIENCE_MS, House, open_house
from tests.browser.test_paying import money_at, open_office
from tests.browser.visitor import axe_violations, watch
from tests.reliability.shop import pause

LOOKS_MAX = 120
TERMS = Terms(ask=Ask.DEPOSIT, ask_minor=1_000, ask_party=6)
ALREADY_LATE = 400
"""Hours before: more than there are until the day of these tests."""
LONG_LINES = "document.documentElement.scrollWidth - innerWidth"


@dataclass(frozen=True)
class Parlour:
    """A running house that asks eight people for 80 euros, and a day on which it is open."""

    house: House
    here: locations.House
    day: date

    async def ask(self, terms: Terms) -> None:
        async with self.house.books.writing() as uow:
            await reservation_terms.set_terms(uow, self.here.id, terms)

    async def give_away(self, reservation_id: str) -> None:
        """The time to pay runs out, and others take every table at that same moment."""
        async with self.house.books.writing(WAITER) as uow:
            await let_time_to_pay_run_out(uow, reservation_id)
            assert await deposits.lapse(uow, reservation_id)
            for table in await locations.list_tables(uow, self.here.id):
                wanted = wish(self.here, "19:00", 2, day=self.day, table_ids=(table.id,))
                plan = await availability.plan(uow, wanted)
                guest = reservations.Guest(name="Cy", phone="1")
                await reservations.book(uow, plan, guest, source=reservations.Source.STAFF)


@pytest.fixture
def stripe_url() -> Iterator[str]:
    with running_twin("stripe_twin") as url:
        yield url


@pytest_asyncio.fixture(loop_scope="session")
async def parlour(tmp_path: Path, stripe_url: str) -> AsyncIterator[Parlour]:
    environment = {
        "KITCHENASTY_STRIPE_API_BASE": stripe_url,
        "KITCHENASTY_STRIPE_SECRET_KEY": "sk_test_right0000000",
    }
    async with open_house(tmp_path / "house", environment=environment) as opened:
        here = await open_restaurant(opened.books)
        async with opened.books.writing() as uow:
            await settings.change(uow, PAYMENT, {"stripeEnabled": True})
            await reservation_terms.set_terms(uow, here.id, TERMS)
            today = availability.service_day(here.hours, uow.now)
        yield Parlour(opened, here, today + timedelta(days=10))


async def open_browser(
    browser: Browser, parlour: Parlour, size: ViewportSize, token: str = ""
) -> Page:
    context = await browser.new_context(base_url=parlour.house.server.url, viewport=size)
    context.set_default_timeout(PATIENCE_MS)
    complaints = await watch(context)
    complaints.forgive("favicon")  # the twin has none
    if token:
        url = parlour.house.server.url
        await context.add_cookies([{"name": "session", "value": token, "url": url}])
    return await context.new_page()


async def reserve(page: Page, parlour: Parlour, status: str = "Waiting for the deposit") -> str:
    """For eight, with the terms before the button; the address of the reservation's page."""
    day = parlour.day.isoformat()
    await page.goto(f"/at/{parlour.here.slug}/reserve?party=8&date={day}")
    await page.locator("label.chip", has_text="19:00").click()
    await page.get_by_label("Name").fill("Ada Guest")
    await page.get_by_label("Phone").fill("030 1234567")
    await expect(page.locator("#asked")).to_contain_text("for each guest: €80.00")
    await page.get_by_role("button", name="Reserve and go on to the payment").click()
    await page.wait_for_url(re.compile(r"/r/[^/]+$"))
    await expect(page.locator("h1 + [role=status]")).to_have_text(status)
    return page.url


async def is_good(page: Page) -> None:
    """Nothing that axe minds, and nothing wider than the screen."""
    assert await axe_violations(page) == []
    assert await page.evaluate(LONG_LINES) <= 0


async def begin_to_pay(page: Page) -> None:
    """To the page of the provider."""
    await page.get_by_role("link", name="Pay the deposit").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Deposit: €80.00")
    await is_good(page)
    await page.get_by_role("button", name="Pay by card").click()
    await page.wait_for_url(re.compile(r"/pay/cs_"))


async def pay(page: Page, there: str) -> None:
    await begin_to_pay(page)
    await page.get_by_label("Card").fill(GOOD)
    await page.get_by_role("button", name="Pay").click()
    await page.wait_for_url(there)
    await expect(page.locator("h1 + [role=status]")).to_have_text("Confirmed")


async def wait_until_it_is_back(page: Page) -> None:
    """Read again until the money has left for its guest."""
    for _ in range(LOOKS_MAX):
        await page.reload()
        is_here = await page.get_by_text("Given back").count()
        if is_here and not await page.get_by_text("on its way").count():
            return
        await pause(0.25)
    raise AssertionError("it did not go back")


async def test_a_guest_pays_cancels_in_time_and_sees_the_money_go_back(
    browser: Browser, parlour: Parlour, stripe_url: str
) -> None:
    page = await open_browser(browser, parlour, PHONE)
    there = await reserve(page, parlour)
    await is_good(page)
    await pay(page, there)
    await is_good(page)
    mine = page.get_by_role("region", name="deposit")
    await expect(mine).to_contain_text("€80.00")
    await expect(mine).to_contain_text("you get all of it back")
    await page.wait_for_load_state("load")
    await page.locator("summary", has_text="Cancel the reservation").click()
    await page.get_by_role("button", name="Cancel it").click()
    await expect(page.locator("h1 + [role=status]")).to_have_text("Cancelled")
    await wait_until_it_is_back(page)
    await is_good(page)
    assert await money_at(stripe_url) == [(8_000, 8_000)]
    await page.context.close()


async def pay_and_stay_away(page: Page, parlour: Parlour) -> tuple[str, str]:
    """Paid at the provider, and not yet back at the house; the reservation's page and its id."""
    there = await reserve(page, parlour)
    reservation_id = await page.locator("#reservation-now").get_attribute("data-reservation")
    assert reservation_id
    await begin_to_pay(page)
    paid = await page.request.post(page.url, form={"card": GOOD}, max_redirects=0)
    assert paid.status == 303
    return there, reservation_id


async def test_money_that_comes_too_late_goes_back_whole(
    browser: Browser, parlour: Parlour, stripe_url: str
) -> None:
    """The guest pays, and comes back when others have the table."""
    page = await open_browser(browser, parlour, PHONE)
    there, reservation_id = await pay_and_stay_away(page, parlour)
    await parlour.give_away(reservation_id)
    await page.goto(f"{there}/deposit/paid")
    await page.wait_for_url(there)
    await expect(page.locator("h1 + [role=status]")).to_have_text("Cancelled")
    await wait_until_it_is_back(page)
    await is_good(page)
    assert await money_at(stripe_url) == [(8_000, 8_000)]
    await page.context.close()


async def test_money_that_comes_late_has_the_table_while_it_is_free(
    browser: Browser, parlour: Parlour, stripe_url: str
) -> None:
    page = await open_browser(browser, parlour, PHONE)
    there, reservation_id = await pay_and_stay_away(page, parlour)
    async with parlour.house.books.writing() as uow:
        await let_time_to_pay_run_out(uow, reservation_id)
        assert await deposits.lapse(uow, reservation_id)
    await page.goto(f"{there}/deposit/paid")
    await page.wait_for_url(there)
    await expect(page.locator("h1 + [role=status]")).to_have_text("Confirmed")
    assert await money_at(stripe_url) == [(8_000, 0)]
    await page.context.close()


async def test_the_house_sees_what_is_paid_keeps_it_and_gives_a_part_back(
    browser: Browser, parlour: Parlour, stripe_url: str
) -> None:
    """Cancelled by the house, and late: what becomes of the money, only the house knows."""
    await parlour.ask(replace(TERMS, ask_notice_hours=ALREADY_LATE))
    guest = await open_browser(browser, parlour, PHONE)
    there = await reserve(guest, parlour)
    reservation_id = await guest.locator("#reservation-now").get_attribute("data-reservation")
    office = await open_browser(browser, parlour, DESK, await open_office(parlour.house))
    office.on("dialog", lambda dialog: dialog.accept())
    day = f"/admin/tables/{parlour.here.id}?day={parlour.day}"
    panel = f"{day}&party={reservation_id}"
    await office.goto(day)
    bar = office.locator(f"a.bar[data-party='{reservation_id}']").first
    await expect(bar).to_have_attribute("aria-label", re.compile("Waiting for the deposit"))
    await pay(guest, there)
    await office.goto(panel)
    await expect(bar).to_have_attribute("aria-label", re.compile("Deposit paid"))
    money = office.get_by_role("region", name="deposit")
    await expect(money).to_contain_text("Still the guest's")
    await is_good(office)
    await office.wait_for_load_state("load")
    await office.locator("summary.button.bad").click()
    await office.get_by_role("button", name="Cancel the reservation").click()
    await expect(office.locator(".notice.ok")).to_contain_text("Done.")
    await office.goto(panel)
    await office.wait_for_load_state("load")
    await money.get_by_role("button", name="Keep it").click()
    await expect(money).to_contain_text("Kept by the house")
    await office.wait_for_load_state("load")
    await money.locator("summary", has_text="Give money back").click()
    await money.get_by_label("Amount").fill("30")
    await money.get_by_role("button", name="Give back").click()
    await expect(office.locator(".notice.ok")).to_contain_text("Done.")
    await wait_until_it_is_back(office)
    await is_good(office)
    assert await money_at(stripe_url) == [(8_000, 3_000)]
    for page in (guest, office):
        await page.context.close()


async def take_another_sum(parlour: Parlour, reservation_id: str) -> None:
    """A provider says that it took 70 euros where 80 were asked for."""
    async with parlour.house.books.writing() as uow:
        asked = await reservations.hold_reservation(uow, reservation_id)
        assert asked.agreed is not None
        method = payments.PaymentMethod.STRIPE
        attempt = await deposits.open_attempt(uow, asked, method, asked.agreed.amount)
        taken = payments.IntentState.CAPTURED
        found = payments.Found(taken, charge_ref="pi_other", amount=Money(7_000, "EUR"))
        assert await deposits.settle(uow, attempt.id, found)


async def test_a_manager_says_what_another_sum_is(browser: Browser, parlour: Parlour) -> None:
    guest = await open_browser(browser, parlour, PHONE)
    await reserve(guest, parlour)
    reservation_id = await guest.locator("#reservation-now").get_attribute("data-reservation")
    await take_another_sum(parlour, str(reservation_id))
    await guest.reload()
    await expect(guest.locator("h1 + [role=status]")).to_have_text("Waiting for the deposit")
    mine = guest.get_by_role("region", name="deposit")
    await expect(mine).to_contain_text("Please do not pay again.")
    await expect(mine.get_by_role("link", name="Pay the deposit")).to_have_count(0)
    office = await open_browser(browser, parlour, DESK, await open_office(parlour.house))
    await office.goto(f"/admin/tables/{parlour.here.id}?day={parlour.day}")
    await office.locator(".notice a", has_text="Ada Guest").click()
    money = office.get_by_role("region", name="deposit")
    await expect(money).to_contain_text("€70.00 was taken instead of €80.00.")
    await is_good(office)
    await office.wait_for_load_state("load")
    await money.get_by_role("button", name="It is their deposit").click()
    await expect(office.locator(".notice.ok")).to_contain_text("Done.")
    await expect(money).to_contain_text("Still the guest's")
    await expect(money).not_to_contain_text("instead of")
    await guest.reload()
    await expect(guest.locator("h1 + [role=status]")).to_have_text("Confirmed")
    await expect(mine).to_contain_text("€70.00")
    for page in (guest, office):
        await page.context.close()


async def test_a_card_is_left_charged_by_a_press_and_the_guest_sees_it(
    browser: Browser, parlour: Parlour, stripe_url: str
) -> None:
    await parlour.ask(replace(TERMS, ask=Ask.CARD, ask_notice_hours=ALREADY_LATE))
    guest = await open_browser(browser, parlour, PHONE)
    there = await reserve(guest, parlour, "Waiting for your card")
    await leave_card(guest, there)
    assert await money_at(stripe_url) == []
    await guest.wait_for_load_state("load")
    await guest.locator("summary", has_text="Cancel the reservation").click()
    await expect(guest.locator("#cancel")).to_contain_text("may charge your card €80.00")
    await guest.get_by_role("button", name="Cancel it").click()
    await expect(guest.locator("h1 + [role=status]")).to_have_text("Cancelled")
    reservation_id = await guest.locator("#reservation-now").get_attribute("data-reservation")
    await charge(browser, parlour, str(reservation_id))
    assert await money_at(stripe_url) == [(8_000, 0)]
    await guest.reload()
    await expect(guest.get_by_role("region", name="Your card")).to_contain_text("Fee charged")
    await is_good(guest)
    await guest.context.close()


async def leave_card(guest: Page, there: str) -> None:
    await is_good(guest)
    await guest.get_by_role("link", name="Leave a card").click()
    await expect(guest.locator("#consent")).to_contain_text("Nothing is charged now")
    await is_good(guest)
    await guest.get_by_role("button", name="Leave a card").click()
    await guest.wait_for_url(re.compile(r"/pay/cs_"))
    await guest.get_by_label("Card").fill(GOOD)
    await guest.get_by_role("button", name="Save").click()
    await guest.wait_for_url(there)
    await expect(guest.locator("h1 + [role=status]")).to_have_text("Confirmed")
    await expect(guest.get_by_role("region", name="Your card")).to_contain_text("is kept")
    await is_good(guest)


async def charge(browser: Browser, parlour: Parlour, reservation_id: str) -> None:
    """Somebody of the house presses, and waits until the bank has said yes."""
    office = await open_browser(browser, parlour, DESK, await open_office(parlour.house))
    office.on("dialog", lambda dialog: dialog.accept())
    await office.goto(f"/admin/tables/{parlour.here.id}?day={parlour.day}&party={reservation_id}")
    await office.wait_for_load_state("load")
    await office.get_by_role("button", name="Charge the fee of €80.00").click()
    await expect(office.locator(".notice.ok")).to_contain_text("Done.")
    for _ in range(LOOKS_MAX):
        await office.reload()
        if await office.get_by_text("Fee charged").count():
            break
        await pause(0.25)
    await expect(office.get_by_role("region", name="Card for a fee")).to_contain_text("€80.00")
    await is_good(office)
    await office.context.close()
