"""From an empty database to the first paid order of a guest, through pages alone.

The test walks it, and `make screenshots` walks it for the pictures of docs/users/quick-start.md.
"""

from __future__ import annotations

import io
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from PIL import Image
from playwright.async_api import FilePayload, Page, expect

from tests.server import Server

PASSWORD = "seven green kettles"
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
        await self.say_taxes()
        await self.look_at_payment()
        await self.order()
        await self.cook()
        await self.take_money()

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

    async def say_taxes(self) -> None:
        page = self.owner
        await page.goto("/admin/taxes")
        rate = page.get_by_role("group", name="Another rate").first
        await rate.get_by_label("Tax", exact=True).fill("VAT")
        await rate.get_by_label("Category").fill("standard")
        await rate.get_by_label("Percent").fill("7")
        await page.get_by_role("button", name="Save the rates").first.click()
        await expect(page.get_by_role("group", name="Rate 1").first).to_be_visible()

    async def look_at_payment(self) -> None:
        """Cash is on from the start, so nothing is missing any more."""
        page = self.owner
        await page.goto("/admin")
        await expect(page.get_by_role("heading", name="Today", exact=True)).to_be_visible()
        await expect(page.get_by_text("Before the first order")).to_have_count(0)

    async def order(self) -> None:
        """On a phone, without an account, brought to the door and paid in cash."""
        page = self.guest
        await page.goto("/at/corner-house")
        await self.keep(page, "first-menu")
        await page.get_by_role("link", name="Lentil soup").first.click()
        await page.locator("form[data-dish] button.main").click()
        await page.wait_for_url("**/cart")
        await page.goto("/at/corner-house/checkout")
        await page.fill("[name=name]", "Ada Guest")
        await page.fill("[name=phone]", "030 1234567")
        await page.locator(ORDER).click()
        await page.wait_for_url("**/t/**")

    async def cook(self) -> None:
        """The kitchen's taps, from new to handed over; the guest's page follows."""
        page = self.owner
        await page.goto("/kitchen")
        house = page.get_by_role("main").get_by_role("link", name="Corner House")
        if await house.count():
            await house.click()
        await page.locator("#board[data-ready]").wait_for()
        ticket = page.locator("article.ticket")
        await expect(ticket).to_have_count(1)
        await self.keep(page, "first-ticket")
        for status in ("CONFIRMED", "PREPARING", "READY"):
            await ticket.locator("button.advance, .ticket__advance").first.click()
            await expect(page.locator(f'[data-column="{status}"] article.ticket')).to_have_count(1)

    async def take_money(self) -> None:
        page = self.owner
        await page.goto("/admin/orders")
        await page.locator(".office-number").first.click()
        await page.get_by_role("button", name="Paid in cash").click()
        await expect(page.get_by_role("button", name="Paid in cash")).to_have_count(0)
        await page.get_by_role("button", name="Mark as picked up").click()
        await self.keep(page, "first-paid")
