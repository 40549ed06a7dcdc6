"""From a sale to its breakdown. docs/developers/algorithms/pricing.md tells the steps in prose."""

from __future__ import annotations

from collections.abc import Sequence

from kitchenasty.orders.totals.amounts import check_amount
from kitchenasty.orders.totals.breakdown import (
    Breakdown,
    PricedLine,
    Share,
    TakenDiscount,
    TaxedPiece,
)
from kitchenasty.orders.totals.profiles import NO_LEVY, Levy
from kitchenasty.orders.totals.sales import (
    Charged,
    Prices,
    Sale,
    deposit_of,
    list_charged,
    price,
)
from kitchenasty.orders.totals.steps import tell_steps
from kitchenasty.orders.totals.taxing import Piece, tax_pieces


def total(sale: Sale) -> Breakdown:
    """The whole breakdown.

    Raises RateMissing, DistanceNeeded, TooFar, AmountOutOfRange.
    """
    prices = price(sale)
    charged = list_charged(prices)
    pieces = cut_pieces(sale, charged)
    is_inside = sale.profile.prices_include_tax
    taxed, taxes = tax_pieces(pieces, sale.policy, prices_include_tax=is_inside)
    shares = gather(charged, pieces, taxed)
    tax = sum(one.tax_minor for one in taxes)
    due = check_amount(sum(share.gross_minor for share in shares))
    rounding = due - prices.sum_minor - (0 if is_inside else tax)
    return Breakdown(
        currency=sale.currency,
        policy=sale.policy.name,
        tax_is_included=is_inside,
        lines=list_lines(prices, shares),
        discounts=list_discounts(prices),
        taxes=tuple(taxes),
        shares=tuple(shares),
        steps=tell_steps(prices, taxes, rounding),
        subtotal_minor=check_amount(prices.goods_minor),
        deposit_minor=prices.deposit_minor,
        delivery_fee_minor=prices.fee_minor,
        discount_minor=prices.discount_minor,
        service_minor=sum(prices.services),
        tax_minor=tax,
        rounding_minor=rounding,
        tip_minor=sale.tip_minor,
        total_minor=due,
    )


def cut_pieces(sale: Sale, charged: Sequence[Charged]) -> list[Piece]:
    """Every part of every charge with the taxes of its category. Raises RateMissing."""
    levies: dict[str | None, Levy] = {None: NO_LEVY}
    pieces = []
    for share, one in enumerate(charged):
        for category, minor in one.parts:
            if category is not None and category not in levies:
                levies[category] = sale.profile.levied_on(category, sale.dining, sale.day)
            pieces.append(Piece(share, minor, levies[category]))
    return pieces


def gather(
    charged: Sequence[Charged], pieces: Sequence[Piece], taxed: Sequence[TaxedPiece]
) -> list[Share]:
    found: list[list[TaxedPiece]] = [[] for _ in charged]
    for piece, one in zip(pieces, taxed, strict=True):
        found[piece.share].append(one)
    return [
        Share(one.kind, one.key, one.units, tuple(parts))
        for one, parts in zip(charged, found, strict=True)
    ]


def list_lines(prices: Prices, shares: Sequence[Share]) -> tuple[PricedLine, ...]:
    """The lines as they were given. The shares begin with the lines, sorted as in `prices`."""
    priced = {}
    for place, line in enumerate(prices.lines):
        deposit, left = deposit_of(line), prices.left[place]
        priced[line.id] = PricedLine(
            id=line.id,
            quantity=line.quantity,
            unit_minor=line.unit_minor,
            listed_minor=prices.listed[place],
            deposit_minor=deposit,
            discount_minor=prices.listed[place] - left,
            charged_minor=left + deposit,
            tax_minor=shares[place].tax_minor,
            gross_minor=shares[place].gross_minor,
        )
    return tuple(priced[line.id] for line in prices.sale.lines)


def list_discounts(prices: Prices) -> tuple[TakenDiscount, ...]:
    places = {line.id: place for place, line in enumerate(prices.lines)}
    return tuple(
        TakenDiscount(
            id=cut.discount.id,
            minor=cut.minor,
            unused_minor=cut.unused_minor,
            line_minors=tuple(cut.minors[places[line.id]] for line in prices.sale.lines),
            delivery_minor=cut.minors[-1],
        )
        for cut in prices.cuts
    )
