"""Which times of a day are free, and with which tables a wish could be met.

Reading only: what is found here may be gone a moment later, and `book` has the last word.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from basis.sentences import Sentence
from kitchenasty import locations
from kitchenasty.availability.queries import list_arrivals, list_stays, load_floor
from kitchenasty.availability.refusals import (
    FullyBooked,
    NoReservations,
    TooManyArrive,
    WishRefused,
)
from kitchenasty.availability.seating import Choice, choose, seats_for
from kitchenasty.availability.slots import QUARTER, Slot, find_slot, quarter_of, slots_on
from kitchenasty.availability.views import Floor, Period, Plan, Stay, Wish
from kitchenasty.kit.books import Look
from kitchenasty.reservation_terms import PARTY_MAX, Terms, load_terms

NEAREST = 4
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayBook:
    """What is known of one date of a house when somebody asks for a table. `ignored`: the
    reservation that is to be changed, whose own tables are free for it.
    """

    house: locations.House
    terms: Terms
    floor: Floor
    stays: tuple[Stay, ...]
    arrivals: dict[datetime, int]
    slots: tuple[Slot, ...]
    ignored: str | None = None

    def taken(self, period: Period) -> set[str]:
        """The ids of the tables that are kept at some moment of the period."""
        starts_at, ends_at = period
        return {
            stay.table_id
            for stay in self.stays
            if stay.starts_at < ends_at
            and stay.ends_at > starts_at
            and (self.ignored is None or stay.reservation_id != self.ignored)
        }

    def choices(self, slot: Slot, wish: Wish) -> list[Choice]:
        period = period_of(slot, self.terms, wish)
        taken = self.taken(period)
        if wish.table_ids:
            seat = seats_for(self.floor.seats, wish.table_ids)
            return choose([seat] if seat else [], wish.party, taken=taken)
        return choose(self.floor.seats, wish.party, taken=taken, area=wish.area)

    def has_room(self, slot: Slot, party: int) -> bool:
        """Whether so many more people may arrive then."""
        limit = self.terms.covers_per_quarter
        come = self.arrivals.get(quarter_of(slot.starts_at), 0)
        return limit is None or come == 0 or come + party <= limit

    def is_free(self, slot: Slot, wish: Wish) -> bool:
        return self.has_room(slot, wish.party) and bool(self.choices(slot, wish))


async def open_day(look: Look, house_id: str, day: date, *, ignored: str | None = None) -> DayBook:
    """Raises HouseNotFound."""
    house = await locations.load_house(look, house_id)
    terms = await load_terms(look, house_id)
    slots = slots_on(house.hours, terms, day)
    if not slots:
        return DayBook(
            house=house,
            terms=terms,
            floor=Floor(house_id=house_id, seats=()),
            stays=(),
            arrivals={},
            slots=(),
        )
    period = slots[0].starts_at, slots[-1].starts_at + DAY
    return DayBook(
        house=house,
        terms=terms,
        floor=await load_floor(look, house_id),
        stays=tuple(await list_stays(look, house_id, period)),
        arrivals=await list_arrivals(look, house_id, (period[0] - QUARTER, period[1])),
        slots=tuple(slots),
        ignored=ignored,
    )


async def list_free(
    look: Look, wish: Wish, *, ignored: str | None = None
) -> list[tuple[Slot, bool]]:
    """The times of a date that guests can still book, each with whether there is a table. Raises
    HouseNotFound, WishRefused, NoReservations.
    """
    book = await open_day(look, wish.house_id, wish.day, ignored=ignored)
    return free_times(look, book, wish)


def free_times(look: Look, book: DayBook, wish: Wish) -> list[tuple[Slot, bool]]:
    """The same of a book that is open. Raises WishRefused, NoReservations."""
    check_asked(look, book, wish)
    return [
        (slot, book.is_free(slot, wish))
        for slot in book.slots
        if is_bookable(look, book.terms, slot)
    ]


async def plan(look: Look, wish: Wish, *, ignored: str | None = None) -> Plan:
    """How a wish could be met. Guests are held to the notice and the days ahead; the house itself
    books for any time at which it seats guests. Raises HouseNotFound, WishRefused, NoReservations,
    FullyBooked, TooManyArrive.
    """
    book = await open_day(look, wish.house_id, wish.day, ignored=ignored)
    check_asked(look, book, wish)
    slot = find_slot(
        book.house.hours, book.terms, wish.day, wish.shown, any_minute=look.actor.is_staff
    )
    if slot is None:
        raise WishRefused(nothing_at(book, wish))
    check_time(look, book, slot)
    choices = book.choices(slot, wish)
    if not choices:
        raise FullyBooked(nearest_free(look, book, slot, wish))
    if not look.actor.is_staff and not book.has_room(slot, wish.party):
        raise TooManyArrive(nearest_free(look, book, slot, wish))
    return Plan(
        wish=wish,
        terms=book.terms,
        slot=slot,
        period=period_of(slot, book.terms, wish),
        choices=tuple(choices),
    )


async def look_again(look: Look, seen: Plan, *, ignored: str | None = None) -> Plan:
    """The same plan with the tables that are free now. Raises FullyBooked."""
    wish = seen.wish
    book = await open_day(look, wish.house_id, wish.day, ignored=ignored)
    choices = book.choices(seen.slot, wish)
    if not choices:
        raise FullyBooked(nearest_free(look, book, seen.slot, wish))
    return replace(seen, choices=tuple(choices))


def period_of(slot: Slot, terms: Terms, wish: Wish) -> Period:
    stay = terms.stay(wish.party) if wish.minutes is None else timedelta(minutes=wish.minutes)
    return slot.starts_at, slot.starts_at + stay


def check_asked(look: Look, book: DayBook, wish: Wish) -> None:
    """Raises WishRefused, NoReservations."""
    if not look.actor.is_staff and not (book.terms.is_on and book.house.is_active):
        raise NoReservations
    if not 1 <= wish.party <= PARTY_MAX:
        raise WishRefused(Sentence.of("A party is 1 to {most} people.", most=PARTY_MAX))
    if not look.actor.is_staff and wish.party > book.terms.party_max:
        raise WishRefused(
            Sentence.of(
                "Here you can book for up to {most} people. For more please call us.",
                most=book.terms.party_max,
            )
        )


def nothing_at(book: DayBook, wish: Wish) -> Sentence:
    if not book.slots:
        return Sentence.of("We are closed on that day. Please choose another one.")
    return Sentence.of(
        "We seat nobody at {time} on that day. Please choose a time from {first} to {last}.",
        time=wish.shown[:5],
        first=book.slots[0].shown,
        last=book.slots[-1].shown,
    )


def check_time(look: Look, book: DayBook, slot: Slot) -> None:
    """Raises WishRefused."""
    if slot.starts_at + timedelta(minutes=book.terms.interval_minutes) <= look.now:
        raise WishRefused("That time is over. Please choose a later one.")
    if look.actor.is_staff:
        return
    if not is_early_enough(look, book.terms, slot):
        raise WishRefused(
            Sentence.of(
                "Please book at least {minutes} minutes ahead, or call us.",
                minutes=book.terms.notice_minutes,
            )
        )
    if not is_bookable(look, book.terms, slot):
        raise WishRefused(
            Sentence.of("Please book at most {days} days ahead.", days=book.terms.advance_days)
        )


def is_early_enough(look: Look, terms: Terms, slot: Slot) -> bool:
    if look.actor.is_staff:
        return slot.starts_at + timedelta(minutes=terms.interval_minutes) > look.now
    return slot.starts_at >= look.now + timedelta(minutes=terms.notice_minutes)


def is_bookable(look: Look, terms: Terms, slot: Slot) -> bool:
    """Not too late and not too far ahead, for whoever asks."""
    if not is_early_enough(look, terms, slot):
        return False
    return look.actor.is_staff or slot.starts_at <= look.now + terms.advance_days * DAY


def nearest_free(look: Look, book: DayBook, slot: Slot, wish: Wish) -> list[str]:
    """The free times of the same date that lie nearest, in the order of the day."""
    free = [
        other
        for other in book.slots
        if is_bookable(look, book.terms, other) and book.is_free(other, wish)
    ]
    near = sorted(free, key=lambda other: abs(other.starts_at - slot.starts_at))[:NEAREST]
    return [other.shown for other in sorted(near)]
