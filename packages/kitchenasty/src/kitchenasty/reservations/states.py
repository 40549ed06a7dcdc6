"""Which way a reservation may go, and who may send it there. Pure."""

from __future__ import annotations

from enum import StrEnum

from basis.errors import Conflict
from basis.sentences import Sentence, word


class Status(StrEnum):
    PENDING = "PENDING"
    CONFIRMED = "CONFIRMED"
    SEATED = "SEATED"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"
    NO_SHOW = "NO_SHOW"


class Source(StrEnum):
    """Who wrote it down: the guest, the house (on the phone), or nobody before they came in."""

    GUEST = "GUEST"
    STAFF = "STAFF"
    WALK_IN = "WALK_IN"


S = Status
EXPECTED = (S.PENDING, S.CONFIRMED)
HOLDING = (*EXPECTED, S.SEATED)
"""These keep their tables; what else there is keeps none."""

NEXT: dict[Status, frozenset[Status]] = {
    S.PENDING: frozenset({S.CONFIRMED, S.SEATED, S.CANCELLED, S.NO_SHOW}),
    S.CONFIRMED: frozenset({S.SEATED, S.CANCELLED, S.NO_SHOW}),
    # A tap on the wrong line is taken back: Seated to Confirmed, Completed to Seated.
    S.SEATED: frozenset({S.COMPLETED, S.CONFIRMED}),
    S.COMPLETED: frozenset({S.SEATED}),
    S.CANCELLED: frozenset(),
    # Somebody may come after all.
    S.NO_SHOW: frozenset({S.SEATED}),
}
STATUS_WORDS = {
    S.PENDING: word("To be confirmed"),
    S.CONFIRMED: word("Confirmed"),
    S.SEATED: word("Seated"),
    S.COMPLETED: word("Left"),
    S.CANCELLED: word("Cancelled"),
    S.NO_SHOW: word("Did not come"),
}


class MoveRefused(Conflict):
    """The reservation cannot go there from where it is."""


def check_move(current: Status, target: Status) -> None:
    """Raises MoveRefused."""
    if target not in NEXT[current]:
        raise MoveRefused(
            Sentence.of(
                "A reservation that is “{status}” cannot become “{target}”.",
                status=Sentence.of(STATUS_WORDS[current]),
                target=Sentence.of(STATUS_WORDS[target]),
            ),
            status=current.value,
        )


def next_statuses(current: Status) -> tuple[Status, ...]:
    """Where it may go, in the order of the enum."""
    return tuple(target for target in Status if target in NEXT[current])
