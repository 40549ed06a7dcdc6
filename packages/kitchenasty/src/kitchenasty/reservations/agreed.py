"""What a house asks of guests before it keeps a table for them, and what was agreed. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec

from basis.money import Money
from basis.sentences import word


class Ask(StrEnum):
    """NONE: their word is enough. DEPOSIT: money before, for each guest."""

    NONE = "NONE"
    DEPOSIT = "DEPOSIT"


ASK_WORDS = {
    Ask.NONE: word("pays nothing before"),
    Ask.DEPOSIT: word("pays a deposit"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What was agreed about one reservation. It stays with it: terms of the house that change later
    change nothing of it, and `words` is what the guest read, in their language.

    Until `free_until` guests cancel and have everything back. `confirms` where the table is theirs
    as soon as the money is here, without somebody of the house.
    """

    ask: Ask
    amount_minor: int
    currency: str
    notice_hours: int
    free_until: datetime
    confirms: bool
    words: str

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    def is_free(self, instant: datetime) -> bool:
        """Whether somebody who cancels then has everything back."""
        return instant <= self.free_until

    def moved(self, starts_at: datetime, now: datetime) -> Agreed:
        """The same for another time. Who changes late cannot make it early by that."""
        if not self.is_free(now):
            return self
        return replace(self, free_until=free_until(starts_at, self.notice_hours))


def free_until(starts_at: datetime, notice_hours: int) -> datetime:
    return starts_at - timedelta(hours=notice_hours)


def read_agreed(kept: Any) -> Agreed | None:
    """As it is kept with the reservation."""
    return None if kept is None else msgspec.convert(kept, Agreed)
