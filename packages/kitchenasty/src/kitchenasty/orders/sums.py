"""An order's money as people read it: one list of sums for cart, tracking, office and receipt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from basis.money import Rate
from basis.sentences import word
from kitchenasty.orders.totals import Breakdown, Explanation, Step, StepKind, TaxTotal
from kitchenasty.orders.views import Order

WORDS = {
    StepKind.DEPOSIT: word("Deposit"),
    StepKind.DELIVERY: word("Delivery"),
    StepKind.DISCOUNT: word("Discount"),
    StepKind.SERVICE: word("Service"),
    StepKind.TAX_ADDED: word("Tax"),
    StepKind.ROUNDING: word("Rounding"),
    StepKind.TIP: word("Tip"),
}
"""The steps between the dishes and the total; the other kinds are rows of their own."""
POINTS_KEY = "points"
"""The discount that the guest's points are has words instead of a name of the house's own."""


@dataclass(frozen=True, slots=True)
class SumRow:
    """`words` are to be translated; `name` is the house's own, of a coupon or a tax."""

    kind: StepKind
    words: str
    name: str
    minor: int
    rate: Rate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """`rows` lie between the dishes and the total, in the order of the algorithm, and have the tax
    only if it is added to the prices; all deposits are one row.
    """

    currency: str
    subtotal_minor: int
    rows: tuple[SumRow, ...]
    tax_is_included: bool
    tax_minor: int
    taxes: tuple[TaxTotal, ...]
    total_minor: int


def sums_of_breakdown(due: Breakdown) -> Sums:
    return Sums(
        currency=due.currency,
        subtotal_minor=due.subtotal_minor,
        rows=tuple(rows_of(due.steps)),
        tax_is_included=due.tax_is_included,
        tax_minor=due.tax_minor,
        taxes=due.taxes,
        total_minor=due.total_minor,
    )


def sums_of(order: Order, explanation: Explanation | None) -> Sums:
    """An order older than the price engine has no explanation, only its columns."""
    steps = explanation.steps if explanation else ()
    return Sums(
        currency=order.currency,
        subtotal_minor=order.subtotal_minor,
        rows=tuple(rows_of(steps) if steps else rows_of_columns(order)),
        tax_is_included=order.tax_is_included,
        tax_minor=order.tax_minor,
        taxes=explanation.taxes if explanation else (),
        total_minor=order.total_minor,
    )


def rows_of(steps: Sequence[Step]) -> Iterator[SumRow]:
    """What people are shown: no step that came to nothing, but a delivery that is free."""
    deposits = sum(step.minor for step in steps if step.kind is StepKind.DEPOSIT)
    if deposits:
        yield SumRow(StepKind.DEPOSIT, WORDS[StepKind.DEPOSIT], "", deposits)
    for step in steps:
        if step.kind is StepKind.DEPOSIT or step.kind not in WORDS:
            continue
        if step.minor or step.kind is StepKind.DELIVERY:
            yield row_of(step)


def row_of(step: Step) -> SumRow:
    if step.kind is StepKind.DISCOUNT and step.key == POINTS_KEY:
        return SumRow(step.kind, word("Points"), "", step.minor)
    words = WORDS[step.kind]
    is_said = step.name.casefold() == words.casefold()
    return SumRow(step.kind, words, "" if is_said else step.name, step.minor, step.rate)


def rows_of_columns(order: Order) -> Iterator[SumRow]:
    pairs = (
        (StepKind.DELIVERY, order.delivery_fee_minor),
        (StepKind.DISCOUNT, -order.discount_minor),
        (StepKind.TAX_ADDED, 0 if order.tax_is_included else order.tax_minor),
        (StepKind.TIP, order.tip_minor),
    )
    return (SumRow(kind, WORDS[kind], "", minor) for kind, minor in pairs if minor)
