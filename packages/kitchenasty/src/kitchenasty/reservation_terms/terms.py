"""On which terms a house takes reservations. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from basis.errors import Invalid
from basis.sentences import Sentence
from kitchenasty.reservation_terms.agreed import Ask
from kitchenasty.reservation_terms.letter_kinds import LetterKind

PARTY_MAX = 100
STAY_MINUTES_MIN, STAY_MINUTES_MAX = 15, 720
TURNS_MAX = 12
ADVANCE_DAYS_MAX = 730
NOTICE_MINUTES_MAX = 14 * 1_440
REMINDER_HOURS_MAX = 14 * 24
ASK_MINOR_MAX = 10_000_000
ASK_HOURS_MAX = 60 * 24
INTERVALS = (5, 10, 15, 20, 30, 60)


class TermsRefused(Invalid):
    """Something about the terms does not fit; the sentence says what."""


@dataclass(frozen=True, slots=True, order=True)
class Turn:
    """A party of up to `party` people keeps its table for `minutes`."""

    party: int
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How a house takes reservations.

    `interval_minutes` lies between two times that guests are offered, counted from the opening.
    `turns` is sorted by party; a larger party than the last keeps its table as long as the last.
    `last_seating_minutes` before it closes the house seats nobody any more. Guests book at least
    `notice_minutes` and at most `advance_days` ahead, for up to `party_max`; they change and cancel
    until `change_until_minutes` before. `covers_per_quarter` limits how many people may arrive
    within the same 15 minutes; None: as many as there are seats. A party that is not there
    `late_minutes` after its time is late. Who waits for a table and is offered one has
    `offer_minutes` to take it. `letters` are those that are written about a reservation; guests are
    reminded `reminder_hours` before, 0: never.

    What it asks of guests before (`ask`): `ask_minor` for each of them, in the currency of the
    house, from `ask_party` people on, on `ask_weekdays` (0 is Sunday; none named: on all). Who
    cancels `ask_notice_hours` before has it back.
    """

    is_on: bool = True
    interval_minutes: int = 30
    turns: tuple[Turn, ...] = (Turn(2, 90), Turn(7, 120), Turn(PARTY_MAX, 150))
    last_seating_minutes: int = 60
    notice_minutes: int = 60
    advance_days: int = 60
    party_max: int = 10
    covers_per_quarter: int | None = None
    change_until_minutes: int = 120
    late_minutes: int = 15
    offer_minutes: int = 15
    confirms_at_once: bool = True
    offers_areas: bool = True
    letters: tuple[LetterKind, ...] = tuple(LetterKind)
    reminder_hours: int = 24
    ask: Ask = Ask.NONE
    ask_minor: int = 0
    ask_party: int = 1
    ask_weekdays: tuple[int, ...] = ()
    ask_notice_hours: int = 24

    def stay(self, party: int) -> timedelta:
        """How long so many people keep their table."""
        minutes = next((turn.minutes for turn in self.turns if party <= turn.party), None)
        return timedelta(minutes=self.turns[-1].minutes if minutes is None else minutes)

    def asks_of(self, party: int, day: date) -> bool:
        """Whether something is asked of so many people on that day."""
        if self.ask is Ask.NONE or party < self.ask_party:
            return False
        return not self.ask_weekdays or day.isoweekday() % 7 in self.ask_weekdays


def check_terms(terms: Terms) -> None:
    """Raises TermsRefused."""
    if terms.interval_minutes not in INTERVALS:
        raise TermsRefused("Times lie 5, 10, 15, 20, 30 or 60 minutes apart.")
    check_turns(terms.turns)
    within(terms.last_seating_minutes, 0, STAY_MINUTES_MAX, "minutes before closing")
    within(terms.notice_minutes, 0, NOTICE_MINUTES_MAX, "minutes ahead")
    within(terms.advance_days, 1, ADVANCE_DAYS_MAX, "days ahead")
    within(terms.party_max, 1, PARTY_MAX, "people")
    within(terms.change_until_minutes, 0, NOTICE_MINUTES_MAX, "minutes before")
    within(terms.late_minutes, 1, STAY_MINUTES_MAX, "minutes late")
    within(terms.offer_minutes, 1, NOTICE_MINUTES_MAX, "minutes for an answer")
    within(terms.reminder_hours, 0, REMINDER_HOURS_MAX, "hours before")
    if terms.covers_per_quarter is not None:
        within(terms.covers_per_quarter, 1, 1_000, "people in 15 minutes")
    check_ask(terms)


def check_ask(terms: Terms) -> None:
    """Raises TermsRefused."""
    within(terms.ask_party, 1, PARTY_MAX, "people")
    within(terms.ask_notice_hours, 0, ASK_HOURS_MAX, "hours before")
    if any(weekday not in range(7) for weekday in terms.ask_weekdays):
        raise TermsRefused("Weekdays go from 0, Sunday, to 6, Saturday.")
    if terms.ask is not Ask.NONE and not 1 <= terms.ask_minor <= ASK_MINOR_MAX:
        raise TermsRefused("Please say how much you ask for each guest.")


def within(number: int, least: int, most: int, what: str) -> None:
    """Raises TermsRefused. `what` is a word of ours, like `people`."""
    if not least <= number <= most:
        raise TermsRefused(
            Sentence.of(
                "{number} {what}: this goes from {least} to {most}.",
                number=number,
                what=Sentence.of(what),
                least=least,
                most=most,
            )
        )


def check_turns(turns: tuple[Turn, ...]) -> None:
    """Raises TermsRefused."""
    if not 1 <= len(turns) <= TURNS_MAX:
        raise TermsRefused(Sentence.of("Give 1 to {most} sizes of party.", most=TURNS_MAX))
    if list(turns) != sorted(turns) or len({turn.party for turn in turns}) < len(turns):
        raise TermsRefused("Name each size of party once, the small ones first.")
    for turn in turns:
        within(turn.party, 1, PARTY_MAX, "people")
        within(turn.minutes, STAY_MINUTES_MIN, STAY_MINUTES_MAX, "minutes at the table")
