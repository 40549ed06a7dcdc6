"""What may be signed for whoever uses our tools; counted before anything is signed."""

from __future__ import annotations

from dataclasses import dataclass

from basis.errors import Forbidden


class OverLimit(Forbidden):
    """More than the owner of the key allowed."""


@dataclass(slots=True, kw_only=True)
class SigningLimits:
    """In lamports, from this start to its end: `total_max` for what is locked, `once_max` for one
    job, `bid_max` for what one bid may name.
    """

    total_max: int
    once_max: int
    bid_max: int
    spent: int = 0

    @property
    def left(self) -> int:
        return self.total_max - self.spent

    def check(self, *, locks: int, names: int) -> None:
        """Raises OverLimit."""
        if locks > min(self.once_max, self.left):
            raise OverLimit(
                "That locks more than the owner of the key allowed.",
                once_max=self.once_max,
                left=self.left,
            )
        if names > self.bid_max:
            raise OverLimit(
                "The bid names more than the owner of the key allowed.", limit=self.bid_max
            )
