"""The watch itself: a page that misbehaves is noticed, and axe sees through a strict policy."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route

from tests.browser.visitor import Complaints, axe_violations, watch

ADDRESS = "http://house.test/"
POLICY = {"Content-Security-Policy": "default-src 'self'; style-src 'self'"}
GOOD = (
    '<!doctype html><html lang="en"><title>Menu</title><main><h1>Menu</h1>'
    '<img src="data:," alt="Soup"></main></html>'
)


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser) -> AsyncIterator[Page]:
    context = await browser.new_context()
    yield await context.new_page()
    await context.close()


async def show(page: Page, body: str, headers: dict[str, str]) -> Complaints:
    async def answer(route: Route) -> None:
        await route.fulfill(body=body, headers=headers, content_type="text/html")

    await page.context.route("**/*", answer)
    complaints = await watch(page.context)
    complaints.listen_to(page)
    await page.goto(ADDRESS)
    return complaints


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        ("<script>window.bought = true</script>", "policy refused script-src-elem"),
        ('<p style="color: red">Sold out</p>', "policy refused style-src-attr"),
    ],
)
async def test_hears_what_the_policy_refused(page: Page, fault: str, word: str) -> None:
    # The browser tells of a refusal in its own time, perhaps after the page has loaded.
    async with page.expect_console_message(lambda message: word in message.text):
        complaints = await show(page, GOOD + fault, POLICY)
    assert any(word in text for text in complaints.left())


async def test_hears_an_error_that_nobody_caught(page: Page) -> None:
    async with page.expect_event("pageerror"):
        complaints = await show(page, GOOD + "<script>missing.call()</script>", {})
    assert any("missing is not defined" in text for text in complaints.left())


async def test_forgives_only_what_a_test_named(page: Page) -> None:
    complaints = await show(page, GOOD + "<script>console.error('409 and more')</script>", {})
    complaints.forgive("409")
    assert complaints.left() == []


async def test_axe_finds_a_picture_without_words(page: Page) -> None:
    await show(page, GOOD.replace(' alt="Soup"', ""), POLICY)
    assert [found.partition(":")[0] for found in await axe_violations(page)] == ["image-alt"]


async def test_axe_finds_nothing_on_a_sound_page(page: Page) -> None:
    await show(page, GOOD, POLICY)
    assert await axe_violations(page) == []
