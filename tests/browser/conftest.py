"""A real server, a real browser, and pages in which nothing may go wrong unnoticed.

All tests of this folder share one event loop, because they share one browser.
"""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

from tests.browser.floor import Floor, OpenTables, open_floor
from tests.browser.house import PATIENCE_MS, House, beating, furnished, open_house
from tests.browser.visitor import Complaints, watch
from tests.server import Server

HERE = Path(__file__).parent
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PHONE: ViewportSize = {"width": 390, "height": 844}
TABLET: ViewportSize = {"width": 820, "height": 1180}
DESK: ViewportSize = {"width": 1280, "height": 800}
WAIT_MILLISECONDS = 30_000  # only a failure waits so long, also on a busy machine
expect.set_options(timeout=WAIT_MILLISECONDS)

OpenPage = Callable[..., Awaitable[Page]]
OpenBoard = Callable[..., Awaitable[Page]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demo's restaurant, as `make demo` starts it."""
    running = Server(
        data=tmp_path_factory.mktemp("house"), command="demo", words=("--no-couriers",)
    )
    running.start()
    yield running
    running.stop()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "Chromium is missing; `make test` installs it"
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=path, args=CHROMIUM_OPTIONS)
        yield launched
        await launched.close()


@pytest.fixture
def complaints() -> dict[Page, Complaints]:
    """What each page complained about: `complaints[page].forgive("422")`."""
    return {}


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(
    browser: Browser, server: Server, complaints: dict[Page, Complaints]
) -> AsyncIterator[OpenPage]:
    """A way to open pages, each as a new visitor with a browser of its own.

    When the test is over, no page may have logged an error or broken its own policy.
    """
    async with AsyncExitStack() as stack:

        async def open_one(
            path: str = "/", *, phone: bool = False, javascript: bool = True, **more: Any
        ) -> Page:
            context = await browser.new_context(
                base_url=server.url,
                viewport=PHONE if phone else DESK,
                java_script_enabled=javascript,
                **more,
            )
            stack.push_async_callback(context.close)
            context.set_default_timeout(WAIT_MILLISECONDS)
            heard = await watch(context)
            page = await context.new_page()
            complaints[page] = heard
            await page.goto(path)
            return page

        yield open_one
    assert [text for heard in complaints.values() for text in heard.left()] == []


@pytest.fixture(scope="session")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all houses that leave it alone: to start one takes as long as a test."""
    limitless = {**beating(), "KITCHENASTY_RATE_LIMITS": "off"}
    running = Server(data=tmp_path_factory.mktemp("street"), environment=limitless)
    running.start()
    yield running
    running.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def house(street: Server) -> AsyncIterator[House]:
    async with furnished(street) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def house_apart(tmp_path: Path) -> AsyncIterator[House]:
    """For a test that stops, freezes or kills the server."""
    async with open_house(tmp_path / "house") as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def open_board(browser: Browser) -> AsyncIterator[OpenBoard]:
    """The board of a house on a screen of its own; nothing may go wrong on it unnoticed."""
    async with AsyncExitStack() as stack:
        heard = []

        async def open_one(
            house: House,
            *,
            forgive: str = "",
            scripts: Sequence[str] = (),
            clock: bool = False,
            **more: Any,
        ) -> Page:
            context = await house.let_in(await browser.new_context(**{"viewport": DESK, **more}))
            stack.push_async_callback(context.close)
            complaints = await watch(context)
            if forgive:
                complaints.forgive(forgive)
            heard.append(complaints)
            page = await context.new_page()
            for script in scripts:
                await page.add_init_script(script)
            if clock:
                await page.clock.install()
            await page.goto(house.board)
            if more.get("java_script_enabled", True):
                await page.locator("#board[data-ready]").wait_for()
            return page

        yield open_one
    assert [text for complaints in heard for text in complaints.left()] == []


@pytest_asyncio.fixture(loop_scope="session")
async def floor(house: House) -> Floor:
    return await open_floor(house)


@pytest_asyncio.fixture(loop_scope="session")
async def open_tables(browser: Browser, floor: Floor) -> AsyncIterator[OpenTables]:
    """A page of the tables on a tablet; nothing may go wrong on it but what is forgiven."""
    async with AsyncExitStack() as stack:
        heard = []

        async def open_one(
            path: str, *, forgive: str = "", clock: bool = False, **more: Any
        ) -> Page:
            context = await browser.new_context(
                **{"viewport": TABLET, "base_url": floor.house.server.url, **more}
            )
            stack.push_async_callback(context.close)
            cookie: Any = {"name": "session", "value": floor.token, "url": floor.house.server.url}
            await context.add_cookies([cookie])
            context.set_default_timeout(PATIENCE_MS)
            complaints = await watch(context)
            if forgive:
                complaints.forgive(forgive)
            heard.append(complaints)
            page = await context.new_page()
            if clock:
                await page.clock.install()
            await page.goto(path)
            return page

        yield open_one
    assert [text for complaints in heard for text in complaints.left()] == []
