"""A restaurant and a market in one town, each whole: they hear of each other over HTTP alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from litestar import Litestar

from basis.kit.background.dispatcher import Dispatcher
from basis.kit.data.outbox import Subscription
from basis.kit.outgoing import Answer, ElsewhereAway, Outgoing
from basis.kit.signing import SigningKey, read_key
from basis.kit.testing import HandClock
from kitchenasty import handoff, locations, orders
from kitchenasty.handoff.subscriptions import SUBSCRIPTIONS
from kitchenasty.handoff.visits import visit
from kitchenasty.kit.books import Books
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.orders.tests.builders import record
from swarmhaul import market, stream
from swarmhaul.kit.books import Books as MarketBooks
from swarmhaul.market import JobView, Venue
from swarmhaul.market.tests.builders import balance, bid, fund, give, load, rail_key, work
from swarmhaul.settlement import Accept, Arrive, Confirm

URL = "http://market.example"
PURSE = 100_000_000
START, END = (48.1, 11.5), (48.14, 11.56)
HOME = {
    "line1": "7 Hidden Lane", "line2": None, "city": "Munich", "state": None,
    "postalCode": "80331", "country": "DE", "lat": END[0], "lng": END[1],
}  # fmt: skip
DRAFT = handoff.TermsDraft(
    is_on=True, market_url=URL, base=1_000_000, per_km=1_000_000, most=9_000_000, bid_seconds=60
)


class Street(Outgoing):
    """The way from the restaurant to the market, without a socket. It can be closed, and answers
    can get lost on it.
    """

    def __init__(self, app: Litestar) -> None:
        super().__init__()
        self.transport = httpx.ASGITransport(app, raise_app_exceptions=False)  # type: ignore[arg-type]
        self.is_closed = False
        self.loses: list[str] = []
        self.walked: list[str] = []

    async def _call(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: bytes | None,
        *,
        bytes_max: int = 0,
    ) -> Answer:
        if self.is_closed:
            raise ElsewhereAway
        path = url.removeprefix(URL).partition("?")[0]
        self.walked.append(f"{method} {path}")
        async with httpx.AsyncClient(transport=self.transport) as client:
            answer = await client.request(method, url, headers=dict(headers), content=content)
        if path in self.loses:
            self.loses.remove(path)
            raise ElsewhereAway
        return Answer(answer.status_code, answer.content, dict(answer.headers))


@dataclass
class Town:
    clock: HandClock
    books: Books
    market_books: MarketBooks
    venue: Venue
    street: Street
    house: locations.House
    dish_id: str
    known: list[str] = field(default_factory=list)

    async def order(self, **fields: Any) -> str:
        """A delivery that waits to be accepted."""
        async with self.books.writing() as uow:
            given: dict[str, Any] = {"order_type": orders.OrderType.DELIVERY, "address": HOME}
            placed = await record(uow, self.house, self.dish_id, **(given | fields))
        return placed.id

    async def accepted(self, **fields: Any) -> str:
        """A delivery that the house has accepted, and that was listed."""
        order_id = await self.order(**fields)
        await self.move(order_id, orders.OrderStatus.CONFIRMED)
        await self.visit()
        return order_id

    async def move(self, order_id: str, target: orders.OrderStatus) -> None:
        async with self.books.writing() as uow:
            await orders.move_order(uow, order_id, target)
        await self.tell()

    async def tell(self) -> None:
        """All events of the restaurant to those who listen in it."""
        while await Dispatcher(self.books, SUBSCRIPTIONS).run_once():
            pass

    async def visit(self) -> None:
        """The restaurant comes to the market, when it is time to."""
        await self.tell_market()
        await visit(self.books, self.street, self.house.id)
        await self.tell()
        self.clock.advance(seconds=2)

    async def tell_market(self) -> None:
        told = [Subscription("stream", market.TOPICS, stream.keep)]
        while await Dispatcher(self.market_books, told).run_once():
            pass

    async def job(self, order_id: str) -> JobView:
        found = await self.found(order_id)
        assert found.job_id is not None
        return await load(self.market_books, found.job_id)

    async def found(self, order_id: str) -> handoff.Handoff:
        async with self.books.reading() as look:
            found = await handoff.find_handoff(look, order_id)
        assert found is not None
        return found

    async def status(self, order_id: str) -> orders.OrderStatus:
        async with self.books.reading() as look:
            return (await orders.load_order(look, order_id)).status

    async def terms(self) -> handoff.Terms:
        async with self.books.reading() as look:
            found = await handoff.find_terms(look, self.house.id)
        assert found is not None
        return found

    async def relay(self, order_id: str, *couriers: tuple[SigningKey, int]) -> JobView:
        """Each carries an equal part of the way, for so much."""
        job = await self.job(order_id)
        stops = stops_of(job, max(1, len(couriers)))
        share = (job.terms.deliver_by - job.terms.ready_at) // (len(couriers) + 1)
        for number, (key, cost) in enumerate(couriers):
            begins = job.terms.ready_at + share * number
            terms = {
                "job": job.id,
                "pickup": stops[number],
                "dropoff": stops[number + 1],
                "cost": cost,
                "pickup_until": begins + share // 2,
                "arrives_by": begins + share // 2 + 300,
                "carries_grams": 10_000,
                "carries_ml": 40_000,
            }
            await bid(self.market_books, self.venue, key, terms)
        # Two who bid and are quiet close the window; one alone waits for its end.
        self.clock.advance(seconds=20 if len(couriers) > 1 else 70)
        await work(self.market_books, self.venue)
        return await load(self.market_books, job.id)

    async def accept(self, job: JobView, *couriers: SigningKey) -> None:
        for leg, key in enumerate(couriers):
            await self.give(key, Accept(job=rail_key(job), leg=leg))

    async def arrive(self, job: JobView, leg: int, courier: SigningKey) -> None:
        await self.give(courier, Arrive(job=rail_key(job), leg=leg))

    async def confirm(
        self, job: JobView, leg: int, courier: SigningKey, receiver: SigningKey
    ) -> None:
        paid = read_key(courier.public)
        await self.give(receiver, Confirm(job=rail_key(job), leg=leg, courier=paid))

    async def give(self, key: SigningKey, command: Any) -> None:
        await give(self.market_books, self.venue, key, command)

    def purse(self, key: str) -> int:
        return self.venue.rail.read_balance(read_key(key))

    def balance(self, key: SigningKey) -> int:
        return balance(self.venue, key)


def stops_of(job: JobView, count: int) -> list[dict[str, int]]:
    origin, end = job.terms.origin, job.terms.destination
    return [
        {
            "latitude_e6": origin.latitude_e6
            + (end.latitude_e6 - origin.latitude_e6) * number // count,
            "longitude_e6": origin.longitude_e6
            + (end.longitude_e6 - origin.longitude_e6) * number // count,
        }
        for number in range(count + 1)
    ]


async def build(
    clock: HandClock, books: Books, market_books: MarketBooks, venue: Venue, app: Litestar
) -> Town:
    """One house that hands over, with money in its purse."""
    async with books.writing() as uow:
        house = await add_house(uow, latitude=START[0], longitude=START[1], delivery_enabled=True)
        dish_id = await add_dish(uow)
        await handoff.set_terms(uow, house.id, DRAFT, version=0)
    town = Town(clock, books, market_books, venue, Street(app), house, dish_id)
    fill(town, (await town.terms()).key, PURSE)
    return town


def fill(town: Town, key: str, amount: int) -> None:
    """The treasury brings money for whoever holds this key."""
    fund(town.venue.rail, Wallet(key), amount, town.clock())  # type: ignore[arg-type]


@dataclass(frozen=True)
class Wallet:
    """Somebody of whom only the public key is known."""

    public: str
