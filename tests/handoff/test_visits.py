"""What is lost, closed, killed or forgotten on the way: every job is listed once, every step is
taken once, and the order itself does not suffer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from basis.ids import new_id
from basis.kit.data.outbox import StoredEvent
from basis.kit.outgoing import Answer
from basis.kit.signing import SigningKey
from kitchenasty.handoff import HandoffState, list_handoffs, service
from kitchenasty.handoff.queries import AT_ONCE_MAX
from kitchenasty.handoff.visits import visit
from kitchenasty.orders import OrderStatus
from swarmhaul import stream
from swarmhaul.market import queries
from swarmhaul.market.tests.builders import ADA, BEN
from tests.handoff.town import PURSE, URL, Street, Town

TWO = ((ADA, 1_500_000), (BEN, 2_500_000))


class MixedUp(Street):
    """The way to a market that answers about another job than it was asked for."""

    def __init__(self, street: Street, asked: str, answered: str) -> None:
        super().__init__(street.transport.app)  # type: ignore[arg-type]  # the one of the town
        self.asked, self.answered = asked, answered

    async def _call(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: bytes | None,
        *,
        bytes_max: int = 0,
    ) -> Answer:
        answer = await super()._call(method, url, headers, content)
        if f"{method} {url.removeprefix(URL)}" != self.asked:
            return answer
        return await super()._call("GET", URL + self.answered, {}, None)


async def count_listed(town: Town) -> int:
    async with town.market_books.reading() as look:
        return sum(count for _, count, _ in await queries.count_jobs(look))


async def test_an_answer_that_was_lost_lists_no_second_job(town: Town) -> None:
    """As after a kill between the call and its note in the books."""
    town.street.loses.append("/api/jobs")
    order_id = await town.accepted()
    assert (await town.found(order_id)).state is HandoffState.WAITING
    for _ in range(3):
        await town.visit()
    found = await town.found(order_id)
    assert found.state is HandoffState.LISTED
    assert await count_listed(town) == 1
    assert town.purse((await town.terms()).key) == PURSE - found.budget


async def test_of_ten_visits_at_once_one_lists_it(town: Town) -> None:
    """Fails when CLAIM takes the house from whoever has it: then ten list it, and the market
    refuses nine.
    """
    order_id = await town.order()
    await town.move(order_id, OrderStatus.CONFIRMED)
    await asyncio.gather(*(visit(town.books, town.street, town.house.id) for _ in range(10)))
    assert town.street.walked.count("POST /api/jobs") == 1
    assert await count_listed(town) == 1


async def test_a_market_that_is_away_holds_up_no_order(town: Town) -> None:
    town.street.is_closed = True
    order_id = await town.accepted()
    told = await town.terms()
    assert (told.trouble, told.tries) == ("CONNECTION", 1)
    await town.move(order_id, OrderStatus.PREPARING)
    assert await town.status(order_id) is OrderStatus.PREPARING
    for _ in range(6):
        await town.visit()
    assert 2 <= (await town.terms()).tries <= 4, "it asks less and less often"
    town.street.is_closed = False
    town.clock.advance(seconds=400)
    await town.visit()
    assert (await town.terms()).trouble is None
    assert (await town.found(order_id)).state is HandoffState.LISTED


async def test_what_the_market_has_forgotten_is_read_from_its_jobs(town: Town) -> None:
    order_id = await town.accepted()
    job = await town.relay(order_id, *TWO)
    await town.accept(job, ADA, BEN)
    await town.arrive(job, 0, ADA)
    await town.tell_market()
    town.clock.advance(days=31)
    async with town.market_books.writing() as uow:
        await stream.forget_old_messages(uow, {})
    await town.visit()
    assert (await town.found(order_id)).state is HandoffState.CARRIED
    async with town.market_books.reading() as look:
        assert (await town.terms()).seq == await stream.count_messages(look)


async def test_a_market_with_another_key_is_not_spoken_to(town: Town) -> None:
    order_id = await town.accepted()
    app = town.street.transport.app
    app.state.venue = replace(  # type: ignore[attr-defined]  # the application of the market
        town.venue, key=SigningKey.of_seed(b"x" * 32)
    )
    await town.visit()
    assert (await town.terms()).trouble == "ODD"
    assert (await town.found(order_id)).state is HandoffState.LISTED


async def test_what_is_heard_twice_moves_nothing_twice(town: Town) -> None:
    order_id = await town.accepted()
    job = await town.relay(order_id, *TWO)
    await town.accept(job, ADA, BEN)
    town.street.loses += ["/api/rail/wallets/" + (await town.terms()).key] * 2
    for _ in range(4):
        await town.visit()
        town.clock.advance(seconds=60)
    async with town.books.reading() as look:
        found = await list_handoffs(look, order_id)
    assert [one.state for one in found] == [HandoffState.FOUND]
    assert [leg.status for leg in found[0].legs] == ["accepted", "accepted"]


async def test_an_answer_about_another_job_is_not_believed(town: Town) -> None:
    first, second = await town.accepted(), await town.accepted()
    job = await town.relay(first, *TWO)
    await town.accept(job, ADA, BEN)
    other = await town.job(second)
    straight = town.street
    town.street = MixedUp(straight, f"GET /api/jobs/{job.id}", f"/api/jobs/{other.id}")
    await town.visit()
    assert (await town.terms()).trouble == "ODD"
    town.street = straight
    town.clock.advance(seconds=60)
    await town.visit()
    assert (await town.terms()).trouble is None
    assert (await town.found(first)).state is HandoffState.FOUND


async def test_a_listing_that_is_answered_with_another_job_is_looked_for(town: Town) -> None:
    first = await town.accepted()
    straight, job = town.street, await town.job(first)
    town.street = MixedUp(straight, "POST /api/jobs", f"/api/jobs/{job.id}")
    second = await town.accepted()
    assert (await town.found(second)).state is HandoffState.WAITING
    assert (await town.terms()).trouble == "ODD"
    town.street = straight
    town.clock.advance(seconds=60)
    await town.visit()
    found = await town.found(second)
    assert found.state is HandoffState.LISTED
    assert found.job_id not in (None, job.id)
    assert await count_listed(town) == 2


async def test_a_page_of_disputes_holds_up_nothing_that_is_new(town: Town) -> None:
    """Fails where only the oldest of what is open are looked at."""
    old = await town.order()
    async with town.books.writing() as uow:
        for attempt in range(1, AT_ONCE_MAX + 2):
            await service.add(uow, old, town.house.id, attempt=attempt, budget=0)
        for one in await list_handoffs(uow, old):
            await service.move(uow, one, HandoffState.DISPUTED)
    order_id = await town.accepted()
    assert (await town.found(order_id)).state is HandoffState.LISTED


async def test_a_house_reads_nothing_of_what_others_did_before_it_came(town: Town) -> None:
    """Nor while it had nothing under way itself."""
    newest = await others_deal(town)
    await town.visit()
    assert (await town.terms()).seq == newest
    newest = await others_deal(town)
    order_id = await town.accepted()
    assert (await town.terms()).seq == newest
    job = await town.relay(order_id, *TWO)
    await town.accept(job, ADA, BEN)
    await town.visit()
    assert (await town.found(order_id)).state is HandoffState.FOUND


async def others_deal(town: Town) -> int:
    """The number of the newest thing that happened."""
    event = StoredEvent(
        id=new_id(),
        topic="job.listed",
        payload={"job_id": new_id()},
        emitted_at=town.clock(),
        actor="",
    )
    async with town.market_books.writing() as uow:
        await stream.keep(uow, [event] * 3)
        return await stream.count_messages(uow)
