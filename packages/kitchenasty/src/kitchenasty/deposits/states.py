"""What becomes of money that a guest paid before. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from basis.errors import Conflict
from basis.money import Money
from basis.sentences import Sentence


class NotSoMuchLeft(Conflict):
    """Less of the deposit is there than is wanted of it."""

    def __init__(self, left: Money) -> None:
        super().__init__(
            Sentence.of("Of the deposit {left} is left.", left=left), leftMinor=left.minor
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The money of one reservation: what came in is what went back, what the house kept, what paid
    their bill, and what is left. Each is the sum of its rows.
    """

    currency: str
    paid_minor: int = 0
    returned_minor: int = 0
    kept_minor: int = 0
    used_minor: int = 0

    @property
    def left_minor(self) -> int:
        return self.paid_minor - self.returned_minor - self.kept_minor - self.used_minor

    @property
    def left(self) -> Money:
        return Money(self.left_minor, self.currency)

    def pay(self, minor: int) -> Account:
        return replace(self, paid_minor=self.paid_minor + minor)

    def give_back(self, minor: int) -> Account:
        """Raises NotSoMuchLeft."""
        self.check_left(minor)
        return replace(self, returned_minor=self.returned_minor + minor)

    def keep(self, minor: int) -> Account:
        """Raises NotSoMuchLeft."""
        self.check_left(minor)
        return replace(self, kept_minor=self.kept_minor + minor)

    def use(self, minor: int) -> Account:
        """So much of it pays their bill. Raises NotSoMuchLeft."""
        self.check_left(minor)
        return replace(self, used_minor=self.used_minor + minor)

    def let_go(self, minor: int) -> Account:
        """The house keeps so much less of it. Raises NotSoMuchLeft."""
        if not 0 < minor <= self.kept_minor:
            raise NotSoMuchLeft(Money(self.kept_minor, self.currency))
        return replace(self, kept_minor=self.kept_minor - minor)

    def check_left(self, minor: int) -> None:
        if not 0 < minor <= self.left_minor:
            raise NotSoMuchLeft(self.left)


def share_out(left_minor: int, due: Mapping[str, int]) -> dict[str, int]:
    """What is left of a deposit pays what is due, in this order, until one of both is used up."""
    shares: dict[str, int] = {}
    for order_id, minor in due.items():
        part = min(left_minor, minor)
        if part > 0:
            shares[order_id] = part
            left_minor -= part
    return shares
