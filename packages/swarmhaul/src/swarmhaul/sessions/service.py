"""What can be done about a session: ask for it, bind it to a key, spend in it, end it.

An id is never enough. A session is a limit that a key set for what is signed in its name here; each
thing is still signed, and who signed has to be whose session it is.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import msgspec

from basis.ids import new_id
from swarmhaul.identity import Signed, spend
from swarmhaul.kit.books import UnitOfWork
from swarmhaul.sessions.queries import (
    BIND_ONCE,
    COUNT,
    FORGET,
    FORGET_OVER,
    FORGET_OWN,
    HOLD,
    IDLE,
    IS_COUNTED,
    KEEP_SPENDING,
    LIST_SEATS,
    TAKE_SEAT,
    load_challenge,
    load_session,
)
from swarmhaul.sessions.refusals import (
    BoundBefore,
    ChallengeWrong,
    LimitsUnfit,
    NotBound,
    NotYourSession,
    OverLimit,
    SessionOver,
    TooManySessions,
)
from swarmhaul.sessions.schemas import Challenge, SessionView
from swarmhaul.sessions.states import CHALLENGE_SECONDS, SESSION_SECONDS_MAX, SESSIONS_MAX
from swarmhaul.sessions.terms import BIND, BindSession, EndSession, SessionTerms

T = TypeVar("T", bound=SessionTerms)
CHALLENGE_BYTES = 32


async def ask_challenge(uow: UnitOfWork, place: str, *, market: str) -> Challenge:
    """A session that is nobody's yet. Raises TooManySessions."""
    await uow.run(FORGET_OWN, of_place=place, now=uow.now, idle_before=uow.now - IDLE)
    session_id, challenge = new_id(), secrets.token_urlsafe(CHALLENGE_BYTES)
    until = uow.now + timedelta(seconds=CHALLENGE_SECONDS)
    taken = {seat for (seat,) in await uow.rows(LIST_SEATS, of_place=place)}
    for seat in set(range(SESSIONS_MAX)) - taken:
        # Of two who take the same seat at once, the database lets one have it.
        if await uow.run(
            TAKE_SEAT,
            id=session_id,
            asked_by=place,
            seat=seat,
            challenge=challenge,
            asked_at=uow.now,
            used_at=uow.now,
            expires_at=until,
            key=None,
            once_max=0,
            total_max=0,
            bid_max=0,
            spent=0,
            signed_text=None,
            signature=None,
        ):
            return Challenge(
                session=session_id, challenge=challenge, market=market, purpose=BIND, until=until
            )
    raise TooManySessions(CHALLENGE_SECONDS)


async def bind(uow: UnitOfWork, signed: Signed) -> SessionView:
    """The session is the signer's from now on. Raises a refusal."""
    terms = read_terms(signed, BindSession)
    ends_at = datetime.fromtimestamp(terms.ends_at, UTC)
    if not uow.now < ends_at <= uow.now + timedelta(seconds=SESSION_SECONDS_MAX):
        raise LimitsUnfit(f"A session ends within {SESSION_SECONDS_MAX} seconds.")
    if not secrets.compare_digest(
        (await load_challenge(uow, terms.session)).encode(), terms.challenge.encode()
    ):
        raise ChallengeWrong
    await spend(uow, signed)
    bound = await uow.run(
        BIND_ONCE,
        session_id=terms.session,
        now=uow.now,
        idle_before=uow.now - IDLE,
        new_key=signed.signer,
        ends_at=ends_at,
        new_once_max=terms.limits.once_max,
        new_total_max=terms.limits.total_max,
        new_bid_max=terms.limits.bid_max,
        new_text=signed.text,
        new_signature=signed.signature,
    )
    if not bound:
        raise SessionOver if (await load_session(uow, terms.session)).is_over else BoundBefore
    return await load_session(uow, terms.session)


async def hold(uow: UnitOfWork, session_id: str, signer: str) -> SessionView:
    """The signer's own live session, which nobody else writes in until the commit. Raises
    NoSuchSession, SessionOver, NotBound, NotYourSession.
    """
    held = await uow.run(
        HOLD, session_id=session_id, of_key=signer, now=uow.now, idle_before=uow.now - IDLE
    )
    session = await load_session(uow, session_id)
    if held:
        return session
    if session.is_over:
        raise SessionOver
    if session.key is None:
        raise NotBound
    raise NotYourSession


async def check_bid(uow: UnitOfWork, session_id: str, signer: str, cost: int) -> None:
    """Raises OverLimit for a bid that names more than one may, and what `hold` raises."""
    session = await hold(uow, session_id, signer)
    if cost > session.limits.bid_max:
        raise OverLimit("The bid names more than this session may.", limit=session.limits.bid_max)


async def count_spending(
    uow: UnitOfWork, session_id: str, signer: str, *, amount: int, digest: str
) -> None:
    """Count what was signed, once for the same bytes. Raises OverLimit, and what `hold` raises.

    Nothing is ever given back: what was signed and refused may still be carried out later, by
    whoever has it.
    """
    session = await hold(uow, session_id, signer)
    if await uow.value(IS_COUNTED, session_id=session_id, digest=digest) is not None:
        return
    # A command has amounts that no column holds, so the first look at them is ours.
    is_once = amount <= session.limits.once_max
    if not is_once or not await uow.run(COUNT, session_id=session_id, amount=amount):
        raise OverLimit(
            "That is more than this session may spend.",
            once_max=session.limits.once_max,
            left=session.limits.total_max - session.spent,
        )
    await uow.run(KEEP_SPENDING, session_id=session_id, digest=digest, amount=amount, at=uow.now)


async def end(uow: UnitOfWork, signed: Signed) -> SessionView:
    """Its key ends it; answers what it was. Raises what `hold` raises."""
    terms = read_terms(signed, EndSession)
    session = await hold(uow, terms.session, signed.signer)
    await spend(uow, signed)
    await uow.run(FORGET, session_id=session.id)
    return msgspec.structs.replace(session, is_over=True)


async def forget_sessions(uow: UnitOfWork, _payload: dict[str, Any]) -> None:
    """What is over takes no seat."""
    await uow.run(FORGET_OVER, now=uow.now, idle_before=uow.now - IDLE)


def read_terms(signed: Signed, kind: type[T]) -> T:
    """Raises LimitsUnfit."""
    try:
        return msgspec.convert(dict(signed.terms), kind)
    except msgspec.ValidationError as error:
        raise LimitsUnfit(f"These terms do not fit: {error}.") from error
