"""What is known of one day of a house: its parties, its tables, who keeps them, who is where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from basis.money import Money
from kitchenasty import availability, deposits, locations, orders, reservation_terms, reservations
from kitchenasty.availability import NamedStay, Period
from kitchenasty.dashboard.tables.frame import DAY, day_or_none
from kitchenasty.dashboard.tables.signs import AT_TABLE, PartyState, Secured, state_of
from kitchenasty.dashboard.tables.timeline import Day, Known, Timeline, draw
from kitchenasty.kit.books import Look
from kitchenasty.reservation_terms import Terms
from kitchenasty.reservations import Reservation, Status

WAITING = (PartyState.LATE, PartyState.PENDING, PartyState.UNPAID, PartyState.EXPECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A party in the list, with how it looks and the names of its tables."""

    reservation: Reservation
    state: PartyState
    tables: str
    money: deposits.Account | None = None
    """What they paid before, where they did."""
    has_card: bool = False
    """They left a card for a fee, and it is kept."""

    @property
    def secured(self) -> Secured | None:
        """A card of theirs is kept, or money of theirs is here."""
        if self.has_card:
            return Secured.CARD
        is_here = self.money is not None and self.money.left_minor > 0
        return Secured.DEPOSIT if is_here else None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayBook:
    """One day of a house as people on the floor see it."""

    house: locations.House
    terms: Terms
    day: date
    tables: tuple[locations.Table, ...]
    parties: tuple[Party, ...]
    stays: tuple[NamedStay, ...]
    timeline: Timeline
    rounds: Mapping[str, Sequence[orders.Round]]
    """What those who sit ordered, by reservation."""

    def of(self, *states: PartyState) -> list[Party]:
        return [party for party in self.parties if party.state in states]

    @property
    def waiting(self) -> list[Party]:
        return self.of(*WAITING)

    @property
    def at_table(self) -> list[Party]:
        return self.of(*AT_TABLE)

    @property
    def over(self) -> list[Party]:
        return self.of(PartyState.LEFT, PartyState.ABSENT, PartyState.CANCELLED)

    @property
    def covers(self) -> int:
        """People who came or are expected."""
        gone = (PartyState.ABSENT, PartyState.CANCELLED)
        return sum(party.reservation.party for party in self.parties if party.state not in gone)

    def find(self, reservation_id: str) -> Party | None:
        return next((one for one in self.parties if one.reservation.id == reservation_id), None)


async def open_book(look: Look, house: locations.House, day: date) -> DayBook:
    terms = await reservation_terms.load_terms(look, house.id)
    known = await locations.list_tables(look, house.id)
    listed = await reservations.list_day(look, house.id, day)
    opens = house.hours.intervals_on(day)
    period = asked_period(house, day, opens, listed)
    stays = await availability.list_named_stays(look, house.id, period)
    names = {table.id: table.name for table in known}
    tables = those_to_show(known, stays, listed)
    sitting = [one.id for one in listed if one.status is Status.SEATED]
    money = await list_money(look, house, listed)
    parties = tuple(
        party_of(one, names, terms, look.now, money=money.get(one.id)) for one in listed
    )
    timeline = draw(
        Day(
            zone=house.zone,
            opens=opens,
            tables=tables,
            stays=stays,
            parties={one.reservation.id: known_of(one) for one in parties},
            arrivals=await availability.list_arrivals(look, house.id, period),
            covers_max=terms.covers_per_quarter,
            now=noon_of(house, day) if not listed and not opens else look.now,
        )
    )
    return DayBook(
        house=house,
        terms=terms,
        day=day,
        tables=tuple(tables),
        parties=parties,
        stays=tuple(stays),
        timeline=timeline,
        rounds=await orders.list_rounds(look, sitting),
    )


def those_to_show(
    known: Sequence[locations.Table], stays: Sequence[NamedStay], listed: Sequence[Reservation]
) -> list[locations.Table]:
    """The tables in use, and those that are not but that somebody has that day: whoever comes is
    seen.
    """
    had = {stay.table_id for stay in stays if stay.reservation_id}
    had.update(table_id for one in listed if one.is_held for table_id in one.table_ids)
    return [table for table in known if table.is_active or table.id in had]


async def list_money(
    look: Look, house: locations.House, listed: Sequence[Reservation]
) -> Mapping[str, deposits.Deposit]:
    """Of those of whom money was asked; no question where it was of nobody."""
    asked = [one.id for one in listed if one.agreed is not None]
    return await deposits.load_deposits(look, asked, house.currency) if asked else {}


def known_of(one: Party) -> Known:
    reservation = one.reservation
    return Known(
        state=one.state,
        party=reservation.party,
        version=reservation.version,
        is_movable=reservation.is_held,
        table_ids=reservation.table_ids,
        secured=one.secured,
    )


def party_of(
    reservation: Reservation,
    names: dict[str, str],
    terms: Terms,
    now: datetime,
    *,
    money: deposits.Deposit | None,
) -> Party:
    return Party(
        reservation=reservation,
        state=state_of(reservation, terms, now),
        tables=named(reservation.table_ids, names),
        money=None if money is None else money.account,
        has_card=money is not None and money.kept_card is not None,
    )


def due_of(
    house: locations.House, rounds: Sequence[orders.Round], planned: Mapping[str, int]
) -> dict[str, Any]:
    """What a table owes, and what of that its deposit pays."""
    due, from_deposit = sum(one.due_minor for one in rounds), sum(planned.values())
    return {
        "rounds_due": Money(due, house.currency),
        "from_deposit": Money(from_deposit, house.currency),
        "to_pay": Money(due - from_deposit, house.currency),
    }


def named(table_ids: Sequence[str], names: dict[str, str]) -> str:
    return " + ".join(sorted(names[table_id] for table_id in table_ids if table_id in names))


def asked_period(
    house: locations.House, day: date, opens: Sequence[Period], listed: Sequence[Reservation]
) -> Period:
    """All that the house is open for on that date, and all who came for it."""
    noon = noon_of(house, day)
    starts = [start for start, _ in opens] + [one.starts_at for one in listed]
    ends = [end for _, end in opens] + [one.ends_at for one in listed]
    return min(starts, default=noon), max(ends, default=noon + DAY / 2)


def noon_of(house: locations.House, day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=ZoneInfo(house.zone)).astimezone(UTC)


def shown_day(house: locations.House, text: str, now: datetime) -> date:
    """The date that was asked for, else the one on which the house opened for this moment."""
    return day_or_none(text) or availability.service_day(house.hours, now)
