"""Parties moved on the day and on the plan: by mouse, by finger, by keys, seen on every screen."""

from __future__ import annotations

from datetime import timedelta

from playwright.async_api import CDPSession, FloatRect, Locator, Page, expect

from basis.clock import system_clock
from tests.browser.floor import Floor, OpenTables
from tests.browser.house import PATIENCE_MS
from tests.browser.visitor import axe_violations

QUARTER = 26
LOOKS_MAX = 20
HOLD_MS = 400
TARGET_MIN = 24
"""Pixels that a finger needs at least (WCAG 2.2, 2.5.8)."""


def bar_of(page: Page, party: str) -> Locator:
    return page.locator(f'a.bar[data-party="{party}"]')


async def box_of(target: Locator) -> FloatRect:
    """Where it lies; drawn anew at this moment, it is looked for again."""
    for _ in range(LOOKS_MAX):
        box = await target.bounding_box()
        if box is not None:
            break
    assert box is not None
    return box


async def middle(target: Locator) -> tuple[float, float]:
    """Where a hand would take it."""
    box = await box_of(target)
    return box["x"] + min(box["width"], 60) / 2, box["y"] + box["height"] / 2


def lane(page: Page, floor: Floor, table: int) -> Locator:
    return page.locator(f'rect.lane[data-table="{floor.tables[table - 1].id}"]')


async def test_a_party_is_dragged_to_another_table_and_time_and_back(
    floor: Floor, open_tables: OpenTables
) -> None:
    """5 seconds."""
    party = await floor.book("Lena Frost", "19:00", 1)
    before = await floor.load(party)
    page, other = await open_tables(floor.day), await open_tables(floor.day)
    told = other.get_by_role("link", name="Lena Frost, 19:30 to 21:00: Expected")
    x, y = await middle(bar_of(page, party))
    _, down = await middle(lane(page, floor, 3))
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + 2 * QUARTER, down, steps=8)
    await page.mouse.up()
    await expect(page.locator(".tables-undo")).to_contain_text("now table 3, 19:30")
    await expect(told.first).to_be_visible(timeout=PATIENCE_MS)
    assert await floor.tables_of(party) == ["3"]
    await page.get_by_role("button", name="Undo").click()
    await expect(page.locator(".tables-undo")).to_contain_text("now table 1, 19:00")
    await expect(told).to_have_count(0, timeout=PATIENCE_MS)
    after = await floor.load(party)
    assert (after.table_ids, after.period, after.quarter) == (
        before.table_ids,
        before.period,
        before.quarter,
    )


async def test_what_is_in_the_way_is_named_and_the_screen_stays_live(
    floor: Floor, open_tables: OpenTables
) -> None:
    """5 seconds."""
    party = await floor.book("Lena Frost", "19:00", 1)
    await floor.book("Omar Reyes", "19:30", 2)
    page = await open_tables(floor.day, forgive="409")
    x, y = await middle(bar_of(page, party))
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x, (await middle(lane(page, floor, 2)))[1], steps=8)
    await page.mouse.up()
    await expect(page.get_by_text("Omar Reyes has this table from 19:30 to 21:00.")).to_be_visible()
    assert await floor.tables_of(party) == ["1"]
    late = await floor.book("Ines Vogt", "21:00", 4)
    await expect(bar_of(page, late)).to_be_visible(timeout=PATIENCE_MS)


async def put(finger: CDPSession, kind: str, *points: tuple[float, float]) -> None:
    sent = [{"x": x, "y": y} for x, y in points]
    await finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": sent})


async def lift(page: Page, finger: CDPSession, party: str) -> tuple[float, float]:
    """Rest on the bar until it is lifted; where that was. A page that is drawn anew at that moment
    was not touched where the bar is now.
    """
    for _ in range(LOOKS_MAX):
        touched = await middle(bar_of(page, party))
        await put(finger, "touchStart", touched)
        await page.clock.run_for(HOLD_MS)
        if await page.locator(".is-lifted").count():
            break
        await put(finger, "touchCancel")
    await expect(page.locator(".is-lifted")).to_have_count(1)
    return touched


async def test_a_finger_that_rests_lifts_a_party_and_one_that_slides_does_not(
    floor: Floor, open_tables: OpenTables
) -> None:
    """6 seconds."""
    party = await floor.book("Lena Frost", "19:00", 1)
    page = await open_tables(floor.day, clock=True, has_touch=True)
    bar = await box_of(bar_of(page, party).locator("rect"))
    assert min(bar["width"], bar["height"]) >= TARGET_MIN
    # No finger of a test is quick enough for a busy machine, unless time stands still.
    await page.clock.pause_at(system_clock() + timedelta(seconds=30))
    finger = await page.context.new_cdp_session(page)
    x, y = await lift(page, finger, party)
    _, down = await middle(lane(page, floor, 5))
    for share in (0.3, 0.6, 1.0):
        await put(finger, "touchMove", (x, y + (down - y) * share))
    await put(finger, "touchEnd")
    await expect(page.locator(".tables-undo")).to_contain_text("now table 5, 19:00")
    assert await floor.tables_of(party) == ["5"]

    # The finger that slides comes last: the page goes on scrolling when it is gone.
    x, y = await middle(bar_of(page, party))
    await put(finger, "touchStart", (x, y))
    await put(finger, "touchMove", (x, y - 40))
    await put(finger, "touchMove", (x, y - 120))
    await put(finger, "touchEnd")
    await expect(page.locator(".is-lifted")).to_have_count(0)
    assert await floor.tables_of(party) == ["5"]


async def test_the_day_is_worked_with_keys_alone(floor: Floor, open_tables: OpenTables) -> None:
    """7 seconds."""
    party = await floor.book("Lena Frost", "19:00", 1)
    page = await open_tables(floor.day)
    press, told = page.keyboard.press, page.locator("[data-moving-told]")
    await bar_of(page, party).focus()
    await press("Space")
    await expect(told).to_contain_text("Lifted.")
    assert await axe_violations(page) == []
    await press("ArrowDown")
    await press("ArrowRight")
    await expect(told).to_have_text("Table 2, 19:15")
    await press("Escape")
    await expect(told).to_have_text("Left where it was.")
    await press("Space")
    await press("ArrowDown")
    await press("ArrowLeft")
    await press("Enter")
    await expect(page.locator(".tables-undo")).to_contain_text("now table 2, 18:45")
    assert await floor.tables_of(party) == ["2"]
    panel = page.locator("#party")
    await page.wait_for_load_state("load")
    await expect(panel).to_be_focused()
    undo = page.get_by_role("button", name="Undo")
    await undo.focus()
    await press("Enter")
    await expect(page.locator(".tables-undo")).to_contain_text("now table 1, 19:00")
    await page.wait_for_load_state("load")
    await expect(panel).to_be_focused()
    pushed = page.locator("#party summary", has_text="Another table")
    await pushed.focus()
    await press("Enter")
    await page.locator(f'#party input[value="{floor.tables[1].id}"]').focus()
    await press("Space")
    await page.get_by_role("button", name="Sit here").focus()
    await press("Enter")
    await expect(page.locator(".tables-undo")).to_contain_text("now table 1 + 2, 19:00")


async def test_what_was_said_stays_when_the_day_is_drawn_anew(
    floor: Floor, open_tables: OpenTables
) -> None:
    """4 seconds."""
    party = await floor.book("Lena Frost", "19:00", 1)
    page = await open_tables(floor.day)
    told = page.locator("[data-moving-told]")
    await bar_of(page, party).focus()
    await page.keyboard.press("Space")
    await page.keyboard.press("Escape")
    late = await floor.book("Ines Vogt", "21:00", 4)
    await expect(bar_of(page, late)).to_be_visible(timeout=PATIENCE_MS)
    await expect(told).to_have_text("Left where it was.")


async def test_who_is_put_on_the_list_is_not_lost_when_the_day_is_drawn_anew(
    floor: Floor, open_tables: OpenTables
) -> None:
    """4 seconds."""
    page = await open_tables(floor.day)
    await page.wait_for_load_state("load")
    await page.locator("summary", has_text="Put somebody on the list").click()
    name = page.get_by_label("Name")
    await name.press_sequentially("Half a na")
    late = await floor.book("Ines Vogt", "21:00", 4)
    await expect(bar_of(page, late)).to_be_visible(timeout=PATIENCE_MS)
    await expect(name).to_be_focused()
    await page.keyboard.type("me")
    await expect(name).to_have_value("Half a name")


async def test_people_sit_in_two_taps_and_are_dragged_across_the_room(
    floor: Floor, open_tables: OpenTables
) -> None:
    """6 seconds."""
    plan = f"/admin/tables/{floor.here.id}/plan"
    page = await open_tables(plan)
    table = page.locator(f'a.standing[data-table="{floor.tables[4].id}"]')
    await table.click()
    await page.get_by_role("button", name="3", exact=True).click()
    await expect(page.get_by_text("Seated at table 5")).to_be_visible()
    other = await open_tables(plan)
    free = page.locator(f'a.standing[data-table="{floor.tables[6].id}"]')
    x, y = await middle(table)
    to_x, to_y = await middle(free)
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(to_x, to_y, steps=8)
    await page.mouse.up()
    await expect(page.locator(".tables-undo")).to_contain_text("Walk-in: now table 7")
    seated = other.get_by_role("link", name="Table 7, 4 seats: Seated")
    await expect(seated).to_be_visible(timeout=PATIENCE_MS)
    await seated.first.focus()
    await other.keyboard.press("Space")
    await other.keyboard.press("ArrowRight")
    await other.keyboard.press("Enter")
    await expect(other.locator(".tables-undo")).to_contain_text("Walk-in: now table 8")
    assert await axe_violations(other) == []


async def test_without_scripts_a_move_is_a_form_and_so_is_taking_it_back(
    floor: Floor, open_tables: OpenTables
) -> None:
    """4 seconds."""
    party = await floor.book("Lena Frost", "19:00", 1)
    page = await open_tables(floor.day, java_script_enabled=False)
    await page.locator(".parties a", has_text="Lena Frost").click()
    await page.locator("#party summary", has_text="Another table").click()
    for table in (0, 3):
        await page.locator(f'#party label:has(input[value="{floor.tables[table].id}"])').click()
    async with page.expect_navigation():
        await page.get_by_role("button", name="Sit here").click()
    assert await floor.tables_of(party) == ["4"]
    async with page.expect_navigation():
        await page.get_by_role("button", name="Undo").click()
    assert await floor.tables_of(party) == ["1"]
