"""The office with a keyboard alone, at a desk and on a phone with one: no journey needs a mouse.

Each leaves the house as it was, so they may run in any order.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.visitor import sign_in, tab_to

if TYPE_CHECKING:
    from playwright.async_api import Page

    from tests.server import Server

pytestmark = pytest.mark.parametrize("phone", [True, False], ids=["phone", "desk"])


async def enter(open_page: OpenPage, server: Server, who: str, *, phone: bool) -> Page:
    page = await open_page("/sign-in", phone=phone, reduced_motion="reduce")
    await sign_in(page, server.url, who)
    await page.goto("/admin")
    return page


async def jump(page: Page, keys: str, path: str) -> None:
    await page.keyboard.type(keys)
    await page.wait_for_url(re.compile(rf"{path}$"))


async def test_an_order_is_found_and_opened(
    open_page: OpenPage, server: Server, *, phone: bool
) -> None:
    page = await enter(open_page, server, "waiter", phone=phone)
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    await jump(page, "go", "/admin/orders")
    await page.keyboard.press("/")
    await page.keyboard.type("Aoife")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/admin/orders?*q=Aoife*")
    await tab_to(page, page.locator(".office-number").first)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="What was ordered")).to_be_visible()
    await tab_to(page, page.get_by_role("link", name="Show and print"))
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("row", name="Total")).to_be_visible()


async def test_a_guest_is_found_and_remembered(
    open_page: OpenPage, server: Server, *, phone: bool
) -> None:
    page = await enter(open_page, server, "waiter", phone=phone)
    await jump(page, "gu", "/admin/guests")
    await page.keyboard.press("/")
    await page.keyboard.type("Moreau")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/admin/guests?*q=Moreau*")
    await tab_to(page, page.get_by_role("link", name="Ines Moreau"))
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Ines Moreau")).to_be_visible()
    words = f"Reads the {'small' if phone else 'wide'} menu."
    await tab_to(page, page.get_by_label("A new note"))
    await page.keyboard.type(words)
    await tab_to(page, page.get_by_role("button", name="Keep the note"))
    await page.keyboard.press("Enter")
    await expect(page.get_by_text(words)).to_be_visible()


async def test_somebody_is_asked_to_join_and_the_letter_is_taken_back(
    open_page: OpenPage, server: Server, *, phone: bool
) -> None:
    page = await enter(open_page, server, "owner", phone=phone)
    page.on("dialog", lambda dialog: dialog.accept())
    email = f"{'pip' if phone else 'dot'}@juniper-rye.example"
    await jump(page, "gs", "/admin/staff")
    await page.keyboard.press("n")
    await expect(page.get_by_label("E-mail", exact=True)).to_be_focused()
    await page.keyboard.type(email)
    await tab_to(page, page.get_by_role("button", name="Invite", exact=True))
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("The invitation stands.")).to_be_visible()
    await tab_to(page, page.get_by_role("button", name=f"Take back the invitation of {email}"))
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("The invitation is taken back.")).to_be_visible()
    await expect(page.get_by_text(email)).to_have_count(0)


async def test_a_review_is_hidden_shown_again_and_answered(
    open_page: OpenPage, server: Server, *, phone: bool
) -> None:
    page = await enter(open_page, server, "manager", phone=phone)
    await jump(page, "g2", "/admin/reviews")
    words = "My daughter has coeliac" if phone else "The page said 19:40"
    review = page.get_by_role("article").filter(has_text=words)
    await tab_to(page, review.get_by_role("button", name="Hide the review"))
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("The review is hidden.")).to_be_visible()
    await tab_to(page, review.get_by_role("button", name="Show the review"))
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("The review is shown.")).to_be_visible()
    answer = review.get_by_label("Everybody reads it below the review")
    if not await answer.is_visible():
        await tab_to(page, review.locator("summary"))
        await page.keyboard.press("Enter")
    await tab_to(page, answer)
    await page.keyboard.press("Control+A")
    await page.keyboard.type("Thank you, from all of us.")
    await tab_to(page, review.get_by_role("button", name="Save the answer"))
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Your answer stands below it.")).to_be_visible()
    await expect(answer).to_have_value("Thank you, from all of us.")
