"""Tax on pieces: rounded once per bucket, then given back to the pieces by largest remainder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

from kitchenasty.orders.totals.amounts import allocate
from kitchenasty.orders.totals.breakdown import TaxedPiece, TaxOnPiece, TaxTotal
from kitchenasty.orders.totals.policies import RoundingPolicy, Scope
from kitchenasty.orders.totals.profiles import LeviedTax, Levy


@dataclass(frozen=True, slots=True)
class Piece:
    """An amount that is taxed alike. `share` counts the lines and charges it is a piece of."""

    share: int
    minor: int
    levy: Levy


@dataclass(slots=True)
class Bucket:
    """What is rounded together: pieces with one tax at one rate, and the exact tax of each as a
    fraction of its amount.
    """

    levied: LeviedTax
    pieces: list[int] = field(default_factory=list)
    parts: list[Fraction] = field(default_factory=list)


def tax_pieces(
    pieces: Sequence[Piece], policy: RoundingPolicy, *, prices_include_tax: bool
) -> tuple[list[TaxedPiece], list[TaxTotal]]:
    """The pieces with their taxes, in the same order, and each tax and rate over all of them."""
    is_inside = prices_include_tax and policy.scope is not Scope.NETS
    amounts = [piece.minor for piece in pieces]
    if prices_include_tax and not is_inside:
        amounts = [round_net(piece, policy) for piece in pieces]
    buckets = fill_buckets(pieces, policy, is_inside=is_inside)
    kinds = {kind_of(bucket): bucket.levied for bucket in buckets}
    rows = {kind: row for row, kind in enumerate(sorted(kinds))}
    found: list[list[TaxOnPiece]] = [[] for _ in pieces]
    for bucket in buckets:
        minors = round_bucket(bucket, amounts, policy)
        for index, minor in zip(bucket.pieces, minors, strict=True):
            found[index].append(TaxOnPiece(rows[kind_of(bucket)], minor))
    taxed = [
        TaxedPiece(amount if is_inside else amount + sum(one.minor for one in taxes), tuple(taxes))
        for amount, taxes in zip(amounts, found, strict=True)
    ]
    return taxed, [add_up(row, kinds[kind], taxed) for kind, row in rows.items()]


def kind_of(bucket: Bucket) -> tuple[str, int]:
    return bucket.levied.tax, bucket.levied.rate.millionths


def add_up(row: int, levied: LeviedTax, taxed: Sequence[TaxedPiece]) -> TaxTotal:
    net = tax = 0
    for piece in taxed:
        for one in piece.taxes:
            if one.row == row:
                net += piece.gross_minor - piece.tax_minor
                tax += one.minor
    return TaxTotal(levied.tax, levied.rate, net, tax)


def round_net(piece: Piece, policy: RoundingPolicy) -> int:
    """The net of an inclusive price, rounded before any tax is computed (net-first policies)."""
    price = 1 + piece.levy.share
    return policy.tax.apply(piece.minor * price.denominator, price.numerator)


def fill_buckets(
    pieces: Sequence[Piece], policy: RoundingPolicy, *, is_inside: bool
) -> list[Bucket]:
    """One bucket per tax and rate, and per line or charge where the policy says so."""
    buckets: dict[tuple[int | None, str, int], Bucket] = {}
    levies = {id(piece.levy): piece.levy for piece in pieces}
    parts_of = {key: levy.parts(is_inside=is_inside) for key, levy in levies.items()}
    for index, piece in enumerate(pieces):
        share = piece.share if policy.scope is Scope.LINE else None
        for levied, part in zip(piece.levy.taxes, parts_of[id(piece.levy)], strict=True):
            key = (share, levied.tax, levied.rate.millionths)
            bucket = buckets.setdefault(key, Bucket(levied))
            bucket.pieces.append(index)
            bucket.parts.append(part)
    return list(buckets.values())


def round_bucket(bucket: Bucket, amounts: Sequence[int], policy: RoundingPolicy) -> list[int]:
    """The bucket's tax, rounded once, over its pieces in proportion to their exact tax."""
    scale = lcm(*(part.denominator for part in bucket.parts))
    weights = [
        amounts[index] * part.numerator * (scale // part.denominator)
        for index, part in zip(bucket.pieces, bucket.parts, strict=True)
    ]
    return allocate(policy.tax.apply(sum(weights), scale), weights)
