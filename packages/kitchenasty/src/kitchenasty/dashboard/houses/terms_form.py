"""On which terms a house takes reservations, as they are typed."""

from __future__ import annotations

from typing import Annotated

import msgspec

from basis.kit.http.wire import Form
from kitchenasty.dashboard.typed_numbers import minor_or_none, typed, whole_in, whole_or_none
from kitchenasty.dashboard.week_days import days_in
from kitchenasty.locations import House
from kitchenasty.reservation_terms import TURNS_MAX, Ask, LetterKind, Terms, TermsRefused, Turn

Short = Annotated[str, msgspec.Meta(max_length=15)]
Lines = Annotated[str, msgspec.Meta(max_length=400)]
Days = Annotated[list[Short], msgspec.Meta(max_length=7)]
Letters = Annotated[list[Short], msgspec.Meta(max_length=len(LetterKind))]


class TermsTyped(Form, kw_only=True):
    """`turns` is a line for each size of party: `2: 90`. `own` empty: as all houses do."""

    PARAGRAPHS = frozenset({"turns"})

    own: Short = ""
    is_on: Short = ""
    interval: Short = ""
    turns: Lines = ""
    last_seating: Short = ""
    notice: Short = ""
    advance: Short = ""
    party_max: Short = ""
    covers: Short = ""
    change_until: Short = ""
    late: Short = ""
    offer: Short = "15"
    confirms: Short = ""
    areas: Short = ""
    reminder: Short = ""
    ask: Short = Ask.NONE.value
    ask_amount: Short = ""
    ask_party: Short = "1"
    ask_hours: Short = "24"
    ask_days: Days = msgspec.field(default_factory=list)
    letters: Letters = msgspec.field(default_factory=list)
    """The kinds that are written."""


def typed_of(terms: Terms, house: House, *, is_own: bool) -> TermsTyped:
    return TermsTyped(
        own="on" if is_own else "",
        is_on="on" if terms.is_on else "",
        interval=str(terms.interval_minutes),
        turns="\n".join(f"{turn.party}: {turn.minutes}" for turn in terms.turns),
        last_seating=str(terms.last_seating_minutes),
        notice=str(terms.notice_minutes),
        advance=str(terms.advance_days),
        party_max=str(terms.party_max),
        covers="" if terms.covers_per_quarter is None else str(terms.covers_per_quarter),
        change_until=str(terms.change_until_minutes),
        late=str(terms.late_minutes),
        offer=str(terms.offer_minutes),
        confirms="on" if terms.confirms_at_once else "",
        areas="on" if terms.offers_areas else "",
        reminder=str(terms.reminder_hours),
        ask=terms.ask.value,
        ask_amount=typed(terms.ask_minor or None, house),
        ask_party=str(terms.ask_party),
        ask_hours=str(terms.ask_notice_hours),
        ask_days=[str(day) for day in terms.ask_weekdays],
        letters=[kind.value for kind in terms.letters],
    )


def terms_in(form: TermsTyped, house: House) -> Terms | None:
    """None: the house has no terms of its own. Raises NumberUnreadable, TermsRefused."""
    if not form.own:
        return None
    return Terms(
        is_on=bool(form.is_on),
        interval_minutes=whole_in(form.interval),
        turns=turns_in(form.turns),
        last_seating_minutes=whole_in(form.last_seating),
        notice_minutes=whole_in(form.notice),
        advance_days=whole_in(form.advance),
        party_max=whole_in(form.party_max),
        covers_per_quarter=whole_or_none(form.covers),
        change_until_minutes=whole_in(form.change_until),
        late_minutes=whole_in(form.late),
        offer_minutes=whole_in(form.offer),
        confirms_at_once=bool(form.confirms),
        offers_areas=bool(form.areas),
        reminder_hours=whole_in(form.reminder),
        ask=ask_in(form.ask),
        ask_minor=minor_or_none(form.ask_amount, house) or 0,
        ask_party=whole_in(form.ask_party),
        ask_notice_hours=whole_in(form.ask_hours),
        ask_weekdays=days_in(form.ask_days),
        letters=tuple(kind for kind in LetterKind if kind.value in form.letters),
    )


def ask_in(text: str) -> Ask:
    """Raises TermsRefused."""
    try:
        return Ask(text)
    except ValueError:
        raise TermsRefused("Please choose what you ask of guests.") from None


def turns_in(text: str) -> tuple[Turn, ...]:
    """Raises NumberUnreadable, TermsRefused."""
    lines = [line for line in text.splitlines() if line.strip()]
    if any(":" not in line for line in lines):
        raise TermsRefused("Write one size of party in each line, like 2: 90.")
    pairs = [line.split(":", 1) for line in lines[: TURNS_MAX + 1]]
    return tuple(Turn(whole_in(party), whole_in(minutes)) for party, minutes in pairs)
