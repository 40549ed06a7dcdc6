"""The filters of the list of guests, as they stand in its address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from basis.kit.texts import one_line
from basis.sentences import word
from kitchenasty import guests, orders
from kitchenasty.kit.principals import Principal

SEARCH_LENGTH_MAX = 100
LIST, EXPORT = "/admin/guests", "/admin/guests.csv"
STATE_LABELS = {
    "": word("All"),
    guests.GuestState.ACTIVE.value: word("May order"),
    guests.GuestState.BLOCKED.value: word("Blocked"),
    guests.GuestState.UNCONFIRMED.value: word("Address not confirmed"),
    guests.GuestState.ALLERGIC.value: word("With allergies"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which guests to show; nonsense is left out."""

    search: str = ""
    state: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Wanted:
        state = query.get("state", "")
        return cls(
            search=one_line(query.get("q", ""))[:SEARCH_LENGTH_MAX],
            state=state if state in STATE_LABELS else "",
        )

    @property
    def is_narrow(self) -> bool:
        return self != Wanted()

    def to_filter(self, principal: Principal) -> guests.GuestFilter:
        """What to ask for; of guests only those of one's own houses."""
        return guests.GuestFilter(
            search=self.search,
            state=guests.GuestState(self.state) if self.state else None,
            houses=principal.house_ids,
            are_of=orders.has_ordered_at,
        )

    def address(self, *, path: str = LIST, after: str = "") -> str:
        """The list with these filters, from a cursor on; or another `path` with them."""
        asked = {"state": self.state, "q": self.search, "after": after}
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{path}?{query}" if query else path
