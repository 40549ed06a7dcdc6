"""What a market shows: over its public API, or of a market that stands still, from its folder."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from basis.clock import system_clock
from basis.escrow import Key, Refused, decode_envelope
from basis.kit.data.engines import open_database
from basis.kit.signing import SigningKey, read_key, read_signature, write_key
from swarmhaul import market, reputation, stream
from swarmhaul.client import AboutMarket, Calls, HappeningsTold, MarketRefuses
from swarmhaul.kit.books import Look, open_books
from swarmhaul.kit.config import Config
from swarmhaul.kit.keyfiles import own_seed
from swarmhaul.market import BidPlaced, BidView, JobView
from swarmhaul.reputation import Line
from swarmhaul.settlement import LEDGER_UNIT, LedgerEngine, Row, counterpart, open_journal
from swarmhaul.svm import identity_of, last_signature, smallest_balance
from swarmhaul.verifying.evidence import Evidence, Taken

LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff"
PAGE = 100


class EntryShown(msgspec.Struct, kw_only=True):
    seq: int
    at: int
    envelope: str
    signature: str
    moves: dict[str, int]
    proof: str
    hash: str

    def taken(self) -> Taken:
        return Taken(
            seq=self.seq,
            at=self.at,
            body=base64.b64decode(self.envelope),
            signature=read_signature(self.signature),
            proof=base64.b64decode(self.proof),
            moves={read_key(wallet): amount for wallet, amount in self.moves.items()},
            hash=bytes.fromhex(self.hash),
        )


class EntriesShown(msgspec.Struct, kw_only=True):
    entries: list[EntryShown]
    seq: int


class JobsShown(msgspec.Struct, kw_only=True):
    jobs: list[JobView]
    before: str | None


class BidsShown(msgspec.Struct, kw_only=True):
    bids: list[BidView]
    after: str | None


class LinesShown(msgspec.Struct, kw_only=True):
    lines: list[Line]


class WalletShown(msgspec.Struct, kw_only=True):
    balance: int


async def gather_url(calls: Calls) -> Evidence:
    """Raises MarketAway, MarketRefuses. Entries first: whatever they are about is there then."""
    about = await calls.read("/api/market", AboutMarket)
    entries = await shown_entries(calls)
    jobs = await shown_jobs(calls)
    bids = {job.id: await shown_bids(calls, job.id) for job in jobs if job.legs}
    return Evidence(
        market=about.market,
        coordinator=about.coordinator,
        rail=about.rail,
        treasury=read_key(about.treasury),
        wallet_min=about.wallet_min,
        entries=entries,
        jobs=jobs,
        bids=bids,
        told=await shown_happenings(calls),
        lines=await shown_lines(calls),
        balances=await shown_balances(calls, entries),
    )


async def shown_entries(calls: Calls) -> list[Taken]:
    found: list[Taken] = []
    while True:
        since = found[-1].seq if found else 0
        page = await calls.read("/api/rail/entries", EntriesShown, since=since)
        found += [entry.taken() for entry in page.entries]
        if not page.entries:
            return found


async def shown_jobs(calls: Calls) -> list[JobView]:
    found: list[JobView] = []
    before = LAST_ID
    while True:
        page = await calls.read("/api/jobs", JobsShown, before=before, limit=PAGE)
        found += page.jobs
        if page.before is None:
            return found
        before = page.before


async def shown_bids(calls: Calls, job_id: str) -> list[BidView]:
    found: list[BidView] = []
    query: dict[str, str] = {}
    while True:
        page = await calls.read(f"/api/jobs/{job_id}/bids", BidsShown, **query)
        found += page.bids
        if page.after is None:
            return found
        query["after"] = page.after


async def shown_happenings(calls: Calls) -> dict[str, set[str]]:
    """The bids that the stream told of, by their job, as far back as it is kept."""
    found: dict[str, set[str]] = {}
    since = await forgotten_before(calls)
    while True:
        page = await calls.read("/api/events", HappeningsTold, since=since)
        for message in page.messages:
            note_bid(found, message.topic, message.payload)
        if not page.messages:
            return found
        since = page.messages[-1].seq


async def forgotten_before(calls: Calls) -> int:
    """The number after which the stream is kept."""
    try:
        await calls.read("/api/events", HappeningsTold, since=0, limit=1)
    except MarketRefuses as refused:
        if refused.code != "EventsForgotten":
            raise
        return int(refused.told["oldest"]) - 1
    return 0


def note_bid(found: dict[str, set[str]], topic: str, payload: Mapping[str, Any]) -> None:
    if topic == BidPlaced.topic:
        found.setdefault(payload["job_id"], set()).add(payload["bid_id"])


async def shown_lines(calls: Calls) -> list[Line]:
    found: list[Line] = []
    while True:
        since = found[-1].seq if found else 0
        page = await calls.read("/api/observations", LinesShown, since=since)
        found += page.lines
        if not page.lines:
            return found


async def shown_balances(calls: Calls, entries: Sequence[Taken]) -> dict[Key, int]:
    """Of all wallets that the log names; none if the rail has moved meanwhile."""
    from_log = {wallet for taken in entries for wallet in taken.moves}
    found = {
        wallet: (await calls.read(f"/api/rail/wallets/{write_key(wallet)}", WalletShown)).balance
        for wallet in sorted(from_log)
    }
    last = entries[-1].seq if entries else 0
    later = await calls.read("/api/rail/entries", EntriesShown, since=last)
    return {} if later.entries else found


async def gather_folder(config: Config) -> Evidence:
    """Of a market that is not running. Raises JournalDamaged, JournalInUse, DatabaseAway."""
    treasury = read_key(SigningKey.of_seed(own_seed(config.data_dir, "treasury")).public)
    coordinator = SigningKey.of_seed(own_seed(config.data_dir, "market")).public
    rail = config.rail.value
    entries = kept_entries(config, treasury)
    database = open_database(config.database_url)
    await database.start()
    try:
        async with open_books(database, system_clock).reading(snapshot=True) as look:
            jobs = await kept_jobs(look)
            return Evidence(
                market=config.market,
                coordinator=coordinator,
                rail=rail,
                treasury=treasury,
                wallet_min=smallest_balance() if rail == "svm" else 0,
                entries=entries,
                jobs=jobs,
                bids={job.id: await market.list_all_bids(look, job.id) for job in jobs if job.legs},
                told=await kept_happenings(look),
                lines=await kept_lines(look, coordinator),
            )
    finally:
        await database.stop()


def kept_entries(config: Config, treasury: Key) -> list[Taken]:
    """As they are in the file, true or not."""
    rail = config.rail.value
    engine = LedgerEngine(treasury, LEDGER_UNIT)
    identity = identity_of(treasury) if rail == "svm" else engine.identity
    journal = open_journal(config.data_dir / f"{rail}.journal", identity)
    found: list[Taken] = []
    try:
        while rows := journal.list_rows(since=found[-1].seq if found else 0, limit=PAGE):
            found += [kept_entry(row, rail, treasury) for row in rows]
    finally:
        journal.close()
    return found


def kept_entry(row: Row, rail: str, treasury: Key) -> Taken:
    try:
        giver = counterpart(decode_envelope(row.body).command, treasury)
    except Refused:
        giver = b""
    signature = last_signature(row.proof) if rail == "svm" else row.proof
    return Taken(
        seq=row.seq,
        at=row.at,
        body=row.body,
        signature=signature,
        proof=row.proof,
        moves={account: amount for account, amount in row.postings if account != giver},
        hash=row.hash,
    )


async def kept_jobs(look: Look) -> list[JobView]:
    found: list[JobView] = []
    before = LAST_ID
    while page := await market.list_jobs(look, status=None, before=before, limit=PAGE):
        found += page
        before = page[-1].id
    return found


async def kept_happenings(look: Look) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    since = await stream.forgotten_before(look)
    while page := await stream.list_messages(look, since=since):
        for message in page:
            note_bid(found, message.topic, message.payload)
        since = page[-1].seq
    return found


async def kept_lines(look: Look, observer: str) -> list[Line]:
    found: list[Line] = []
    while page := await reputation.list_lines(look, observer, since=found[-1].seq if found else 0):
        found += page
    return found
