"""A text is sent while it is of use, once while nothing dies, never beyond the limit of a day, and
never to those who want none (W5).
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from basis.kit.background.worker import LEASE_SECONDS, Worker
from basis.kit.testing import HandClock
from kitchenasty import texting
from kitchenasty.kit.books import Books
from kitchenasty.texting import (
    CarrierAway,
    CarrierRefused,
    MemoryCarrier,
    OutgoingText,
    TextDraft,
    TextState,
)
from kitchenasty.texting.jobs import REGULAR
from kitchenasty.texting.tests.builders import (
    ADA_E164,
    ask,
    run_all,
    switch_on,
    texts,
    worker,
)

RACERS = 8


async def states(books: Books) -> list[TextState]:
    return [one.state for one in await texts(books)]


async def test_of_many_workers_one_sends_it(books: Books) -> None:
    await switch_on(books)
    await ask(books)
    carrier = MemoryCarrier()
    await run_all(*(worker(books, carrier) for _ in range(RACERS)))
    print(f"W5: {RACERS} workers, 1 text, {len(carrier.texts)} sent")
    assert [(one.to, one.body) for one in carrier.texts] == [(ADA_E164, "Checkout")]
    [text] = await texts(books)
    assert (text.state, text.segments, text.tries, text.body) == (TextState.SENT, 1, 1, None)


async def test_what_is_asked_for_twice_is_sent_once(books: Books) -> None:
    await switch_on(books)
    asked = await asyncio.gather(*(ask(books, "order 1 ready") for _ in range(RACERS)))
    assert sum(one is not None for one in asked) == 1
    carrier = MemoryCarrier()
    await worker(books, carrier).run_due()
    assert len(carrier.texts) == 1


async def test_nothing_is_sent_of_a_change_that_was_undone(books: Books) -> None:
    await switch_on(books)

    async def change_our_mind() -> None:
        async with books.writing() as uow:
            draft = TextDraft(
                kind="note",
                key="k",
                phone=ADA_E164,
                country="DE",
                facts={},
                useful_for=timedelta(hours=1),
            )
            await texting.send_text(uow, draft)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await change_our_mind()
    assert await worker(books).run_due() == 0
    assert await texts(books) == []


async def test_a_house_without_texts_keeps_none_for_later(books: Books) -> None:
    assert await ask(books) is None
    assert await texts(books) == []


async def test_a_text_whose_worker_died_is_sent_again(books: Books, clock: HandClock) -> None:
    """Killed between handing over and writing down: a carrier of texts cannot tell them apart."""

    class Killed(BaseException):
        pass

    class LastCarrier(MemoryCarrier):
        async def send(self, text: OutgoingText) -> str:
            await super().send(text)
            raise Killed

    await switch_on(books)
    await ask(books)
    with pytest.raises(Killed):
        await worker(books, LastCarrier()).run_due()
    again = MemoryCarrier()
    assert await worker(books, again).run_due() == 0
    clock.advance(seconds=LEASE_SECONDS + 1)
    assert await worker(books, again).run_due() == 1
    assert len(again.texts) == 1
    assert await states(books) == [TextState.SENT]


async def test_waits_longer_and_longer_while_it_helps(books: Books, clock: HandClock) -> None:
    await switch_on(books)
    await ask(books)
    carrier = MemoryCarrier(refusals=[CarrierAway("500") for _ in range(30)])
    started, tries = clock(), 0
    while await states(books) == [TextState.WAITING]:
        tries += await worker(books, carrier).run_due()
        clock.advance(seconds=10)
    assert 5 <= tries <= 12
    assert clock() - started <= timedelta(hours=1, minutes=1)
    [text] = await texts(books)
    assert (text.state, text.error, text.tries) == (TextState.GIVEN_UP, "500", tries)


async def test_a_refusal_for_good_is_told_and_tried_again_by_hand(books: Books) -> None:
    await switch_on(books)
    text_id = await ask(books)
    assert text_id is not None
    carrier = MemoryCarrier(refusals=[CarrierRefused("400 no such number")])
    await worker(books, carrier).run_due()
    [text] = await texts(books)
    assert (text.state, text.error) == (TextState.GIVEN_UP, "400 no such number")
    async with books.writing() as uow:
        await texting.send_text_again(uow, text_id)
    await worker(books, carrier).run_due()
    assert await states(books) == [TextState.SENT]
    with pytest.raises(texting.TextNotFound):
        async with books.writing() as uow:
            await texting.send_text_again(uow, text_id)


async def test_at_the_limit_of_the_day_one_of_many_is_sent(books: Books, clock: HandClock) -> None:
    """Without the condition in the update all of them are sent."""
    await switch_on(books, dailyLimit=3)
    for number in range(RACERS):
        await ask(books, f"k{number}")
    carrier = MemoryCarrier()
    await run_all(*(worker(books, carrier) for _ in range(RACERS)))
    print(f"limit of 3, {RACERS} texts, {len(carrier.texts)} sent")
    assert len(carrier.texts) == 3
    assert (await states(books)).count(TextState.GIVEN_UP) == RACERS - 3
    clock.advance(hours=24)
    await ask(books, "tomorrow")
    await worker(books, carrier).run_due()
    assert len(carrier.texts) == 4


async def test_what_is_not_taken_costs_nothing_of_the_limit(books: Books) -> None:
    await switch_on(books, dailyLimit=1)
    carrier = MemoryCarrier(refusals=[CarrierRefused("400")])
    await ask(books, "refused")
    await worker(books, carrier).run_due()
    await ask(books, "taken")
    await worker(books, carrier).run_due()
    assert sorted(await states(books)) == [TextState.GIVEN_UP, TextState.SENT]


async def test_who_wants_none_gets_none_until_they_do(books: Books) -> None:
    await switch_on(books)
    async with books.writing() as uow:
        await texting.stop_texts(uow, ADA_E164)
        await texting.stop_texts(uow, ADA_E164)
    carrier = MemoryCarrier()
    await ask(books, "one")
    await worker(books, carrier).run_due()
    assert await states(books) == [TextState.STOPPED]
    async with books.writing() as uow:
        await texting.allow_texts(uow, ADA_E164)
    await ask(books, "two")
    await worker(books, carrier).run_due()
    assert len(carrier.texts) == 1


async def test_who_said_so_to_the_carrier_is_known_afterwards(books: Books) -> None:
    await switch_on(books)
    carrier = MemoryCarrier(refusals=[CarrierRefused("400", wants_none=True)])
    await ask(books)
    await worker(books, carrier).run_due()
    async with books.reading() as look:
        assert await texting.is_stopped(look, ADA_E164)
    assert await states(books) == [TextState.STOPPED]


async def test_what_has_gone_broke_or_came_too_late_is_not_sent(
    books: Books, clock: HandClock
) -> None:
    await switch_on(books)
    carrier = MemoryCarrier()
    await ask(books, "gone", is_gone=True)
    await ask(books, "broken", is_broken=True)
    await worker(books, carrier).run_due()
    assert sorted(await states(books)) == [TextState.NEEDLESS, TextState.WAITING]
    await ask(books, "late")
    clock.advance(hours=2)
    await worker(books, carrier).run_due()
    assert carrier.texts == []
    assert (await states(books)).count(TextState.GIVEN_UP) == 2


async def test_a_house_that_only_looks_sends_nothing_and_shows_the_words(books: Books) -> None:
    await switch_on(books, carrier="shown")
    await ask(books, words=" €" * 5, locale="de")
    carrier = MemoryCarrier()
    await worker(books, carrier).run_due()
    [text] = await texts(books)
    assert (text.state, text.body) == (TextState.SHOWN, "Kasse € € € € €")
    assert text.segments == 1
    assert carrier.texts == []


async def test_what_was_switched_off_meanwhile_is_not_sent(books: Books) -> None:
    await switch_on(books)
    await ask(books)
    await switch_on(books, carrier="off")
    carrier = MemoryCarrier()
    await worker(books, carrier).run_due()
    assert carrier.texts == []
    assert await states(books) == [TextState.GIVEN_UP]


async def test_is_forgotten_after_a_month(books: Books, clock: HandClock) -> None:
    await switch_on(books)
    await ask(books)
    await worker(books).run_due()
    clock.advance(days=29)
    for left in (1, 0):
        await Worker(books, [], REGULAR).queue_regular()
        await Worker(books, [], REGULAR).run_due()
        assert len(await texts(books)) == left
        clock.advance(days=2)
