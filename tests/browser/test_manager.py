"""A manager arranges a room and works an evening with keys alone, on a phone and on a tablet."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import pytest_asyncio
from playwright.async_api import ViewportSize, expect

from basis.ids import new_code
from kitchenasty import locations, staff
from kitchenasty.availability.tests.builders import EVENING, FRIDAY
from kitchenasty.kit.identity.sessions import SessionKind, open_session
from kitchenasty.kit.principals import Kind, Role
from kitchenasty.locations.tests.builders import add_house
from tests.browser.conftest import PHONE, TABLET
from tests.browser.floor import Floor, OpenTables
from tests.browser.house import House
from tests.browser.keys import Keys
from tests.browser.visitor import tab_to

SIZES = pytest.mark.parametrize("size", [PHONE, TABLET], ids=["phone", "tablet"])


@pytest_asyncio.fixture(loop_scope="session")
async def floor(house: House) -> Floor:
    """A house without tables, and its manager."""
    async with house.books.writing() as uow:
        here = await add_house(uow, hours=EVENING)
        manager = await staff.add_member(
            uow,
            staff.NewMember(
                email=f"{new_code(8).lower()}@house.example",
                name="Grace",
                role=Role.MANAGER,
                house_ids=(here.id,),
            ),
            password_hash="none",
        )
        token = await open_session(
            uow, kind=SessionKind.PAGE, subject_kind=Kind.STAFF, subject_id=manager.id
        )
    return Floor(house, here, (), token)


async def add_tables(keys: Keys, names: str, seats: str, area: str, count: int) -> None:
    await keys.fill("name", names)
    await keys.fill("seats", seats)
    await keys.fill("area", area)
    await keys.press(keys.page.get_by_role("button", name="Add them"))
    await expect(keys.page.get_by_text(f"{count} added.")).to_be_visible()


async def set_terms(keys: Keys) -> None:
    """Turn times, pacing, last seating and notice."""
    page = keys.page
    await keys.press(page.locator("[name=own]"), "Space")
    await keys.fill("lastSeating", "90")
    await keys.fill("covers", "12")
    await keys.fill("notice", "30")
    await tab_to(page, page.locator("[name=turns]"))
    await page.keyboard.press("ControlOrMeta+a")
    for line in ("2: 90", "4: 120", "8: 150"):
        await page.keyboard.type(line)
        await page.keyboard.press("Enter")
    await keys.press(page.get_by_role("button", name="Save the terms"))
    await expect(page.get_by_text("Saved.")).to_be_visible()
    await expect(page.locator("[name=own]")).to_be_checked()
    for name, value in (("lastSeating", "90"), ("covers", "12"), ("notice", "30")):
        await expect(page.locator(f"[name={name}]")).to_have_value(value)
    await expect(page.locator("[name=turns]")).to_have_value("2: 90\n4: 120\n8: 150")


async def push_together(keys: Keys) -> None:
    page = keys.page
    await keys.press(page.locator("#together summary"))
    for number in (0, 1):
        await keys.press(page.locator("#together [name=tables]").nth(number), "Space")
    await keys.fill("name", "Long table", within="#together")
    await keys.fill("seatsMin", "5", within="#together")
    await keys.fill("seats", "8", within="#together")
    await keys.check()
    await keys.press(page.locator("#together").get_by_role("button", name="Add", exact=True))
    await expect(page.locator("#together")).to_contain_text("1 + 2, 5 to 8 people")


async def block_table(keys: Keys) -> None:
    """The last one, for some hours of the Friday."""
    page = keys.page
    await keys.press(page.locator("#blocked summary"))
    await keys.press(page.locator("#blocked [name=tables]").last, "Space")
    for name, clock in (("since", "0600PM"), ("until", "0900PM")):
        await tab_to(page, page.locator(f"#blocked [name={name}]"))
        await page.keyboard.type(f"{FRIDAY:%m%d%Y}")
        await page.keyboard.press("Tab")
        await page.keyboard.type(clock)
    await keys.fill("reason", "A leg is loose", within="#blocked")
    await keys.press(page.locator("#blocked").get_by_role("button", name="Block them"))
    blocked = page.locator("#blocked li")
    await expect(blocked).to_contain_text("T2: A leg is loose")
    await expect(blocked).to_contain_text("18:00")


@SIZES
async def test_a_room_is_arranged_and_its_terms_are_set(
    floor: Floor, open_tables: OpenTables, size: ViewportSize
) -> None:
    """20 seconds for each size, most of it the pages' soundness."""
    page = await open_tables(
        f"/admin/houses/{floor.here.id}/tables", viewport=size, reduced_motion="reduce"
    )
    keys = Keys(page)
    await keys.check()
    await add_tables(keys, "1-4", "4", "Hall", 4)
    await add_tables(keys, "T1, T2", "2", "Terrace", 2)
    await keys.check()
    await keys.go("Reservations")
    await page.wait_for_url("**/reservations")
    await set_terms(keys)
    await push_together(keys)
    await block_table(keys)
    await keys.check()


async def arrange(floor: Floor) -> None:
    async with floor.house.books.writing() as uow:
        hall = [locations.TableDraft(name=name, seats=4, area="Hall") for name in "1234"]
        await locations.add_tables(uow, floor.here.id, hall)


@SIZES
async def test_an_evening_is_written_down_moved_seated_and_counted(
    floor: Floor, open_tables: OpenTables, size: ViewportSize
) -> None:
    """25 seconds for each size, most of it the pages' soundness."""
    await arrange(floor)
    page = await open_tables(floor.day, viewport=size, reduced_motion="reduce")
    keys = Keys(page)
    await page.wait_for_load_state("load")
    await page.keyboard.press("n")
    await page.wait_for_url("**/new?**")
    await keys.check()
    times = page.locator("input[type=radio][name=time]:not([disabled])")
    await keys.press(times.first, "Space")
    await page.keyboard.press("ArrowRight")
    await expect(times.nth(1)).to_be_checked()
    await keys.fill("name", "Lena Frost")
    await keys.fill("phone", "030 55501")
    await keys.press(page.get_by_role("button", name="Book the table"))
    await expect(page.get_by_text("Written down.")).to_be_visible()
    await keys.check()

    bar = page.locator("a.bar", has=page.get_by_text("Lena Frost"))
    await keys.press(bar, "Space")
    for key in ("ArrowDown", "ArrowRight", "Enter"):
        await page.keyboard.press(key)
    await expect(page.locator(".tables-undo")).to_contain_text("Lena Frost: now table 2, 17:45.")
    await keys.check()

    await seat_at_table_three(keys)
    await keys.go("Trends")
    await page.wait_for_url("**/trends?**")
    walk_ins = page.locator(".office-count", has_text="Walk-ins")
    await expect(walk_ins.locator("strong")).to_have_text("1")
    await keys.check()


async def seat_at_table_three(keys: Keys) -> None:
    """Two keys on the plan: the table, and how many they are."""
    page = keys.page
    await keys.go("Floor plan")
    await page.wait_for_url("**/plan?**")
    await keys.check()
    await keys.press(page.get_by_role("link", name=re.compile(r"^Table 3, 4 seats: Free")))
    await expect(page.get_by_role("heading", name="Table 3: how many are you?")).to_be_visible()
    await keys.check()
    await keys.press(page.get_by_role("button", name="3", exact=True))
    await expect(page.get_by_text("Seated at table 3")).to_be_visible()


@SIZES
async def test_a_table_is_switched_off_and_whoever_is_expected_there_stays_on_the_day(
    floor: Floor, open_tables: OpenTables, size: ViewportSize
) -> None:
    """10 seconds for each size."""
    await arrange(floor)
    async with floor.house.books.reading() as look:
        first = (await locations.list_tables(look, floor.here.id))[0]
    there = replace(floor, tables=(first,))
    await there.book("Lena Frost", "19:00", table=1, party=4)
    page = await open_tables(
        f"/admin/houses/{floor.here.id}/tables",
        viewport=size,
        reduced_motion="reduce",
        forgive="409",
    )
    keys = Keys(page)
    await keys.press(page.get_by_role("link", name="Change table 1"))
    await page.wait_for_url(f"**/tables/{first.id}")
    await keys.press(page.locator("[name=isActive]"), "Space")
    await keys.press(page.get_by_role("button", name="Save the table"))
    await expect(page.get_by_role("alert")).to_contain_text("19:00 Lena Frost (4)")
    await keys.check()
    await keys.press(page.locator("[name=theyKeepIt]"), "Space")
    await keys.press(page.get_by_role("button", name="Save the table"))
    await page.wait_for_url("**/tables?saved=**")
    await page.goto(floor.day)
    await expect(page.locator(".timeline-names")).to_contain_text("Switched off")
    await expect(page.locator("a.bar", has=page.get_by_text("Lena Frost"))).to_be_visible()
    await keys.check()
