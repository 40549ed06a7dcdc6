"""The filters of the audit log as they stand in its address, and a change as people read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from basis.kit.texts import one_line
from kitchenasty import audit
from kitchenasty.dashboard.order_filters import day_or_empty, start_of
from kitchenasty.dashboard.system.trail_words import value_words

LIST, EXPORT = "/admin/audit", "/admin/audit.csv"
SEARCH_LENGTH_MAX = 100
KIND_LENGTH_MAX = 80
VALUE_LENGTH_MAX = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which rows to show; an empty text leaves a question open. Nonsense is left out."""

    entity: str = ""
    action: str = ""
    person: str = ""
    first_day: str = ""
    last_day: str = ""
    search: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Wanted:
        return cls(
            entity=one_line(query.get("entity", ""))[:KIND_LENGTH_MAX],
            action=one_line(query.get("action", ""))[:KIND_LENGTH_MAX],
            person=query.get("person", "")[:36],
            first_day=day_or_empty(query.get("from", "")),
            last_day=day_or_empty(query.get("to", "")),
            search=one_line(query.get("q", ""))[:SEARCH_LENGTH_MAX],
        )

    @property
    def is_narrow(self) -> bool:
        return self != Wanted()

    def to_filter(self, zone: str) -> audit.TrailFilter:
        """What to ask for; days are days of the wall clock in `zone`."""
        return audit.TrailFilter(
            entity=self.entity or None,
            action=self.action or None,
            actor_id=self.person or None,
            since=start_of(self.first_day, zone),
            before=start_of(self.last_day, zone, later_days=1),
            search=self.search or None,
        )

    def address(self, *, path: str = LIST, after: str = "") -> str:
        """The log with these filters, from a cursor on; or another `path` with them."""
        asked = {
            "entity": self.entity,
            "action": self.action,
            "person": self.person,
            "from": self.first_day,
            "to": self.last_day,
            "q": self.search,
            "after": after,
        }
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{path}?{query}" if query else path


@dataclass(frozen=True, slots=True)
class Difference:
    """One field before and after; None where it was not, or is not any more."""

    field: str
    before: str | None
    after: str | None


def differences_of(entry: audit.TrailEntry) -> list[Difference]:
    """The fields that a change tells of, in the order of their names."""
    before, after = dict(facts_in(entry.before)), dict(facts_in(entry.after))
    return [
        Difference(name, before.get(name), after.get(name))
        for name in sorted(before.keys() | after.keys())
    ]


def facts_in(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """`{"a": {"b": 1}}` as `a.b`, `1`; what lies deeper, and lists, in words, not too long."""
    if isinstance(value, dict) and path.count(".") < 2:
        for name, inner in value.items():
            yield from facts_in(inner, f"{path}.{name}" if path else str(name))
    elif path or value is not None:
        yield path or "–", told(value)


def told(value: Any) -> str:
    text = value_words(value)
    return text if len(text) <= VALUE_LENGTH_MAX else f"{text[:VALUE_LENGTH_MAX]}…"
