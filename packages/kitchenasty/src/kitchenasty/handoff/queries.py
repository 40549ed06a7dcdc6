"""Statements on what is handed over, and what they give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import bindparam, func, or_, select, text, update

from basis.errors import NotFound
from basis.kit.data.columns import UtcDateTime
from basis.kit.data.statements import Statement, insert_unless_there
from kitchenasty.handoff.drafts import Market, Place, Terms, TermsDraft
from kitchenasty.handoff.models import OPEN, HandoffRow, HandoffTermsRow
from kitchenasty.handoff.states import ENDS, LOST, HandoffState, Leg
from kitchenasty.kit.books import Look

AT_ONCE_MAX = 20
FIRST_ID = "00000000-0000-0000-0000-000000000000"
T, H = HandoffTermsRow, HandoffRow
NOW = bindparam("now", required=True, type_=UtcDateTime())
OF_HOUSE = T.house_id == bindparam("of_house", required=True)
OF_HANDOFF = H.id == bindparam("handoff_id", required=True)
# Written out, so that the planner can use the partial index on what is open.
IS_OPEN = text(f"handoffs.{OPEN}")
DRAFTED = (
    "is_on", "market_url", "base", "per_km", "most", "weight_grams", "volume_ml", "bid_seconds",
    "confirm_seconds", "places",
)  # fmt: skip
STANDING = (
    "market", "key", "sealed_key", "version", "seq", "balance", "spoke_at", "trouble",
    "trouble_since", "tries",
)  # fmt: skip
KNOWN = (
    "id", "order_id", "house_id", "attempt", "state", "is_wanted_back", "budget", "paid",
    "sent_at", "job_id", "legs", "reason", "created_at", "arrived_at",
    "is_received", "ended_at",
)  # fmt: skip
FOUND = select(*(getattr(H, name) for name in KNOWN))

ADD_TERMS = insert_unless_there(T)
TERMS = select(*(getattr(T, name) for name in (*DRAFTED, *STANDING)))
LOAD_TERMS = Statement(TERMS.where(OF_HOUSE))
CHANGE_TERMS = Statement(
    update(T)
    .where(OF_HOUSE, T.version == bindparam("before", required=True))
    .values(
        {name: bindparam(f"new_{name}", required=True) for name in DRAFTED}
        | {"version": T.version + 1, "trouble": None, "trouble_since": None, "tries": 0}
    )
)
FORGET_MARKET = Statement(
    update(T).where(OF_HOUSE).values(market=None, seq=0, balance=None, spoke_at=None)
)
PIN_MARKET = Statement(
    update(T)
    .where(OF_HOUSE, T.market.is_(None))
    .values(
        market=bindparam("said", required=True, type_=T.market.type),
        seq=bindparam("newest", required=True),
    )
)
NOTE_TALK = Statement(
    update(T)
    .where(OF_HOUSE)
    .values(
        balance=bindparam("new_balance", required=True),
        spoke_at=NOW,
        trouble=None,
        trouble_since=None,
        tries=0,
    )
)
NOTE_TROUBLE = Statement(
    update(T)
    .where(OF_HOUSE)
    .values(
        trouble=bindparam("why", required=True),
        trouble_since=func.coalesce(T.trouble_since, NOW),
        tries=T.tries + 1,
        look_at=bindparam("again_at", required=True),
        claimed_until=None,
    )
)
MOVE_SEQ = Statement(
    update(T)
    .where(OF_HOUSE, T.seq == bindparam("seq_before", required=True))
    .values(seq=bindparam("seq_after", required=True))
)
WAKE = Statement(
    update(T).where(OF_HOUSE, or_(T.look_at.is_(None), T.look_at > NOW)).values(look_at=NOW)
)
# Of those that hand over one after the other: whoever is here sees what the other brought.
HOLD = Statement(update(T).where(OF_HOUSE).values(claimed_until=None))
SLEEP = Statement(update(T).where(OF_HOUSE).values(look_at=bindparam("again_at", required=True)))
BUSY = Statement(
    select(T.house_id).where(
        T.look_at <= NOW, or_(T.claimed_until.is_(None), T.claimed_until < NOW)
    )
)
CLAIM = Statement(
    update(T)
    .where(OF_HOUSE, T.look_at <= NOW, or_(T.claimed_until.is_(None), T.claimed_until < NOW))
    .values(claimed_until=bindparam("lease_until", required=True))
)

ADD = insert_unless_there(H)
BY_ID = Statement(FOUND.where(OF_HANDOFF))
OF_ORDER = Statement(
    FOUND.where(H.order_id == bindparam("order_id", required=True)).order_by(H.attempt)
)
# Ids are made one after the other: their order is that of beginning.
LIST_OPEN = Statement(
    FOUND.where(
        H.house_id == bindparam("house_id", required=True),
        IS_OPEN,
        H.id > bindparam("after", required=True, type_=H.id.type),
    )
    .order_by(H.id)
    .limit(AT_ONCE_MAX)
)
COUNT_OPEN = Statement(
    select(func.count()).where(H.house_id == bindparam("house_id", required=True), IS_OPEN)
)
NOTE_SENDING = Statement(
    update(H)
    .where(OF_HANDOFF, H.state == HandoffState.WAITING)
    .values(sent_at=func.coalesce(H.sent_at, NOW), budget=bindparam("new_budget", required=True))
)
MOVE = Statement(
    update(H)
    .where(OF_HANDOFF, IS_OPEN)
    .values(
        state=bindparam("new_state", required=True),
        job_id=bindparam("new_job_id", required=True),
        legs=bindparam("new_legs", required=True, type_=H.legs.type),
        paid=bindparam("new_paid", required=True),
        reason=bindparam("new_reason", required=True),
        arrived_at=func.coalesce(H.arrived_at, bindparam("arrived", required=True)),
        ended_at=bindparam("ended", required=True),
    )
)
WANT_BACK = Statement(update(H).where(OF_HANDOFF, IS_OPEN).values(is_wanted_back=True))
HEAR_GUEST = Statement(
    update(H)
    .where(OF_HANDOFF, IS_OPEN, H.state == HandoffState.ARRIVED, H.is_received.is_(None))
    .values(is_received=bindparam("received", required=True))
)
SUM_PAID = Statement(
    select(func.count(), func.coalesce(func.sum(H.paid), 0)).where(
        H.house_id == bindparam("house_id", required=True),
        H.created_at >= bindparam("since", required=True),
        H.paid > 0,
    )
)
LOST_SINCE = Statement(
    select(H.order_id, H.house_id, H.state)
    .where(
        H.state.in_(sorted({*LOST, HandoffState.DISPUTED})),
        H.created_at >= bindparam("since", required=True),
    )
    .order_by(H.created_at.desc())
    .limit(AT_ONCE_MAX)
)


class HandoffNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("Nothing of this order was handed over.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """One try to have an order carried, as the market told it last. Amounts are lamports."""

    id: str
    order_id: str
    house_id: str
    attempt: int
    state: HandoffState
    is_wanted_back: bool
    budget: int
    paid: int
    sent_at: datetime | None
    job_id: str | None
    legs: tuple[Leg, ...]
    reason: str | None
    created_at: datetime
    arrived_at: datetime | None
    is_received: bool | None
    ended_at: datetime | None

    @property
    def rail_id(self) -> str:
        """The shipper's own name for the job: 16 bytes in hex."""
        return self.id.replace("-", "")

    @property
    def is_open(self) -> bool:
        return self.state not in ENDS

    @property
    def awarded(self) -> int:
        """What its legs cost together."""
        return sum(leg.pay for leg in self.legs)

    @property
    def leg_now(self) -> int:
        """The part of the way that is under way, counted from one."""
        settled = sum(leg.status == "settled" for leg in self.legs)
        return min(settled + 1, len(self.legs))


async def find_terms(look: Look, house_id: str) -> Terms | None:
    row = await look.row(LOAD_TERMS, of_house=house_id)
    return None if row is None else terms_of(house_id, row)


def terms_of(house_id: str, row: tuple[Any, ...]) -> Terms:
    drafted = dict(zip(DRAFTED, row, strict=False))
    standing = dict(zip(STANDING, row[len(DRAFTED) :], strict=True))
    drafted["places"] = read_places(drafted["places"])
    said = standing.pop("market")
    market = None if said is None else msgspec.convert(said, Market)
    return Terms(house_id=house_id, draft=TermsDraft(**drafted), market=market, **standing)


def read_places(kept: Mapping[str, Any]) -> dict[str, Place]:
    return {code: Place(latitude=where[0], longitude=where[1]) for code, where in kept.items()}


def keep_places(places: Mapping[str, Place]) -> dict[str, list[float]]:
    return {code: [one.latitude, one.longitude] for code, one in places.items()}


def handoff_of(row: tuple[Any, ...]) -> Handoff:
    fields = dict(zip(KNOWN, row, strict=True))
    fields["state"] = HandoffState(fields["state"])
    fields["legs"] = tuple(Leg(*one) for one in fields["legs"])
    return Handoff(**fields)


async def list_handoffs(look: Look, order_id: str) -> list[Handoff]:
    """Every try, the first one first."""
    return [handoff_of(row) for row in await look.rows(OF_ORDER, order_id=order_id)]


async def find_handoff(look: Look, order_id: str) -> Handoff | None:
    """The last try."""
    found = await list_handoffs(look, order_id)
    return found[-1] if found else None


async def load_handoff(look: Look, handoff_id: str) -> Handoff:
    """Raises HandoffNotFound."""
    row = await look.row(BY_ID, handoff_id=handoff_id)
    if row is None:
        raise HandoffNotFound
    return handoff_of(row)


async def list_open(look: Look, house_id: str, *, after: str | None = None) -> list[Handoff]:
    """A page of what is under way, the oldest first, `after` the last one of the page before."""
    rows = await look.rows(LIST_OPEN, house_id=house_id, after=after or FIRST_ID)
    return [handoff_of(row) for row in rows]


async def list_lost(look: Look, *, since: datetime) -> list[tuple[str, str]]:
    """Orders, with their houses, that need a hand: nobody carries them, or it is disputed."""
    rows = await look.rows(LOST_SINCE, since=since)
    return [(order_id, house_id) for order_id, house_id, _ in rows]
