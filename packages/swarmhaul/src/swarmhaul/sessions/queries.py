"""Statements about sessions and what was spent in them."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import bindparam, delete, or_, select, update

from basis.kit.data.statements import Statement, insert_into, insert_unless_there
from swarmhaul.kit.books import Look
from swarmhaul.sessions.models import AgentSession, SpendingRow
from swarmhaul.sessions.refusals import NoSuchSession
from swarmhaul.sessions.schemas import SessionView
from swarmhaul.sessions.states import IDLE_SECONDS
from swarmhaul.sessions.terms import SpendingLimits

IDLE = timedelta(seconds=IDLE_SECONDS)
IS_THIS = AgentSession.id == bindparam("session_id", required=True)
IS_LIVE = (
    AgentSession.expires_at > bindparam("now", required=True),
    AgentSession.used_at > bindparam("idle_before", required=True),
)
TAKE_SEAT = insert_unless_there(AgentSession)
LIST_SEATS = Statement(
    select(AgentSession.seat).where(AgentSession.asked_by == bindparam("of_place", required=True))
)
FORGET_OVER = Statement(
    delete(AgentSession).where(
        or_(
            AgentSession.expires_at <= bindparam("now", required=True),
            AgentSession.used_at <= bindparam("idle_before", required=True),
        )
    )
)
FORGET_OWN = Statement(
    delete(AgentSession).where(
        AgentSession.asked_by == bindparam("of_place", required=True),
        or_(
            AgentSession.expires_at <= bindparam("now", required=True),
            AgentSession.used_at <= bindparam("idle_before", required=True),
        ),
    )
)
FORGET = Statement(delete(AgentSession).where(IS_THIS))
FIND = Statement(
    select(
        AgentSession.key,
        AgentSession.challenge,
        AgentSession.once_max,
        AgentSession.total_max,
        AgentSession.bid_max,
        AgentSession.spent,
        AgentSession.expires_at,
        AgentSession.used_at,
    ).where(IS_THIS)
)
BIND_ONCE = Statement(
    update(AgentSession)
    .where(IS_THIS, AgentSession.key.is_(None), *IS_LIVE)
    .values(
        key=bindparam("new_key", required=True),
        used_at=bindparam("now", required=True),
        expires_at=bindparam("ends_at", required=True),
        once_max=bindparam("new_once_max", required=True),
        total_max=bindparam("new_total_max", required=True),
        bid_max=bindparam("new_bid_max", required=True),
        signed_text=bindparam("new_text", required=True),
        signature=bindparam("new_signature", required=True),
    )
)
# Whoever writes in a session holds its row until the commit: spendings come one after the other.
HOLD = Statement(
    update(AgentSession)
    .where(IS_THIS, AgentSession.key == bindparam("of_key", required=True), *IS_LIVE)
    .values(used_at=bindparam("now", required=True))
)
COUNT = Statement(
    update(AgentSession)
    .where(
        IS_THIS,
        AgentSession.once_max >= bindparam("amount", required=True),
        AgentSession.total_max - AgentSession.spent >= bindparam("amount", required=True),
    )
    .values(spent=AgentSession.spent + bindparam("amount", required=True))
)
IS_COUNTED = Statement(
    select(SpendingRow.amount).where(
        SpendingRow.session_id == bindparam("session_id", required=True),
        SpendingRow.digest == bindparam("digest", required=True),
    )
)
KEEP_SPENDING = insert_into(SpendingRow)


async def load_session(look: Look, session_id: str) -> SessionView:
    """Raises NoSuchSession."""
    row = await look.row(FIND, session_id=session_id)
    if row is None:
        raise NoSuchSession
    key, _, once_max, total_max, bid_max, spent, expires_at, used_at = row
    return SessionView(
        id=session_id,
        key=key,
        limits=SpendingLimits(once_max=once_max, total_max=total_max, bid_max=bid_max),
        spent=spent,
        expires_at=expires_at,
        used_at=used_at,
        is_over=expires_at <= look.now or used_at <= look.now - IDLE,
    )


async def load_challenge(look: Look, session_id: str) -> str:
    """Raises NoSuchSession."""
    row = await look.row(FIND, session_id=session_id)
    if row is None:
        raise NoSuchSession
    challenge: str = row[1]
    return challenge
