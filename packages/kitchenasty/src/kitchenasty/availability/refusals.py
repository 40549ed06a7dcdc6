"""Why a wish cannot be met, in words."""

from __future__ import annotations

from collections.abc import Sequence

from basis.errors import Conflict, Invalid
from basis.sentences import Sentence


class NoReservations(Conflict):
    def __init__(self) -> None:
        super().__init__("This house takes no reservations here. Please call us.")


class WishRefused(Invalid):
    """Something about the wish does not fit; the sentence says what."""


class FullyBooked(Conflict):
    """No table for so many people at that time. `free` are the nearest times that are free."""

    def __init__(self, free: Sequence[str] = ()) -> None:
        if free:
            words = Sentence.of(
                "There is no table left for that time. Still free: {times}.",
                times=", ".join(free),
            )
        else:
            words = Sentence.of("There is no table left that evening.")
        super().__init__(words, free=list(free))


class TooManyArrive(Conflict):
    """The kitchen and the door can take no more people in that quarter of an hour."""

    def __init__(self, free: Sequence[str] = ()) -> None:
        if free:
            words = Sentence.of(
                "So many people arrive at that time already. Still free: {times}.",
                times=", ".join(free),
            )
        else:
            words = Sentence.of("So many people arrive at that time already.")
        super().__init__(words, free=list(free))
