"""A party at the door is told that its table is ready, and untold. 6 s."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from email.message import EmailMessage

import httpx
import pytest

from basis.kit.background.dispatcher import Dispatcher
from basis.kit.background.worker import Worker
from basis.kit.testing import HandClock
from kitchenasty import availability, floor, locations, waitlist
from kitchenasty.availability import FullyBooked
from kitchenasty.availability.tests.builders import FRIDAY, WAITER, count_overlaps
from kitchenasty.kit import live
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import ANONYMOUS
from kitchenasty.notices import MemoryPost, Postman, Sender
from kitchenasty.waitlist import NotInLine, NotTonight, Waiting, WaitState
from kitchenasty.waitlist.jobs import LAPSES
from kitchenasty.waitlist.letters import WRITERS
from kitchenasty.waitlist.service import capability_of
from kitchenasty.waitlist.subscriptions import OFFERS, TOLD
from kitchenasty.waitlist.tests.builders import leave_the_table, open_evening, wait
from kitchenasty.waitlist.topics import waiting_topic

SERVER = {
    "SMTP_HOST": "localhost",
    "SMTP_FROM": "Bistro <house@bistro.example>",
    "PUBLIC_URL": "https://bistro.example",
}
SENDER = Sender("house@bistro.example", "Bistro", "https://bistro.example")


@pytest.fixture
async def house(books: Books, clock: HandClock) -> locations.House:
    return await open_evening(books, clock)


async def seen(books: Books, house: locations.House, waiting_id: str) -> Waiting:
    async with books.reading() as look:
        return await waitlist.load_waiting(look, house.id, waiting_id)


async def tell(books: Books, one: Waiting) -> None:
    async with books.writing(WAITER) as uow:
        await waitlist.tell_ready(uow, await waitlist.load_waiting(uow, one.house_id, one.id))


async def take_back(books: Books, one: Waiting) -> None:
    async with books.writing(WAITER) as uow:
        await waitlist.take_back(uow, await waitlist.load_waiting(uow, one.house_id, one.id))


async def lapse(books: Books) -> None:
    """The time to come is over. What became free then is not offered: nobody dispatches here."""
    worker = Worker(books, LAPSES)
    while await worker.run_due():
        pass


async def count_stays(books: Books, house: locations.House, clock: HandClock) -> int:
    """How many hold a table at this moment."""
    async with books.reading() as look:
        now = clock.now, clock.now + timedelta(minutes=1)
        return len(await availability.list_stays(look, house.id, now))


async def test_a_party_told_so_has_its_table_until_it_comes_and_nobody_else_gets_it(
    books: Books, clock: HandClock, house: locations.House
) -> None:
    books.given = SERVER
    ada, ben = [await wait(books, house, name) for name in ("Ada", "Ben")]
    with pytest.raises(FullyBooked):
        await tell(books, ada)
    await leave_the_table(books, house)
    for _ in range(2):
        await tell(books, ada)
    told = await seen(books, house, ada.id)
    assert (told.state, told.offer_starts_at) == (WaitState.READY, clock.now)
    assert told.offered_until_at == clock.now + timedelta(minutes=15)
    assert await count_stays(books, house, clock) == 1
    for other in (tell(books, ben),):
        with pytest.raises(FullyBooked):
            await other
    with pytest.raises(FullyBooked):
        async with books.writing(WAITER) as uow:
            await floor.walk_in(uow, house.id, 2)
    [letter] = await post(books)
    assert letter["Subject"].startswith("Your table is ready")
    assert letter["To"] == "ada@guest.example"
    clock.advance(minutes=5)
    async with books.writing(WAITER) as uow:
        seated = await waitlist.seat_now(uow, await waitlist.load_waiting(uow, house.id, ada.id))
    assert seated.guest_name == "Ada"
    clock.advance(minutes=30)
    await lapse(books)
    assert (await seen(books, house, ada.id)).state is WaitState.BOOKED
    assert await count_stays(books, house, clock) == 1
    async with books.reading() as look:
        assert await count_overlaps(look) == 0


async def post(books: Books) -> list[EmailMessage]:
    office = MemoryPost()
    while await Postman(books, office, sender=SENDER, writers=WRITERS).run_due():
        pass
    return office.letters


async def test_it_is_not_ready_after_all_and_they_stand_where_they_stood(
    books: Books, clock: HandClock, house: locations.House
) -> None:
    books.given = SERVER
    ada, ben = [await wait(books, house, name) for name in ("Ada", "Ben")]
    await leave_the_table(books, house)
    await tell(books, ada)
    for _ in range(2):
        await take_back(books, ada)
    back = await seen(books, house, ada.id)
    assert back == ada, "as if nothing had been said"
    assert await count_stays(books, house, clock) == 0
    assert await post(books) == [], "a letter that is not true any more is not sent"
    async with books.reading() as look:
        line = await waitlist.list_waiting(look, house.id, FRIDAY)
    assert [one.id for one in line] == [ada.id, ben.id]
    await tell(books, ben)
    clock.advance(minutes=15)
    await lapse(books)
    states = [(await seen(books, house, one.id)).state for one in (ada, ben)]
    assert states == ["WAITING", "LAPSED"], "what was taken back does not lapse later"


async def test_who_does_not_come_makes_room_for_the_next(
    books: Books, clock: HandClock, house: locations.House
) -> None:
    ada, ben = [await wait(books, house, name) for name in ("Ada", "Ben")]
    await leave_the_table(books, house)
    await tell(books, ada)
    clock.advance(minutes=14)
    await lapse(books)
    assert (await seen(books, house, ada.id)).is_ready
    clock.advance(minutes=1)
    await lapse(books)
    assert (await seen(books, house, ada.id)).state is WaitState.LAPSED
    assert await count_stays(books, house, clock) == 0
    with pytest.raises(NotInLine):
        await take_back(books, ada)
    await tell(books, ben)
    assert (await seen(books, house, ben.id)).is_ready


async def test_a_party_that_leaves_gives_its_table_back(
    books: Books, clock: HandClock, house: locations.House
) -> None:
    ada = await wait(books, house, "Ada")
    await leave_the_table(books, house)
    await tell(books, ada)
    async with books.writing(ANONYMOUS) as uow:
        await waitlist.leave(uow, await waitlist.load_waiting(uow, house.id, ada.id))
    assert await count_stays(books, house, clock) == 0
    with pytest.raises(NotInLine):
        await tell(books, ada)


async def test_only_tonights_party_is_told(
    books: Books, clock: HandClock, house: locations.House
) -> None:
    ada = await wait(books, house, "Ada")
    clock.now = clock.now.replace(day=16)
    with pytest.raises(NotTonight):
        await tell(books, ada)


async def test_of_many_who_tell_two_parties_at_once_one_has_the_table(
    books: Books, clock: HandClock, house: locations.House
) -> None:
    line = [await wait(books, house, name) for name in ("Ada", "Ben", "Cleo", "Dora")]
    await leave_the_table(books, house)
    said = await asyncio.gather(*(tell(books, one) for one in line), return_exceptions=True)
    assert [one for one in said if one is not None and not isinstance(one, FullyBooked)] == []
    assert said.count(None) == 1
    assert await count_stays(books, house, clock) == 1
    async with books.reading() as look:
        assert await count_overlaps(look) == 0


async def test_the_page_of_the_party_hears_it_at_once(
    books: Books, house: locations.House, client: httpx.AsyncClient
) -> None:
    ada = await wait(books, house, "Ada")
    await leave_the_table(books, house)
    await tell(books, ada)
    async with books.reading() as look:
        before = await live.head_of(look, waiting_topic(ada.id))
        link = capability_of(look.secret, ada.id)
    dispatcher = Dispatcher(books, [TOLD, OFFERS])
    while await dispatcher.run_once():
        pass
    async with books.reading() as look:
        assert await live.head_of(look, waiting_topic(ada.id)) > before
    page = (await client.get(f"/w/{link}")).text
    assert "Your table is ready" in page
    assert "We told you at 19:10." in page
    assert "until 19:25" in page
