"""What programs elsewhere hear of money that was given back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from basis.kit.http.wire import Amount, amount
from basis.sentences import word
from kitchenasty.kit.books import Look
from kitchenasty.refunds.events import RefundMade
from kitchenasty.refunds.states import Cause
from kitchenasty.webhooks import PublicFacts, Topic


class RefundFacts(PublicFacts, kw_only=True):
    refund_id: str
    order_id: str
    house_id: str
    cause: Cause
    amount: Annotated[Amount, msgspec.Meta(description="Of this refund, in major units.")]
    tax: Annotated[Amount, msgspec.Meta(description="The tax in it.")]
    given_back: Annotated[Amount, msgspec.Meta(description="All of the order so far.")]
    currency: str


async def tell_refund(_look: Look, payload: Mapping[str, Any]) -> PublicFacts:
    currency = payload["currency"]
    return RefundFacts(
        refund_id=payload["refund_id"],
        order_id=payload["order_id"],
        house_id=payload["house_id"],
        cause=Cause(payload["cause"]),
        amount=amount(payload["amount_minor"], currency),
        tax=amount(payload["tax_minor"], currency),
        given_back=amount(payload["given_back_minor"], currency),
        currency=currency,
    )


TOPICS = (Topic(RefundMade.topic, word("Money was given back"), RefundFacts, tell_refund),)
