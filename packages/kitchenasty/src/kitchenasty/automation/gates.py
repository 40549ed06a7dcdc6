"""Which of many rules can say more than no to an event, without asking them all.

Of each rule some questions are picked of which at least one must not be answered with no, or the
whole rule says no: of questions joined by `and` one, of those joined by `or` one of each. The rule
stands behind the gates of these questions, and gates are found by the value that they want. So a
thousand rules that each look at another dish, or from another sum on, cost what one of them costs.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from basis.facts import Fact, FactKind
from kitchenasty.automation.compiling import Known
from kitchenasty.automation.conditions import (
    Condition,
    Not,
    Operator,
    Question,
    Some,
    questions_of,
)
from kitchenasty.automation.evaluation import Vocabulary, fits, plain

Ungated = None
"""Where nothing can be looked up: such a rule is always asked."""
Picked = tuple[Question, ...]
LIMITS: dict[Operator, tuple[Callable[..., int], bool]] = {
    Operator.MORE: (bisect_left, True),
    Operator.AT_LEAST: (bisect_right, True),
    Operator.LESS: (bisect_right, False),
    Operator.AT_MOST: (bisect_left, False),
}
"""Where among sorted limits those end that let a value in, and whether they are those before it."""
RANKS = {Operator.IS: 0, Operator.IN: 0, Operator.CONTAINS: 0, Operator.EXISTS: 2}
RANK_OF_LIMITS = 1


class Gates:
    """Made once of the conditions of rules, each known by its place; None is one that cannot be
    read, which is always asked.
    """

    def __init__(self, conditions: Sequence[Condition | None], vocabulary: Vocabulary) -> None:
        self._open: list[int] = []
        self._by_fact: dict[str, GatesOfFact] = {}
        alike = Counter(
            question for one in conditions if one is not None for question in questions_of(one)
        )
        for place, condition in enumerate(conditions):
            picked = Ungated if condition is None else pick(condition, vocabulary, alike)
            if picked is Ungated:
                self._open.append(place)
                continue
            for question in picked:
                self._by_fact.setdefault(question.fact, GatesOfFact()).add(place, question)

    def let_in(self, known: Known) -> list[int]:
        """The places of those that may say more than no, in their order."""
        found = set(self._open)
        for name, gates in self._by_fact.items():
            if name in known:
                gates.let_in(known[name], found)
            else:
                found.update(gates.unless_known)
        return sorted(found)


class GatesOfFact:
    """All gates that look at one fact."""

    def __init__(self) -> None:
        self.unless_known: list[int] = []
        """Whoever asks for more than whether the fact is known cannot tell without it."""
        self._if_known: list[int] = []
        self._by_value: dict[Any, list[int]] = {}
        self._by_limit: dict[Operator, Limits] = {}

    def add(self, place: int, question: Question) -> None:
        if question.operator is Operator.EXISTS:
            self._if_known.append(place)
            return
        self.unless_known.append(place)
        for value in map(plain, question.values):
            if question.operator in LIMITS:
                self._by_limit.setdefault(question.operator, Limits()).add(value, place)
            else:
                self._by_value.setdefault(value, []).append(place)

    def let_in(self, value: Any, found: set[int]) -> None:
        found.update(self._if_known)
        for one in value if isinstance(value, frozenset) else (value,):
            found.update(self._by_value.get(one, ()))
        for operator, limits in self._by_limit.items():
            found.update(limits.places_for(operator, value))


class Limits:
    """The limits of one comparison in their order."""

    def __init__(self) -> None:
        self._limits: list[Any] = []
        self._places: list[int] = []

    def add(self, limit: Any, place: int) -> None:
        at = bisect_right(self._limits, limit)
        self._limits.insert(at, limit)
        self._places.insert(at, place)

    def places_for(self, operator: Operator, value: Any) -> Iterable[int]:
        find, is_before = LIMITS[operator]
        at = find(self._limits, value)
        return self._places[:at] if is_before else self._places[at:]


def pick(condition: Condition, vocabulary: Vocabulary, alike: Counter[Question]) -> Picked | None:
    """Questions of which one at least must not be answered with no. Of several that would do, those
    that the fewest rules share: they tell rules apart.
    """
    if isinstance(condition, Question):
        fact = vocabulary.get(condition.fact)
        return (condition,) if fact is not None and has_gate(condition, fact) else Ungated
    if isinstance(condition, Not):
        return Ungated
    parts = [pick(one, vocabulary, alike) for one in condition.of]
    picked = [one for one in parts if one is not Ungated]
    if isinstance(condition, Some):
        is_whole = len(picked) == len(parts)
        return tuple(question for one in picked for question in one) if is_whole else Ungated
    return min(picked, key=lambda one: cost(one, alike), default=Ungated)


def has_gate(question: Question, fact: Fact) -> bool:
    """What cannot be asked so is never answered with no, so nothing is decided by it."""
    if not fits(question, fact):
        return False
    if question.operator is Operator.CONTAINS:
        return fact.kind is FactKind.LIST
    return question.operator is not Operator.IS_NOT


def cost(picked: Picked, alike: Counter[Question]) -> tuple[int, int]:
    ranks = (RANKS.get(question.operator, RANK_OF_LIMITS) for question in picked)
    return sum(alike[question] for question in picked), max(ranks, default=0)
