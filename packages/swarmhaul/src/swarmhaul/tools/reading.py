"""Tools that read: anybody may, and nothing is remembered of it."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from basis.kit.http.doors import AnyRequest
from swarmhaul import market, reputation, stream
from swarmhaul.api.access import books_of
from swarmhaul.identity import read_key, write_key
from swarmhaul.market import BidView, JobStatus, JobView, Venue
from swarmhaul.protocol import Arguments
from swarmhaul.reputation import StandingView
from swarmhaul.tools.tool import PREFIX, Tool

LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff"
FEW = 10
"""Whoever thinks reads slowly; more are there for the asking."""
EVENTS_MAX = 100
UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z"
BASE58 = r"^[1-9A-HJ-NP-Za-km-z]{32,44}\Z"

Package = Annotated[str, Meta(pattern=UUID, description="The id of a job, as lists show it")]
Key = Annotated[str, Meta(pattern=BASE58, description="A public ed25519 key in base58")]
Observer = Annotated[
    str, Meta(pattern=BASE58, description="Whose view: a key. The market's own if it is left out")
]


class NoArguments(Arguments, frozen=True, kw_only=True):
    """It takes none."""


class WhichPackages(Arguments, frozen=True, kw_only=True):
    status: JobStatus | None = JobStatus.OPEN
    """`open` takes bids; null: all of them."""
    before: Package | None = None
    """The last id of the page that came before."""
    limit: Annotated[int, Meta(ge=1, le=50)] = FEW


class WhichPackage(Arguments, frozen=True, kw_only=True):
    package: Package
    bids: Annotated[int, Meta(ge=0, le=500, description="How many bids to show at most")] = 20


class WhoseReputation(Arguments, frozen=True, kw_only=True):
    agent: Key
    observer: Observer | None = None


class WhoseWallet(Arguments, frozen=True, kw_only=True):
    key: Key


class WhoseLeaders(Arguments, frozen=True, kw_only=True):
    observer: Observer | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 20


class WhichEvents(Arguments, frozen=True, kw_only=True):
    since: Annotated[int, Meta(ge=0, lt=1 << 40, description="Number of the last one you have")] = 0
    limit: Annotated[int, Meta(ge=1, le=EVENTS_MAX)] = FEW


class PackageList(msgspec.Struct, kw_only=True):
    """Jobs, the newest first; `before` leads to older ones, null: there are none."""

    packages: list[JobView]
    before: str | None


class PackageBids(msgspec.Struct, kw_only=True):
    """A job and bids for it, the first ones first, with the bytes and signatures that prove them;
    `bids_left` were not shown.
    """

    package: JobView
    bids: list[BidView]
    bids_left: int


class EconomyStats(msgspec.Struct, kw_only=True):
    """Live counts. `packages` by status; a swarm is a job that was awarded and is
    carried or delivered; `paid` is what couriers
    were paid, in lamports (a thousand million make one SOL).
    """

    packages: dict[str, int]
    swarms: int
    bids: int
    paid: int


class Leaderboard(msgspec.Struct, kw_only=True):
    """Who stands highest with one observer. No score belongs to everybody."""

    observer: str
    is_market: bool
    leaders: list[StandingView]


class WalletBalance(msgspec.Struct, kw_only=True):
    """What a key owns on the rail, and the least that a wallet there holds, in lamports."""

    key: str
    balance: int
    balance_min: int


class MarketFacts(msgspec.Struct, kw_only=True):
    """What one has to know to sign here: the market's name and keys, its rail, and the seconds that
    a budget has to stay locked after the bids end.
    """

    market: str
    coordinator: str
    arbiter: str
    treasury: str
    rail: str
    award_seconds: int


class EventLog(msgspec.Struct, kw_only=True):
    """What happened, oldest first; `seq` is the number of the newest event of all."""

    events: list[stream.StreamMessage]
    seq: int


async def list_packages(request: AnyRequest, asked: WhichPackages) -> PackageList:
    async with books_of(request).reading() as look:
        jobs = await market.list_jobs(
            look, status=asked.status, before=asked.before or LAST_ID, limit=asked.limit
        )
    return PackageList(packages=jobs, before=jobs[-1].id if len(jobs) == asked.limit else None)


async def get_package(request: AnyRequest, asked: WhichPackage) -> PackageBids:
    async with books_of(request).reading(snapshot=True) as look:
        job = await market.load_job(look, asked.package)
        bids = await market.list_bids(look, job.id, limit=asked.bids)
        counts = await market.count_bids(look, [job.id])
    return PackageBids(package=job, bids=bids, bids_left=counts.get(job.id, 0) - len(bids))


async def get_reputation(request: AnyRequest, asked: WhoseReputation) -> StandingView:
    read_key(asked.agent)
    async with books_of(request).reading() as look:
        return await reputation.load_standing(look, view_of(request, asked.observer), asked.agent)


async def show_leaders(request: AnyRequest, asked: WhoseLeaders) -> Leaderboard:
    whose = view_of(request, asked.observer)
    async with books_of(request).reading() as look:
        best = await reputation.list_best(look, whose, limit=asked.limit)
    return Leaderboard(observer=whose, is_market=whose == own_key(request), leaders=best)


async def show_economy(request: AnyRequest, _asked: NoArguments) -> EconomyStats:
    async with books_of(request).reading(snapshot=True) as look:
        counts = await market.count_jobs(look)
        bids = await market.count_all_bids(look)
    return EconomyStats(
        packages={status: count for status, count, _ in counts},
        swarms=sum(count for status, count, _ in counts if status in market.AWARDED),
        bids=bids,
        paid=sum(paid for _, _, paid in counts),
    )


async def list_events(request: AnyRequest, asked: WhichEvents) -> EventLog:
    async with books_of(request).reading(snapshot=True) as look:
        events = await stream.list_messages(look, since=asked.since, limit=asked.limit)
        return EventLog(events=events, seq=await stream.count_messages(look))


async def get_wallet(request: AnyRequest, asked: WhoseWallet) -> WalletBalance:
    venue, key = venue_of(request), read_key(asked.key)
    balance = await venue.ask(lambda: venue.rail.read_balance(key))
    return WalletBalance(key=asked.key, balance=balance, balance_min=venue.rail.wallet_min)


async def show_facts(request: AnyRequest, _asked: NoArguments) -> MarketFacts:
    venue = venue_of(request)
    return MarketFacts(
        market=venue.name,
        coordinator=venue.key.public,
        arbiter=venue.arbiter,
        treasury=write_key(venue.rail.treasury),
        rail=venue.rail_name,
        award_seconds=market.AWARD_SECONDS,
    )


def view_of(request: AnyRequest, observer: str | None) -> str:
    """Raises KeyUnreadable."""
    if observer is None:
        return own_key(request)
    read_key(observer)
    return observer


def own_key(request: AnyRequest) -> str:
    return venue_of(request).key.public


def venue_of(request: AnyRequest) -> Venue:
    venue: Venue = request.app.state.venue
    return venue


READING = (
    Tool(
        name=PREFIX + "list_packages",
        title="List packages",
        words="Lists jobs: loads that are to be carried from an origin to a destination, each with "
        "its budget locked in escrow. Open ones take bids for the whole way or for a part of it. "
        "Amounts are lamports, places millionths of a degree, instants seconds since 1970, "
        "weights grams, volumes millilitres.",
        takes=WhichPackages,
        gives=PackageList,
        use=list_packages,
    ),
    Tool(
        name=PREFIX + "get_package",
        title="Show a package and its bids",
        words="Shows one job with its legs and the bids for it, each with the bytes and the "
        "signature that prove it. Amounts are lamports, places millionths of a degree.",
        takes=WhichPackage,
        gives=PackageBids,
        use=get_package,
    ),
    Tool(
        name=PREFIX + "get_reputation",
        title="Look up a reputation",
        words="How an agent stands with one observer: score in trillionths (0.3 for strangers), "
        "legs completed and breached. Every observer has a log of its own; the market's is taken "
        "unless another is named.",
        takes=WhoseReputation,
        gives=StandingView,
        use=get_reputation,
    ),
    Tool(
        name=PREFIX + "leaderboard",
        title="Leaderboard",
        words="The agents that stand highest with one observer, at most 20 unless more are asked "
        "for. It is that observer's view, the market's own unless another is named; scores are "
        "trillionths.",
        takes=WhoseLeaders,
        gives=Leaderboard,
        use=show_leaders,
    ),
    Tool(
        name=PREFIX + "economy_stats",
        title="Economy figures",
        words="Live counts: packages by status, swarms, bids, and lamports paid to couriers.",
        takes=NoArguments,
        gives=EconomyStats,
        use=show_economy,
    ),
    Tool(
        name=PREFIX + "get_wallet",
        title="Look up a wallet",
        words="What a key owns on the rail, in lamports.",
        takes=WhoseWallet,
        gives=WalletBalance,
        use=get_wallet,
    ),
    Tool(
        name=PREFIX + "about_market",
        title="About this market",
        words="The market's name, keys and rail: what one has to know before one signs anything.",
        takes=NoArguments,
        gives=MarketFacts,
        use=show_facts,
    ),
    Tool(
        name=PREFIX + "list_events",
        title="List events",
        words="What happened on the market after event number `since`, in the one order that "
        "everybody sees.",
        takes=WhichEvents,
        gives=EventLog,
        use=list_events,
    ),
)
