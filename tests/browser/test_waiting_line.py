"""A waiter works the waiting list with keys alone, on a tablet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from basis.ids import new_code
from kitchenasty import floor as house_floor
from kitchenasty import locations, staff
from kitchenasty.availability.tests.builders import WAITER, add_tables
from kitchenasty.kit.identity.sessions import SessionKind, open_session
from kitchenasty.kit.principals import Kind
from kitchenasty.locations.tests.builders import add_house
from tests.browser.conftest import TABLET
from tests.browser.floor import Floor, OpenTables
from tests.browser.house import House
from tests.browser.keys import Keys

ALL_DAY = tuple(locations.IntervalDraft(weekday, "00:00", "24:00") for weekday in range(7))
SOMEBODY_SITS = timedelta(minutes=90)
NOON = 12


def zone_at_noon() -> str:
    """Where it is about noon now: there the day is not over while the test runs."""
    hours = NOON - datetime.now(UTC).hour
    return f"Etc/GMT{-hours:+d}" if hours else "Etc/GMT"


@pytest_asyncio.fixture(loop_scope="session")
async def floor(house: House) -> Floor:
    """One table, at which somebody sits; later it is kept from everybody."""
    async with house.books.writing(WAITER) as uow:
        here = await add_house(uow, zone=zone_at_noon(), hours=ALL_DAY)
        [table] = await add_tables(uow, here, (2,))
        await house_floor.walk_in(uow, here.id, 2, name="Noor Dahl")
        later = uow.now + SOMEBODY_SITS + timedelta(minutes=10), uow.now + timedelta(days=2)
        await house_floor.block(uow, here.id, [table.id], later, "Painters")
        newcomer = staff.NewMember(
            email=f"{new_code(8).lower()}@house.example", name="Ada", house_ids=(here.id,)
        )
        waiter = await staff.add_member(uow, newcomer, password_hash="none")
        token = await open_session(
            uow, kind=SessionKind.PAGE, subject_kind=Kind.STAFF, subject_id=waiter.id
        )
    return Floor(house, here, (table,), token)


async def put_on_the_list(keys: Keys, name: str) -> None:
    page = keys.page
    await keys.press(page.locator("summary", has_text="Put somebody on the list"))
    await keys.fill("name", name)
    await keys.press(page.get_by_role("button", name="Put on the list"))
    await expect(line_of(page, name)).to_be_visible()


def line_of(page: Page, name: str) -> Locator:
    return page.locator("section", has=page.locator("#waiting-title")).locator("li", has_text=name)


async def answer(keys: Keys, words: str, name: str) -> None:
    await keys.press(keys.page.get_by_role("button", name=f"{words}: {name}", exact=True))


async def test_the_waiting_list_is_worked_with_keys_alone(
    floor: Floor, open_tables: OpenTables
) -> None:
    """20 seconds, most of it the pages' soundness."""
    page = await open_tables(
        f"/admin/tables/{floor.here.id}", viewport=TABLET, reduced_motion="reduce"
    )
    keys = Keys(page)
    ines, omar = "Ines Vogt", "Omar Haddad"
    for name in (ines, omar):
        await put_on_the_list(keys, name)
    await keys.check()

    seated = page.locator("section", has=page.get_by_role("heading", name="At the table"))
    await keys.press(seated.get_by_role("link", name="Noor Dahl"))
    await page.wait_for_url("**party=**")
    await keys.press(page.get_by_role("button", name="They left"))
    await expect(seated.get_by_role("link", name="Noor Dahl")).to_have_count(0)

    await answer(keys, "Table ready", ines)
    await expect(line_of(page, ines)).to_contain_text("held until")
    await keys.check()
    await answer(keys, "Not ready yet", ines)
    await expect(line_of(page, ines)).not_to_contain_text("held until")
    await answer(keys, "Table ready", omar)
    await expect(line_of(page, omar)).to_contain_text("held until")
    await answer(keys, "Seat now", omar)
    await expect(seated.get_by_role("link", name=omar)).to_be_visible()
    await expect(line_of(page, omar)).to_have_count(0)
    await answer(keys, "Take off the list", ines)
    await expect(page.get_by_text("Nobody waits for a table.")).to_be_visible()
    await keys.check()
