"""What the owner set about reservations for all houses; a house may have its own terms."""

from __future__ import annotations

from basis.sentences import word
from kitchenasty.kit.books import Look
from kitchenasty.reservation_terms.letter_kinds import LETTER_SETTINGS, LETTER_WORDS
from kitchenasty.reservation_terms.terms import (
    ADVANCE_DAYS_MAX,
    INTERVALS,
    NOTICE_MINUTES_MAX,
    PARTY_MAX,
    REMINDER_HOURS_MAX,
    STAY_MINUTES_MAX,
    STAY_MINUTES_MIN,
    Terms,
    Turn,
)
from kitchenasty.settings import Field, Group, Kind, load

HOUR_MINUTES = 60
# How much shorter pairs sit and longer large parties do than the time set: the table of a widely
# used booking guide gives 90, 120 and 150 minutes to 2, to 3-7 and to more people.
PAIR_LESS, LARGE_MORE = 30, 30

RESERVATION = Group(
    "reservation",
    (
        Field(
            name="enabled",
            label=word("Guests can reserve tables"),
            default=True,
            hint=word("Off: nobody books online. The house still writes down reservations."),
        ),
        Field(
            name="timeInterval",
            label=word("Minutes between two times"),
            kind=Kind.WHOLE,
            default=30,
            least=min(INTERVALS),
            most=max(INTERVALS),
            hint=word("5, 10, 15, 20, 30 or 60."),
        ),
        Field(
            name="stayTime",
            label=word("Minutes that a party keeps its table"),
            kind=Kind.WHOLE,
            default=120,
            least=STAY_MINUTES_MIN,
            most=STAY_MINUTES_MAX,
            hint=word("For 3 to 7 people; one or two stay shorter, more stay longer."),
        ),
        Field(
            name="maxAdvanceBookingDays",
            label=word("Days ahead that guests can book"),
            kind=Kind.WHOLE,
            default=60,
            least=1,
            most=ADVANCE_DAYS_MAX,
        ),
        Field(
            name="minCancellationNoticeHours",
            label=word("Hours before, until which guests change or cancel"),
            kind=Kind.WHOLE,
            default=2,
            least=0,
            most=NOTICE_MINUTES_MAX // HOUR_MINUTES,
        ),
        Field(
            name="autoConfirm",
            label=word("Confirm at once"),
            default=True,
            hint=word("Off: the table is kept, and somebody of the house confirms."),
        ),
        Field(
            name="reminderHours",
            label=word("Hours before, at which guests are reminded"),
            kind=Kind.WHOLE,
            default=24,
            least=0,
            most=REMINDER_HOURS_MAX,
            hint=word("0: never. Nobody is reminded who booked later than that."),
        ),
        *(
            Field(name=LETTER_SETTINGS[kind], label=words, default=True)
            for kind, words in LETTER_WORDS.items()
        ),
    ),
)


async def load_common_terms(look: Look) -> Terms:
    saved = await load(look, RESERVATION)
    interval = int(str(saved["timeInterval"]))
    return Terms(
        is_on=bool(saved["enabled"]),
        interval_minutes=max(one for one in INTERVALS if one <= interval),
        turns=turns_around(int(str(saved["stayTime"]))),
        advance_days=int(str(saved["maxAdvanceBookingDays"])),
        change_until_minutes=int(str(saved["minCancellationNoticeHours"])) * HOUR_MINUTES,
        confirms_at_once=bool(saved["autoConfirm"]),
        letters=tuple(kind for kind, name in LETTER_SETTINGS.items() if saved[name]),
        reminder_hours=int(str(saved["reminderHours"])),
    )


def turns_around(minutes: int) -> tuple[Turn, ...]:
    """The usual time of 3 to 7 people, with a shorter one for pairs and a longer one for more."""
    return (
        Turn(2, max(STAY_MINUTES_MIN, minutes - PAIR_LESS)),
        Turn(7, minutes),
        Turn(PARTY_MAX, min(STAY_MINUTES_MAX, minutes + LARGE_MORE)),
    )
