"""The claim lets one process alone make a call: without it, every one that looked makes it."""

from __future__ import annotations

import asyncio

import pytest

from basis.kit.outgoing import Outgoing
from kitchenasty.kit.books import Books
from kitchenasty.webhooks import queries
from kitchenasty.webhooks.sending import Claimed, carry, claim
from kitchenasty.webhooks.tests.builders import (
    HERE,
    add_endpoint,
    deliveries_of,
    happen,
    order_placed,
    receiving,
)

pytestmark = pytest.mark.enable_socket
SENDERS = 8


async def look_then_call(books: Books, delivery_id: str, *, with_claim: bool) -> None:
    """What a process does that has found a delivery due."""
    if with_claim:
        async with books.writing() as uow:
            found = await claim(uow, delivery_id)
    else:
        async with books.reading() as look:
            row = await look.row(queries.CLAIMED, delivery_id=delivery_id)
        assert row is not None
        found = Claimed(*row)
    if found is not None:
        await carry(books, Outgoing(HERE), found)


@pytest.mark.parametrize(("with_claim", "calls"), [(True, 1), (False, SENDERS)])
async def test_of_many_that_found_it_due_one_calls_and_without_the_claim_all_do(
    books: Books, *, with_claim: bool, calls: int
) -> None:
    async with receiving() as receiver:
        made = await add_endpoint(books, receiver.url)
        await happen(books, order_placed())
        [waiting] = await deliveries_of(books, made.endpoint.id)
        await asyncio.gather(
            *(look_then_call(books, waiting.id, with_claim=with_claim) for _ in range(SENDERS))
        )
    print(f"W5: {SENDERS} senders, claim {with_claim}: {len(receiver.got)} calls")
    assert len(receiver.got) == calls
    assert len({one.id for one in receiver.got}) == 1
