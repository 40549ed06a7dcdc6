"""Refunds by line, unit or amount. Whatever their order, they end at exactly zero, tax included.

An account is opened on the shares of a breakdown; each refund is a row that is kept, and the
account is the fold of its rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from basis.errors import Conflict, NotFound
from basis.money import round_half_up
from basis.sentences import Sentence
from kitchenasty.orders.totals.amounts import allocate
from kitchenasty.orders.totals.breakdown import Share, ShareKind


class RefundTooLarge(Conflict):
    """More than is left of the line, or of the order."""


class NotOnThisBill(NotFound):
    """The order has no line or charge of this key."""


@dataclass(frozen=True, slots=True)
class RefundedPart:
    """What goes back for one line or charge: per taxed piece, and the tax in it by row of
    `Breakdown.taxes`. `units` are the portions that are returned, 0 for a refund by amount.
    """

    kind: ShareKind
    key: str
    units: int
    minors: tuple[int, ...]
    taxes: tuple[tuple[int, int], ...]

    @property
    def minor(self) -> int:
        return sum(self.minors)


@dataclass(frozen=True, slots=True)
class Refund:
    parts: tuple[RefundedPart, ...]

    @property
    def minor(self) -> int:
        return sum(part.minor for part in self.parts)

    @property
    def taxes(self) -> dict[int, int]:
        """The tax that goes back, by row of `Breakdown.taxes`."""
        sums: Counter[int] = Counter()
        for part in self.parts:
            sums.update(dict(part.taxes))
        return dict(sums)

    @property
    def tax_minor(self) -> int:
        return sum(self.taxes.values())


@dataclass(frozen=True, slots=True)
class Standing:
    """How a share stands: what went back of each piece, and how many units. Slices of units are
    counted from `base_minor` for `base_units`: what was left at the last refund by amount.
    """

    share: Share
    refunded: tuple[int, ...]
    base_minor: int
    base_units: int
    units_since: int = 0

    @property
    def left(self) -> tuple[int, ...]:
        pieces = zip(self.share.pieces, self.refunded, strict=True)
        return tuple(piece.gross_minor - back for piece, back in pieces)

    @property
    def left_minor(self) -> int:
        return sum(self.left)

    @property
    def units_left(self) -> int:
        return self.base_units - self.units_since

    def slice(self, units: int) -> int:
        """What the next units cost: cumulative, so that all slices add up."""
        upto, before = self.units_since + units, self.units_since
        return round_half_up(self.base_minor * upto, self.base_units) - round_half_up(
            self.base_minor * before, self.base_units
        )

    def part(self, minors: Sequence[int], units: int) -> RefundedPart:
        """These amounts of the pieces, with their tax: cumulative too, and by money alone."""
        taxes: Counter[int] = Counter()
        for piece, before, minor in zip(self.share.pieces, self.refunded, minors, strict=True):
            for tax in piece.taxes:
                after_minor = tax_until(tax.minor, before + minor, piece.gross_minor)
                taxes[tax.row] += after_minor - tax_until(tax.minor, before, piece.gross_minor)
        share = self.share
        return RefundedPart(share.kind, share.key, units, tuple(minors), tuple(taxes.items()))

    def after(self, part: RefundedPart) -> Standing:
        pairs = zip(self.refunded, part.minors, strict=True)
        refunded = tuple(before + minor for before, minor in pairs)
        if part.units:
            return replace(self, refunded=refunded, units_since=self.units_since + part.units)
        left, units = self.left_minor - part.minor, self.units_left
        return replace(self, refunded=refunded, base_minor=left, base_units=units, units_since=0)


@dataclass(frozen=True, slots=True)
class Account:
    """What is left to be refunded of an order."""

    standings: tuple[Standing, ...]

    @property
    def left_minor(self) -> int:
        return sum(standing.left_minor for standing in self.standings)

    def find(self, kind: ShareKind, key: str) -> Standing:
        """Raises NotOnThisBill."""
        for standing in self.standings:
            if (standing.share.kind, standing.share.key) == (kind, key):
                return standing
        raise NotOnThisBill("This is not on the order's bill.", key=key)

    def after(self, refund: Refund) -> Account:
        """The account once this refund is in the books."""
        parts = {(part.kind, part.key): part for part in refund.parts}
        return Account(
            tuple(
                standing.after(parts[standing.share.kind, standing.share.key])
                if (standing.share.kind, standing.share.key) in parts
                else standing
                for standing in self.standings
            )
        )


def open_account(shares: Iterable[Share], refunds: Iterable[Refund] = ()) -> Account:
    """The account of an order, after the refunds that it has had."""
    account = Account(
        tuple(
            Standing(share, (0,) * len(share.pieces), share.gross_minor, share.units)
            for share in shares
        )
    )
    for refund in refunds:
        account = account.after(refund)
    return account


def refund_units(account: Account, line_id: str, units: int) -> Refund:
    """Some portions of a line; the last one takes all that is left of it.

    Raises NotOnThisBill, RefundTooLarge.
    """
    standing = account.find(ShareKind.LINE, line_id)
    if not 1 <= units <= standing.units_left:
        raise RefundTooLarge(
            Sentence.of("Only {left} of this line can be refunded.", left=standing.units_left),
            left=standing.units_left,
        )
    minors = allocate(standing.slice(units), standing.left)
    return Refund((standing.part(minors, units),))


def refund_share(account: Account, kind: ShareKind, key: str) -> Refund:
    """All that is left of a line, a fee or the tip. Raises NotOnThisBill."""
    standing = account.find(kind, key)
    return Refund((standing.part(standing.left, standing.units_left),))


def refund_amount(account: Account, minor: int) -> Refund:
    """An amount, over everything but the tip in proportion to what is left of it; what exceeds
    that comes from the tip. Raises RefundTooLarge.
    """
    if not 0 < minor <= account.left_minor:
        raise RefundTooLarge("This is more than is left to refund.", leftMinor=account.left_minor)
    goods = [one for one in account.standings if one.share.kind is not ShareKind.TIP]
    tips = [one for one in account.standings if one.share.kind is ShareKind.TIP]
    from_goods = min(minor, sum(one.left_minor for one in goods))
    parts = [*spread(goods, from_goods), *spread(tips, minor - from_goods)]
    return Refund(tuple(part for part in parts if part.minor))


def spread(standings: Sequence[Standing], minor: int) -> list[RefundedPart]:
    """An amount over all pieces by what is left of them. None gets more than that."""
    left = [one.left for one in standings]
    minors = iter(allocate(minor, [amount for amounts in left for amount in amounts]))
    return [
        standing.part([next(minors) for _ in amounts], 0)
        for standing, amounts in zip(standings, left, strict=True)
    ]


def tax_until(tax_minor: int, refunded_minor: int, gross_minor: int) -> int:
    """The tax that has gone back once this much of the gross has."""
    return round_half_up(tax_minor * refunded_minor, gross_minor) if gross_minor else 0
