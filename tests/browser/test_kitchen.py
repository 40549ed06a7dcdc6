"""The kitchen's board in a real browser: live, keyboard, frozen server, work done offline."""

import asyncio
import os
import shutil
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, async_playwright, expect

from basis.clock import system_clock
from kitchenasty import orders
from kitchenasty.kitchen.tests.builders import line_of, option_of
from tests.browser.conftest import CHROMIUM_OPTIONS, DESK, OpenBoard
from tests.browser.house import HEARTBEAT_SECONDS, PATIENCE_MS, STALE_SECONDS, House, column
from tests.browser.visitor import axe_violations

OFFLINE_CHANGES = 50


async def test_a_new_order_appears_at_once_and_is_advanced_by_one_tap(
    house: House, open_board: OpenBoard
) -> None:
    one, other = await open_board(house), await open_board(house)
    await expect(one.locator(".kitchen__state.is-live")).to_be_visible()
    order_id = await house.order()
    for page in (one, other):
        await expect(
            page.locator(f'[data-column="PENDING"] [data-id="{order_id}"]')
        ).to_be_visible()
        await expect(page.locator(".ticket.is-unseen")).to_have_count(1)
    for status in ("CONFIRMED", "PREPARING", "READY"):
        await one.locator(f'[data-id="{order_id}"] .advance').click()
        for page in (one, other):
            await expect(page.locator(f'[data-column="{status}"] [data-id]')).to_have_count(1)
    await one.get_by_role("button", name="Undo").click()
    await expect(column(other, "PREPARING")).to_have_count(1)


async def test_the_keyboard_runs_the_board(house: House, open_board: OpenBoard) -> None:
    first, second = await house.order(), await house.order()
    page = await open_board(house)
    await page.keyboard.press("2")
    await page.keyboard.press("Enter")
    moved = page.locator(f'[data-column="CONFIRMED"] [data-id="{second}"]')
    await expect(moved).to_be_visible()
    await expect(moved.locator(".advance")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(column(page, "PREPARING")).to_have_count(1)
    await page.keyboard.press("r")
    await expect(moved).to_be_visible()
    await page.keyboard.press("?")
    await expect(page.locator(".kitchen__help")).to_be_visible()
    await expect(page.locator(f'[data-column="PENDING"] [data-id="{first}"]')).to_be_visible()


async def test_the_board_is_sound_in_both_schemes(house: House, open_board: OpenBoard) -> None:
    await fill(house)
    for scheme in ("dark", "light"):
        page = await open_board(house)
        cookie = {"name": "scheme", "value": scheme, "url": house.server.url}
        await page.context.add_cookies([cookie])  # type: ignore[list-item]
        await page.reload()
        await page.locator("#board[data-ready]").wait_for()
        assert await axe_violations(page) == []
        box = await page.locator(".advance").first.bounding_box()
        assert box is not None
        assert box["height"] >= 72


async def test_orders_for_later_stand_apart(house: House, open_board: OpenBoard) -> None:
    soon = system_clock() + timedelta(hours=3)
    await house.order(scheduled_at=soon, promised_at=soon, fire_at=soon - timedelta(minutes=20))
    page = await open_board(house)
    await expect(page.locator(".later li")).to_have_count(1)
    await expect(column(page, "PENDING")).to_have_count(0)


async def test_without_script_the_board_is_forms(house: House, open_board: OpenBoard) -> None:
    await house.order()
    page = await open_board(house, java_script_enabled=False)
    await page.locator(".advance").click()
    await expect(column(page, "CONFIRMED")).to_have_count(1)


async def test_two_cooks_cannot_both_move_it(house: House, open_board: OpenBoard) -> None:
    order_id = await house.order()
    page = await open_board(house, forgive="409|ERR_(INTERNET_DISCONNECTED|FAILED)")
    await page.context.set_offline(True)
    await page.locator(".advance").click()
    async with house.books.writing() as uow:
        await orders.move_order(uow, order_id, orders.OrderStatus.CANCELLED)
    await page.context.set_offline(False)
    await expect(page.locator(".alarm--refused")).to_contain_text("Somebody else has moved")
    await page.locator(".alarm--refused button").click()
    await expect(page.locator(".alarm--refused")).to_have_count(0)


async def test_a_frozen_server_is_told_within_the_time(
    house_apart: House, open_board: OpenBoard
) -> None:
    """O3: nothing is closed and nothing fails; only the heartbeat is missing."""
    await house_apart.order()
    page = await open_board(house_apart)
    await expect(page.locator(".kitchen__state.is-live")).to_be_visible()
    loop = asyncio.get_running_loop()
    assert house_apart.server.process is not None
    os.kill(house_apart.server.process.pid, signal.SIGSTOP)
    frozen_at = loop.time()
    try:
        await expect(page.locator(".alarm")).to_contain_text("Last heard")
        noticed_seconds = loop.time() - frozen_at
        await page.locator(".advance").click()
        await expect(column(page, "CONFIRMED")).to_have_class("ticket is-calm is-waiting")
    finally:
        os.kill(house_apart.server.process.pid, signal.SIGCONT)
    await expect(page.locator(".alarm")).to_have_count(0)
    await expect(page.locator(".is-waiting")).to_have_count(0)
    assert set((await house_apart.statuses()).values()) == {("CONFIRMED", 1)}
    print(f"O3: banner {noticed_seconds:.1f} s after SIGSTOP (stale after {STALE_SECONDS} s)")
    assert noticed_seconds < STALE_SECONDS + 3 * HEARTBEAT_SECONDS + 1


async def test_work_done_offline_arrives_once(house: House, tmp_path: Path) -> None:
    """O4: 50 changes without network, a reload, a killed browser; then the network is back."""
    for _ in range(OFFLINE_CHANGES // 2):
        await house.order()
    profile = tmp_path / "profile"
    async with persistent(house, profile) as page:
        await page.goto(house.board)
        await page.locator("#board[data-ready]").wait_for()
        await kept_shell(page)
        await page.context.set_offline(True)
        for before, after in (("PENDING", "CONFIRMED"), ("CONFIRMED", "PREPARING")):
            for done in range(OFFLINE_CHANGES // 2):
                await column(page, before).first.locator(".advance").click()
                await expect(column(page, after)).to_have_count(done + 1)
        await expect(page.locator(".kitchen__waiting")).to_contain_text(str(OFFLINE_CHANGES))
        await page.reload()
        await expect(column(page, "PREPARING")).to_have_count(OFFLINE_CHANGES // 2)
        assert {moves for _, moves in (await house.statuses()).values()} == {0}
        kill_browser(profile)
    async with persistent(house, profile) as page:
        await page.goto(house.board)
        await expect(page.locator(".is-waiting")).to_have_count(0)
        await expect(page.locator(".kitchen__waiting")).to_have_count(0)
        await expect(column(page, "PREPARING")).to_have_count(OFFLINE_CHANGES // 2)
    moves = [moves for _, moves in (await house.statuses()).values()]
    twice = sum(1 for count in moves if count > 2)
    print(f"O4: {sum(moves)} of {OFFLINE_CHANGES} offline changes applied, {twice} twice")
    assert moves == [2] * (OFFLINE_CHANGES // 2)


async def test_screens_that_drop_again_and_again_agree_with_the_server(
    house_apart: House, open_board: OpenBoard
) -> None:
    """O2 on screens: the server ends and starts while orders come; every screen catches up."""
    pages = [
        await open_board(house_apart, forgive="WebSocket|ERR_CONNECTION|Failed to load")
        for _ in range(3)
    ]
    seconds = []
    for _ in range(3):
        await house_apart.order()
        await asyncio.to_thread(house_apart.server.kill)
        await house_apart.order()
        await asyncio.to_thread(house_apart.server.start)
        back_at = time.monotonic()
        shown = len(await house_apart.statuses())
        for page in pages:
            await expect(column(page, "PENDING")).to_have_count(shown, timeout=PATIENCE_MS)
        seconds.append(time.monotonic() - back_at)
    print(
        f"O2: {len(pages)} screens over {len(seconds)} killed servers all show {shown} of {shown} "
        f"tickets, at the latest {max(seconds):.1f} s after the server was back"
    )


async def fill(house: House) -> None:
    """A board with something of everything."""
    now = system_clock()
    line = line_of(
        house.kitchen,
        name="Pad thai with prawns",
        note="no sprouts",
        options=(option_of("Large"), option_of("Extra chilli", quantity=2)),
        allergens=("crustaceans", "fish", "nuts:walnut"),
    )
    plain = line_of(house.kitchen, name="Miso soup", quantity=1, allergens=None)
    ages = ((2, 20), (14, 6), (26, -4), (9, 30))
    for index, (passed, left) in enumerate(ages):
        order_id = await house.order(
            lines=(line, plain) if index % 2 else (line_of(house.kitchen),),
            order_type=orders.OrderType.DELIVERY if index % 2 else orders.OrderType.PICKUP,
            note="Ring twice, the bell is broken" if index == 1 else None,
            fire_at=now - timedelta(minutes=passed),
            promised_at=now + timedelta(minutes=left),
        )
        steps = (orders.OrderStatus.CONFIRMED, orders.OrderStatus.PREPARING)
        for step in steps[:index]:
            async with house.books.writing() as uow:
                await orders.move_order(uow, order_id, step)
    later = now + timedelta(hours=2)
    await house.order(scheduled_at=later, promised_at=later, fire_at=later - timedelta(minutes=15))


@asynccontextmanager
async def persistent(house: House, profile: Path) -> AsyncIterator[Page]:
    """A browser whose data outlives it."""
    async with async_playwright() as playwright:
        context = await playwright.chromium.launch_persistent_context(
            profile, executable_path=shutil.which("chromium"), args=CHROMIUM_OPTIONS, viewport=DESK
        )
        await house.let_in(context)
        yield await context.new_page()
        with suppress(PlaywrightError):  # a browser that was killed has nothing left to close
            await context.close()


async def kept_shell(page: Page) -> None:
    """Wait until the service worker has what a reload without network needs."""
    await page.wait_for_function(
        """async () => {
          const kept = await caches.open("kitchen-1");
          const paths = (await kept.keys()).map((each) => new URL(each.url).pathname);
          const hasScript = paths.some((path) => path.endsWith("htm.mjs"));
          return hasScript && paths.includes(location.pathname);
        }"""
    )


def kill_browser(profile: Path) -> None:
    """SIGKILL to the process that owns this profile: nothing is said goodbye to."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        is_main = not any(word.startswith(b"--type=") for word in words)
        if is_main and f"--user-data-dir={profile}".encode() in words:
            os.kill(int(folder.name), signal.SIGKILL)
