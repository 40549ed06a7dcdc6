"""An order once more, on the wire."""

from __future__ import annotations

from basis.kit.http.wire import Amount, WireStruct, amount
from kitchenasty import orders
from kitchenasty.checkout.reorder import LineAgain, OrderAgain
from kitchenasty.checkout.schemas import ProblemView, QuoteView


class OptionAgainView(WireStruct, kw_only=True):
    """As `POST /api/orders` takes it."""

    menu_option_value_id: str
    name: str
    quantity: int


class ItemAgainView(WireStruct, kw_only=True):
    """An item as it was. `unitPrice` is what a portion costs now; null with a `problem`."""

    menu_item_id: str
    name: str
    quantity: int
    comment: str | None
    options: list[OptionAgainView]
    unit_price_before: Amount
    unit_price: Amount | None
    problem: ProblemView | None

    @classmethod
    def of(cls, again: LineAgain, currency: str) -> ItemAgainView:
        line, problem = again.line, again.problem
        return cls(
            menu_item_id=line.dish_id,
            name=line.name,
            quantity=line.quantity,
            comment=line.note,
            options=[
                OptionAgainView(menu_option_value_id=one.id, name=one.name, quantity=one.quantity)
                for one in line.options
            ],
            unit_price_before=amount(line.unit_minor, currency),
            unit_price=None if again.unit_minor is None else amount(again.unit_minor, currency),
            problem=None
            if problem is None
            else ProblemView(
                position=problem.position, code=problem.code, error=str(problem.message)
            ),
        )


class ReorderView(WireStruct, kw_only=True):
    """What the order would be now; items with a problem are left out of the quote."""

    order_type: orders.OrderType
    location_id: str
    items: list[ItemAgainView]
    quote: QuoteView

    @classmethod
    def of(cls, order: orders.Order, again: OrderAgain) -> ReorderView:
        return cls(
            order_type=order.order_type,
            location_id=order.house_id,
            items=[ItemAgainView.of(line, order.currency) for line in again.lines],
            quote=QuoteView.of(again.priced),
        )
