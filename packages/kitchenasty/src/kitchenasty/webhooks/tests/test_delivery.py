"""What happens is told: signed, once for each receiver, as often as it takes."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from aiohttp import web

from basis.kit.data.statements import Statement
from basis.kit.testing import HandClock
from kitchenasty import notices, webhooks
from kitchenasty.kit.books import Books
from kitchenasty.kit.tables import every_table
from kitchenasty.webhooks import DeliveryState, OffReason
from kitchenasty.webhooks.deliveries import KEPT_DAYS, forget_old_deliveries
from kitchenasty.webhooks.sending import LEASE, claim
from kitchenasty.webhooks.tests.builders import (
    OWNER,
    PLACED,
    SomeHouse,
    add_endpoint,
    deliveries_of,
    endpoint_now,
    happen,
    is_signed,
    order_placed,
    receiving,
    room_of,
    send_all,
)

pytestmark = pytest.mark.enable_socket
OTHERS = 20
CLEAR_NOTHING = Statement(
    every_table()["webhook_tries"].delete().where(every_table()["webhook_tries"].c.status == 1)
)


async def test_an_order_is_told_with_its_public_facts_signed_by_the_secret(books: Books) -> None:
    async with receiving() as receiver:
        made = await add_endpoint(books, f"{receiver.url}/in?a=1")
        event = order_placed()
        await happen(books, event)
        await send_all(books)
        [got] = receiver.got
    assert got.said["type"] == PLACED
    assert got.said["data"] == {
        "orderId": event.order_id,
        "houseId": event.house_id,
        "number": "K7-42",
    }
    assert got.headers["content-type"] == "application/json"
    assert is_signed(got, made.secret)
    got.body += b" "
    assert not is_signed(got, made.secret)
    [delivery] = await deliveries_of(books, made.endpoint.id)
    assert (delivery.state, delivery.tries) == (DeliveryState.DELIVERED, 1)
    assert delivery.tried[0].status == 204


async def test_an_event_is_kept_once_for_each_receiver_however_often_it_is_handed_on(
    books: Books,
) -> None:
    async with receiving() as receiver:
        made = [await add_endpoint(books, f"{receiver.url}/{name}") for name in "ab"]
        await happen(books, order_placed())
        async with books.writing() as uow:
            await uow.connection.session.execute(  # the dispatcher was killed before its commit
                every_table()["outbox"].update().values(handled_at=None)
            )
        await happen(books)
        await send_all(books)
    assert sorted(one.path for one in receiver.got) == ["/a", "/b"]
    assert len({one.id for one in receiver.got}) == 1
    for one in made:
        assert len(await deliveries_of(books, one.endpoint.id)) == 1


async def test_only_what_was_asked_for_is_told(
    books: Books, house: SomeHouse, other_house: SomeHouse
) -> None:
    async with receiving() as receiver:
        await add_endpoint(books, f"{receiver.url}/here", house_id=house.id)
        await add_endpoint(books, f"{receiver.url}/paid", topics=("order.paid",))
        await add_endpoint(books, f"{receiver.url}/off", is_on=False)
        await happen(books, order_placed(house.id), order_placed(other_house.id))
        await send_all(books)
    assert [(one.path, one.said["data"]["houseId"]) for one in receiver.got] == [
        ("/here", house.id)
    ]


async def test_what_happened_before_it_was_made_is_not_told(books: Books) -> None:
    async with receiving() as receiver:
        async with books.writing() as uow:
            uow.emit(order_placed())
        books.clock.advance(seconds=1)  # type: ignore[attr-defined]
        await add_endpoint(books, receiver.url)
        await happen(books)
        await send_all(books)
    assert receiver.got == []


async def test_after_six_hours_without_a_receiver_everything_arrives_under_one_id(
    books: Books, clock: HandClock
) -> None:
    """W5: the receiver is down, and every try of an event carries the same id."""
    tries: dict[str, int] = {}
    async with receiving() as receiver:
        made = await add_endpoint(books, receiver.url)
        receiver.answer = lambda _: 503
        began = clock.now
        while clock.now < began + timedelta(hours=6):
            await happen(books, order_placed())
            await send_all(books)
            clock.advance(minutes=7)
        for one in receiver.got:
            tries[one.id] = tries.get(one.id, 0) + 1
        receiver.answer = lambda _: 204
        receiver.got.clear()
        for _ in range(100):
            clock.advance(minutes=10)
            await send_all(books)
    found = await deliveries_of(books, made.endpoint.id)
    delivered = [one for one in found if one.state is DeliveryState.DELIVERED]
    print(f"W5: {len(delivered)} of {len(found)} events delivered after 6 hours")
    assert len(found) == len(delivered) == 52
    assert {one.event_id for one in found} == {one.id for one in receiver.got} == tries.keys()
    assert len(receiver.got) == len(found), "each was taken once"


async def test_who_is_back_is_told_at_once_what_waits(books: Books, clock: HandClock) -> None:
    async with receiving() as receiver:
        await add_endpoint(books, receiver.url)
        receiver.answer = lambda _: 503
        await happen(books, order_placed(number="A"))
        for _ in range(50):
            await send_all(books)
            clock.advance(minutes=10)
        receiver.answer = lambda _: 204
        receiver.got.clear()
        await happen(books, order_placed(number="B"))
        await send_all(books)
    assert sorted(one.said["data"]["number"] for one in receiver.got) == ["A", "B"]


async def test_after_three_days_it_is_given_up_seen_and_can_be_sent_again(
    books: Books, clock: HandClock
) -> None:
    async with receiving() as receiver:
        made = await add_endpoint(books, receiver.url)
        endpoint_id = made.endpoint.id
        receiver.answer = lambda _: 500
        await happen(books, order_placed())
        for _ in range(4 * 24):
            await send_all(books)
            clock.advance(hours=1)
        [dead] = await deliveries_of(books, endpoint_id)
        assert dead.state is DeliveryState.DEAD
        assert dead.settled_at is not None
        assert timedelta(days=3) <= dead.settled_at - dead.created_at < timedelta(days=3, hours=2)
        async with books.reading(OWNER) as look:
            backlogs = await webhooks.count_backlogs(look)
            whole = await webhooks.load_delivery(look, endpoint_id, dead.id)
        assert backlogs[endpoint_id] == webhooks.Backlog(waiting=0, dead=1)
        assert len(whole.tried) == dead.tries == len(receiver.got)
        receiver.answer = lambda _: 200
        async with books.writing(OWNER) as uow:
            await webhooks.replay(uow, endpoint_id, dead.id)
        await send_all(books)
        [again] = await deliveries_of(books, endpoint_id)
    assert again.state is DeliveryState.DELIVERED
    assert len({one.id for one in receiver.got}) == 1


async def test_all_that_was_given_up_is_sent_again_together(books: Books, clock: HandClock) -> None:
    async with receiving() as receiver:
        made = await add_endpoint(books, receiver.url)
        receiver.answer = lambda _: 500
        await happen(books, order_placed(), order_placed())
        for _ in range(4 * 24):
            await send_all(books)
            clock.advance(hours=1)
        receiver.answer = lambda _: 200
        receiver.got.clear()
        async with books.writing(OWNER) as uow:
            assert await webhooks.replay_dead(uow, made.endpoint.id) == 2
        await send_all(books)
    assert len(receiver.got) == 2


async def test_what_is_on_its_way_is_not_sent_twice(books: Books) -> None:
    async with receiving() as receiver:
        made = await add_endpoint(books, receiver.url)
        await happen(books, order_placed())
        [waiting] = await deliveries_of(books, made.endpoint.id)
        with pytest.raises(webhooks.StillWaiting):
            async with books.writing(OWNER) as uow:
                await webhooks.replay(uow, made.endpoint.id, waiting.id)


async def test_whoever_says_when_to_come_again_is_left_alone_until_then(
    books: Books, clock: HandClock
) -> None:
    async with receiving() as receiver:
        made = await add_endpoint(books, receiver.url)
        receiver.answer = lambda _: web.Response(status=429, headers={"retry-after": "7200"})
        await happen(books, order_placed())
        await send_all(books)
        [waiting] = await deliveries_of(books, made.endpoint.id)
        assert waiting.try_at == clock.now + timedelta(hours=2)
        clock.advance(minutes=119)
        await send_all(books)
        assert len(receiver.got) == 1
        clock.advance(minutes=1)
        await send_all(books)
        assert len(receiver.got) == 2


@pytest.mark.usefixtures("mail_server")
async def test_a_receiver_that_is_gone_is_switched_off_and_the_owner_reads_of_it_once(
    books: Books, owner_address: str
) -> None:
    async with receiving() as receiver:
        made = await add_endpoint(books, receiver.url)
        receiver.answer = lambda _: 410
        await happen(books, order_placed(), order_placed())
        await asyncio.gather(*(room_of(books).run_due() for _ in range(3)))
        endpoint = await endpoint_now(books, made.endpoint.id)
        calls = len(receiver.got)
        await happen(books, order_placed())
        await send_all(books)
        assert len(receiver.got) == calls, "nobody is called who is switched off"
    assert (endpoint.is_on, endpoint.off_reason) == (False, OffReason.GONE)
    async with books.reading() as look:
        letters = [one for one in await notices.list_notices(look) if one.kind == "webhooks.off"]
    assert [one.recipient for one in letters] == [owner_address]


async def test_a_receiver_that_takes_nothing_for_five_days_is_switched_off(
    books: Books, clock: HandClock
) -> None:
    async with receiving() as receiver:
        made = await add_endpoint(books, receiver.url)
        receiver.answer = lambda _: 500
        for _ in range(11):
            assert (await endpoint_now(books, made.endpoint.id)).is_on
            await happen(books, order_placed())
            await send_all(books)
            clock.advance(hours=12)
    endpoint = await endpoint_now(books, made.endpoint.id)
    assert (endpoint.is_on, endpoint.off_reason) == (False, OffReason.FAILING)


async def test_one_that_hangs_holds_up_no_other(books: Books) -> None:
    """W6: while one says nothing, each of twenty others has everything."""
    async with receiving() as receiver:
        await add_endpoint(books, f"{receiver.url}/hang")
        for number in range(OTHERS):
            await add_endpoint(books, f"{receiver.url}/{number}")
        await happen(books, *(order_placed() for _ in range(3)))
        room = room_of(books)
        await room.begin_due()
        others = OTHERS * 3
        await receiver.until(lambda: len(receiver.got) - len(receiver.at("/hang")) == others)
        hanging = len(receiver.at("/hang"))
        print(f"W6: {others} deliveries to {OTHERS} others, {hanging} call open to one that hangs")
        assert hanging == 1
        receiver.open.set()
        await room.run_due()


async def test_of_many_who_send_one_makes_each_call(books: Books) -> None:
    async with receiving() as receiver:
        await add_endpoint(books, receiver.url)
        await happen(books, *(order_placed() for _ in range(10)))
        rooms = [room_of(books) for _ in range(4)]
        await asyncio.gather(*(room.run_due() for room in rooms))
        await send_all(books)
    assert len(receiver.got) == len({one.id for one in receiver.got}) == 10


async def test_a_call_that_was_cut_off_is_made_once_more_under_the_same_id(
    books: Books, clock: HandClock
) -> None:
    async with receiving() as receiver:
        made = await add_endpoint(books, f"{receiver.url}/hang")
        await happen(books, order_placed())
        room = room_of(books)
        await room.begin_due()
        await receiver.until(lambda: bool(receiver.got))
        await room.close()
        receiver.open.set()
        await send_all(books)
        assert len(receiver.got) == 1, "its claim still runs"
        clock.now += LEASE + timedelta(seconds=1)
        await send_all(books)
    assert [one.id for one in receiver.got] == [receiver.got[0].id] * 2
    [delivery] = await deliveries_of(books, made.endpoint.id)
    assert (delivery.state, delivery.tries) == (DeliveryState.DELIVERED, 2)


async def test_no_transaction_is_open_while_the_receiver_thinks(books: Books) -> None:
    async with receiving() as receiver:
        await add_endpoint(books, f"{receiver.url}/hang")
        await happen(books, order_placed())
        room = room_of(books)
        await room.begin_due()
        await receiver.until(lambda: bool(receiver.got))
        async with asyncio.timeout(10), books.writing() as uow:
            await uow.run(CLEAR_NOTHING)
        receiver.open.set()
        await room.run_due()


async def test_a_redirect_is_not_followed_and_is_no_yes(books: Books) -> None:
    async with receiving() as receiver:
        made = await add_endpoint(books, f"{receiver.url}/here")
        receiver.answer = lambda _: web.Response(status=302, headers={"location": "/there"})
        await happen(books, order_placed())
        await send_all(books)
    assert [one.path for one in receiver.got] == ["/here"]
    [delivery] = await deliveries_of(books, made.endpoint.id)
    assert delivery.state is DeliveryState.WAITING
    assert delivery.tried[0].status == 302


@pytest.mark.parametrize(
    "said", ["no", "<script>alert(1)</script>", "a\r\nb\x00c\x1b[31m", "x" * 9_000]
)
async def test_of_the_answer_its_beginning_is_kept_on_one_line(books: Books, said: str) -> None:
    async with receiving() as receiver:
        made = await add_endpoint(books, receiver.url)
        receiver.answer = lambda _: web.Response(status=500, body=said.encode())
        await happen(books, order_placed())
        await send_all(books)
    [delivery] = await deliveries_of(books, made.endpoint.id)
    answer = delivery.tried[0].answer
    assert answer is not None
    assert len(answer) <= 500
    assert answer.isprintable()


async def test_what_came_to_its_end_is_forgotten_after_a_month(
    books: Books, clock: HandClock
) -> None:
    async with receiving() as receiver:
        made = await add_endpoint(books, receiver.url)
        await happen(books, order_placed())
        await send_all(books)
    for days, left in ((KEPT_DAYS, 1), (4, 0)):
        clock.advance(days=days)
        async with books.writing() as uow:
            await forget_old_deliveries(uow, {})
        assert len(await deliveries_of(books, made.endpoint.id)) == left


async def test_what_is_claimed_is_nobody_elses(books: Books) -> None:
    async with receiving() as receiver:
        made = await add_endpoint(books, receiver.url)
        await happen(books, order_placed())
        [waiting] = await deliveries_of(books, made.endpoint.id)
        async with books.writing() as uow:
            assert await claim(uow, waiting.id) is not None
        async with books.writing() as uow:
            assert await claim(uow, waiting.id) is None
        await send_all(books)
        assert receiver.got == []
