"""An owner puts a letter into words of their own: at a desk, and with the keyboard. About 10 s."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.visitor import Complaints, axe_violations, sign_in, tab_to
from tests.server import Server

REFUSED = "400 .Bad Request"
FITS = "() => document.documentElement.scrollWidth <= innerWidth"
LIST = "/admin/letters/wordings"
OURS = "You are somebody we know."


async def open_kind(open_page: OpenPage, server: Server, link: str, *, phone: bool) -> Page:
    """From the office's list of letters, as people find it."""
    page = await open_page("/sign-in", phone=phone, reduced_motion="reduce")
    await sign_in(page, server.url, "owner")
    await page.goto("/admin/letters")
    await page.get_by_role("link", name="What letters say").click()
    await expect(page.get_by_role("heading", name="What letters say")).to_be_visible()
    assert await axe_violations(page) == []
    assert await page.evaluate(FITS)
    await page.get_by_role("link", name=link, exact=True).click()
    await expect(page.get_by_role("heading", name=link, level=1)).to_be_visible()
    await page.wait_for_load_state("load")
    return page


async def test_an_owner_words_a_letter_sees_it_and_goes_back(
    open_page: OpenPage, server: Server, complaints: dict[Page, Complaints]
) -> None:
    page = await open_kind(open_page, server, "The account is there already", phone=False)
    complaints[page].forgive(REFUSED)
    preview = page.frame_locator("iframe[name=preview]")
    await expect(preview.get_by_text("but you have one.")).to_be_visible()
    body = page.get_by_label("Text", exact=True)
    usual = await body.input_value()
    await body.fill(f"{OURS}\nHello {{{{ guest.nmae }}}}")
    await expect(page.locator("#looked")).to_contain_text("Nothing is known here under guest.nmae")
    await page.get_by_role("button", name="Keep").click()
    await expect(page.get_by_text("Nothing is known here").first).to_be_visible()
    await body.fill(OURS + "\n")
    await body.focus()
    await page.get_by_role("button", name="Put {{ letter.button }} into the text").click()
    await expect(body).to_have_value(OURS + "\n{{ letter.button }}")
    await expect(page.locator("#looked")).to_contain_text("So its subject reads")
    await page.get_by_role("button", name="Look at it").click()
    await expect(preview.get_by_text(OURS)).to_be_visible()
    await expect(preview.get_by_role("link", name="Choose a new password")).to_be_visible()
    await page.get_by_role("button", name="In plain text").click()
    await expect(preview.locator("body")).to_contain_text("Choose a new password:")
    assert await axe_violations(page) == []
    await page.get_by_role("button", name="Keep").click()
    await expect(page.get_by_text("From now on such letters read like this.")).to_be_visible()
    await expect(preview.get_by_text(OURS)).to_be_visible()
    page.once("dialog", lambda dialog: dialog.accept())
    await page.get_by_role("button", name="Back to the usual words").click()
    await expect(page.get_by_text("The usual words count again.")).to_be_visible()
    await expect(body).to_have_value(usual)
    await page.get_by_text("version 1", exact=False).first.click()
    await expect(page.get_by_role("button", name="Say this again: version 1")).to_be_visible()
    # Where it is scrolled to, the bar at the top lies over a button, which axe takes for small.
    await page.evaluate("scrollTo(0, 0)")
    assert await axe_violations(page) == []


async def test_the_keyboard_is_enough_to_word_a_text_message_on_a_phone(
    open_page: OpenPage, server: Server
) -> None:
    page = await open_kind(open_page, server, "An order is ready (text message)", phone=True)
    assert await page.evaluate(FITS)
    body = page.get_by_label("Text", exact=True)
    await tab_to(page, body)
    await page.keyboard.press("ControlOrMeta+A")
    await page.keyboard.type("Come and get {{ order.number }}!")
    await expect(page.locator("#looked")).to_contain_text("Come and get K7-42!")
    await tab_to(page, page.get_by_role("button", name="Keep"))
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("From now on such letters read like this.")).to_be_visible()
    assert await axe_violations(page) == []
    await expect(page.get_by_text("Your own words")).to_be_visible()
    back = page.get_by_role("button", name="Back to the usual words")
    page.once("dialog", lambda dialog: dialog.accept())
    await tab_to(page, back)
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("The usual words count again.")).to_be_visible()
