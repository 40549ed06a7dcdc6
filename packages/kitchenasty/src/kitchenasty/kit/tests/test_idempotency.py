"""The same key gives the same answer, whatever comes at the same time."""

from __future__ import annotations

import asyncio

import pytest

from basis.kit.data.idempotency import (
    AnsweredToAnother,
    IdempotencyKeyRefused,
    IdempotencyKeyReused,
    StoredAnswer,
    answer_once,
    forget_old_keys,
)
from basis.kit.testing import HandClock
from kitchenasty.kit.books import Books


class Counter:
    """Does its work and says how often it did."""

    def __init__(self) -> None:
        self.times = 0

    async def act(self) -> tuple[int, bytes]:
        self.times += 1
        await asyncio.sleep(0)
        return 201, b'{"number":%d}' % self.times


async def ask(books: Books, counter: Counter, key: str = "k", body: bytes = b"x") -> StoredAnswer:
    async with books.writing() as uow:
        return await answer_once(uow, scope="guest", key=key, body=body, act=counter.act)


async def test_200_duplicates_at_once_act_once_and_get_equal_answers(books: Books) -> None:
    counter = Counter()
    answers = await asyncio.gather(*(ask(books, counter) for _ in range(200)))
    assert {answer.content for answer in answers} == {b'{"number":1}'}
    assert sum(not answer.is_replay for answer in answers) == 1
    assert counter.times == 1


async def test_another_body_under_the_same_key_is_refused(books: Books) -> None:
    counter = Counter()
    await ask(books, counter)
    with pytest.raises(IdempotencyKeyReused):
        await ask(books, counter, body=b"y")
    assert counter.times == 1


async def test_a_refused_request_may_be_sent_again(books: Books) -> None:
    async def refuse() -> tuple[int, bytes]:
        raise KeyError

    with pytest.raises(KeyError):
        async with books.writing() as uow:
            await answer_once(uow, scope="guest", key="k", body=b"x", act=refuse)
    assert (await ask(books, Counter())).status == 201


@pytest.mark.parametrize("key", ["", "x" * 201, "a\nb", "schlüssel"])
async def test_an_odd_key_is_refused(books: Books, key: str) -> None:
    with pytest.raises(IdempotencyKeyRefused):
        await ask(books, Counter(), key=key)


async def test_a_key_belongs_to_whoever_used_it_and_where(books: Books) -> None:
    counter = Counter()

    async def ask_in(scope: str) -> bytes:
        async with books.writing() as uow:
            answer = await answer_once(uow, scope=scope, key="k", body=b"x", act=counter.act)
            return answer.content

    scopes = ("anna POST /api/orders", "ben POST /api/orders", "anna POST /api/refunds")
    assert len({await ask_in(scope) for scope in scopes}) == 3


async def test_where_strangers_may_ask_one_request_acts_once_whoever_sends_it(books: Books) -> None:
    counter = Counter()

    async def ask_as(who: str, body: bytes = b"x") -> StoredAnswer:
        async with books.writing() as uow:
            return await answer_once(
                uow, scope=who, key="k", body=body, act=counter.act, strangers_scope="stranger"
            )

    first = await ask_as("anna")
    for other in ("stranger", "ben"):
        with pytest.raises(AnsweredToAnother):
            await ask_as(other)
    assert (await ask_as("anna")).content == first.content
    assert counter.times == 1

    as_stranger = await ask_as("stranger", b"y")
    assert (await ask_as("ben", b"y")).content == as_stranger.content
    assert counter.times == 2
    with pytest.raises(IdempotencyKeyReused):
        await ask_as("anna", b"y")


async def test_at_once_under_two_scopes_one_request_acts_once(books: Books) -> None:
    counter = Counter()

    async def ask_as(who: str) -> StoredAnswer:
        async with books.writing() as uow:
            return await answer_once(
                uow, scope=who, key="k", body=b"x", act=counter.act, strangers_scope="stranger"
            )

    asked = (ask_as(who) for who in ("anna", "stranger") * 20)
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert counter.times == 1
    assert all(isinstance(answer, StoredAnswer | AnsweredToAnother) for answer in answers), answers


async def test_a_key_is_kept_for_thirty_days(books: Books, clock: HandClock) -> None:
    counter = Counter()
    await ask(books, counter)
    for days, is_replay in ((29, True), (2, False)):
        clock.advance(days=days)
        async with books.writing() as uow:
            await forget_old_keys(uow, {})
        assert (await ask(books, counter)).is_replay is is_replay
