"""What a page offers to choose from: the days of a month, and the times of the chosen day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from kitchenasty import locations, reservations
from kitchenasty.kit.books import Look
from kitchenasty.reservations import NoReservations, Terms, Wish
from kitchenasty.reserving.guest_forms import Choice
from kitchenasty.reserving.month_sheet import Address, MonthSheet, draw_month


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
        days = await reservations.list_month(
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
    slots = await reservations.list_free(look, wish, ignored=ignored)
    return Offered(month=month, slots=tuple(slot.shown for slot, is_free in slots if is_free))


def today_of(look: Look, house: locations.House) -> date:
    return look.now.astimezone(ZoneInfo(house.zone)).date()
