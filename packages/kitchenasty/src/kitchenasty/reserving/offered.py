"""What a page offers to choose from: the days of a month, and the times of the chosen day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from basis.sentences import word
from kitchenasty import availability, locations
from kitchenasty.availability import NoReservations, Wish
from kitchenasty.kit.books import Look
from kitchenasty.reservation_terms import Terms
from kitchenasty.reserving.guest_forms import Choice
from kitchenasty.reserving.month_sheet import Address, MonthSheet, draw_month

FEW = 12
"""So many times are seen at one glance and need no headings."""
# From which time on; what comes before the first is still the night.
PARTS = (
    ("05:00", word("Morning")),
    ("11:00", word("Midday")),
    ("15:00", word("Afternoon")),
    ("17:00", word("Evening")),
    ("23:00", word("Night")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """`month`: None where the house takes no reservations. `slots` are times like `18:30`."""

    month: MonthSheet | None = None
    slots: tuple[str, ...] = ()


async def offer_choice(
    look: Look,
    house: locations.House,
    terms: Terms,
    choice: Choice,
    *,
    address: Address,
    ignored: str | None = None,
) -> Offered:
    """Raises WishRefused. `ignored`: the reservation that is to be changed."""
    if not terms.is_on:
        return Offered()
    try:
        days = await availability.list_month(
            look, house.id, choice.month, choice.party, ignored=ignored
        )
    except NoReservations:
        return Offered()
    today = today_of(look, house)
    month = draw_month(
        days,
        today=today,
        last_day=today + timedelta(days=terms.advance_days),
        chosen=choice.day,
        country=house.country,
        address=address,
    )
    if choice.day is None:
        return Offered(month=month)
    wish = Wish(house_id=house.id, day=choice.day, shown="", party=choice.party)
    slots = await availability.list_free(look, wish, ignored=ignored)
    return Offered(month=month, slots=tuple(slot.shown for slot, is_free in slots if is_free))


def today_of(look: Look, house: locations.House) -> date:
    return look.now.astimezone(ZoneInfo(house.zone)).date()


def parts_of_day(slots: Sequence[str]) -> list[tuple[str, list[str]]]:
    """The times in their order, under the part of the day that each falls in; a night comes after
    its evening. A few stay together, under no words.
    """
    if len(slots) <= FEW:
        return [("", list(slots))]
    return [(part, list(times)) for part, times in groupby(slots, key=part_of_day)]


def part_of_day(shown: str) -> str:
    return ([PARTS[-1][1]] + [words for begins, words in PARTS if begins <= shown])[-1]
