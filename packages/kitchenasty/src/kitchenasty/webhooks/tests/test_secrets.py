"""Secrets that sign, and trying a webhook out."""

from __future__ import annotations

import pytest
from aiohttp import web
from sqlalchemy import select

from basis.kit.data.statements import Statement
from basis.kit.outgoing import Outgoing
from basis.kit.testing import HandClock
from kitchenasty import webhooks
from kitchenasty.kit.books import Books
from kitchenasty.kit.tables import every_table
from kitchenasty.webhooks.tests.builders import (
    HERE,
    OWNER,
    add_endpoint,
    deliveries_of,
    endpoint_now,
    happen,
    is_signed,
    order_placed,
    receiving,
    send_all,
)

pytestmark = pytest.mark.enable_socket


async def test_during_a_change_of_the_secret_both_sign_and_afterwards_the_new_one(
    books: Books, clock: HandClock
) -> None:
    async with receiving() as receiver:
        made = await add_endpoint(books, receiver.url)
        async with books.writing(OWNER) as uow:
            renewed = await webhooks.renew_secret(uow, made.endpoint.id)
        await happen(books, order_placed())
        await send_all(books)
        clock.advance(hours=24)
        await happen(books, order_placed())
        await send_all(books)
    during, after = receiver.got
    assert is_signed(during, made.secret)
    assert is_signed(during, renewed.secret)
    assert not is_signed(after, made.secret)
    assert is_signed(after, renewed.secret)


async def test_a_ping_says_what_was_answered_and_is_not_tried_again(
    books: Books, clock: HandClock
) -> None:
    async with receiving() as receiver:
        made = await add_endpoint(books, receiver.url, is_on=False)
        receiver.answer = lambda _: web.Response(status=500, text="no")
        tried = await webhooks.ping(books, Outgoing(HERE), OWNER, made.endpoint.id)
        assert (tried.status, tried.answer) == (500, "no")
        clock.advance(days=1)
        await send_all(books)
        [got] = receiver.got
    assert got.said["type"] == "ping"
    assert is_signed(got, made.secret)
    assert (await endpoint_now(books, made.endpoint.id)).failing_since is None


async def test_the_books_hold_no_secret(books: Books) -> None:
    made = await add_endpoint(books, "https://shop.example/")
    async with books.writing(OWNER) as uow:
        renewed = await webhooks.renew_secret(uow, made.endpoint.id)
    held = ""
    async with books.reading() as look:
        for name in ("webhook_endpoints", "audit_rows", "outbox", "jobs"):
            held += str(await look.rows(Statement(select(every_table()[name]))))
    for secret in (made.secret, renewed.secret):
        assert secret not in held
        assert secret.removeprefix("whsec_") not in held


async def test_a_server_with_another_secret_signs_nothing_and_says_so(books: Books) -> None:
    async with receiving() as receiver:
        made = await add_endpoint(books, receiver.url)
        await happen(books, order_placed())
        books.secret = type(books.secret)("another-secret-than-the-one-before-9f2")
        await send_all(books)
        assert receiver.got == []
    [delivery] = await deliveries_of(books, made.endpoint.id)
    assert delivery.tried[0].trouble == "SECRET"
