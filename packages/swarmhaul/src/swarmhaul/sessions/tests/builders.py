"""Sessions that are asked for and bound. Tests name what matters to them."""

from __future__ import annotations

from typing import Any

from swarmhaul import sessions
from swarmhaul.identity import Signed, SigningKey, sign_statement
from swarmhaul.kit.books import Books
from swarmhaul.sessions import Challenge, SessionView

MARKET = "test-market"
LIMITS = {"once_max": 1_000_000, "total_max": 3_000_000, "bid_max": 500_000}
HOUR = 3_600


async def ask(books: Books, place: str = "here") -> Challenge:
    async with books.writing() as uow:
        return await sessions.ask_challenge(uow, place, market=MARKET)


def answer(books: Books, key: SigningKey, asked: Challenge, **fields: Any) -> Signed:
    """The statement that binds it for an hour, unless a test says otherwise."""
    now = books.clock()
    terms = {
        "session": asked.session,
        "challenge": asked.challenge,
        "ends_at": int(now.timestamp()) + HOUR,
        "limits": LIMITS,
    } | fields
    return sign_statement(key, terms, market=MARKET, purpose=sessions.BIND, now=now)


async def bind(books: Books, signed: Signed) -> SessionView:
    async with books.writing() as uow:
        return await sessions.bind(uow, signed)


async def begin(books: Books, key: SigningKey, **limits: int) -> str:
    """A bound session's id."""
    challenge = await ask(books)
    signed = answer(books, key, challenge, limits=LIMITS | limits)
    return (await bind(books, signed)).id


async def spend(
    books: Books, session_id: str, key: SigningKey, amount: int, digest: str = "d"
) -> None:
    async with books.writing() as uow:
        await sessions.count_spending(uow, session_id, key.public, amount=amount, digest=digest)


async def spent_in(books: Books, session_id: str) -> int:
    async with books.reading() as look:
        return (await sessions.load_session(look, session_id)).spent
