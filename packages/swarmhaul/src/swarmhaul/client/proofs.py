"""What a market tells about others is believed as far as those others signed it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from basis.errors import DomainError, Invalid
from basis.kit.signing import Signed, digest_of, open_statement
from swarmhaul.client.answers import BidTerms, BidTold, JobTold, WorkTerms

T = TypeVar("T")

LISTS, BIDS, WITHDRAWS = "job.list", "bid.place", "bid.withdraw"
REFERS = "reputation.refer"
EVER = 1 << 40


class MarketLies(Invalid):
    """A market shows something that nobody signed, or something else than what was signed."""


class Issued(msgspec.Struct):
    """Of a statement that nobody has looked at yet."""

    issued_at: int


def read_work(job: JobTold, *, market: str) -> WorkTerms:
    """What the shipper of a job wants, in the shipper's own words. Raises MarketLies."""
    return opened(
        (job.statement, job.signature),
        signer=job.shipper, market=market, purpose=LISTS, kind=WorkTerms,
    )  # fmt: skip


def read_own_bid(bid: BidTold, *, market: str) -> BidTerms:
    """What the agent of a bid promised. Raises MarketLies."""
    terms = opened(
        (bid.statement, bid.signature), signer=bid.agent, market=market, purpose=BIDS, kind=BidTerms
    )
    if terms.job != bid.job_id:
        raise MarketLies("This bid was for another job.")
    return terms


def withdrawal_of(bid: BidTold, *, me: str, market: str) -> dict[str, str]:
    """What its agent signs to take a bid back: this one, and no other that a market may show under
    its name later. Raises MarketLies.
    """
    if bid.agent != me:
        raise MarketLies("This bid is somebody else's.")
    read_own_bid(bid, market=market)
    return {"bid": bid.id, "digest": digest_of(bid.statement)}


def opened(told: tuple[str, str], *, signer: str, market: str, purpose: str, kind: type[T]) -> T:
    """The terms of a statement, whose time may be over. Raises MarketLies."""
    text, signature = told
    try:
        issued = msgspec.json.decode(text, type=Issued).issued_at
        signed: Signed = open_statement(
            text.encode(),
            signature,
            market=market,
            purpose=purpose,
            now=datetime.fromtimestamp(min(issued, EVER), UTC),
            lives_seconds_max=EVER,
        )
        terms: Any = msgspec.convert(dict(signed.terms), kind)
    except (DomainError, msgspec.MsgspecError, RecursionError, ValueError) as error:
        raise MarketLies(f"What it shows as signed is not: {error}") from error
    if signed.signer != signer:
        raise MarketLies("Somebody else signed this.")
    found: T = terms
    return found
