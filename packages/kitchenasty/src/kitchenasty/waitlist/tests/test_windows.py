"""Between which times somebody waits: the evening goes on after midnight. 4 s."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from basis.kit.testing import HandClock
from kitchenasty import locations, waitlist
from kitchenasty.availability.tests.builders import FRIDAY
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import ANONYMOUS
from kitchenasty.reservations import Guest
from kitchenasty.waitlist import Asked, Waiting, WaitRefused
from kitchenasty.waitlist.tests.builders import fill, open_small_house


@pytest.fixture
async def house(books: Books, clock: HandClock) -> locations.House:
    """Opens at 17:00, seats people until 01:00, and is given away for that evening."""
    made = await open_small_house(books, clock)
    await fill(books, made)
    return made


async def wait(books: Books, house: locations.House, since: str, until: str) -> Waiting:
    asked = Asked(house_id=house.id, day=FRIDAY, party=2, since=since, until=until)
    async with books.writing(ANONYMOUS) as uow:
        made, _ = await waitlist.join(uow, asked, Guest(name="Ada", phone="030 1"))
        return await waitlist.load_waiting(uow, house.id, made)


@pytest.mark.parametrize(
    ("since", "until", "window"),
    [
        ("", "", ("17:00", "01:00")),
        ("22:00", "00:30", ("22:00", "00:30")),
        ("22:00", "", ("22:00", "01:00")),
        ("", "23:00", ("17:00", "23:00")),
        ("", "00:30", ("17:00", "00:30")),
        ("00:30", "", ("00:30", "01:00")),
        ("00:00", "00:30", ("00:00", "00:30")),
        ("16:00", "18:00", ("17:00", "18:00")),
        ("18:00", "01:30", ("18:00", "01:00")),
        ("16:00", "00:30", ("17:00", "00:30")),
        ("18:00:00", "19:10", ("18:00", "19:00")),
    ],
)
async def test_the_window_is_what_was_asked_for_also_across_midnight(
    books: Books, house: locations.House, since: str, until: str, window: tuple[str, str]
) -> None:
    one = await wait(books, house, since, until)
    shown = [f"{at.astimezone(ZoneInfo(house.zone)):%H:%M}" for at in (one.since_at, one.until_at)]
    assert tuple(shown) == window


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("20:00", "18:00"),
        ("00:30", "23:00"),
        ("03:00", "04:00"),
        ("15:00", "16:00"),
        ("25:99", ""),
        ("", "24:30"),
        ("noon", ""),
        ("7", ""),
    ],
)
async def test_times_that_are_none_or_stand_the_wrong_way_round_are_refused(
    books: Books, house: locations.House, since: str, until: str
) -> None:
    with pytest.raises(WaitRefused):
        await wait(books, house, since, until)


async def test_nobody_waits_for_a_part_of_the_evening_that_is_over(
    books: Books, clock: HandClock, house: locations.House
) -> None:
    clock.now = clock.now.replace(day=17, hour=19)
    with pytest.raises(WaitRefused, match="at these times"):
        await wait(books, house, "", "20:30")
    assert (await wait(books, house, "", "23:00")).since_at > clock.now
