"""What programs elsewhere hear of orders: public facts, and nothing of a person."""

from __future__ import annotations

import msgspec
import pytest

from basis.kit.http.wire import ENCODER
from kitchenasty.kit.books import Look
from kitchenasty.orders.events import OrderMoved, OrderPlaced
from kitchenasty.orders.outward import TOPICS
from kitchenasty.orders.states import OrderStatus, OrderType
from kitchenasty.webhooks import Vocabulary

VOCABULARY = Vocabulary(TOPICS)


async def told(look: Look, event: OrderPlaced | OrderMoved) -> object:
    topic = VOCABULARY[event.topic]
    facts = await topic.tell(look, event.to_payload())
    if facts is None:
        return None
    return msgspec.json.decode(ENCODER.encode(facts))


def moved(*, was_unpaid: bool = False) -> OrderMoved:
    return OrderMoved(
        order_id="o",
        house_id="h",
        number="K7-42",
        order_type=OrderType.PICKUP,
        before=OrderStatus.PENDING,
        after=OrderStatus.CANCELLED,
        reason="Anna, 030 123, is ill",
        version=2,
        was_unpaid=was_unpaid,
    )


async def test_an_order_is_told_with_its_total_to_the_cent(look: Look) -> None:
    event = OrderPlaced(
        order_id="o",
        house_id="h",
        number="K7-42",
        order_type=OrderType.PICKUP,
        total_minor=1_290,
        currency="EUR",
        version=1,
    )
    assert await told(look, event) == {
        "orderId": "o",
        "houseId": "h",
        "number": "K7-42",
        "orderType": "PICKUP",
        "total": pytest.approx(12.90),
        "currency": "EUR",
        "version": 1,
    }


async def test_why_an_order_was_cancelled_stays_here(look: Look) -> None:
    said = await told(look, moved())
    assert isinstance(said, dict)
    assert said["after"] == "CANCELLED"
    assert "Anna" not in str(said)


async def test_an_order_of_which_the_house_never_heard_is_told_to_nobody(look: Look) -> None:
    assert await told(look, moved(was_unpaid=True)) is None
