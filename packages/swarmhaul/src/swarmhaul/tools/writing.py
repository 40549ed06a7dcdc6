"""Tools that change something: in a session, with what its key signed. The id of a session opens
nothing, and a signature outside of it nothing more than it does at the other doors.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Annotated

import msgspec
from msgspec import Meta

from basis.kit.http.doors import AnyRequest
from swarmhaul import market, sessions
from swarmhaul.api.access import (
    STATEMENTS_PER_ADDRESS,
    Ask,
    Needs,
    address_of_connection,
    books_of,
    open_signed,
    permit_address,
)
from swarmhaul.identity import Signed, read_signature, write_key
from swarmhaul.kit.actors import Actor
from swarmhaul.market import BidView, JobView
from swarmhaul.protocol import Arguments
from swarmhaul.sessions import Challenge, SessionView
from swarmhaul.settlement import Envelope, Open, Withdraw, check_signature
from swarmhaul.tools.reading import UUID, NoArguments, venue_of
from swarmhaul.tools.tool import PREFIX, Tool

PLACE_BYTES = 16

SessionId = Annotated[str, Meta(pattern=UUID, description="The id of a session that was bound")]
StatementText = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=16_384,
        description="The canonical JSON (RFC 8785) of the statement that was signed",
    ),
]
SignatureText = Annotated[str, Meta(min_length=64, max_length=88, description="Ed25519, in base58")]

BINDS = Ask(
    sessions.BIND, "whoever is to hold it", sessions.LIVES_SECONDS_MAX, sessions.BindSession
)
ENDS = Ask(sessions.END, "whoever holds it", sessions.LIVES_SECONDS_MAX, sessions.EndSession)
LISTS = Ask(market.LIST, "whoever ships", market.LIVES_SECONDS_MAX[market.LIST], market.ListJob)
BIDS = Ask(market.BID, "whoever carries", market.LIVES_SECONDS_MAX[market.BID], market.PlaceBid)
WITHDRAWS = Ask(
    market.WITHDRAW,
    "whoever placed the bid",
    market.LIVES_SECONDS_MAX[market.WITHDRAW],
    market.WithdrawBid,
)


class WhichSession(Arguments, frozen=True, kw_only=True):
    session: SessionId


class SignedOnly(Arguments, frozen=True, kw_only=True):
    statement: StatementText
    signature: SignatureText


class SignedInSession(Arguments, frozen=True, kw_only=True):
    session: SessionId
    statement: StatementText
    signature: SignatureText


class CommandInSession(Arguments, frozen=True, kw_only=True):
    session: SessionId
    envelope: Annotated[
        str, Meta(min_length=1, max_length=2_000, description="The rail's command, in base64")
    ]
    signature: SignatureText


class CommandDone(msgspec.Struct, kw_only=True):
    """The rail's entry: what wallets gained or gave, in lamports."""

    seq: int
    at: int
    command: str
    moves: dict[str, int]
    hash: str


async def ask_challenge(request: AnyRequest, _asked: NoArguments) -> Challenge:
    permit_address(request, STATEMENTS_PER_ADDRESS)
    venue = venue_of(request)
    async with books_of(request).writing() as uow:
        return await sessions.ask_challenge(uow, place_of(request), market=venue.name)


async def bind_session(request: AnyRequest, given: SignedOnly) -> SessionView:
    signed = signed_for(request, given, BINDS)
    async with books_of(request).writing(Actor(signed.signer)) as uow:
        return await sessions.bind(uow, signed)


async def show_session(request: AnyRequest, asked: WhichSession) -> SessionView:
    async with books_of(request).reading() as look:
        return await sessions.load_session(look, asked.session)


async def end_session(request: AnyRequest, given: SignedOnly) -> SessionView:
    signed = signed_for(request, given, ENDS)
    async with books_of(request).writing(Actor(signed.signer)) as uow:
        return await sessions.end(uow, signed)


async def post_task(request: AnyRequest, given: SignedInSession) -> JobView:
    signed = signed_for(request, given, LISTS)
    books, venue = books_of(request), venue_of(request)
    async with books.writing(Actor(signed.signer)) as uow:
        job_id = await market.list_job(uow, signed, venue)
        terms = (await market.load_job(uow, job_id)).terms
        await sessions.count_spending(
            uow,
            given.session,
            signed.signer,
            amount=terms.budget,
            digest=digest_of(base64.b64decode(terms.opening.envelope)),
        )
    refusal = await market.open_escrow(books, venue, job_id)
    if refusal is not None:
        raise refusal
    async with books.reading() as look:
        return await market.load_job(look, job_id)


async def submit_bid(request: AnyRequest, given: SignedInSession) -> BidView:
    signed = signed_for(request, given, BIDS)
    async with books_of(request).writing(Actor(signed.signer)) as uow:
        bid_id = await market.place_bid(uow, signed)
        bid = await market.load_bid(uow, bid_id)
        await sessions.check_bid(uow, given.session, signed.signer, bid.terms.cost)
        return bid


async def withdraw_bid(request: AnyRequest, given: SignedInSession) -> BidView:
    signed = signed_for(request, given, WITHDRAWS)
    async with books_of(request).writing(Actor(signed.signer)) as uow:
        await sessions.hold(uow, given.session, signed.signer)
        return await market.load_bid(uow, await market.withdraw_bid(uow, signed))


async def give_command(request: AnyRequest, given: CommandInSession) -> CommandDone:
    """The rail asks for the right key by itself; the session asks whose it is, and counts."""
    permit_address(request, STATEMENTS_PER_ADDRESS)
    books, venue = books_of(request), venue_of(request)
    envelope = market.read_envelope(given.envelope)
    signature = read_signature(given.signature)
    signer = write_key(envelope.signer)
    check_signature(envelope.signer, venue.rail.message(envelope), signature)
    async with books.writing(Actor(signer)) as uow:
        await sessions.count_spending(
            uow,
            given.session,
            signer,
            amount=spends(envelope),
            digest=digest_of(base64.b64decode(given.envelope)),
        )
    entry = await venue.submit(envelope, signature)
    await market.catch_up(books, venue)
    return CommandDone(
        seq=entry.seq,
        at=entry.at,
        command=type(entry.envelope.command).__name__,
        moves={write_key(move.wallet): move.amount for move in entry.moves},
        hash=entry.hash.hex(),
    )


def signed_for(request: AnyRequest, given: SignedOnly | SignedInSession, ask: Ask) -> Signed:
    """Raises a refusal unless it is what this tool asks for."""
    return open_signed(request, given.statement.encode(), given.signature, ask=ask)


def spends(envelope: Envelope) -> int:
    """Lamports that leave the signer's wallet for good or for a job."""
    command = envelope.command
    if isinstance(command, Open):
        return command.budget
    return command.amount if isinstance(command, Withdraw) else 0


def digest_of(envelope: bytes) -> str:
    return hashlib.sha256(envelope).hexdigest()


def place_of(request: AnyRequest) -> str:
    """Always the same for one address; without the market's key it says nothing about it."""
    seed = venue_of(request).key.seed
    address = address_of_connection(request)
    return hashlib.blake2b(address.encode(), key=seed, digest_size=PLACE_BYTES).hexdigest()


IN_SESSION = (
    " Takes a session that was bound, and a statement that the session's key signed (byte ff, "
    "`swarmhaul statement v1`, a line feed, the statement)."
)
WRITING = (
    Tool(
        name=PREFIX + "ask_challenge",
        title="Ask for a session",
        words="Begins a session: gives a challenge that waits five minutes for the signature of "
        "whoever wants to do more than read. Agents register nowhere else; a key is all there is.",
        takes=NoArguments,
        gives=Challenge,
        use=ask_challenge,
        changes="a challenge waits for five minutes",
    ),
    Tool(
        name=PREFIX + "bind_session",
        title="Bind a session to a key",
        words="Binds a session to the key that signed a statement for `session.bind`: its terms "
        "hold `session` and `challenge`, `ends_at` (within a day, seconds since 1970) and "
        "`limits` in lamports: `once_max` and `total_max` for what is locked or taken off the "
        "rail, `bid_max` for what one bid may name.",
        takes=SignedOnly,
        gives=SessionView,
        use=bind_session,
        changes="the session is the key's",
        needs=Needs.STATEMENT,
        ask=BINDS,
    ),
    Tool(
        name=PREFIX + "show_session",
        title="Show a session",
        words="Whose a session is, its limits, what was spent of them in lamports, when it ends. "
        "Sessions that nobody uses for half an hour are over.",
        takes=WhichSession,
        gives=SessionView,
        use=show_session,
    ),
    Tool(
        name=PREFIX + "end_session",
        title="End a session",
        words="Ends a session at once, by a statement for `session.end` of the key that holds it.",
        takes=SignedOnly,
        gives=SessionView,
        use=end_session,
        changes="the session is gone",
        is_destructive=True,
        needs=Needs.STATEMENT,
        ask=ENDS,
    ),
    Tool(
        name=PREFIX + "post_task",
        title="List a package",
        words="Lists a job and locks its budget (lamports) in escrow, by a statement for "
        "`job.list`. The budget counts towards the session's limits, also when the rail refuses."
        + IN_SESSION,
        takes=SignedInSession,
        gives=JobView,
        use=post_task,
        changes="money of the shipper is locked",
        is_destructive=True,
        needs=Needs.STATEMENT,
        ask=LISTS,
    ),
    Tool(
        name=PREFIX + "submit_bid",
        title="Submit a bid",
        words="Bids for a part of the way or all of it, by a statement for `bid.place`: places in "
        "millionths of a degree, cost in lamports, instants seconds since 1970. A bid stands until "
        "its statement expires; if it is chosen, it binds." + IN_SESSION,
        takes=SignedInSession,
        gives=BidView,
        use=submit_bid,
        changes="the agent has a bid",
        needs=Needs.STATEMENT,
        ask=BIDS,
    ),
    Tool(
        name=PREFIX + "withdraw_bid",
        title="Withdraw a bid",
        words="Takes a bid back while the window is open, by a statement for `bid.withdraw`."
        + IN_SESSION,
        takes=SignedInSession,
        gives=BidView,
        use=withdraw_bid,
        changes="the bid is gone",
        is_destructive=True,
        needs=Needs.STATEMENT,
        ask=WITHDRAWS,
    ),
    Tool(
        name=PREFIX + "give_command",
        title="Give the rail a command",
        words="Gives the rail a command that the session's key signed: accept a leg, arrive, "
        "confirm that a load was received (which pays), dispute, take money back. The rail itself "
        "asks for the right key and order; what a command locks or takes off the rail counts "
        "towards the session's limits, in lamports.",
        takes=CommandInSession,
        gives=CommandDone,
        use=give_command,
        changes="whatever the command says",
        is_destructive=True,
        needs=Needs.COMMAND,
    ),
)
