"""The rail over HTTP: commands as their signers signed them, and what became of them.

The rail itself asks for the right key; this door only carries. A command needs no other permission:
what anybody may do about money, anybody may do here.
"""

from __future__ import annotations

import base64
from functools import partial
from typing import Annotated

import msgspec
from litestar import Controller, get, post
from litestar.params import JSONBody, PathParameter, QueryParameter
from msgspec import Meta

from basis.kit.http.doors import AnyRequest
from swarmhaul.api.access import STATEMENTS_PER_ADDRESS, Needs, books_of, needs, permit_address
from swarmhaul.identity import read_key, read_signature, write_key, write_signature
from swarmhaul.market.closing import rail_key
from swarmhaul.market.escrow import catch_up
from swarmhaul.market.openings import read_envelope
from swarmhaul.market.queries import load_job
from swarmhaul.market.routes import IdInPath
from swarmhaul.market.terms import Terms
from swarmhaul.market.venue import Venue
from swarmhaul.settlement import Entry, Job, encode_envelope, way_out

ENTRIES_MAX = 200
KeyInPath = Annotated[str, PathParameter(max_length=44)]
EnvelopeText = Annotated[str, Meta(min_length=1, max_length=2_000)]


class RailCommand(Terms, frozen=True, kw_only=True):
    """An envelope in base64, and the signature under what the rail makes of it."""

    envelope: EnvelopeText
    signature: Annotated[str, Meta(min_length=64, max_length=88)]


class Message(msgspec.Struct, kw_only=True):
    """What the signer signs, in base64."""

    message: str


class EntryView(msgspec.Struct, kw_only=True):
    """One command that was carried out. `moves` is what wallets gained or gave; `proof`, in base64,
    is what the rail's journal keeps of it, which `hash` covers with all that came before.
    """

    seq: int
    at: int
    command: str
    signer: str
    envelope: str
    signature: str
    moves: dict[str, int]
    proof: str
    hash: str


class Entries(msgspec.Struct, kw_only=True):
    entries: list[EntryView]
    seq: int
    """Of the rail's last entry, whether or not it is among these."""


class RailLeg(msgspec.Struct, kw_only=True):
    courier: str
    pay: int
    duration: int
    due: int
    state: str


class RailJob(msgspec.Struct, kw_only=True):
    """A job as the rail has it: money in escrow, who has the next word, and what anybody may do
    once `way_out_after` is over.
    """

    status: str
    escrow: int
    paid: int
    award_by: int
    accept_by: int
    done: int
    legs: list[RailLeg]
    way_out: str
    way_out_after: int


class RailJobFound(msgspec.Struct, kw_only=True):
    """`job` is None when it was never opened, or has ended."""

    job: RailJob | None


class Wallet(msgspec.Struct, kw_only=True):
    key: str
    balance: int
    balance_min: int


class RailApi(Controller):
    path = "/api/rail"
    tags = ["Rail"]

    @post("/commands", opt=needs(Needs.COMMAND), operation_id="GiveCommand")
    async def give_command(self, request: AnyRequest, data: JSONBody[RailCommand]) -> EntryView:
        """Carried out once, however often it is sent."""
        permit_address(request, STATEMENTS_PER_ADDRESS)
        venue = venue_of(request)
        envelope = read_envelope(data.envelope)
        entry = await venue.submit(envelope, read_signature(data.signature))
        await catch_up(books_of(request), venue)
        return view_of(entry)

    @get("/message", opt=needs(Needs.NOTHING), operation_id="ShowMessage")
    async def show_message(
        self, request: AnyRequest, envelope: Annotated[str, QueryParameter(max_length=2_000)]
    ) -> Message:
        """What has to be signed so that the rail takes the command."""
        message = venue_of(request).rail.message(read_envelope(envelope))
        return Message(message=base64.b64encode(message).decode())

    @get("/entries", opt=needs(Needs.NOTHING), operation_id="ListEntries")
    async def show_entries(
        self, request: AnyRequest, since: Annotated[int, QueryParameter(ge=0, lt=1 << 40)] = 0
    ) -> Entries:
        """The rail's log, for whoever wants to keep books of their own."""
        rail = venue_of(request).rail
        ask = partial(rail.list_entries, since=since, limit=ENTRIES_MAX)
        entries = await venue_of(request).ask(ask)
        head = await venue_of(request).ask(rail.head)
        return Entries(entries=[view_of(entry) for entry in entries], seq=head.seq)

    @get("/jobs/{job_id:str}", opt=needs(Needs.NOTHING), operation_id="ShowRailJob")
    async def show_job(self, request: AnyRequest, job_id: IdInPath) -> RailJobFound:
        async with books_of(request).reading() as look:
            listed = await load_job(look, job_id)
        venue = venue_of(request)
        job = await venue.ask(partial(venue.rail.read_job, rail_key(listed)))
        return RailJobFound(job=None if job is None else rail_job_of(job))

    @get("/wallets/{key:str}", opt=needs(Needs.NOTHING), operation_id="ShowWallet")
    async def show_wallet(self, request: AnyRequest, key: KeyInPath) -> Wallet:
        venue = venue_of(request)
        balance = await venue.ask(partial(venue.rail.read_balance, read_key(key)))
        return Wallet(key=key, balance=balance, balance_min=venue.rail.wallet_min)


def venue_of(request: AnyRequest) -> Venue:
    venue: Venue = request.app.state.venue
    return venue


def view_of(entry: Entry) -> EntryView:
    return EntryView(
        seq=entry.seq,
        at=entry.at,
        command=type(entry.envelope.command).__name__,
        signer=write_key(entry.envelope.signer),
        envelope=base64.b64encode(encode_envelope(entry.envelope)).decode(),
        signature=write_signature(entry.signature),
        moves={write_key(move.wallet): move.amount for move in entry.moves},
        proof=base64.b64encode(entry.proof).decode(),
        hash=entry.hash.hex(),
    )


def rail_job_of(job: Job) -> RailJob:
    way = way_out(job)
    return RailJob(
        status=job.status.name.lower(),
        escrow=job.escrow,
        paid=job.paid,
        award_by=job.award_by,
        accept_by=job.accept_by,
        done=job.done,
        legs=[
            RailLeg(
                courier=write_key(leg.courier),
                pay=leg.pay,
                duration=leg.duration,
                due=leg.due,
                state=leg.state.name.lower(),
            )
            for leg in job.legs
        ],
        way_out=type(way.command).__name__,
        way_out_after=way.after,
    )
