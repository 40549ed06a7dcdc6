"""Split bills: by shares, or by guest. The parts add up in money and in the tax of every rate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kitchenasty.orders.totals.amounts import allocate
from kitchenasty.orders.totals.breakdown import Share, ShareKind


@dataclass(frozen=True, slots=True)
class BillPart:
    """What one guest pays, and the tax in it by row of `Breakdown.taxes`."""

    minor: int
    taxes: tuple[int, ...]

    @property
    def tax_minor(self) -> int:
        return sum(self.taxes)


def split_by_shares(shares: Sequence[Share], weights: Sequence[int]) -> list[BillPart]:
    """Everything in these proportions; equal weights split evenly, left-over units go first to
    those who are named first.
    """
    minors = allocate(sum(share.gross_minor for share in shares), weights)
    taxes = [allocate(tax, minors) for tax in tax_rows(shares)]
    return [
        BillPart(minor, tuple(tax[guest] for tax in taxes)) for guest, minor in enumerate(minors)
    ]


def split_by_guest(
    shares: Sequence[Share], eaten: Mapping[str, Sequence[int]], guest_count: int
) -> list[BillPart]:
    """Each guest's own lines and their parts of shared ones. `eaten` says for each line, by its
    id, the weight of each guest: `(0, 1, 0)` is the second's own. Lines that nobody claims, fees
    and the tip go by what each guest has of the claimed goods.
    """
    claimed = [0] * guest_count
    weights: list[Sequence[int]] = []
    for share in shares:
        own = eaten.get(share.key, ()) if share.kind is ShareKind.LINE else ()
        weights.append(own)
        if any(own):
            parts = allocate(share.gross_minor, own)
            claimed = [before + part for before, part in zip(claimed, parts, strict=True)]
    return add_up(
        [(share, own if any(own) else claimed) for share, own in zip(shares, weights, strict=True)]
    )


def add_up(weighted: Sequence[tuple[Share, Sequence[int]]]) -> list[BillPart]:
    """Every piece by its weights; the tax of a rate by what each guest has at that rate."""
    guests = range(len(weighted[0][1])) if weighted else range(0)
    minors = [0 for _ in guests]
    rows = tax_rows([share for share, _ in weighted])
    at_rate = [[0 for _ in guests] for _ in rows]
    for share, weights in weighted:
        for piece in share.pieces:
            parts = allocate(piece.gross_minor, weights)
            minors = [before + part for before, part in zip(minors, parts, strict=True)]
            for tax in piece.taxes:
                before = at_rate[tax.row]
                at_rate[tax.row] = [a + b for a, b in zip(before, parts, strict=True)]
    taxes = [allocate(tax, at_rate[row]) for row, tax in enumerate(rows)]
    return [BillPart(minors[guest], tuple(tax[guest] for tax in taxes)) for guest in guests]


def tax_rows(shares: Sequence[Share]) -> list[int]:
    """The tax of each row of `Breakdown.taxes`, from the pieces."""
    sums: dict[int, int] = {}
    for share in shares:
        for piece in share.pieces:
            for tax in piece.taxes:
                sums[tax.row] = sums.get(tax.row, 0) + tax.minor
    return [sums[row] for row in sorted(sums)]
