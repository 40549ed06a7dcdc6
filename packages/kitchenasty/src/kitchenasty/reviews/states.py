"""What becomes of a review, and how whoever wrote it is called in public."""

from __future__ import annotations

from enum import StrEnum

from basis.sentences import word

RATING_MIN, RATING_MAX = 1, 5


class ReviewState(StrEnum):
    """A person of the house has not looked yet, has let it through, or has not."""

    PENDING = "PENDING"
    APPROVED = "APPROVED"
    HIDDEN = "HIDDEN"


STATE_WORDS = {
    ReviewState.PENDING: word("To be looked at"),
    ReviewState.APPROVED: word("Shown"),
    ReviewState.HIDDEN: word("Hidden"),
}


def public_name(name: str) -> str:
    """`Anna Berg` as `Anna B.`: enough to be somebody, too little to be found."""
    words = name.split()
    if len(words) < 2:  # a first and a last name
        return words[0] if words else ""
    return f"{words[0]} {words[-1][0]}."


def first_state(rating: int, *, approves: bool, least: int) -> ReviewState:
    """Of a new review: shown at once if the house trusts its guests and it is no bad one. A bad one
    is not lost: a person reads it first.
    """
    return ReviewState.APPROVED if approves and rating >= least else ReviewState.PENDING


def average_of(total: int, count: int) -> float | None:
    """To one place, halves up, as stars are read; None without any."""
    return None if count == 0 else (20 * total + count) // (2 * count) / 10
