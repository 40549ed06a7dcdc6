"""From an empty database to the first paid orders of a guest, in cash and online, through pages
alone.

The test walks it, and `make screenshots` walks it for the pictures of docs/users/quick-start.md.
"""

from __future__ import annotations

import io
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from PIL import Image
from playwright.async_api import FilePayload, Page, expect

from kitchenasty.payments.tests.builders import GOOD
from tests.server import Server

PASSWORD = "seven green kettles"
KEY = "sk_test_right0000000"
PAY = re.compile(r"/t/[^/]+/pay$")
CODE = re.compile(r"/setup and enter: (\S+)")
ORDER = "#checkout aside button.main"
Keep = Callable[[Page, str], Awaitable[None]]


@dataclass(frozen=True)
class Newcomer:
    """An owner at a desk and a guest with a phone, at a server that knows nobody."""

    server: Server
    owner: Page
    guest: Page
    keep: Keep

    async def walk(self) -> None:
        await self.set_up()
        await self.open_house()
        await self.say_hours()
        await self.add_zone()
        await self.add_dish()
        await self.add_options()
        await self.say_taxes()
        await self.take_cards()
        await self.look_at_today()
        await self.order("Bowl", "first-menu")
        await self.send_order()
        await self.cook("first-ticket")
        await self.take_money()
        await self.order("Cup", "first-options")
        await self.pay_online()
        await self.cook()
        await self.hand_over()

    async def set_up(self) -> None:
        """With the code that the server printed when it started."""
        found = CODE.search(self.server.log.read_text(encoding="utf-8"))
        assert found, "the server printed no code"
        page = self.owner
        await page.goto("/setup")
        await page.get_by_label("Set-up code").fill(found[1])
        await page.get_by_label("Your name").fill("Nora Neu")
        await page.get_by_label("E-mail").fill("nora@house.example")
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Open the house").click()
        await page.wait_for_url("**/admin")
        await expect(page.get_by_role("heading", name="Before the first order")).to_be_visible()
        await self.keep(page, "first-day")

    async def open_house(self) -> None:
        page = self.owner
        await page.get_by_role("link", name="Open a house").click()
        for label, typed in (
            ("Name", "Corner House"),
            ("Phone", "+49 30 5550100"),
            ("Street and number", "Torstrasse 1"),
            ("Postal code", "10119"),
            ("City", "Berlin"),
        ):
            field = page.get_by_role("textbox", name=re.compile(rf"^{label}( \(optional\))?$"))
            await field.fill(typed)
        await page.get_by_label("Country").select_option("DE")
        await page.get_by_label("Time zone").select_option("Europe/Berlin")
        await page.get_by_label("Place on the map").fill("52.5296, 13.4010")
        await page.get_by_role("button", name="Open the house").click()
        await page.wait_for_url("**/hours?new=yes")

    async def say_hours(self) -> None:
        """One day typed, the others copied. It is open day and night, whenever this runs."""
        page = self.owner
        await page.get_by_label("Monday", exact=True).first.fill("24h")
        await page.get_by_text("Copy a day to others").click()
        for day in ("Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"):
            await page.get_by_role("checkbox", name=day).check()
        await page.get_by_role("button", name="Copy into the form").click()
        await expect(page.locator("#day-0")).to_have_value("24h")
        await self.keep(page, "first-hours")
        await page.get_by_role("button", name="Save the week").click()
        await expect(page.get_by_text("Saved. It counts from now on.")).to_be_visible()

    async def add_zone(self) -> None:
        page = self.owner
        await page.goto("/admin/zones")
        await page.get_by_role("link", name="Add a zone").click()
        await page.get_by_label("Name", exact=True).fill("Mitte")
        await page.get_by_label("Fee", exact=True).fill("2.50")
        await page.locator("[name=codes]").fill("10119, 10115")
        await page.locator("[name=isActive]").check()
        await page.get_by_role("button", name="Save the zone").click()
        await page.wait_for_url("**/admin/zones?saved=*")

    async def add_dish(self) -> None:
        page = self.owner
        await page.goto("/admin")
        await page.get_by_role("link", name="Put a dish on the menu").click()
        await page.get_by_label("Part of the menu").fill("Soups")
        await page.get_by_label("Name", exact=True).fill("Lentil soup")
        await page.get_by_label("Price", exact=True).fill("6.50")
        await page.get_by_role("button", name="Put it on the menu").click()
        await page.wait_for_url("**/admin/menu/dishes/*")
        drawn = io.BytesIO()
        Image.new("RGB", (480, 480), (196, 120, 40)).save(drawn, "PNG")
        picture = FilePayload(name="soup.png", mimeType="image/png", buffer=drawn.getvalue())
        await page.locator("#field-image").set_input_files(picture)
        await expect(page.locator("img[data-shown][src^='/uploads/']")).to_be_visible()
        await self.keep(page, "first-dish")

    async def add_options(self) -> None:
        """Two sizes, of which a guest must choose one; the larger costs more."""
        page = self.owner
        await page.get_by_role("link", name="A new group for this dish").click()
        await page.get_by_label("Name, which guests see").fill("Size")
        await page.get_by_label("How it is chosen").select_option("RADIO")
        await page.get_by_label("Guests must choose").check()
        for line, (size, more) in enumerate((("Cup", "0"), ("Bowl", "2.00")), 1):
            await page.get_by_label(f"Name in line {line}").fill(size)
            await page.get_by_label(f"What line {line} adds to the price").fill(more)
        await self.keep(page, "first-group")
        await page.get_by_role("button", name="Save the group").click()
        await page.wait_for_url("**/admin/menu/options?saved=*")
        await expect(page.get_by_role("alert")).to_have_count(0)

    async def say_taxes(self) -> None:
        page = self.owner
        await page.goto("/admin/taxes")
        rate = page.get_by_role("group", name="Another rate").first
        await rate.get_by_label("Tax", exact=True).fill("VAT")
        await rate.get_by_label("Category").fill("standard")
        await rate.get_by_label("Percent").fill("7")
        await page.get_by_role("button", name="Save the rates").first.click()
        await expect(page.get_by_role("group", name="Rate 1").first).to_be_visible()

    async def take_cards(self) -> None:
        """The provider's keys are typed, saved and tried; they are the twin's here."""
        page = self.owner
        await page.goto("/admin/payments")
        await page.get_by_role("checkbox", name="By card online, with Stripe").check()
        stripe = page.get_by_role("region", name="Stripe")
        await stripe.get_by_label("Secret key").fill(KEY)
        await page.get_by_role("button", name="Save", exact=True).click()
        await expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
        await page.get_by_role("button", name="Test the saved keys of Stripe").click()
        await expect(page.get_by_text("The keys work.")).to_be_visible()
        await self.keep(page, "first-payments")

    async def look_at_today(self) -> None:
        """Nothing is missing any more."""
        page = self.owner
        await page.goto("/admin")
        await expect(page.get_by_role("heading", name="Today", exact=True)).to_be_visible()
        await expect(page.get_by_text("Before the first order")).to_have_count(0)

    async def order(self, size: str, name: str) -> None:
        """On a phone, without an account, to the checkout."""
        page = self.guest
        await page.goto("/at/corner-house")
        if name == "first-menu":
            await self.keep(page, name)
        await page.get_by_role("link", name="Lentil soup").first.click()
        await page.get_by_role("radio", name=size).check()
        if name == "first-options":
            await self.keep(page, name)
        await page.locator("form[data-dish] button.main").click()
        await page.wait_for_url("**/cart")
        await page.goto("/at/corner-house/checkout")
        await page.fill("[name=name]", "Ada Guest")
        await page.fill("[name=phone]", "030 1234567")

    async def send_order(self) -> None:
        """Paid when it is handed over, which is chosen from the start."""
        await self.guest.locator(ORDER).click()
        await self.guest.wait_for_url("**/t/**")

    async def pay_online(self) -> None:
        """At the provider's page, and back: the order is not cooked before."""
        page = self.guest
        await page.get_by_label("By card, now").check()
        await page.get_by_role("button", name="Order and pay").click()
        await page.wait_for_url(PAY)
        await self.keep(page, "first-online")
        await page.get_by_role("button", name="Pay by card").click()
        await page.wait_for_url(re.compile(r"/pay/cs_"))
        await page.get_by_label("Card").fill(GOOD)
        await page.get_by_role("button", name="Pay").click()
        await expect(page.locator("#tracking")).to_contain_text("Paid. Thank you!")

    async def cook(self, name: str = "") -> None:
        """The kitchen's taps, from new to ready, each until the server knows of it."""
        page = self.owner
        await page.goto("/kitchen")
        house = page.get_by_role("main").get_by_role("link", name="Corner House")
        if await house.count():
            await house.click()
        await page.locator("#board[data-ready]").wait_for()
        ticket = page.locator("article.ticket")
        await expect(ticket).to_have_count(1)
        if name:
            await self.keep(page, name)
        for status in ("CONFIRMED", "PREPARING", "READY"):
            await ticket.locator("button.advance, .ticket__advance").first.click()
            await expect(page.locator(f'[data-column="{status}"] article.ticket')).to_have_count(1)
            await expect(page.locator(".is-waiting, .kitchen__waiting")).to_have_count(0)

    async def take_money(self) -> None:
        page = self.owner
        await page.goto("/admin/orders")
        await page.locator(".office-number").first.click()
        await page.get_by_role("button", name="Paid in cash").click()
        await expect(page.get_by_role("button", name="Paid in cash")).to_have_count(0)
        await self.say_picked_up("first-paid")

    async def hand_over(self) -> None:
        """What was paid online is handed over, and no money changes hands."""
        page = self.owner
        await page.goto("/admin/orders")
        await page.locator(".office-number").first.click()
        await expect(page.get_by_role("button", name="Paid in cash")).to_have_count(0)
        await self.say_picked_up()

    async def say_picked_up(self, name: str = "") -> None:
        button = self.owner.get_by_role("button", name="Mark as picked up")
        await button.click()
        await expect(self.owner.get_by_text("Moved.")).to_be_visible()
        if name:
            await self.keep(self.owner, name)
