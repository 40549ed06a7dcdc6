"""What each line and charge of an order cost: what refunds and split bills work on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from basis.money import split_minor
from kitchenasty.kit.books import Look
from kitchenasty.orders.queries import load_explanation
from kitchenasty.orders.totals import Explanation, Share, ShareKind, TaxedPiece, TaxOnPiece
from kitchenasty.orders.views import Order


class PricedLine(Protocol):
    """A line, as far as sharing out a total goes."""

    @property
    def quantity(self) -> int: ...

    @property
    def total_minor(self) -> int: ...


class Priced(Protocol):
    """An order, as far as sharing out its total goes."""

    @property
    def lines(self) -> Sequence[PricedLine]: ...

    @property
    def delivery_fee_minor(self) -> int: ...

    @property
    def tax_minor(self) -> int: ...

    @property
    def tip_minor(self) -> int: ...

    @property
    def total_minor(self) -> int: ...


async def load_shares(look: Look, order: Order) -> tuple[Share, ...]:
    """Raises OrderNotFound."""
    return shares_of(order, await load_explanation(look, order.id))


def shares_of(order: Priced, explanation: Explanation | None) -> tuple[Share, ...]:
    """What each line and charge cost, as the order keeps it. The key of a line is its place."""
    if explanation is not None and explanation.shares:
        return explanation.shares
    return shares_of_columns(order)


def shares_of_columns(order: Priced) -> tuple[Share, ...]:
    """For an order older than the price engine: its total in proportion to its lines and fee."""
    keys = [(ShareKind.LINE, str(place), one.quantity) for place, one in enumerate(order.lines)]
    weights = [line.total_minor for line in order.lines]
    if order.delivery_fee_minor:
        keys.append((ShareKind.DELIVERY, "delivery", 1))
        weights.append(order.delivery_fee_minor)
    if not any(weights):
        weights = [1] * len(weights)
    minors = split_minor(order.total_minor - order.tip_minor, weights)
    taxes = split_minor(order.tax_minor, weights)
    shares = [
        Share(*key, (TaxedPiece(minor, (TaxOnPiece(0, tax),)),))
        for key, minor, tax in zip(keys, minors, taxes, strict=True)
    ]
    if order.tip_minor:
        shares.append(
            Share(
                ShareKind.TIP,
                "tip",
                1,
                (TaxedPiece(order.tip_minor, ()),),
            )
        )
    return tuple(shares)
