"""Who may come into a room, asked of the slice whose room it is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from kitchenasty.kit.books import Books, Look
from kitchenasty.kit.principals import Principal

Rule = Callable[[Look, str, str | None], Awaitable[bool]]
"""Whether `look.actor` may follow the subject with this id, given the capability, if any."""


class Gate:
    """Topics are `<kind>:<id>`; each kind has the rule of its slice, and no rule means no room."""

    def __init__(self, books: Books, rules: Mapping[str, Rule]) -> None:
        self._books = books
        self._rules = dict(rules)

    async def may_join(self, principal: Principal, topic: str, capability: str | None) -> bool:
        if principal.needs_second_factor:
            return False
        kind, _, subject = topic.partition(":")
        rule = self._rules.get(kind)
        if rule is None or not subject:
            return False
        async with self._books.reading(principal) as look:
            return await rule(look, subject, capability)
