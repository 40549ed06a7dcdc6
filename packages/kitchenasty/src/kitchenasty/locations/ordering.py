"""What the owner set for all houses: whether and how guests order, and how new houses begin."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from basis.money import exponent_of
from basis.sentences import word
from kitchenasty import settings
from kitchenasty.kit.books import Look
from kitchenasty.settings import Field, Group, Kind

MINUTES = word("Whole minutes, from 0 to 1440.")
PRICE = word("An amount like 12.50, in the currency of the house.")
DAY_MINUTES = 1_440

ORDER = Group(
    "order",
    (
        Field(
            name="enabled",
            label=word("Guests can order"),
            default=True,
            hint=word("Off: no house takes an order. What was ordered is cooked as ever."),
        ),
        Field(
            name="enableFutureOrdering",
            label=word("Guests can order for later"),
            default=True,
            hint=word("Off: only as soon as possible, while a house is open."),
        ),
        Field(
            name="dineInEnabled",
            label=word("Waiters take orders at the table"),
            default=True,
            hint=word("Off: tables are kept and seated; what is eaten there is not noted."),
        ),
        Field(
            name="enableTipping",
            label=word("Guests can add a tip"),
            default=True,
            hint=word("Off: nowhere. On: each house decides under Prices and charges."),
        ),
        Field(
            name="tipOptions",
            label=word("Tips that are suggested, in percent"),
            kind=Kind.WHOLES,
            default=(),
            least=1,
            most=100,
            can_be_empty=True,
            hint=word("Up to six, like 5, 10, 15. For houses that name none of their own."),
        ),
        Field(
            name="minOrderDelivery",
            label=word("Smallest delivery of new houses"),
            kind=Kind.AMOUNT,
            default=Decimal(0),
            hint=PRICE,
        ),
        Field(
            name="minOrderPickup",
            label=word("Smallest pickup of new houses"),
            kind=Kind.AMOUNT,
            default=Decimal(0),
            hint=PRICE,
        ),
        Field(
            name="deliveryLeadTime",
            label=word("Minutes to a delivery in new houses"),
            kind=Kind.WHOLE,
            default=30,
            most=DAY_MINUTES,
            hint=MINUTES,
        ),
        Field(
            name="pickupLeadTime",
            label=word("Minutes to a pickup in new houses"),
            kind=Kind.WHOLE,
            default=15,
            most=DAY_MINUTES,
            hint=MINUTES,
        ),
        Field(
            name="taxRate",
            label=word("Tax of new houses, in percent"),
            kind=Kind.AMOUNT,
            default=Decimal(0),
            most=100,
            hint=word("From 0 to 100. It counts until the house has rates of its own under Taxes."),
        ),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordering:
    """How guests order, at every house. `tips` are suggested where a house names none."""

    is_on: bool = True
    takes_ahead: bool = True
    serves_tables: bool = True
    takes_tips: bool = True
    tips: tuple[int, ...] = ()
    is_under_maintenance: bool = False


AS_EVER = Ordering()


async def load_ordering(look: Look) -> Ordering:
    values = await settings.load(look, ORDER)
    advanced = await settings.load(look, settings.ADVANCED)
    return Ordering(
        is_on=bool(values["enabled"]),
        takes_ahead=bool(values["enableFutureOrdering"]),
        serves_tables=bool(values["dineInEnabled"]),
        takes_tips=bool(values["enableTipping"]),
        tips=cast("tuple[int, ...]", values["tipOptions"]),
        is_under_maintenance=bool(advanced["maintenanceMode"]),
    )


async def load_beginnings(look: Look) -> dict[str, Any]:
    """The fields of a new house that nobody said otherwise, by their names in `HouseDraft`."""
    general = await settings.load(look, settings.GENERAL)
    values: dict[str, Any] = await settings.load(look, ORDER)
    currency = str(general["defaultCurrency"])
    return {
        "zone": general["timezone"],
        "currency": currency,
        "min_delivery_minor": minor_in(values["minOrderDelivery"], currency),
        "min_pickup_minor": minor_in(values["minOrderPickup"], currency),
        "delivery_lead_minutes": values["deliveryLeadTime"],
        "pickup_lead_minutes": values["pickupLeadTime"],
        "tax_basis_points": int(values["taxRate"] * 100),
    }


def minor_in(amount: Decimal, currency: str) -> int:
    """Whole minor units: of yen there are no hundredths."""
    return int(amount.scaleb(exponent_of(currency)))
