"""An agent's life: it follows the market, trades, and carries, until it is told to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

import structlog

from basis.clock import Clock, system_clock
from basis.kit.limits import Network
from basis.kit.outgoing import Outgoing
from basis.kit.signing import SigningKey
from swarmhaul.agents.book import JobBook
from swarmhaul.agents.carrying import Carrier
from swarmhaul.agents.doors import Doors, Show, show_nobody
from swarmhaul.agents.profiles import Profile
from swarmhaul.agents.reasoning import RULE, Reasoner
from swarmhaul.agents.road import Pace, Road
from swarmhaul.agents.trading import BID_SECONDS, Trader
from swarmhaul.client import ANY_MARKET, Dealer, Expected, Gap, MarketAway, MarketLies, open_dealer

logger = structlog.get_logger(__name__)

TICK_SECONDS = 5.0
RELOAD_SECONDS = 60.0
"""So often everything is read anew, in case the stream kept something from us."""
AWAY_SECONDS = 2.0
ASK_SECONDS_MAX = 5.0
"""Longer no answer of a house is waited for."""
HEARD = ("job.", "leg.")
"""What others bid is theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """Who an agent is, where it deals, and how quick its time goes."""

    url: str
    key: SigningKey
    profile: Profile
    expected: Expected = ANY_MARKET
    reasoner: Reasoner = RULE
    speed: float = 1.0
    bid_seconds: int = BID_SECONDS
    clock: Clock = system_clock
    networks: tuple[Network, ...] = ()
    """Of its own, where it may ask a house for a door; other houses are at public addresses."""
    show: Show = show_nobody
    """The door, to whoever rides."""


async def live(life: Life) -> None:
    """For ever. Whatever goes wrong, it begins anew from what the market says: nothing is lost by
    that. Raises MarketLies when the market is another than the one that was meant.
    """
    while True:
        try:
            async with open_dealer(
                life.url, life.key, expected=life.expected, clock=life.clock
            ) as dealer:
                await Agent.of(life, dealer).run()
        except MarketLies:
            raise
        except MarketAway as away:
            logger.warning("agent.market_away", why=str(away))
        except Exception:
            logger.exception("agent.begins_anew")
        await asyncio.sleep(AWAY_SECONDS)


@dataclass(slots=True)
class Agent:
    book: JobBook
    trader: Trader
    carrier: Carrier
    _woken: list[asyncio.Event] = field(default_factory=list)

    @classmethod
    def of(cls, life: Life, dealer: Dealer) -> Agent:
        pace = Pace(life.profile.vehicle.kmh, life.speed)
        road = Road(pace, life.profile.base, life.profile.base)
        book = JobBook(dealer)
        trader = Trader(
            dealer, book, life.profile, life.reasoner, road, pace, bid_seconds=life.bid_seconds
        )
        doors = Doors(dealer, Outgoing(life.networks, seconds_max=ASK_SECONDS_MAX), life.show)
        carrier = Carrier(dealer, book, road, doors, life.profile.patience_seconds)
        return cls(book, trader, carrier)

    async def run(self) -> None:
        """A slow mind keeps no load waiting: trading and carrying go side by side, and so
        does asking for doors.
        """
        await self.book.reload()
        logger.info("agent.lives", key=self.book.dealer.me, jobs=len(self.book.known))
        async with asyncio.TaskGroup() as group:
            group.create_task(self.listen())
            group.create_task(self.read_anew())
            group.create_task(self.again(self.trade))
            group.create_task(self.again(self.carrier.carry))
            group.create_task(self.carrier.doors.keep_asking())

    async def listen(self) -> None:
        async for told in self.book.dealer.follow():
            if isinstance(told, Gap):
                await patiently(self.book.reload)
                self.wake()
            elif told.topic.startswith(HEARD):
                await patiently(partial(self.book.refresh, told.payload["job_id"]))
                self.wake()

    async def read_anew(self) -> None:
        while True:
            await asyncio.sleep(RELOAD_SECONDS)
            await patiently(self.book.reload)
            self.wake()

    async def trade(self) -> float:
        await self.trader.trade()
        return TICK_SECONDS

    async def again(self, work: Callable[[], Awaitable[float]]) -> None:
        """Whenever something happened, or when the work itself asked for it."""
        woken = asyncio.Event()
        self._woken.append(woken)
        while True:
            woken.clear()
            try:
                seconds = await work()
            except MarketAway as away:
                logger.warning("agent.market_away", why=str(away))
                seconds = AWAY_SECONDS
            with suppress(TimeoutError):
                await asyncio.wait_for(woken.wait(), max(0.01, min(seconds, TICK_SECONDS)))

    def wake(self) -> None:
        for woken in self._woken:
            woken.set()


async def patiently(read: Callable[[], Awaitable[object]]) -> None:
    """Until the market answers."""
    while True:
        try:
            await read()
        except MarketAway as away:
            logger.warning("agent.market_away", why=str(away))
            await asyncio.sleep(AWAY_SECONDS)
        else:
            return
