"""What is typed to give money back: one of three ways, read with bounds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from basis.errors import Invalid
from basis.kit.http.wire import BadAmount, bounded_minor
from basis.kit.texts import AMOUNT_DIGITS_MAX, decimal_in, one_line, whole_in
from basis.sentences import word
from kitchenasty import orders, refunds

FIELDS_MAX = 80
LENGTH_MAX = 300
QUANTITY_DIGITS_MAX = 3
LINES, AMOUNT, EVERYTHING = "lines", "amount", "everything"
WAYS = (LINES, AMOUNT, EVERYTHING)
UNITS = "units-"
CHARGE_LABELS = {
    orders.totals.ShareKind.DELIVERY: word("Delivery"),
    orders.totals.ShareKind.SERVICE: word("Service"),
    orders.totals.ShareKind.TIP: word("Tip"),
}


class ReasonMissing(Invalid):
    """Whoever reads the books later wants to know why."""


@dataclass(frozen=True, slots=True)
class RefundTyped:
    """What was typed. `units` are portions by the id of their line."""

    way: str = LINES
    units: Mapping[str, int] = field(default_factory=dict)
    charges: frozenset[str] = frozenset()
    amount: str = ""
    reason: str = ""
    key: str = ""
    seen: str = ""
    step: str = ""

    @property
    def seen_minor(self) -> int | None:
        """The amount that the preview showed."""
        return whole_in(self.seen, digits=AMOUNT_DIGITS_MAX)

    def to_wish(self, currency: str) -> refunds.Wish:
        """Raises BadAmount, ReasonMissing."""
        if not self.reason:
            raise ReasonMissing("Please say why.")
        if self.way == EVERYTHING:
            return refunds.Wish(units={}, everything=True)
        if self.way == AMOUNT:
            return refunds.Wish(units={}, amount_minor=minor_in(self.amount, currency))
        kinds = frozenset(kind for kind in CHARGE_LABELS if kind.value in self.charges)
        return refunds.Wish(units=self.units, charges=kinds)


def read_refund(fields: Iterable[tuple[str, object]]) -> RefundTyped:
    """Files, what is too long and what is beyond the bound are left out."""
    texts = [(name, one_line(text)) for name, text in fields if isinstance(text, str)]
    pairs = [pair for pair in texts[:FIELDS_MAX] if len(pair[1]) <= LENGTH_MAX]
    said = dict(pairs)
    return RefundTyped(
        way=said["way"] if said.get("way") in WAYS else LINES,
        units={
            name.removeprefix(UNITS): int(text)
            for name, text in pairs
            if name.startswith(UNITS) and is_count(text)
        },
        charges=frozenset(text for name, text in pairs if name == "charge"),
        **{name: said.get(name, "") for name in ("amount", "reason", "key", "seen", "step")},
    )


def is_count(text: str) -> bool:
    """A whole number above nothing."""
    return (whole_in(text, digits=QUANTITY_DIGITS_MAX) or 0) > 0


def minor_in(text: str, currency: str) -> int:
    """Raises BadAmount."""
    amount = decimal_in(text)
    if amount is None:
        raise BadAmount("Please write an amount like 10 or 12.50.")
    return bounded_minor(amount, currency)
