"""What a cart costs at a house: its lines and terms, handed to the price engine. Pure.

docs/developers/algorithms/pricing.md tells in prose what the engine does with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from basis.ids import new_id
from basis.money import Rate
from kitchenasty import orders
from kitchenasty.checkout.taxes import profile_of
from kitchenasty.locations import House, ServiceTerms
from kitchenasty.menu import Chosen
from kitchenasty.orders import OrderType

SERVICE_ID = "service"


@dataclass(frozen=True, slots=True)
class LineToPrice:
    """What one line of a cart asks for, already checked against the menu."""

    dish_id: str
    name: str
    base_minor: int
    chosen: tuple[Chosen, ...]
    quantity: int
    note: str | None
    allergens: frozenset[str] | None
    work_minutes: int
    tax_category: str = orders.totals.STANDARD
    components: tuple[orders.totals.Component, ...] = ()
    deposit_minor: int = 0
    deposit_category: str | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What the house charges beside the dishes, and how it is taxed and rounded."""

    currency: str
    tariff: orders.totals.DeliveryTariff | None
    """None where it depends on an address that nobody knows yet."""
    profile: orders.totals.TaxProfile
    policy: orders.totals.RoundingPolicy = orders.totals.BY_RATE
    service: ServiceTerms | None = None


@dataclass(frozen=True, slots=True)
class PricedLines:
    """Lines with their breakdown; its lines are these, in this order."""

    lines: tuple[LineToPrice, ...]
    breakdown: orders.totals.Breakdown

    @property
    def work_minutes(self) -> int:
        return sum(line.work_minutes * line.quantity for line in self.lines)


def price(
    lines: Sequence[LineToPrice],
    terms: Terms,
    *,
    order_type: OrderType,
    day: date,
    discounts: tuple[orders.totals.Discount, ...] = (),
    tip: orders.totals.Tip | None = None,
) -> PricedLines:
    """The whole breakdown. `day` is the day of the meal in the house's zone.

    Raises what `totals.total` raises.
    """
    is_delivery = order_type is OrderType.DELIVERY
    sale = orders.totals.Sale(
        currency=terms.currency,
        lines=tuple(sale_line(place, line) for place, line in enumerate(lines)),
        profile=terms.profile,
        dining=orders.totals.Dining(order_type),
        day=day,
        policy=terms.policy,
        delivery=delivery_at(terms.tariff) if is_delivery and terms.tariff else None,
        discounts=discounts,
        services=services_at(terms.service, order_type),
        tip=tip,
    )
    return PricedLines(tuple(lines), orders.totals.total(sale))


def services_at(
    terms: ServiceTerms | None, order_type: OrderType
) -> tuple[orders.totals.ServiceCharge, ...]:
    """The service charge of the house, if it holds for this way of having the dishes."""
    if terms is None or order_type not in terms.dinings:
        return ()
    bases = orders.totals.ChargeBase
    return (
        orders.totals.ServiceCharge(
            id=SERVICE_ID,
            name=terms.name,
            rate=Rate(terms.millionths),
            base=bases.AFTER_DISCOUNTS if terms.after_discounts else bases.BEFORE_DISCOUNTS,
            taxed_as=orders.totals.LIKE_THE_GOODS if terms.is_taxed else orders.totals.UNTAXED,
        ),
    )


def delivery_at(tariff: orders.totals.DeliveryTariff) -> orders.totals.Delivery:
    """Bringing the food is part of selling it, so the fee is taxed as the food is (for the EU:
    Court of Justice, C-349/96 Card Protection Plan, paragraph 30, on ancillary services).
    """
    return orders.totals.Delivery(tariff=tariff, taxed_as=orders.totals.LIKE_THE_GOODS)


def sale_line(place: int, line: LineToPrice) -> orders.totals.SaleLine:
    """The line for the engine. Its id is its place, which the order keeps as its position."""
    return orders.totals.SaleLine(
        id=str(place),
        base_minor=line.base_minor,
        quantity=line.quantity,
        modifiers=modifiers_of(line.chosen),
        tax_category=line.tax_category,
        components=line.components,
        deposit_minor=line.deposit_minor,
        deposit_category=line.deposit_category,
    )


def modifiers_of(chosen: Iterable[Chosen]) -> tuple[tuple[int, int], ...]:
    return tuple((one.choice.modifier_minor, one.quantity) for one in chosen)


def unit_price(base_minor: int, chosen: Iterable[Chosen]) -> int:
    """One portion with its options, from the menu alone."""
    return orders.totals.unit_price(base_minor, modifiers_of(chosen))


def terms_of(house: House) -> Terms:
    """Raises ProfileRefused."""
    return Terms(
        currency=house.currency,
        tariff=tariff_of(house),
        profile=profile_of(house),
        policy=orders.totals.load_policy(house.rounding_policy),
        service=house.charges.service,
    )


def tariff_of(house: House) -> orders.totals.DeliveryTariff | None:
    """Of the zone that the house is told `at`; the house's one fee if it has no zones."""
    zone = house.delivery_zone
    if zone is None and house.has_zones:
        return None
    return orders.totals.DeliveryTariff(
        base_minor=house.delivery_fee_minor,
        zone="" if zone is None else zone.name,
        free_from_minor=house.free_delivery_from_minor,
        min_order_minor=house.min_delivery_minor,
    )


def line_of(line: LineToPrice, unit_minor: int) -> orders.Line:
    """The line as the order keeps it."""
    return orders.Line(
        id=new_id(),
        dish_id=line.dish_id,
        name=line.name,
        quantity=line.quantity,
        unit_minor=unit_minor,
        total_minor=unit_minor * line.quantity,
        note=line.note,
        allergens=None if line.allergens is None else tuple(sorted(line.allergens)),
        options=tuple(
            orders.LineOption(
                id=one.choice.id,
                group=one.group.name,
                name=one.choice.name,
                quantity=one.quantity,
                modifier_minor=one.choice.modifier_minor,
            )
            for one in line.chosen
        ),
    )
