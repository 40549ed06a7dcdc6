"""What is charged beside the goods: delivery, service, a tip."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from basis.errors import Invalid
from basis.money import Rate, Rounding, round_half_up
from kitchenasty.orders.totals.profiles import STANDARD

METRES_PER_BAND_UNIT = 10


class DistanceNeeded(Invalid):
    """The fee depends on the distance, and nobody knows it. Leaving it out saves nothing."""


class TooFar(Invalid):
    """The address is further away than the house delivers."""


@dataclass(frozen=True, slots=True)
class TaxedAs:
    """How a charge is taxed: at its own category, like the goods in their proportions, or, with
    neither, not at all.
    """

    category: str | None = None
    follows_goods: bool = False


UNTAXED = TaxedAs()
LIKE_THE_GOODS = TaxedAs(follows_goods=True)
AT_STANDARD = TaxedAs(STANDARD)


@dataclass(frozen=True, slots=True, kw_only=True)
class DistanceSteps:
    """A price for every started step above a distance."""

    above_m: int
    step_m: int
    minor: int

    def price(self, distance_m: int) -> int:
        beyond = max(0, distance_m - self.above_m)
        return -(-beyond // self.step_m) * self.minor


@dataclass(frozen=True, slots=True, kw_only=True)
class DistanceBand:
    """From a distance on: an amount, and so much for every 10 m of the whole way."""

    from_m: int
    minor: int = 0
    per_10_m_minor: int = 0

    def price(self, distance_m: int) -> int:
        way = round_half_up(self.per_10_m_minor * distance_m, METRES_PER_BAND_UNIT)
        return self.minor + way


@dataclass(frozen=True, slots=True, kw_only=True)
class PortionSurcharge:
    """An amount for every portion from a number on: heavy bags."""

    from_portions: int
    minor: int

    def price(self, portions: int) -> int:
        return max(0, portions - self.from_portions + 1) * self.minor


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryTariff:
    """What delivery costs in a zone. Limits look at the goods as listed, so that a coupon never
    makes delivery dearer.
    """

    base_minor: int
    zone: str = ""
    """What the zone is called, for the explanation."""
    steps: tuple[DistanceSteps, ...] = ()
    bands: tuple[DistanceBand, ...] = ()
    fill_cart_to_minor: int = 0
    portions: PortionSurcharge | None = None
    factor: Rate | None = None
    cap_minor: int | None = None
    free_from_minor: int | None = None
    min_order_minor: int = 0
    reach_m: int | None = None

    @property
    def needs_distance(self) -> bool:
        return bool(self.steps or self.bands or self.reach_m is not None)

    def missing_minor(self, goods_minor: int) -> int:
        """What the goods still lack to be delivered here."""
        return max(0, self.min_order_minor - goods_minor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A delivery as asked for: the tariff of its zone, the way, and how the fee is taxed."""

    tariff: DeliveryTariff
    distance_m: int | None = None
    taxed_as: TaxedAs = AT_STANDARD


class ChargeBase(StrEnum):
    BEFORE_DISCOUNTS = "BEFORE_DISCOUNTS"
    AFTER_DISCOUNTS = "AFTER_DISCOUNTS"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCharge:
    """A rate of the goods, or an amount. Compulsory, so usually revenue and taxed."""

    id: str
    name: str
    rate: Rate | None = None
    amount_minor: int | None = None
    base: ChargeBase = ChargeBase.AFTER_DISCOUNTS
    taxed_as: TaxedAs = AT_STANDARD

    def __post_init__(self) -> None:
        assert (self.rate is None) != (self.amount_minor is None)
        assert self.amount_minor is None or self.amount_minor >= 0

    def price(self, base_minor: int, rounding: Rounding) -> int:
        if self.rate is not None:
            return self.rate.of(base_minor, rounding)
        assert self.amount_minor is not None
        return self.amount_minor


@dataclass(frozen=True, slots=True)
class Tip:
    """Given freely, and then outside tax, unless the house says otherwise."""

    minor: int
    taxed_as: TaxedAs = UNTAXED


def delivery_fee(delivery: Delivery, *, goods_minor: int, portions: int) -> int:
    """The fee in minor units: surcharges, then the factor, then the cap.

    Raises DistanceNeeded, TooFar.
    """
    tariff = delivery.tariff
    distance_m = known_distance(delivery)
    if tariff.free_from_minor is not None and goods_minor >= tariff.free_from_minor:
        return 0
    fee = tariff.base_minor + max(0, tariff.fill_cart_to_minor - goods_minor)
    fee += sum(steps.price(distance_m) for steps in tariff.steps)
    entered = [band for band in tariff.bands if band.from_m <= distance_m]
    if entered:
        fee += max(entered, key=lambda band: band.from_m).price(distance_m)
    if tariff.portions is not None:
        fee += tariff.portions.price(portions)
    if tariff.factor is not None:
        fee = tariff.factor.of(fee)
    return fee if tariff.cap_minor is None else min(fee, tariff.cap_minor)


def known_distance(delivery: Delivery) -> int:
    """Metres, or 0 where the tariff does not ask. Raises DistanceNeeded, TooFar."""
    tariff, distance_m = delivery.tariff, delivery.distance_m
    if not tariff.needs_distance:
        return 0
    if distance_m is None:
        raise DistanceNeeded("Please mark your address on the map, so that we know the way.")
    if tariff.reach_m is not None and distance_m > tariff.reach_m:
        raise TooFar("This address is too far away for a delivery.", reachMetres=tariff.reach_m)
    return distance_m
