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
    """NONE: their word is enough. DEPOSIT: money before, for each guest. CARD: a card, to which the
    house charges a fee for each guest if they do not come.
    """

    NONE = "NONE"
    DEPOSIT = "DEPOSIT"
    CARD = "CARD"


ASK_WORDS = {
    Ask.NONE: word("pays nothing before"),
    Ask.DEPOSIT: word("pays a deposit"),
    Ask.CARD: word("leaves a card, for a fee"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What was agreed about one reservation. It stays with it: terms of the house that change later
    change nothing of it, and `words` is what the guest read, in their language.

    `amount_minor` is a deposit, or the fee that a card that was left may be charged; for `party`
    people, 0 where that was not written down yet. Until `free_until` guests cancel and have
    everything back. `confirms` where the table is theirs as soon as the money is here, without
    somebody of the house.
    """

    ask: Ask
    amount_minor: int
    currency: str
    notice_hours: int
    free_until: datetime
    confirms: bool
    words: str
    party: int = 0

    @property
    def is_card(self) -> bool:
        return self.ask is Ask.CARD

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    def is_free(self, instant: datetime) -> bool:
        """Whether somebody who cancels then has everything back."""
        return instant <= self.free_until

    def resized(self, before: int, party: int, now: datetime) -> Agreed:
        """The same for fewer people, who owe less while they could cancel for nothing. What more
        people owe, the house asks by hand.
        """
        counted = self.party or before
        if party >= counted or not self.is_free(now):
            return self
        return replace(self, amount_minor=self.amount_minor * party // counted, party=party)

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
