"""A sale, and its prices before tax: lines, fees, discounts, service charges, tip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kitchenasty.orders.totals.amounts import allocate, check_amount
from kitchenasty.orders.totals.breakdown import ShareKind
from kitchenasty.orders.totals.charges import (
    ChargeBase,
    Delivery,
    ServiceCharge,
    TaxedAs,
    Tip,
    delivery_fee,
)
from kitchenasty.orders.totals.discounts import Cut, Discount, Target, take_off
from kitchenasty.orders.totals.lines import SaleLine
from kitchenasty.orders.totals.policies import BY_RATE, RoundingPolicy
from kitchenasty.orders.totals.profiles import Dining, TaxProfile

DELIVERY_KEY = "delivery"
TIP_KEY = "tip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """All that decides what an order costs. `day` is the day of supply in the house's zone: the
    meal's, not the order's. Lines have different ids.
    """

    currency: str
    lines: tuple[SaleLine, ...]
    profile: TaxProfile
    dining: Dining
    day: date
    policy: RoundingPolicy = BY_RATE
    delivery: Delivery | None = None
    discounts: tuple[Discount, ...] = ()
    services: tuple[ServiceCharge, ...] = ()
    tip: Tip | None = None

    @property
    def tip_minor(self) -> int:
        return self.tip.minor if self.tip else 0


@dataclass(frozen=True, slots=True)
class Prices:
    """The sale before tax, its lines sorted by content and `listed` as they are. The last amount of
    `left` and of each cut is the delivery fee's.
    """

    sale: Sale
    lines: tuple[SaleLine, ...]
    listed: tuple[int, ...]
    fee_minor: int
    cuts: tuple[Cut, ...]
    left: tuple[int, ...]
    services: tuple[int, ...]

    @property
    def goods_minor(self) -> int:
        return sum(self.listed)

    @property
    def deposit_minor(self) -> int:
        return sum(deposit_of(line) for line in self.lines)

    @property
    def discount_minor(self) -> int:
        return sum(cut.minor for cut in self.cuts)

    @property
    def sum_minor(self) -> int:
        """Everything that is charged, before tax that is not in the prices."""
        charges = sum(self.services) + self.sale.tip_minor
        return sum(self.left) + self.deposit_minor + charges


@dataclass(frozen=True, slots=True)
class Charged:
    """What is charged under one heading, cut into tax categories (none: outside tax)."""

    kind: ShareKind
    key: str
    units: int
    parts: tuple[tuple[str | None, int], ...]


def price(sale: Sale) -> Prices:
    """Steps 1 to 5. Raises DistanceNeeded, TooFar, AmountOutOfRange."""
    assert len({line.id for line in sale.lines}) == len(sale.lines)
    lines = tuple(sorted(sale.lines, key=lambda line: (line.content, reached_by(line, sale))))
    listed = tuple(check_amount(line.listed_minor) for line in lines)
    fee = fee_of(sale, sum(listed))
    targets = [target_of(line) for line in lines]
    cuts = take_off(sale.discounts, [*targets, Target(None, fee, 1)], sale.policy.percent)
    left = tuple(
        before - sum(cut.minors[i] for cut in cuts) for i, before in enumerate([*listed, fee])
    )
    services = tuple(
        service.price(
            sum(listed) if service.base is ChargeBase.BEFORE_DISCOUNTS else sum(left[:-1]),
            sale.policy.percent,
        )
        for service in sale.services
    )
    return Prices(sale, lines, listed, fee, tuple(cuts), left, services)


def reached_by(line: SaleLine, sale: Sale) -> tuple[bool, ...]:
    """Lines that different discounts reach are not interchangeable."""
    return tuple(target_of(line).is_reached(discount) for discount in sale.discounts)


def target_of(line: SaleLine) -> Target:
    return Target(line.id, line.listed_minor, line.quantity)


def fee_of(sale: Sale, goods_minor: int) -> int:
    if sale.delivery is None:
        return 0
    portions = sum(line.quantity for line in sale.lines)
    fee = delivery_fee(sale.delivery, goods_minor=goods_minor, portions=portions)
    return check_amount(fee)


def deposit_of(line: SaleLine) -> int:
    return check_amount(line.deposit_minor * line.quantity)


def list_charged(prices: Prices) -> list[Charged]:
    """Step 6: everything that is charged, in a fixed order, cut into tax categories."""
    sale = prices.sale
    charged = [
        Charged(ShareKind.LINE, line.id, line.quantity, parts_of(line, minor))
        for line, minor in zip(prices.lines, prices.left, strict=False)
    ]
    goods = goods_by_category(prices)
    if sale.delivery is not None:
        parts = parts_of_charge(prices.left[-1], sale.delivery.taxed_as, goods)
        charged.append(Charged(ShareKind.DELIVERY, DELIVERY_KEY, 1, parts))
    for service, minor in zip(sale.services, prices.services, strict=True):
        parts = parts_of_charge(minor, service.taxed_as, goods)
        charged.append(Charged(ShareKind.SERVICE, service.id, 1, parts))
    if sale.tip is not None:
        parts = parts_of_charge(check_amount(sale.tip.minor), sale.tip.taxed_as, goods)
        charged.append(Charged(ShareKind.TIP, TIP_KEY, 1, parts))
    return charged


def parts_of(line: SaleLine, minor: int) -> tuple[tuple[str | None, int], ...]:
    deposit = deposit_of(line)
    if not deposit:
        return tuple(line.by_category(minor))
    return (*line.by_category(minor), (line.deposit_category or line.tax_category, deposit))


def parts_of_charge(
    minor: int, taxed_as: TaxedAs, goods: Sequence[tuple[str, int]]
) -> tuple[tuple[str | None, int], ...]:
    if not (taxed_as.follows_goods and goods):
        return ((taxed_as.category, minor),)
    shares = allocate(minor, [weight for _, weight in goods])
    return tuple((category, s) for (category, _), s in zip(goods, shares, strict=True))


def goods_by_category(prices: Prices) -> list[tuple[str, int]]:
    """What is charged for the goods of each tax category; what was listed, if all of it is free."""
    left = prices.left[:-1]
    minors = left if any(left) else prices.listed
    sums: dict[str, int] = {}
    for line, minor in zip(prices.lines, minors, strict=True):
        for category, part in line.by_category(minor):
            sums[category] = sums.get(category, 0) + part
    return sorted(sums.items())
