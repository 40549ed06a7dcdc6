"""A guest with a phone signs in by an account at a provider: ours, as a server of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, ViewportSize, expect

from basis.clock import system_clock
from basis.kit.data.engines import open_database
from basis.kit.testing import SECRET_KEY
from kitchenasty import guests, settings, staff
from kitchenasty.kit.books import open_books
from kitchenasty.kit.identity.passwords import Passwords
from kitchenasty.kit.principals import Role
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.openid import OPENID
from kitchenasty.openid.tests.builders import CLIENT_ID, CLIENT_SECRET, Person, Twin, open_twin
from tests.browser.conftest import PHONE
from tests.browser.visitor import axe_violations, watch
from tests.server import Server, free_port

PASSWORD = "seven green kettles"
PATIENCE_MS = 30_000
DESK: ViewportSize = {"width": 1440, "height": 900}


@dataclass
class Inn:
    """A house whose guests may come in by the twin."""

    server: Server
    twin: Twin


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def inn(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Inn]:
    async with open_twin() as twin:
        port = free_port()
        environment = {
            "KITCHENASTY_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "KITCHENASTY_OUTGOING_NETWORKS": "127.0.0.0/8",
            "KITCHENASTY_OPENID_ISSUER": twin.url,
            "KITCHENASTY_OPENID_CLIENT_ID": CLIENT_ID,
            "KITCHENASTY_OPENID_CLIENT_SECRET": CLIENT_SECRET,
        }
        server = Server(tmp_path_factory.mktemp("inn"), environment=environment, port=port)
        await asyncio.to_thread(server.start)
        await furnish(server, environment)
        yield Inn(server, twin)
        await asyncio.to_thread(server.stop)


async def furnish(server: Server, environment: dict[str, str]) -> None:
    """A house that is always open, its owner, and a guest for each run with a password."""
    given = {name.removeprefix("KITCHENASTY_"): value for name, value in environment.items()}
    password_hash = await Passwords(memory_kib=64).hash(PASSWORD)
    database = open_database(f"sqlite:///{server.data}/kitchenasty.db")
    await database.start()
    async with open_books(database, system_clock, SECRET_KEY, given).writing() as uow:
        await add_house(uow, slug="mill-lane")
        await add_dish(uow, name="Leek Tart", slug="tart")
        owner = staff.NewMember(email="o@bistro.example", name="Olga", role=Role.SUPER_ADMIN)
        await staff.add_member(uow, owner, password_hash=password_hash)
        for scheme in ("light", "dark"):
            newcomer = guests.NewGuest(email=f"bob.{scheme}@mill.example", name="Bob Weir")
            await guests.register_guest(
                uow, newcomer, password_hash=password_hash, is_confirmed=True
            )
        await settings.change(uow, OPENID, {"enabled": True, "label": "Twin"})
    await database.stop()


async def check(page: Page, *, script: bool) -> None:
    """Sound, and no wider than the screen."""
    if script:
        assert await axe_violations(page) == [], page.url
        wide = await page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, page.url


async def come_in(page: Page, *, says: str = "Go on") -> None:
    await page.goto("/sign-in?next=/account")
    await page.get_by_role("link", name="Sign in with Twin").click()
    await page.get_by_role("button", name=says).click()


async def sign_out(page: Page) -> None:
    await page.goto("/account")
    await page.get_by_role("button", name="Sign out").click()
    await page.wait_for_url("**/sign-in")


async def order(page: Page, name: str) -> None:
    """A tart, fetched."""
    await page.goto("/at/mill-lane/dish/tart")
    await page.locator("form[data-dish] button.main").click()
    await page.wait_for_url("**/cart")
    await page.goto("/at/mill-lane/checkout")
    await expect(page.get_by_label("Name", exact=True)).to_have_value(name)
    await page.get_by_label("Phone").fill("030 1234567")
    await page.locator("#checkout aside button.main").click()
    await page.wait_for_url("**/t/**")


@pytest.mark.parametrize(("script", "scheme"), [(True, "light"), (False, "dark")])
async def test_by_an_account_elsewhere_to_the_first_order_and_back(
    browser: Browser, inn: Inn, scheme: str, *, script: bool
) -> None:
    """Say no, say yes, order, sign out, come in again; then a guest with a password links the
    account of another, comes in by it, and removes it. Once with script and once without.
    """
    context = await browser.new_context(
        base_url=inn.server.url,
        viewport=PHONE,
        java_script_enabled=script,
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE_MS)
    heard = await watch(context)
    heard.forgive("401")  # the page that says that it was stopped
    heard.forgive("favicon")  # the twin has none
    page = await context.new_page()
    inn.twin.person = Person(sub=f"anna-{scheme}", email=f"anna.{scheme}@guest.example")
    await page.goto("/sign-in")
    await check(page, script=script)
    await come_in(page, says="Not now")
    await expect(page.get_by_role("alert")).to_contain_text("was stopped at the provider")
    await check(page, script=script)
    await come_in(page)
    await expect(page.get_by_role("heading", name="Hello, Anna Lind")).to_be_visible()
    await check(page, script=script)
    await order(page, "Anna Lind")
    await sign_out(page)
    await come_in(page)
    await page.get_by_role("link", name="Your orders").click()
    await expect(page.get_by_text("Leek Tart").first).to_be_visible()
    await page.goto("/account/ways")
    await page.get_by_role("button", name="Remove Twin").click()
    await expect(page.get_by_role("alert")).to_contain_text("choose a password first")
    heard.forgive("409")
    await sign_out(page)
    await link_and_remove(page, inn, scheme, script=script)
    assert heard.left() == []
    await context.close()


async def link_and_remove(page: Page, inn: Inn, scheme: str, *, script: bool) -> None:
    inn.twin.person = Person(sub=f"bob-{scheme}", email="bob@twin.example", name="Bob at Twin")
    await page.goto("/sign-in?next=/account/ways")
    await page.get_by_label("E-mail").fill(f"bob.{scheme}@mill.example")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_text("Link Twin").click()
    await check(page, script=script)
    await page.get_by_label("Your password").fill(PASSWORD)
    await page.get_by_role("button", name="Go on to Twin").click()
    await page.get_by_role("button", name="Go on", exact=True).click()
    await expect(page.get_by_text("You can sign in by it from now on.")).to_be_visible()
    await check(page, script=script)
    await sign_out(page)
    await come_in(page)
    await expect(page.get_by_role("heading", name="Hello, Bob Weir")).to_be_visible()
    await page.get_by_role("link", name="Ways to sign in").click()
    await page.get_by_role("button", name="Remove Twin").click()
    await expect(page.get_by_text("Nobody comes in by it any more.")).to_be_visible()


@pytest.mark.parametrize("width", ["phone", "desk"])
async def test_an_owner_asks_the_provider_from_the_settings(
    browser: Browser, inn: Inn, width: str
) -> None:
    context = await browser.new_context(
        base_url=inn.server.url, viewport=PHONE if width == "phone" else DESK
    )
    context.set_default_timeout(PATIENCE_MS)
    heard = await watch(context)
    page = await context.new_page()
    await page.goto("/sign-in?next=/admin/settings/openid")
    await page.get_by_label("E-mail").fill("o@bistro.example")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await expect(page.get_by_label("Name on the button")).to_have_value("Twin")
    assert CLIENT_SECRET not in await page.content()
    await check(page, script=True)
    await page.get_by_role("button", name="Ask the provider now").click()
    await expect(page.get_by_text("its keys can be read.")).to_be_visible()
    await check(page, script=True)
    assert heard.left() == []
    await context.close()
