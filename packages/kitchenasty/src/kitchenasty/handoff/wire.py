"""What a market says and is told, as both sides have agreed (contracts/handoff). Unknown fields of
answers are left out: a market may say more than we read.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from kitchenasty.handoff.drafts import Market
from kitchenasty.handoff.states import Leg

# What a market says is shown and kept: whatever is not as agreed is no answer at all.
Key = Annotated[str, msgspec.Meta(pattern=r"^[1-9A-HJ-NP-Za-km-z]{32,44}\Z")]
Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9.:_-]{1,80}\Z")]
Lamports = Annotated[int, msgspec.Meta(ge=0, le=(1 << 63) - 1)]
Uuid = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f-]{36}\Z")]
Code = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z]{1,80}\Z")]
LegStatus = Literal["offered", "accepted", "arrived", "disputed", "settled"]
JobStatus = Literal[
    "opening", "refused", "open", "unmatched", "awarding", "awarded", "in-transit", "delivered",
    "refunded",
]  # fmt: skip

LIST = "job.list"
ADDRESS = "handoff.address"


class MarketAnswer(msgspec.Struct, kw_only=True):
    market: Name
    coordinator: Key
    arbiter: Key
    rail: Name
    wallet_min: Lamports
    award_seconds: Annotated[int, msgspec.Meta(ge=0, le=86_400)]

    def to_market(self) -> Market:
        return Market(
            name=self.market,
            coordinator=self.coordinator,
            arbiter=self.arbiter,
            rail=self.rail,
            wallet_min=self.wallet_min,
            award_seconds=self.award_seconds,
        )


class WalletAnswer(msgspec.Struct, kw_only=True):
    key: Key
    balance: Lamports
    balance_min: Lamports


class MessageAnswer(msgspec.Struct, kw_only=True):
    message: str


class LegAnswer(msgspec.Struct, kw_only=True):
    number: Annotated[int, msgspec.Meta(ge=0, lt=8)]
    agent: Key
    pay: Lamports
    status: LegStatus

    def to_leg(self) -> Leg:
        return Leg(self.number, self.agent, self.pay, self.status)


class TermsAnswer(msgspec.Struct, kw_only=True):
    id: str


class JobAnswer(msgspec.Struct, kw_only=True):
    id: Uuid
    shipper: Key
    status: JobStatus
    paid: Lamports
    refusal: Code | None
    legs: Annotated[list[LegAnswer], msgspec.Meta(max_length=8)]
    terms: TermsAnswer


class JobsAnswer(msgspec.Struct, kw_only=True):
    jobs: list[JobAnswer]
    before: Uuid | None


class EventAnswer(msgspec.Struct, kw_only=True):
    seq: Annotated[int, msgspec.Meta(ge=0, lt=1 << 40)]
    topic: str
    payload: dict[str, Any]


class EventsAnswer(msgspec.Struct, kw_only=True):
    messages: list[EventAnswer]
    seq: int


class ForgottenDetails(msgspec.Struct, frozen=True, kw_only=True):
    oldest: Annotated[int, msgspec.Meta(ge=1, lt=1 << 40)] = 1


class RefusalAnswer(msgspec.Struct, kw_only=True):
    error: str
    code: Code
    details: ForgottenDetails = ForgottenDetails()


class CommandGiven(msgspec.Struct, kw_only=True):
    envelope: str
    signature: str
