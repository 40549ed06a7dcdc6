"""Refunds on the wire. The contract has none; these are its superset."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec

from basis.kit.http.wire import Amount, Form, Price, Stamp, WireStruct, amount, bounded_minor, stamp
from kitchenasty import orders
from kitchenasty.refunds.bill import Bill, Wish, taxes_in
from kitchenasty.refunds.states import Cause
from kitchenasty.refunds.views import Refund

ITEMS_MAX = 50
ItemId = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Quantity = Annotated[int, msgspec.Meta(ge=1, le=99)]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
ChargeKind = Literal["DELIVERY", "SERVICE", "TIP"]


class ItemWish(Form, kw_only=True):
    """Portions of one of the order's items."""

    item_id: ItemId
    quantity: Quantity


class RefundWish(Form, kw_only=True):
    """Items and charges, or an amount, or everything that is left: one of the three."""

    items: Annotated[list[ItemWish], msgspec.Meta(max_length=ITEMS_MAX)] = []
    charges: Annotated[list[ChargeKind], msgspec.Meta(max_length=3)] = []
    amount: Price | None = None
    everything: bool = False

    def to_wish(self, currency: str) -> Wish:
        """Raises BadAmount."""
        units: Counter[str] = Counter()
        for item in self.items:
            units[item.item_id] += item.quantity
        return Wish(
            units=units,
            charges=frozenset(orders.totals.ShareKind(kind) for kind in self.charges),
            amount_minor=None if self.amount is None else bounded_minor(self.amount, currency),
            everything=self.everything,
        )


class RefundForm(RefundWish, kw_only=True):
    """`total` is what was seen to go back; if it is another amount by now, nothing does."""

    reason: Reason
    total: Price | None = None


class LimitForm(Form, kw_only=True):
    amount: Price


class LimitView(WireStruct, kw_only=True):
    """What managers of the house may give back of one order without its owner."""

    location_id: str
    amount: Amount
    currency: str


class RefundPartView(WireStruct, kw_only=True):
    """What goes back for one item or charge; `quantity` is 0 where it is by amount."""

    kind: orders.totals.ShareKind
    item_id: str | None
    name: str | None
    quantity: int
    amount: Amount
    tax: Amount

    @classmethod
    def of(cls, part: orders.totals.RefundedPart, order: orders.Order) -> RefundPartView:
        is_line = part.kind is orders.totals.ShareKind.LINE
        line = order.lines[int(part.key)] if is_line else None
        return cls(
            kind=part.kind,
            item_id=line.id if line else None,
            name=line.name if line else None,
            quantity=part.units,
            amount=amount(part.minor, order.currency),
            tax=amount(sum(minor for _, minor in part.taxes), order.currency),
        )


class RefundTaxView(WireStruct, kw_only=True):
    name: str
    rate: str
    amount: Amount


class RefundPreview(WireStruct, kw_only=True):
    """What would go back."""

    amount: Amount
    tax: Amount
    currency: str
    parts: list[RefundPartView]
    taxes: list[RefundTaxView]

    @classmethod
    def of(
        cls,
        made: orders.totals.Refund,
        order: orders.Order,
        taxes: Sequence[orders.totals.TaxTotal],
    ) -> RefundPreview:
        return cls(
            amount=amount(made.minor, order.currency),
            tax=amount(made.tax_minor, order.currency),
            currency=order.currency,
            parts=[RefundPartView.of(part, order) for part in made.parts],
            taxes=[
                RefundTaxView(
                    name=one.tax, rate=one.rate.to_text(), amount=amount(minor, order.currency)
                )
                for one, minor in taxes_in(made, taxes)
            ],
        )


class RefundView(RefundPreview, kw_only=True):
    """What went back, or is on its way."""

    id: str
    order_id: str
    cause: Cause
    reason: str
    by: str
    created_at: Stamp

    @classmethod
    def of_refund(
        cls, refund: Refund, order: orders.Order, taxes: Sequence[orders.totals.TaxTotal]
    ) -> RefundView:
        shown = RefundPreview.of(refund.parts, order, taxes)
        fields = {name: getattr(shown, name) for name in RefundPreview.__struct_fields__}
        return cls(
            **fields,
            id=refund.id,
            order_id=refund.order_id,
            cause=refund.cause,
            reason=refund.reason,
            by=refund.made_by_name,
            created_at=stamp(refund.made_at),
        )


class BillRowView(WireStruct, kw_only=True):
    """What of an item or a charge can still go back."""

    kind: orders.totals.ShareKind
    item_id: str | None
    name: str | None
    quantity_left: int
    left: Amount


class BillView(WireStruct, kw_only=True):
    """An order's bill: what was paid, what went back, what is left."""

    currency: str
    paid: Amount
    given_back: Amount
    left: Amount
    rows: list[BillRowView]
    refunds: list[RefundView]

    @classmethod
    def of(cls, bill: Bill, taxes: Sequence[orders.totals.TaxTotal]) -> BillView:
        currency = bill.order.currency
        rows = [(line.id, line.name, one) for line, one in bill.rows()]
        charges = [(None, None, one) for one in bill.charges()]
        return cls(
            currency=currency,
            paid=amount(bill.paid_minor, currency),
            given_back=amount(bill.given_back_minor, currency),
            left=amount(bill.left_minor, currency),
            rows=[
                BillRowView(
                    kind=one.share.kind,
                    item_id=item_id,
                    name=name,
                    quantity_left=one.units_left,
                    left=amount(one.left_minor, currency),
                )
                for item_id, name, one in [*rows, *charges]
            ],
            refunds=[RefundView.of_refund(one, bill.order, taxes) for one in bill.refunds],
        )
