"""An owner makes three rules without code, tries them, switches them on, and sees what they did.

A mail server, a receiver of webhooks and Twilio's door for texts hear it over real sockets.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from basis.kit.testing import SECRET_KEY
from kitchenasty import orders, reviews, staff
from kitchenasty.kit.identity.sessions import SessionKind, open_session
from kitchenasty.kit.principals import ANONYMOUS, Kind, Role
from kitchenasty.notices.tests.mail_server import MailServer, open_mail_server
from kitchenasty.texting.tests.builders import ACCOUNT, SENDER, TOKEN, TwilioTwin, running_twilio
from kitchenasty.webhooks.tests.builders import Receiver, add_endpoint, receiving
from tests.browser.conftest import PHONE
from tests.browser.house import PATIENCE_MS, House, furnished
from tests.browser.visitor import axe_violations, tab_to, watch
from tests.server import Server, free_port

WIDE: ViewportSize = {"width": 1440, "height": 900}
RULES = "/admin/rules"
READY = (orders.OrderStatus.CONFIRMED, orders.OrderStatus.PREPARING, orders.OrderStatus.READY)
DELIVERED = (*READY, orders.OrderStatus.OUT_FOR_DELIVERY, orders.OrderStatus.DELIVERED)
ANNA = orders.Contact(name="Anna Berg", email="anna@guest.example", phone="+49 30 901821")
PHONE_OF_ANNA = "+4930901821"
HEARD_SECONDS_MAX = 60
ON_THE_PHONE = "Use “Ready for pickup, by text message”"
OPEN_DETAILS = "() => document.querySelectorAll('details').forEach((one) => { one.open = true; })"


@dataclass
class Bistro:
    """A house, those who listen to it, and its owner at a page."""

    house: House
    mail: MailServer
    program: Receiver
    twilio: TwilioTwin
    owner: Page

    async def serve(self, *steps: orders.OrderStatus, **fields: Any) -> orders.PlacedOrder:
        placed = await self.house.place(contact=ANNA, **fields)
        await self.house.move(placed.id, *steps)
        return placed

    async def see(self, path: str, words: str) -> None:
        """The page, loaded until it says so: what rules do comes a moment later."""
        async with asyncio.timeout(HEARD_SECONDS_MAX):
            while True:
                await self.owner.goto(path)
                await self.owner.evaluate(OPEN_DETAILS)
                if await self.owner.get_by_text(words).count():
                    return


@asynccontextmanager
async def open_bistro(browser: Browser, folder: Path, *, phone: bool) -> AsyncIterator[Bistro]:
    async with AsyncExitStack() as stack:
        mail = await stack.enter_async_context(open_mail_server())
        program = await stack.enter_async_context(receiving())
        twilio = await stack.enter_async_context(running_twilio())
        port = free_port()
        environment = environment_of(mail, twilio, port)
        server = Server(folder, environment=environment, port=port)
        await asyncio.to_thread(server.start)
        stack.push_async_callback(asyncio.to_thread, server.stop)
        house = await stack.enter_async_context(furnished(server))
        token = await furnish(house, program)
        context = await browser.new_context(
            base_url=house.server.url,
            viewport=PHONE if phone else WIDE,
            color_scheme="dark" if phone else "light",
            reduced_motion="reduce",
        )
        stack.push_async_callback(context.close)
        context.set_default_timeout(PATIENCE_MS)
        cookie: Any = {"name": "session", "value": token, "url": house.server.url}
        await context.add_cookies([cookie])
        heard = await watch(context)
        yield Bistro(house, mail, program, twilio, await context.new_page())
        assert heard.left() == []


def environment_of(mail: MailServer, twilio: TwilioTwin, port: int) -> dict[str, str]:
    """The books are opened by the test too: both seal with one key."""
    given = {
        "SECRET_KEY": str(SECRET_KEY),
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(mail.port),
        "SMTP_TLS": "none",
        "SMTP_FROM": "Saltbush <house@saltbush.example>",
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_FROM_NUMBER": SENDER,
        "TWILIO_API_BASE": twilio.url,
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "OUTGOING_NETWORKS": "127.0.0.0/8",
        "RATE_LIMITS": "off",
    }
    return {f"KITCHENASTY_{name}": value for name, value in given.items()}


async def furnish(house: House, program: Receiver) -> str:
    """A receiver of webhooks, and an owner; their session."""
    await add_endpoint(
        house.books, program.url, description="The bookkeeper", topics=("order.paid",)
    )
    async with house.books.writing() as uow:
        newcomer = staff.NewMember(
            email="olga@saltbush.example", name="Olga", role=Role.SUPER_ADMIN
        )
        owner = await staff.add_member(uow, newcomer, password_hash="none")
        return await open_session(
            uow, kind=SessionKind.PAGE, subject_kind=Kind.STAFF, subject_id=owner.id
        )


@pytest.mark.parametrize("phone", [True, False])
async def test_an_owner_makes_three_rules_and_sees_what_they_did(
    browser: Browser, tmp_path: Path, *, phone: bool
) -> None:
    async with open_bistro(browser, tmp_path / "house", phone=phone) as bistro:
        await bistro.serve(*READY)
        text = await text_when_ready(bistro)
        await use(bistro.owner, "Thank you after a delivery")
        await switch_on(bistro.owner)
        call = await call_when_below_three(bistro)
        await bistro.serve(*READY)
        over = await bistro.serve(*DELIVERED, order_type=orders.OrderType.DELIVERY)
        await complain(bistro.house, over)
        await check_what_came(bistro, text, call)


async def text_when_ready(bistro: Bistro) -> str:
    """With the keyboard alone, and a mistake on the way; where the rule is."""
    page = bistro.owner
    await page.goto(RULES)
    await check(page)
    await tab_to(page, page.get_by_role("button", name=ON_THE_PHONE))
    await page.keyboard.press("Enter")
    await page.wait_for_url(lambda url: f"{RULES}/" in url)
    await page.wait_for_load_state("load")
    there = page.url.partition("?")[0]
    await tab_to(page, page.get_by_label("Text", exact=True).first)
    await page.keyboard.press("ControlOrMeta+End")
    await page.keyboard.type(" {{ guest.shoe }}")
    await expect(page.get_by_text("Nothing is known here under guest.shoe.")).to_be_visible()
    await expect(page.get_by_role("link", name="Step 1, Text")).to_be_visible()
    await check(page)
    for _ in " {{ guest.shoe }}":
        await page.keyboard.press("Backspace")
    await expect(page.get_by_text("This rule can be switched on.")).to_be_visible()
    await tab_to(page, page.get_by_role("button", name="Keep"))
    await page.keyboard.press("Enter")
    await page.wait_for_url("**told=kept*")
    await bistro.see(f"{there}/rehearsal", "1 message, to 1 recipient")
    await expect(page.get_by_text("Saltbush: your order")).to_be_visible()
    await check(page)
    await tab_to(page, page.get_by_role("button", name="Switch on"))
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("The rule is switched on.")).to_be_visible()
    return there


async def use(page: Page, preset: str) -> None:
    await page.goto(RULES)
    await page.get_by_role("button", name=f"Use “{preset}”").click()
    await page.wait_for_url(lambda url: "told=added" in url)
    await page.wait_for_load_state("load")


async def switch_on(page: Page) -> None:
    await page.get_by_role("button", name="Switch on").click()
    await expect(page.get_by_text("The rule is switched on.")).to_be_visible()


async def call_when_below_three(bistro: Bistro) -> str:
    """From an empty rule; of a step only what its kind needs is there to be filled in."""
    page = bistro.owner
    await page.goto(RULES)
    await page.get_by_label("When").select_option(label="A review comes in")
    await page.get_by_role("button", name="Make a rule").click()
    await page.wait_for_url(lambda url: "told=added" in url)
    await page.wait_for_load_state("load")
    there = page.url.partition("?")[0]
    # Told where mistakes are, and not as a mistake that somebody made.
    await expect(page.get_by_text("A rule does one to 10 things.")).to_have_count(1)
    first, second = (page.get_by_role("group", name=f"Question {one}") for one in (1, 2))
    await expect(second).to_be_hidden()
    await first.get_by_label("What").select_option("review.rating")
    await expect(second).to_be_visible()
    await first.get_by_label("Comparison").select_option("<")
    await first.get_by_label("Value").fill("3")
    step = page.locator(".rule-step").first
    await expect(step.get_by_label("Subject")).to_be_hidden()
    await step.get_by_label("Do this").select_option("mail")
    await expect(step.get_by_label("Subject")).to_be_visible()
    await expect(page.locator(".rule-step:visible")).to_have_count(2)
    await step.get_by_label("Do this").select_option("webhook")
    await expect(step.get_by_label("Subject")).to_be_hidden()
    await step.get_by_label("For whom").select_option(label="The bookkeeper")
    await step.get_by_label("Text").fill("{{ review.text }}")
    await expect(page.get_by_text("review.text is about a guest")).to_be_visible()
    await step.get_by_label("Text").fill("{{ review.rating }} stars at {{ house.name }}")
    await expect(page.get_by_text("This rule can be switched on.")).to_be_visible()
    await check(page)
    await page.get_by_role("button", name="Keep").click()
    await page.wait_for_url("**told=kept*")
    await switch_on(page)
    return there


async def complain(house: House, placed: orders.PlacedOrder) -> None:
    """By the link of the order, as whoever has no account does."""
    draft = reviews.Draft(rating=2, order_id=placed.id, capability=placed.capability, body="Cold.")
    async with house.books.writing(ANONYMOUS) as uow:
        await reviews.submit(uow, draft)


async def check_what_came(bistro: Bistro, text: str, call: str) -> None:
    async with asyncio.timeout(HEARD_SECONDS_MAX), bistro.twilio.news:
        await bistro.twilio.news.wait_for(lambda: bool(bistro.twilio.asked))
    [(_, _, words)] = bistro.twilio.asked
    assert words["To"] == PHONE_OF_ANNA
    assert words["Body"].startswith("Saltbush: your order")
    await bistro.see("/admin/texts", PHONE_OF_ANNA)
    async with asyncio.timeout(HEARD_SECONDS_MAX), bistro.mail.news:
        await bistro.mail.news.wait_for(lambda: bool(thanks(bistro)))
    assert [letter["To"] for letter in thanks(bistro)] == [ANNA.email]
    await bistro.program.until(lambda: bool(bistro.program.got))
    [told] = bistro.program.got
    assert told.said["data"]["message"] == "2 stars at Saltbush"
    assert b"Cold" not in told.body
    await bistro.see(text, "Acted")
    await expect(bistro.owner.get_by_text("Where the order is: is Ready").first).to_be_visible()
    await check(bistro.owner)
    await bistro.see(call, "Acted")
    await expect(bistro.owner.get_by_text("How many stars: is less than 3")).to_be_visible()


def thanks(bistro: Bistro) -> list[EmailMessage]:
    """Letters begin with the house."""
    wanted = "Thank you for your order"
    return [one for one in bistro.mail.letters if str(one["Subject"]).endswith(wanted)]


async def check(page: Page) -> None:
    """Sound, and no wider than the screen."""
    await page.evaluate("scrollTo(0, 0)")  # the bar below lies over what is cut off there
    assert await axe_violations(page) == [], page.url
    wide = await page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, page.url
