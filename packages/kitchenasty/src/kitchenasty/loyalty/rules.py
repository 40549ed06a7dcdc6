"""What points are worth, what earns them, and how much of them a refund turns back. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from basis.errors import Conflict, DomainError, Forbidden, Invalid
from basis.money import exponent_of
from basis.sentences import Sentence, word

POINTS_MAX = 1_000_000
"""Of one entry. A balance is 64 bits wide."""
PER_UNIT_MAX = 1_000
HUNDRED_POINTS_MAX = 1_000_000
REASON_LENGTH_MAX = 200


class EntryKind(StrEnum):
    EARNED = "EARNED"
    SPENT = "SPENT"
    GIVEN_BACK = "GIVEN_BACK"
    """Spent on an order that will not be, or was refunded."""
    REVERSED = "REVERSED"
    """Earned by an order that was refunded."""
    ADJUSTED = "ADJUSTED"


KIND_WORDS = {
    EntryKind.EARNED: word("Earned"),
    EntryKind.SPENT: word("Used"),
    EntryKind.GIVEN_BACK: word("Given back"),
    EntryKind.REVERSED: word("Taken back"),
    EntryKind.ADJUSTED: word("Adjusted by the house"),
}


class PointsProblem(DomainError):
    """Why points take nothing off; the classes below say it more exactly."""


class PointsNeedAccount(PointsProblem, Forbidden):
    """Whoever is not signed in has none."""

    def __init__(self) -> None:
        super().__init__("Please sign in to use your points.")


class PointsOff(PointsProblem, Conflict):
    """The house takes no points, or none for the moment."""

    def __init__(self) -> None:
        super().__init__("This house takes no points at the moment.")


class PointsTooFew(PointsProblem, Conflict):
    """Fewer than the programme lets anybody use at once. `details` has the least."""


class PointsShort(PointsProblem, Conflict):
    """More than the guest has. `details` has the balance."""


class PointsIdle(PointsProblem, Conflict):
    """They would take nothing off this order."""

    def __init__(self) -> None:
        super().__init__("Points take nothing off this order.")


class PointsMoved(Conflict):
    """The ledger has gone on since it was seen."""

    def __init__(self) -> None:
        super().__init__("These points have changed meanwhile. Please look at them again.")


class PointsAtCheckout(PointsProblem, Conflict):
    """Used by themselves, points would be gone for nothing."""

    def __init__(self, **details: int) -> None:
        super().__init__("Points are used with an order, at the checkout.", **details)


class NotYourProgramme(Forbidden):
    """The programme is every house's, and the actor works for some of them."""

    def __init__(self) -> None:
        super().__init__("Points are those of all houses, so this is not yours to change.")


class AdjustmentRefused(Invalid):
    """An adjustment of nothing, of too much, or without a reason."""


class ProgrammeRefused(Invalid):
    """A setting of the programme is out of its bounds; the sentence says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """How points are earned and what they are worth, in houses of one currency."""

    is_on: bool = False
    currency: str = "EUR"
    points_per_unit: int = 1
    """For each whole unit of the currency that is paid for dishes."""
    hundred_points_minor: int = 100
    """What 100 points take off. One point may be worth less than the smallest coin."""
    spend_min_points: int = 100

    @property
    def unit_minor(self) -> int:
        return int(10 ** exponent_of(self.currency))

    def holds_for(self, currency: str) -> bool:
        return self.is_on and currency == self.currency

    def earned_for(self, paid_minor: int) -> int:
        """Points for an amount paid; what is not a whole point is not earned."""
        return max(0, paid_minor) * self.points_per_unit // self.unit_minor

    def worth_minor(self, points: int) -> int:
        """What points take off, without fractions of the smallest coin."""
        return points * self.hundred_points_minor // 100

    def points_for(self, minor: int) -> int:
        """The fewest points that take this much off."""
        return -(-minor * 100 // self.hundred_points_minor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row of a guest's ledger. `balance` is the sum of all points up to it."""

    id: str
    number: int
    kind: EntryKind
    points: int
    balance: int
    order_id: str | None
    order_number: str | None
    reason: str | None
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class Moved:
    """What one order has done to its guest's points so far, each as a count of points."""

    earned: int = 0
    spent: int = 0
    given_back: int = 0
    reversed: int = 0

    def turned_back(self, refunded_minor: int, total_minor: int) -> tuple[int, int]:
        """What is still to be given back and to be reversed when so much of the total is refunded
        in all. The parts of several refunds add up to the whole: each brings the sum to its share.
        """
        if total_minor <= 0:
            return self.spent - self.given_back, self.earned - self.reversed
        refunded = min(max(0, refunded_minor), total_minor)
        back = self.spent * refunded // total_minor - self.given_back
        less = self.earned * refunded // total_minor - self.reversed
        return max(0, back), max(0, less)


def check_spending(programme: Programme, points: int, *, balance: int) -> None:
    """Raises PointsTooFew, PointsShort."""
    if points < programme.spend_min_points:
        raise PointsTooFew(
            Sentence.of("Points can be used from {least} on.", least=programme.spend_min_points),
            leastPoints=programme.spend_min_points,
        )
    check_balance(points, balance)


def check_balance(points: int, balance: int) -> None:
    """Raises PointsShort."""
    if points > balance:
        raise PointsShort(
            Sentence.of("You have {balance} points.", balance=max(0, balance)), balance=balance
        )


def check_adjustment(points: int, reason: str) -> None:
    """Raises AdjustmentRefused."""
    if not 0 < abs(points) <= POINTS_MAX:
        raise AdjustmentRefused(
            Sentence.of("Points: a whole number other than 0, at most {most}.", most=POINTS_MAX)
        )
    if not 0 < len(reason) <= REASON_LENGTH_MAX:
        raise AdjustmentRefused("Please give a reason in a few words.")


def check_programme(programme: Programme) -> None:
    """Raises ProgrammeRefused."""
    if not 0 <= programme.points_per_unit <= PER_UNIT_MAX:
        raise ProgrammeRefused(
            Sentence.of("Points for each unit of money: 0 to {most}.", most=PER_UNIT_MAX)
        )
    if not 1 <= programme.hundred_points_minor <= HUNDRED_POINTS_MAX:
        raise ProgrammeRefused("100 points must take something off, and not a fortune.")
    if not 1 <= programme.spend_min_points <= POINTS_MAX:
        raise ProgrammeRefused(Sentence.of("Points to use at least: 1 to {most}.", most=POINTS_MAX))
