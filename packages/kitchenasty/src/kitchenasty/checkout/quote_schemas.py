"""A signed quote on the wire: the whole breakdown, step by step."""

from __future__ import annotations

from collections.abc import Sequence

from basis.kit.http.wire import Amount, Stamp, WireStruct, amount, stamp
from kitchenasty import orders
from kitchenasty.checkout.quotes import Quote, QuoteStale
from kitchenasty.checkout.reach_schemas import ReachView, RefusalView, TipOption
from kitchenasty.checkout.schemas import (
    GiftCardView,
    PointsView,
    ProblemView,
    QuoteView,
)


class StepView(WireStruct, kw_only=True):
    """One row of the explanation: an amount, what it was computed from, and the sum so far. `rate`
    is percent as text.
    """

    kind: orders.totals.StepKind
    key: str
    name: str
    amount: Amount
    sum: Amount
    base: Amount | None
    rate: str | None

    @classmethod
    def of(cls, step: orders.totals.Step, currency: str) -> StepView:
        return cls(
            kind=step.kind,
            key=step.key,
            name=step.name,
            amount=amount(step.minor, currency),
            sum=amount(step.sum_minor, currency),
            base=None if step.base_minor is None else amount(step.base_minor, currency),
            rate=None if step.rate is None else step.rate.to_text(),
        )


class SignedQuoteView(WireStruct, kw_only=True):
    """`quote` is sent with the order. It is null while items, coupon, points or the address have
    problems: such a cart cannot be ordered as it is.
    """

    quote: str | None
    expires_at: Stamp | None
    currency: str
    rounding_policy: str
    tax_included: bool
    subtotal: Amount
    delivery_fee: Amount
    discount: Amount
    service: Amount
    tax: Amount
    rounding: Amount
    tip: Amount
    total: Amount
    taxes: list[orders.TaxView]
    steps: list[StepView]
    problems: Sequence[ProblemView] = ()
    coupon_problem: RefusalView | None = None
    points: PointsView | None = None
    points_problem: RefusalView | None = None
    delivery: ReachView | None = None
    gift_card: GiftCardView | None = None
    gift_card_problem: RefusalView | None = None
    tip_options: Sequence[TipOption] = ()
    tip_problem: RefusalView | None = None
    cash_total: Amount | None = None

    @classmethod
    def of(
        cls,
        due: orders.totals.Breakdown,
        quote: Quote | None,
        told: QuoteView | None = None,
    ) -> SignedQuoteView:
        return cls(
            quote=None if quote is None else quote.text,
            expires_at=None if quote is None else stamp(quote.expires_at),
            currency=due.currency,
            rounding_policy=due.policy,
            tax_included=due.tax_is_included,
            **{name: amount(getattr(due, f"{name}_minor"), due.currency) for name in SUMS},
            taxes=[orders.TaxView.of(one, due.currency) for one in due.taxes],
            steps=[StepView.of(step, due.currency) for step in due.steps],
            problems=told.problems if told else (),
            coupon_problem=told.coupon_problem if told else None,
            points=told.points if told else None,
            points_problem=told.points_problem if told else None,
            delivery=told.delivery if told else None,
            gift_card=told.gift_card if told else None,
            gift_card_problem=told.gift_card_problem if told else None,
            tip_options=told.tip_options if told else (),
            tip_problem=told.tip_problem if told else None,
            cash_total=told.cash_total if told else None,
        )


SUMS = (
    "subtotal",
    "delivery_fee",
    "discount",
    "service",
    "tax",
    "rounding",
    "tip",
    "total",
)


def tell_new_quote(stale: QuoteStale) -> None:
    """Give the refusal the new quote, as the API tells it."""
    stale.details["quote"] = SignedQuoteView.of(stale.breakdown, stale.quote)
