"""What a cook lives through: cancellations, sound, crowds, a wrong tap, a dish that runs out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.async_api import Page, expect

from basis.clock import system_clock
from kitchenasty import locations, menu
from kitchenasty.kitchen.tests.builders import line_of, option_of
from kitchenasty.orders import OrderStatus, OrderType
from tests.browser.conftest import PHONE, OpenBoard
from tests.browser.house import House, column
from tests.browser.visitor import axe_violations

TOUCH_MIN = 44
CROWD = 60

# Browsers keep sound back until somebody touches the page. For Chromium a look by the test is a
# touch already, so the rule is kept here: nothing sounds before a real tap or key.
KEEP_SILENT = """
let isTouched = false;
for (const name of ["pointerdown", "keydown"]) {
  addEventListener(name, (event) => { isTouched ||= event.isTrusted; }, { capture: true });
}
window.AudioContext = class extends AudioContext {
  constructor(...all) {
    super(...all);
    super.suspend();
  }
  resume() {
    return isTouched ? super.resume() : new Promise(() => {});
  }
};
"""
# Listens to what goes to the loudspeaker, and keeps the loudest that it heard.
LISTEN = """
window.heard = { contexts: [], loudest: 0 };
const connect = AudioNode.prototype.connect;
AudioNode.prototype.connect = function (target, ...more) {
  if (target instanceof AudioDestinationNode) {
    if (!heard.contexts.includes(this.context)) heard.contexts.push(this.context);
    const meter = new AnalyserNode(this.context);
    connect.call(this, meter);
    const wave = new Float32Array(meter.fftSize);
    setInterval(() => {
      meter.getFloatTimeDomainData(wave);
      heard.loudest = Math.max(heard.loudest, ...wave.map(Math.abs));
    }, 20);
  }
  return connect.call(this, target, ...more);
};
"""


async def test_a_cancelled_ticket_stays_until_a_cook_has_seen_it(
    house: House, open_board: OpenBoard
) -> None:
    order_id = await house.order()
    await house.move(order_id, OrderStatus.CONFIRMED)
    one, other = await open_board(house), await open_board(house)
    await house.move(order_id, OrderStatus.CANCELLED)
    crossed_out = f'[data-column="CONFIRMED"] .is-cancelled[data-id="{order_id}"]'
    for page in (one, other):
        await expect(page.locator(crossed_out)).to_be_visible()
    await one.reload()
    await one.locator("#board[data-ready]").wait_for()
    await expect(one.locator(crossed_out)).to_contain_text("Cancelled")
    await one.locator(crossed_out).get_by_role("button", name="Seen").click()
    for page in (one, other):
        await expect(page.locator(crossed_out)).to_have_count(0)
    await one.reload()
    await one.locator("#board[data-ready]").wait_for()
    await expect(one.locator(".ticket")).to_have_count(0)


async def test_a_cancelled_ticket_is_taken_away_without_script(
    house: House, open_board: OpenBoard
) -> None:
    screen = await open_board(house)
    order_id = await house.order()
    await house.move(order_id, OrderStatus.CANCELLED)
    await expect(screen.locator(".is-cancelled")).to_be_visible()
    page = await open_board(house, java_script_enabled=False)
    await page.get_by_role("button", name="Seen").click()
    await expect(page.locator(".ticket")).to_have_count(0)
    await expect(screen.locator(".is-cancelled")).to_have_count(0)


async def test_a_new_ticket_is_heard(house: House, open_board: OpenBoard) -> None:
    page = await open_board(house, scripts=(KEEP_SILENT, LISTEN))
    sound = page.get_by_role("button", name="Sound")
    await expect(sound).to_have_text("Sound is off: tap here")
    await sound.click()
    await expect(sound).to_have_text("Sound is on")
    await page.wait_for_function("() => heard.contexts.some((one) => one.state === 'running')")
    await page.wait_for_function("() => heard.loudest > 0.1")
    await page.evaluate("() => { heard.loudest = 0; }")
    await house.order()
    await expect(page.locator(".is-unseen")).to_be_visible()
    await page.wait_for_function("() => heard.loudest > 0.1")
    await sound.click()
    await expect(sound).to_have_text("Sound is off: tap here")


async def test_a_long_press_turns_the_sound_on_and_leaves_it_on(
    house: House, open_board: OpenBoard
) -> None:
    """A finger stays for a while: what its first touch lets out, its lifting must not turn off."""
    page = await open_board(house, scripts=(KEEP_SILENT,))
    sound = page.get_by_role("button", name="Sound")
    await expect(sound).to_have_text("Sound is off: tap here")
    await sound.click(delay=600)
    await expect(sound).to_have_text("Sound is on")


async def test_any_tap_lets_the_sound_out(house: House, open_board: OpenBoard) -> None:
    await house.order()
    page = await open_board(house, scripts=(KEEP_SILENT,))
    await expect(page.get_by_role("button", name="Sound is off: tap here")).to_be_visible()
    await page.locator(".advance").click()
    await expect(page.get_by_role("button", name="Sound is on")).to_be_visible()


async def test_an_order_for_later_comes_by_itself_when_its_time_has_come(
    house: House, open_board: OpenBoard
) -> None:
    at = system_clock() + timedelta(hours=3)
    await house.order(scheduled_at=at, promised_at=at, fire_at=at - timedelta(minutes=20))
    page = await open_board(house, clock=True)
    await expect(page.locator(".later li")).to_have_count(1)
    await page.clock.fast_forward(2 * 3_600_000)
    await expect(page.locator(".later li")).to_have_count(1)
    await page.clock.fast_forward(45 * 60_000)
    await expect(column(page, "PENDING")).to_have_count(1)
    await expect(page.locator(".later")).to_have_count(0)
    await expect(page.locator(".is-unseen")).to_be_visible()


async def test_what_cannot_be_taken_back_is_asked_twice(
    house: House, open_board: OpenBoard
) -> None:
    order_id = await house.order()
    await house.move(order_id, OrderStatus.CONFIRMED, OrderStatus.PREPARING, OrderStatus.READY)
    page = await open_board(house)
    handed_over = page.locator(f'[data-id="{order_id}"] .advance')
    await page.keyboard.press("1")
    await page.keyboard.press("Enter")
    await expect(handed_over).to_contain_text("tap again")
    assert (await house.statuses())[order_id] == ("READY", 3)
    await page.keyboard.press("Enter")
    await expect(column(page, "READY")).to_have_count(0)
    await page.locator(".kitchen__waiting").wait_for(state="detached")
    assert order_id not in await house.statuses()


async def test_a_conflict_is_told_in_words_also_after_a_reload(
    house: House, open_board: OpenBoard
) -> None:
    order_id = await house.order()
    page = await open_board(house, forgive="409|ERR_(INTERNET_DISCONNECTED|FAILED)")
    await page.context.set_offline(True)
    await page.locator(".advance").click()
    await house.move(order_id, OrderStatus.CONFIRMED, OrderStatus.PREPARING)
    await page.context.set_offline(False)
    refusal = page.locator(".alarm--refused")
    await expect(refusal).to_contain_text("Somebody else has moved this order")
    await page.reload()
    await page.locator("#board[data-ready]").wait_for()
    await expect(refusal).to_contain_text("Somebody else has moved this order")
    await expect(column(page, "PREPARING")).to_have_count(1)
    await refusal.get_by_role("button").click()
    await expect(refusal).to_have_count(0)


async def test_a_second_tab_shows_and_sends_the_same_changes_once(
    house: House, open_board: OpenBoard
) -> None:
    order_id = await house.order()
    one = await open_board(house, forgive="ERR_(INTERNET_DISCONNECTED|FAILED)")
    other = await one.context.new_page()
    await other.goto(house.board)
    await other.locator("#board[data-ready]").wait_for()
    await one.context.set_offline(True)
    await one.locator(".advance").click()
    for page in (one, other):
        await expect(page.locator(".kitchen__waiting")).to_be_visible()
        await expect(column(page, "CONFIRMED")).to_have_count(1)
    await one.context.set_offline(False)
    for page in (one, other):
        await expect(page.locator(".kitchen__waiting")).to_have_count(0)
        await expect(column(page, "CONFIRMED")).to_have_count(1)
    assert (await house.statuses())[order_id] == ("CONFIRMED", 1)


async def test_a_dish_that_has_run_out_leaves_the_menu_with_two_taps(
    house: House, open_board: OpenBoard
) -> None:
    for _ in range(3):
        await house.order()
    one, other = await open_board(house), await open_board(house)
    await one.keyboard.press("d")
    dish = one.locator(f'[data-dish="{house.kitchen.dish_id}"]')
    await expect(dish).to_contain_text("6")
    await dish.get_by_role("button", name="Sold out Soup").click()
    await other.get_by_role("button", name="All day").click()
    await expect(other.get_by_role("button", name="There again Soup")).to_be_visible()
    assert await is_off(house)
    await other.get_by_role("button", name="There again Soup").click()
    await expect(dish).to_contain_text("6")
    assert not await is_off(house)


async def is_off(house: House) -> bool:
    async with house.books.reading() as look:
        known = await menu.load_availability(look, [house.kitchen.dish_id])
    return known.get(house.kitchen.dish_id, menu.AVAILABLE).is_86


async def test_a_cook_pauses_the_house_and_every_screen_says_so(
    house: House, open_board: OpenBoard
) -> None:
    one = await open_board(house, forgive="ERR_INTERNET_DISCONNECTED|Failed to fetch")
    other = await open_board(house)
    await expect(other.locator(".kitchen__state.is-live")).to_be_visible()
    await one.keyboard.press("b")
    await one.context.set_offline(True)
    await one.get_by_role("button", name="No orders for 30 min").click()
    await expect(one.get_by_role("status").get_by_text("No orders right now")).to_be_visible()
    assert await how_busy(house) == "NONE"
    await one.context.set_offline(False)
    told = other.get_by_role("button", name="No orders right now, until")
    await expect(told).to_be_visible()
    assert await how_busy(house) == "PAUSED"
    assert await axe_violations(one) == []
    await told.click()
    await other.get_by_role("button", name="As usual again").click()
    await expect(one.get_by_role("button", name="As usual again")).to_have_count(0)
    await expect(one.get_by_role("button", name="How busy")).to_be_visible()
    assert await how_busy(house) == "NONE"


async def how_busy(house: House) -> str:
    async with house.books.reading() as look:
        return (await locations.load_house(look, house.kitchen.house_id)).busy_mode.value


@pytest.mark.parametrize("scheme", ["dark", "light"])
async def test_what_is_loud_on_the_board_keeps_nobody_out(
    house: House, open_board: OpenBoard, scheme: str
) -> None:
    """A cancelled ticket, a question before the last step, a dish that ran out, a refusal."""
    cancelled, ready, moved = [await house.order() for _ in range(3)]
    await house.move(ready, OrderStatus.CONFIRMED, OrderStatus.PREPARING, OrderStatus.READY)
    page = await open_board(house, forgive="409|ERR_(INTERNET_DISCONNECTED|FAILED)")
    cookie = {"name": "scheme", "value": scheme, "url": house.server.url}
    await page.context.add_cookies([cookie])  # type: ignore[list-item]
    await page.reload()
    await page.locator("#board[data-ready]").wait_for()
    await house.move(cancelled, OrderStatus.CANCELLED)
    await expect(page.locator(".is-cancelled")).to_be_visible()
    await page.context.set_offline(True)
    await page.locator(f'[data-id="{moved}"] .advance').click()
    await house.move(moved, OrderStatus.CONFIRMED)
    await page.context.set_offline(False)
    await expect(page.locator(".alarm--refused")).to_be_visible()
    await page.keyboard.press("d")
    await page.get_by_role("button", name="Sold out Soup").click()
    await expect(page.locator(".is-off")).to_be_visible()
    await page.clock.install()  # the question stands until the test has looked
    await page.locator(f'[data-id="{ready}"] .advance').click()
    await expect(page.locator(".is-sure")).to_be_visible()
    assert await axe_violations(page) == []


async def test_a_crowd_of_long_tickets_fits_any_screen(house: House, open_board: OpenBoard) -> None:
    long = line_of(
        house.kitchen,
        name="Slow-roasted Donaudampfschifffahrtsgesellschaftskapitaenssuppe " * 2,
        note="without onions, " * 12,
        options=tuple(option_of(f"Extra topping number {n}") for n in range(8)),
        allergens=("crustaceans", "fish", "nuts:walnut", "milk", "celery"),
    )
    statuses = (OrderStatus.CONFIRMED, OrderStatus.PREPARING, OrderStatus.READY)
    for n in range(CROWD):
        lines = (long,) * (12 if n == 0 else 1) if n % 10 == 0 else (line_of(house.kitchen),)
        kind = OrderType.DELIVERY if n % 2 else OrderType.PICKUP
        order_id = await house.order(lines=lines, note="Ring twice " * 20, order_type=kind)
        await house.move(order_id, *statuses[: n % 4])
    for viewport in (PHONE, {"width": 1024, "height": 768}, {"width": 1440, "height": 900}):
        page = await open_board(house, viewport=viewport)
        await expect(page.locator(".ticket")).to_have_count(CROWD)
        assert await overflowing(page) == []
        assert await small_targets(page) == []


async def overflowing(page: Page) -> list[str]:
    """What is wider than its place; the page itself first."""
    found: list[str] = await page.evaluate(
        """() => [document.documentElement, ...document.querySelectorAll(".ticket, .ticket *")]
          .filter((each) => !each.classList.contains("hidden") && !each.closest("svg"))
          .filter((each) => getComputedStyle(each).display !== "inline")
          .filter((each) => each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 0)
          .map((each) => `${each.tagName} ${each.className} ${each.scrollWidth}`)"""
    )
    return found


async def small_targets(page: Page) -> list[str]:
    """What a wet finger misses."""
    found: list[str] = await page.evaluate(
        """(least) => [...document.querySelectorAll("#board button, #board a")]
          .map((each) => [each.textContent, each.getBoundingClientRect()])
          .filter(([, box]) => Math.min(box.width, box.height) < least)
          .map(([text, box]) => `${text}: ${box.width} x ${box.height}`)""",
        TOUCH_MIN,
    )
    return found
