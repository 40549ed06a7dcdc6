"""Which dishes the sheet shows, as it stands in its address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from basis.kit.texts import one_line, whole_in
from basis.sentences import word
from kitchenasty import menu

HERE = "/admin/menu"
SEARCH_LENGTH_MAX = 100
PAGES_MAX = 10_000
STATE_LABELS = {
    "": word("All"),
    menu.State.ACTIVE: word("On the menu"),
    menu.State.INACTIVE: word("Switched off"),
    menu.State.SOLD_OUT: word("Sold out"),
    menu.State.UNDECLARED: word("Allergens not declared"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An empty text leaves a question open. Nonsense is left out."""

    category: str = ""
    state: str = ""
    house: str = ""
    search: str = ""
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Wanted:
        state, number = query.get("state", ""), query.get("page", "")
        return cls(
            category=query.get("category", "")[:36],
            state=state if state in STATE_LABELS else "",
            house=query.get("house", "")[:36],
            search=one_line(query.get("q", ""))[:SEARCH_LENGTH_MAX],
            page=min(whole_in(number) or 1, PAGES_MAX),
        )

    @property
    def is_narrow(self) -> bool:
        return bool(self.state or self.house or self.search)

    def to_filter(self, branches: Sequence[menu.Branch]) -> menu.SheetFilter:
        return menu.SheetFilter(
            category_ids=menu.ids_below(branches, self.category) if self.category else None,
            house_id=self.house or None,
            state=menu.State(self.state) if self.state else None,
            search=self.search,
        )

    def asked(self) -> dict[str, str]:
        """The questions that are asked, by their names in the address."""
        given = {
            "category": self.category,
            "state": self.state,
            "house": self.house,
            "q": self.search,
        }
        return {name: value for name, value in given.items() if value}

    def address(self, *, page: int = 1, **more: str) -> str:
        asked = self.asked() | ({"page": str(page)} if page > 1 else {}) | more
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{HERE}?{query}" if query else HERE
