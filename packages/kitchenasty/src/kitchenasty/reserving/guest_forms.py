"""What guests type to reserve a table, and how the page reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

import msgspec

from basis.kit.http.wire import Form
from basis.kit.texts import whole_in
from kitchenasty.availability import Wish, WishRefused, read_day
from kitchenasty.reservation_terms import Terms
from kitchenasty.reserving.schemas import (
    Allergies,
    Area,
    DateText,
    Email,
    Name,
    Note,
    Phone,
    TimeText,
)

PARTY_USUAL = 2
MONTH_LENGTH, PARTY_DIGITS_MAX = 7, 3

PartyText = Annotated[str, msgspec.Meta(max_length=6)]
Key = Annotated[str, msgspec.Meta(max_length=64)]


class ReserveForm(Form, kw_only=True):
    """`key` makes sending it twice one reservation."""

    PARAGRAPHS = frozenset({"note", "allergies"})

    key: Key = ""
    party: PartyText = ""
    date: DateText = ""
    time: TimeText = ""
    area: Area = ""
    name: Name = ""
    email: Email = ""
    phone: Phone = ""
    note: Note = ""
    allergies: Allergies = ""

    def to_wish(self, house_id: str) -> Wish:
        """Raises WishRefused."""
        return Wish(
            house_id=house_id,
            day=read_day(self.date),
            shown=self.time,
            party=read_party(self.party),
            area=self.area or None,
        )


class ChangeForm(Form, kw_only=True):
    """What is not asked for on a page stays as it is."""

    PARAGRAPHS = frozenset({"note", "allergies"})

    party: PartyText = ""
    date: DateText = ""
    time: TimeText = ""
    note: Note | None = None
    allergies: Allergies | None = None

    @property
    def is_chosen_anew(self) -> bool:
        """Whether it comes from the sheet of days, which does not ask for notes."""
        return self.note is None and self.allergies is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """How far somebody has come: the party and the month are always there."""

    party: int
    month: date
    day: date | None
    time: str


def read_choice(given: ReserveForm, month: str, terms: Terms, today: date) -> Choice:
    """Links grow old: what cannot be read is left out, and the party is brought in its bounds."""
    day = find_day(given.date)
    start = day or find_day(f"{month[:MONTH_LENGTH]}-01") or today
    return Choice(
        party=min(max(read_party(given.party or str(PARTY_USUAL)), 1), terms.party_max),
        month=max(start, today).replace(day=1),
        day=day,
        time=given.time,
    )


def read_party(text: str) -> int:
    """0 for what is no number: the house says how many may come."""
    return whole_in(text.strip(), digits=PARTY_DIGITS_MAX) or 0


def find_day(text: str) -> date | None:
    try:
        return read_day(text)
    except WishRefused:
        return None


def next_month(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=31)).replace(day=1)


def month_before(month: date) -> date:
    return (month.replace(day=1) - timedelta(days=1)).replace(day=1)
