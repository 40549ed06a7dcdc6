"""Orders on the wire: the shapes of the contract, and a superset of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec

from basis.kit.http.wire import (
    Amount,
    Form,
    Stamp,
    Version,
    WireStruct,
    amount,
    stamp,
    stamp_or_none,
)
from kitchenasty.kit.principals import Kind
from kitchenasty.orders.states import OrderStatus, OrderType
from kitchenasty.orders.sums import SumRow, Sums
from kitchenasty.orders.totals import TaxTotal
from kitchenasty.orders.views import HistoryEntry, Line, LineOption, Order
from kitchenasty.payments import Payment, PaymentReturn

Reason = Annotated[str, msgspec.Meta(max_length=300)]


class StatusChange(Form, kw_only=True):
    """`version` is the order's as it was seen; with it a change by somebody else is noticed."""

    status: OrderStatus
    version: Version | None = None
    reason: Reason | None = None


class Cancellation(Form, kw_only=True):
    reason: Reason | None = None


class OptionView(WireStruct, kw_only=True):
    id: str
    menu_option_value_id: str
    name: str
    value: str
    quantity: int
    price_modifier: Amount

    @classmethod
    def of(cls, option: LineOption, currency: str) -> OptionView:
        return cls(
            id=option.id,
            menu_option_value_id=option.id,
            name=option.group,
            value=option.name,
            quantity=option.quantity,
            price_modifier=amount(option.modifier_minor, currency),
        )


class ItemView(WireStruct, kw_only=True):
    id: str
    menu_item_id: str
    name: str
    quantity: int
    unit_price: Amount
    subtotal: Amount
    comment: str | None
    allergens: list[str] | None
    options: list[OptionView]

    @classmethod
    def of(cls, line: Line, currency: str) -> ItemView:
        return cls(
            id=line.id,
            menu_item_id=line.dish_id,
            name=line.name,
            quantity=line.quantity,
            unit_price=amount(line.unit_minor, currency),
            subtotal=amount(line.total_minor, currency),
            comment=line.note,
            allergens=None if line.allergens is None else list(line.allergens),
            options=[OptionView.of(option, currency) for option in line.options],
        )


class HistoryView(WireStruct, kw_only=True):
    """A step of an order. `actor` is a name; guests are told the house's, not its staff's."""

    at: Stamp
    actor: str
    before: str | None
    after: str
    reason: str | None

    @classmethod
    def of(cls, entry: HistoryEntry, *, instead_of_staff: str | None) -> HistoryView:
        kind = entry.actor.partition(":")[0]
        name = instead_of_staff if kind in (Kind.STAFF, Kind.KEY) else None
        return cls(
            at=stamp(entry.happened_at),
            actor=name or entry.actor_name or kind,
            before=entry.before,
            after=entry.after,
            reason=entry.reason,
        )


class PaymentReturnView(WireStruct, kw_only=True):
    """Money on its way back (PENDING), back (DONE), or refused by the provider (REFUSED)."""

    id: str
    refund_id: str
    amount: Amount
    status: str
    created_at: Stamp

    @classmethod
    def of(cls, one: PaymentReturn) -> PaymentReturnView:
        return cls(
            id=one.id,
            refund_id=one.refund_id,
            amount=amount(one.amount_minor, one.currency),
            status=one.state,
            created_at=stamp(one.created_at),
        )


class PaymentView(WireStruct, kw_only=True):
    """What is due or was paid; `refunded` is what of it was given back, by `refunds`."""

    id: str
    method: str
    status: str
    amount: Amount
    currency: str
    created_at: Stamp
    # Answers that are kept to be repeated may be older than these fields.
    refunded: Amount = Amount(0)
    refunds: list[PaymentReturnView] = []
    tendered: Amount | None = None
    change: Amount | None = None

    @classmethod
    def of(cls, payment: Payment) -> PaymentView:
        return cls(
            id=payment.id,
            method=payment.method,
            status=payment.status,
            amount=amount(payment.amount_minor, payment.currency),
            currency=payment.currency,
            created_at=stamp(payment.created_at),
            refunded=amount(payment.returned_minor, payment.currency),
            refunds=[PaymentReturnView.of(one) for one in payment.returns],
            tendered=amount_or_none(payment.tendered_minor, payment.currency),
            change=amount_or_none(payment.change_minor, payment.currency),
        )


def amount_or_none(minor: int | None, currency: str) -> Amount | None:
    return None if minor is None else amount(minor, currency)


class TaxView(WireStruct, kw_only=True):
    """One tax at one rate (percent as text) over the whole order."""

    name: str
    rate: str
    net: Amount
    amount: Amount

    @classmethod
    def of(cls, one: TaxTotal, currency: str) -> TaxView:
        return cls(
            name=one.tax,
            rate=one.rate.to_text(),
            net=amount(one.net_minor, currency),
            amount=amount(one.tax_minor, currency),
        )


class SumView(WireStruct, kw_only=True):
    """A row between the dishes and the total: DEPOSIT, DELIVERY, DISCOUNT, SERVICE, TAX_ADDED,
    ROUNDING or TIP. Together with the dishes they are the total.
    """

    kind: str
    name: str
    rate: str | None
    amount: Amount

    @classmethod
    def of(cls, row: SumRow, currency: str) -> SumView:
        return cls(
            kind=row.kind,
            name=row.name,
            rate=None if row.rate is None else row.rate.to_text(),
            amount=amount(row.minor, currency),
        )


class LocationRef(WireStruct, kw_only=True):
    id: str
    name: str


class CustomerRef(WireStruct, kw_only=True):
    id: str
    name: str
    email: str | None
    phone: str | None


class Counts(WireStruct, kw_only=True):
    items: int


class OrderView(WireStruct, kw_only=True):
    """An order. In lists `taxes` and `sums` are left out, and `items` unless they are asked for."""

    id: str
    order_number: str
    status: OrderStatus
    order_type: OrderType
    version: int
    location_id: str
    customer_id: str | None
    address_id: str | None = None
    table_id: str | None = None
    table_name: str | None = None
    currency: str
    subtotal: Amount
    delivery_fee: Amount
    tax: Amount
    tax_included: bool
    discount: Amount
    tip: Amount
    total: Amount
    payment_method: str
    awaits_payment_until: Stamp | None
    scheduled_at: Stamp | None
    promised_at: Stamp
    comment: str | None
    cancel_reason: str | None
    guest_name: str | None
    guest_email: str | None
    guest_phone: str | None
    address: dict[str, Any] | None
    created_at: Stamp
    updated_at: Stamp
    location: LocationRef
    customer: CustomerRef | None
    next_statuses: list[OrderStatus]
    items: list[ItemView]
    history: list[HistoryView]
    payments: list[PaymentView]
    count: Counts = msgspec.field(name="_count")
    taxes: list[TaxView] = []
    sums: list[SumView] = []

    @classmethod
    def of(
        cls,
        order: Order,
        house_name: str,
        payments: Sequence[Payment] = (),
        *,
        sums: Sums | None = None,
        for_staff: bool = False,
    ) -> OrderView:
        """The order as its house sees it, or as its guest does: without the names of the staff."""
        house = None if for_staff else house_name
        return cls(
            id=order.id,
            order_number=order.number,
            status=order.status,
            order_type=order.order_type,
            version=order.version,
            location_id=order.house_id,
            **{n: getattr(order, n) for n in ("customer_id", "table_id", "table_name")},
            currency=order.currency,
            tax_included=order.tax_is_included,
            payment_method=order.payment_method,
            comment=order.note,
            cancel_reason=order.cancel_reason,
            guest_name=order.contact.name,
            guest_email=order.contact.email,
            guest_phone=order.contact.phone,
            address=None if order.address is None else dict(order.address),
            location=LocationRef(id=order.house_id, name=house_name),
            customer=customer_of(order),
            next_statuses=list(order.next_statuses),
            items=[ItemView.of(line, order.currency) for line in order.lines],
            history=[HistoryView.of(entry, instead_of_staff=house) for entry in order.history],
            payments=[PaymentView.of(payment) for payment in payments],
            count=Counts(items=len(order.lines)),
            taxes=[TaxView.of(one, order.currency) for one in sums.taxes] if sums else [],
            sums=[SumView.of(row, order.currency) for row in sums.rows] if sums else [],
            **amounts_of(order),
            **times_of(order),
        )


class PlacedOrderView(OrderView, kw_only=True):
    """The order just placed, with the secret link by which its guest follows it."""

    capability: str
    tracking_url: str

    @classmethod
    def of_placed(cls, order: OrderView, capability: str) -> PlacedOrderView:
        fields = {name: getattr(order, name) for name in OrderView.__struct_fields__}
        return cls(**fields, capability=capability, tracking_url=f"/t/{capability}")


def amounts_of(order: Order) -> dict[str, Any]:
    names = ("subtotal", "delivery_fee", "tax", "discount", "tip", "total")
    return {name: amount(getattr(order, f"{name}_minor"), order.currency) for name in names}


def times_of(order: Order) -> dict[str, Any]:
    return {
        "awaits_payment_until": stamp_or_none(order.awaits_payment_until),
        "scheduled_at": stamp_or_none(order.scheduled_at),
        "promised_at": stamp(order.promised_at),
        "created_at": stamp(order.placed_at),
        "updated_at": stamp(order.updated_at),
    }


def customer_of(order: Order) -> CustomerRef | None:
    """Who ordered with an account, named as they were when they ordered."""
    if order.customer_id is None:
        return None
    contact = order.contact
    return CustomerRef(
        id=order.customer_id, name=contact.name, email=contact.email, phone=contact.phone
    )


def parse_statuses(text: str | None) -> tuple[OrderStatus, ...]:
    """`PENDING,CONFIRMED` as statuses. Raises ValueError for a word that is none."""
    return tuple(OrderStatus(word.strip()) for word in (text or "").split(",") if word.strip())
