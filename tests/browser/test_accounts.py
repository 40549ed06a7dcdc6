"""A guest's account in a real browser, with the letters that a mail server on this machine took."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from email.message import EmailMessage

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from basis.clock import system_clock
from basis.kit.data.engines import open_database
from basis.kit.testing import SECRET_KEY
from kitchenasty.kit.books import open_books
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.notices.tests.mail_server import MailServer, open_mail_server
from tests.browser.conftest import PHONE
from tests.browser.visitor import Complaints, axe_violations, watch
from tests.server import Server, free_port

PASSWORD, OTHER = "seven green kettles", "eleven quiet ladles"
PATIENCE_MS = 30_000
LETTER_SECONDS = 30
LINK = re.compile(r"http://127\.0\.0\.1:\d+/\S+")


@dataclass
class Post:
    """A house that sends its letters to a mail server of ours."""

    server: Server
    mail: MailServer

    def letters_to(self, email: str) -> list[EmailMessage]:
        return [letter for letter in self.mail.letters if letter["to"] == email]

    async def letter(self, email: str, number: int) -> EmailMessage:
        """The letter of this number to somebody, as soon as it is there."""
        async with asyncio.timeout(LETTER_SECONDS), self.mail.news:
            await self.mail.news.wait_for(lambda: len(self.letters_to(email)) >= number)
        return self.letters_to(email)[number - 1]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def post(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Post]:
    async with open_mail_server() as mail:
        port = free_port()
        environment = {
            "KITCHENASTY_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "KITCHENASTY_SMTP_HOST": "127.0.0.1",
            "KITCHENASTY_SMTP_PORT": str(mail.port),
            "KITCHENASTY_SMTP_TLS": "none",
            "KITCHENASTY_SMTP_FROM": "Juniper & Rye <hello@juniper.example>",
        }
        server = Server(tmp_path_factory.mktemp("post"), environment=environment, port=port)
        await asyncio.to_thread(server.start)
        await furnish(server)
        yield Post(server, mail)
        await asyncio.to_thread(server.stop)


async def furnish(server: Server) -> None:
    """A house that is always open and delivers a tart."""
    database = open_database(f"sqlite:///{server.data}/kitchenasty.db")
    await database.start()
    async with open_books(database, system_clock, SECRET_KEY).writing() as uow:
        await add_house(uow, slug="mill-lane", delivery_enabled=True, delivery_fee_minor=350)
        await add_dish(uow, name="Leek Tart", slug="tart")
    await database.stop()


def link_in(letter: EmailMessage) -> str:
    plain = letter.get_body(("plain",))
    assert plain is not None
    return str(LINK.findall(plain.get_content())[0])


async def open_browser(
    browser: Browser, url: str, *, script: bool, scheme: str
) -> tuple[Page, Complaints]:
    context = await browser.new_context(
        base_url=url,
        viewport=PHONE,
        java_script_enabled=script,
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE_MS)
    heard = await watch(context)
    return await context.new_page(), heard


async def check(page: Page, *, script: bool) -> None:
    """Sound, and no wider than the phone."""
    if script:
        assert await axe_violations(page) == [], page.url
        wide = await page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, page.url


async def register(page: Page, email: str) -> None:
    await page.goto("/sign-in")
    await page.get_by_role("link", name="Open an account").click()
    await page.get_by_label("Your name").fill("Ada Guest")
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Phone").fill("030 1234567")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Open an account").click()
    await expect(page.get_by_text(f"We are writing to {email}.")).to_be_visible()


async def confirm(page: Page, post: Post, email: str) -> None:
    await page.goto(link_in(await post.letter(email, 1)))
    await page.get_by_role("button", name="Confirm the address").click()
    await expect(page.get_by_text("Thank you, the address is yours.")).to_be_visible()


async def keep_address(page: Page) -> None:
    await page.get_by_role("link", name="Your addresses").click()
    await page.locator("#new-line1").fill("Long Lane 1")
    await page.locator("#new-postal_code").fill("10117")
    await page.locator("#new-city").fill("Berlin")
    await page.get_by_role("button", name="Keep it").click()
    await expect(page.get_by_text("First choice")).to_be_visible()


async def order(page: Page, *, script: bool) -> str:
    """A tart, delivered to the address of the book; the number of the order."""
    await page.goto("/at/mill-lane/dish/tart")
    await page.locator("form[data-dish] button.main").click()
    await page.wait_for_url("**/cart")
    await page.goto("/at/mill-lane/checkout")
    await expect(page.get_by_label("Name", exact=True)).to_have_value("Ada Guest")
    await page.locator("[name=order_type][value=DELIVERY]").check()
    if not script:
        await page.get_by_role("button", name="Show the total for this choice").click()
    await expect(page.get_by_label("Street and number")).to_have_value("Long Lane 1")
    await check(page, script=script)
    await page.locator("#checkout aside button.main").click()
    await page.wait_for_url("**/t/**")
    return (await page.locator("header .eyebrow").inner_text()).split()[-1]


async def order_again(page: Page, number: str, *, script: bool) -> None:
    await page.goto("/account")
    await page.get_by_role("link", name="Your orders").click()
    await check(page, script=script)
    await page.get_by_role("button", name=f"Order it again: {number}").click()
    await page.wait_for_url("**/cart")
    await expect(page.locator("h2.line-name")).to_have_text("Leek Tart")


async def forget_password(page: Page, post: Post, email: str, *, script: bool) -> None:
    await page.goto("/account")
    await page.get_by_role("button", name="Sign out").click()
    await page.wait_for_url("**/sign-in")
    await page.get_by_role("link", name="Forgotten the password?").click()
    await check(page, script=script)
    before = len(post.letters_to(email))
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_role("button", name="Write to me").click()
    await expect(page.get_by_text(f"We are writing to {email}.")).to_be_visible()
    await page.goto(link_in(await post.letter(email, before + 1)))
    await check(page, script=script)
    await page.get_by_label("New password").fill(OTHER)
    await page.get_by_role("button", name="Save and sign in").click()
    await expect(page.get_by_text("The new password counts.")).to_be_visible()


@pytest.mark.parametrize(("script", "scheme"), [(True, "light"), (False, "dark")])
async def test_from_the_first_letter_to_the_second_order(
    browser: Browser, post: Post, scheme: str, *, script: bool
) -> None:
    """Register, confirm, keep an address, order, find the order and order it again; forget the
    password and choose another. Once with script and once without.
    """
    email = f"ada.{scheme}@guest.example"
    page, heard = await open_browser(browser, post.server.url, script=script, scheme=scheme)
    await register(page, email)
    await check(page, script=script)
    await confirm(page, post, email)
    await keep_address(page)
    await check(page, script=script)
    number = await order(page, script=script)
    await order_again(page, number, script=script)
    await forget_password(page, post, email, script=script)
    await check(page, script=script)
    assert heard.left() == []
    await page.context.close()
