"""Cookies in a real browser: guests are asked, and nothing happens before they agree."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.async_api import Browser, Page, Request, expect

from kitchenasty import consent, locations, staff
from kitchenasty.kit.identity.sessions import SessionKind, open_session
from kitchenasty.kit.principals import Kind, Role
from tests.browser.conftest import DESK, PHONE, WAIT_MILLISECONDS
from tests.browser.house import House
from tests.browser.visitor import axe_violations, watch

# What a counter of visitors does: it leaves a mark in the browser and says that somebody was here.
COUNTER = """
document.cookie = "_stat=1; path=/";
localStorage.setItem("_stat", "1");
const { src, dataset } = document.currentScript;
fetch(src.replace("count.js", `seen/${dataset.websiteId}`), { method: "POST", mode: "no-cors" });
"""
FITS = "() => document.documentElement.scrollWidth <= innerWidth"
KEPT = "() => Object.keys(localStorage).length + Object.keys(sessionStorage).length"
# Whether the middle of an element is what a finger there would touch.
TOUCHABLE = """
(element) => {
  const { left, top, width, height } = element.getBoundingClientRect();
  const there = document.elementFromPoint(left + width / 2, top + height / 2);
  return element.contains(there);
}
"""
SIZE = "(one) => `${one.offsetWidth}x${one.offsetHeight} ${getComputedStyle(one).backgroundColor}`"


@dataclass
class Elsewhere:
    """Somebody else's counter, and what it was asked for."""

    port: int = 0
    asked: list[str] = field(default_factory=list)

    @property
    def script(self) -> str:
        return f"http://127.0.0.1:{self.port}/count.js"


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    counter = Elsewhere()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            counter.asked.append(self.path)
            self.send_response(200)
            self.send_header("content-type", "text/javascript")
            self.end_headers()
            self.wfile.write(COUNTER.encode())

        do_POST = do_GET  # noqa: N815  # the name that the library looks for

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    counter.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield counter
    server.shutdown()
    server.server_close()


@dataclass
class Visit:
    """A page of its own visitor, and what left for other servers."""

    page: Page
    left: list[str] = field(default_factory=list)

    async def traces(self) -> tuple[list[str], int]:
        """Cookies that are none of the shop's, and entries of the browser's storage."""
        ours = ("session", "device", "cart", "language", "scheme", "cookie-choice")
        cookies = await self.page.context.cookies()
        names = [one.get("name", "") for one in cookies]
        return [one for one in names if one not in ours], await self.page.evaluate(KEPT)


@asynccontextmanager
async def visitor(
    browser: Browser, house: House, *, phone: bool = True, javascript: bool = True
) -> AsyncIterator[Visit]:
    """Nothing may go wrong unnoticed on the pages of this visitor."""
    async with AsyncExitStack() as stack:
        context = await browser.new_context(
            base_url=house.server.url,
            viewport=PHONE if phone else DESK,
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        stack.push_async_callback(context.close)
        context.set_default_timeout(WAIT_MILLISECONDS)
        heard = await watch(context)
        visit = Visit(await context.new_page())

        def note(request: Request) -> None:
            if not request.url.startswith(house.server.url):
                visit.left.append(request.url)

        context.on("request", note)
        yield visit
        assert heard.left() == []


async def add_owner(house: House) -> str:
    """The cookie of somebody who runs all houses."""
    async with house.books.writing() as uow:
        owner = staff.NewMember(email="owner@house.example", name="Olga", role=Role.SUPER_ADMIN)
        member = await staff.add_member(uow, owner, password_hash="none")
        return await open_session(
            uow, kind=SessionKind.PAGE, subject_kind=Kind.STAFF, subject_id=member.id
        )


async def let_in(page: Page, house: House, token: str) -> None:
    await page.context.add_cookies([{"name": "session", "value": token, "url": house.server.url}])


async def shop_of(house: House) -> str:
    async with house.books.reading() as look:
        return f"/at/{(await locations.load_house(look, house.kitchen.house_id)).slug}"


async def is_sound(page: Page) -> None:
    assert await axe_violations(page) == [], page.url
    assert await page.evaluate(FITS), page.url


async def test_an_owner_asks_and_guests_decide_before_anything_is_loaded(
    browser: Browser, house_apart: House, elsewhere: Elsewhere
) -> None:
    """From no question to a counter that counts those alone who agreed. About 15 seconds."""
    house = house_apart
    shop, owner = await shop_of(house), await add_owner(house)
    pages = ["/", "/locations", shop, f"{shop}/cart"]
    async with visitor(browser, house) as guest:
        await guest.page.goto("/")
        await expect(guest.page.get_by_role("heading", name="Cookies")).to_have_count(0)
    async with visitor(browser, house, phone=False) as office:
        await let_in(office.page, house, owner)
        await ask_in_the_office(office.page, elsewhere)
    for phone in (True, False):
        async with visitor(browser, house, phone=phone) as guest:
            await look_without_answering(guest, pages)
            await is_sound(guest.page)
            await decline(guest, pages)
    print(f"P5: {len(elsewhere.asked)} requests before anybody agreed, on phone and desktop")
    assert elsewhere.asked == []
    async with visitor(browser, house) as guest:
        await agree_by_keys(guest, elsewhere)
        await change_ones_mind(guest, elsewhere)
    async with visitor(browser, house, phone=False) as office:
        await let_in(office.page, house, owner)
        await see_the_answers(office.page)


async def ask_in_the_office(page: Page, elsewhere: Elsewhere) -> None:
    await page.goto("/admin/site/cookies")
    await expect(page.get_by_text("nobody is asked")).to_be_visible()
    await page.get_by_label("What guests read").fill("Statistics")
    await page.get_by_label("Name for programs").fill("statistics")
    await page.get_by_label("What it is for").fill("How many people look at the menu.")
    await page.get_by_label("Names of its cookies").fill("_stat")
    await page.get_by_role("button", name="Add it").click()
    await expect(page.get_by_text("Saved. Every page shows it")).to_be_visible()
    await page.get_by_label("Address of the script").fill("https://*/x.js")
    await page.get_by_label("Your site's name").fill("saltbush")
    await page.get_by_label("Address of the script").fill(elsewhere.script)
    await page.get_by_role("button", name="Save the script").click()
    await expect(page.get_by_text("Saved. Every page shows it")).to_be_visible()
    await is_sound(page)
    await page.goto("/admin/site/cookies")
    await expect(page.get_by_role("row", name="Statistics")).to_contain_text("Asked")


async def look_without_answering(guest: Visit, pages: list[str]) -> None:
    """The question stands on every page, its ways look alike, and the cart stays in reach."""
    shop = pages[2]
    await guest.page.goto(shop)
    await guest.page.get_by_role("button", name="Add").first.click()
    await expect(guest.page.locator(".cartbar a")).to_be_visible()
    for path in pages:
        await guest.page.goto(path)
        question = guest.page.get_by_role("region", name="Cookies")
        await expect(question).to_be_visible()
        looks = {await one.evaluate(SIZE) for one in await question.locator(".button").all()}
        assert len(looks) == 1, looks
    await guest.page.goto(shop)
    assert await guest.page.locator(".cartbar a").evaluate(TOUCHABLE)
    assert await guest.traces() == ([], 0)
    assert guest.left == []


async def decline(guest: Visit, pages: list[str]) -> None:
    """The page stays as it was, and the answer is remembered."""
    await guest.page.get_by_role("button", name="Only what is needed").click()
    await expect(guest.page.get_by_role("heading", name="Thank you")).to_be_focused()
    for path in pages:
        await guest.page.goto(path)
        await expect(guest.page.get_by_role("region", name="Cookies")).to_have_count(0)
    assert await guest.traces() == ([], 0)
    assert guest.left == []


async def agree_by_keys(guest: Visit, elsewhere: Elsewhere) -> None:
    """The question is the first thing after the skip link."""
    page = guest.page
    await page.goto("/")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Accept all")).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/cookies")
    await is_sound(page)
    box = page.get_by_role("checkbox", name="Statistics")
    await expect(box).not_to_be_checked()
    await box.press("Space")
    await page.get_by_role("button", name="Save my choice").press("Enter")
    await page.wait_for_url(lambda url: "/cookies" not in url)
    async with page.expect_response("**/seen/saltbush"):
        await page.goto("/locations")
    assert "/seen/saltbush" in elsewhere.asked
    assert {one.split("/seen")[0] for one in guest.left} <= {
        elsewhere.script, elsewhere.script.removesuffix("/count.js")
    }  # fmt: skip
    assert await guest.traces() == (["_stat"], 1)


async def change_ones_mind(guest: Visit, elsewhere: Elsewhere) -> None:
    """At the foot of the page, with one press; the cookie goes and nobody is told any more."""
    page = guest.page
    await page.get_by_role("link", name="Cookies").click()
    await expect(page.get_by_role("checkbox", name="Statistics")).to_be_checked()
    told = len(elsewhere.asked)
    await page.get_by_role("button", name="Only what is needed").click()
    await page.wait_for_url(lambda url: "/cookies" not in url)
    await page.goto("/locations")
    assert (await guest.traces())[0] == []
    assert len(elsewhere.asked) == told


async def see_the_answers(page: Page) -> None:
    """Two declined, one agreed and thought better of it."""
    await page.goto("/admin/site/cookies")
    await expect(page.get_by_role("row", name="Statistics")).to_contain_text("25 %")
    await is_sound(page)
    await page.get_by_role("link", name="The log of answers").click()
    await expect(page.get_by_role("cell", name="Declined")).to_have_count(3)
    await page.get_by_text("Version 2").click()
    await expect(page.locator("#version-2")).to_contain_text("How many people look")
    await is_sound(page)


async def test_without_script_the_question_is_a_form(browser: Browser, house_apart: House) -> None:
    """The answer leads back to the page it was given on. About 6 seconds."""
    async with house_apart.books.writing() as uow:
        draft = consent.CategoryDraft(name="maps", label="Maps", description="Where we are.")
        await consent.add_category(uow, draft)
    async with visitor(browser, house_apart, javascript=False) as guest:
        await guest.page.goto("/locations?q=x")
        await guest.page.get_by_role("button", name="Accept all").click()
        assert guest.page.url.endswith("/locations?q=x")
        await expect(guest.page.get_by_role("region", name="Cookies")).to_have_count(0)
        await guest.page.get_by_role("link", name="Cookies").click()
        await expect(guest.page.get_by_role("checkbox", name="Maps")).to_be_checked()
