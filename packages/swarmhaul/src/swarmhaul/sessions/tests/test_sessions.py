"""Sessions: whose they are, how long, and how much may be spent in them, also by many at once."""

from __future__ import annotations

import asyncio

import pytest

from basis.errors import DomainError
from basis.kit.testing import HandClock
from swarmhaul import sessions
from swarmhaul.identity import Replayed, SigningKey, sign_statement
from swarmhaul.kit.books import Books
from swarmhaul.sessions import (
    BoundBefore,
    ChallengeWrong,
    LimitsUnfit,
    NoSuchSession,
    NotBound,
    NotYourSession,
    OverLimit,
    SessionOver,
    TooManySessions,
)
from swarmhaul.sessions.tests.builders import (
    LIMITS,
    MARKET,
    answer,
    ask,
    begin,
    bind,
    spend,
    spent_in,
)

ADA, BEN = (SigningKey.of_seed(letter * 32) for letter in (b"a", b"b"))


async def refusals_of(*attempts: object) -> list[str]:
    """The codes of those that were refused; anything else is an error."""
    done = await asyncio.gather(*attempts, return_exceptions=True)  # type: ignore[call-overload]
    unexpected = [
        one for one in done if isinstance(one, BaseException) and not isinstance(one, DomainError)
    ]
    assert unexpected == []
    return [one.code for one in done if isinstance(one, DomainError)]


async def test_a_session_is_the_key_s_that_signed_its_challenge(books: Books) -> None:
    challenge = await ask(books)
    session = await bind(books, answer(books, ADA, challenge))
    assert (session.id, session.key, session.spent) == (challenge.session, ADA.public, 0)
    assert session.limits.total_max == LIMITS["total_max"]
    await spend(books, session.id, ADA, 10)
    with pytest.raises(NotYourSession):
        await spend(books, session.id, BEN, 10, "e")


async def test_a_challenge_is_signed_once_and_by_one(books: Books) -> None:
    challenge = await ask(books)
    signed = answer(books, ADA, challenge)
    await bind(books, signed)
    with pytest.raises(Replayed):
        await bind(books, signed)
    with pytest.raises(BoundBefore):
        await bind(books, answer(books, BEN, challenge))
    with pytest.raises(BoundBefore):
        await bind(books, answer(books, ADA, challenge, limits=LIMITS | {"total_max": 10**12}))


async def test_of_eight_who_bind_the_same_session_at_once_one_holds_it(books: Books) -> None:
    challenge = await ask(books)
    keys = [SigningKey.new() for _ in range(8)]
    refused = await refusals_of(*(bind(books, answer(books, key, challenge)) for key in keys))
    assert refused == ["BoundBefore"] * 7


async def test_the_challenge_of_another_session_binds_nothing(books: Books) -> None:
    mine, theirs = await ask(books), await ask(books)
    for session, challenge in (
        (theirs.session, mine.challenge),
        (mine.session, "x" * 43),
        (mine.session, "é" * 43),
    ):
        signed = answer(books, BEN, mine, session=session, challenge=challenge)
        with pytest.raises(ChallengeWrong):
            await bind(books, signed)
    with pytest.raises(NoSuchSession):
        await bind(books, answer(books, BEN, mine, session="00000000-0000-7000-8000-000000000000"))


async def test_a_challenge_waits_for_five_minutes(books: Books, clock: HandClock) -> None:
    challenge = await ask(books)
    clock.advance(seconds=sessions.CHALLENGE_SECONDS)
    with pytest.raises(SessionOver):
        await bind(books, answer(books, ADA, challenge))


async def test_nothing_is_spent_before_it_is_bound(books: Books) -> None:
    with pytest.raises(NotBound):
        await spend(books, (await ask(books)).session, ADA, 1)


ODD_LIMITS: list[dict[str, object]] = [
    {"total_max": -1}, {"once_max": 8 * 10**12 + 1}, {"bid_max": 0.5}, {"more": 1}, {"bid_max": "1"}
]  # fmt: skip


@pytest.mark.parametrize("limits", ODD_LIMITS)
async def test_refuses_limits_that_are_none(books: Books, limits: dict[str, object]) -> None:
    challenge = await ask(books)
    with pytest.raises(LimitsUnfit):
        await bind(books, answer(books, ADA, challenge, limits=LIMITS | limits))


async def test_a_session_ends_by_itself_and_within_a_day(books: Books, clock: HandClock) -> None:
    now = int(clock().timestamp())
    for ends_at in (now, now - 1, now + sessions.SESSION_SECONDS_MAX + 1):
        with pytest.raises(LimitsUnfit):
            await bind(books, answer(books, ADA, await ask(books), ends_at=ends_at))
    signed = answer(books, ADA, await ask(books), ends_at=now + 60)
    session = await bind(books, signed)
    clock.advance(seconds=60)
    with pytest.raises(SessionOver):
        await spend(books, session.id, ADA, 1)


async def test_a_session_that_nobody_uses_is_over_and_one_in_use_is_not(
    books: Books, clock: HandClock
) -> None:
    """D-41."""
    used, idle = await begin(books, ADA), await begin(books, ADA)
    for number in range(2):
        clock.advance(seconds=sessions.IDLE_SECONDS - 60)
        await spend(books, used, ADA, 1, f"{number}")
    with pytest.raises(SessionOver):
        await spend(books, idle, ADA, 1)


async def test_its_key_ends_a_session_and_nobody_else_does(books: Books) -> None:
    session_id = await begin(books, ADA)

    async def end(key: SigningKey) -> None:
        signed = sign_statement(
            key, {"session": session_id}, market=MARKET, purpose=sessions.END, now=books.clock()
        )
        async with books.writing() as uow:
            await sessions.end(uow, signed)

    with pytest.raises(NotYourSession):
        await end(BEN)
    await spend(books, session_id, ADA, 5)
    await end(ADA)
    with pytest.raises(NoSuchSession):
        await spend(books, session_id, ADA, 1, "e")


async def test_no_more_is_spent_than_the_key_allowed(books: Books) -> None:
    session_id = await begin(books, ADA, once_max=100, total_max=250)
    with pytest.raises(OverLimit):
        await spend(books, session_id, ADA, 101, "too much at once")
    await spend(books, session_id, ADA, 100, "one")
    await spend(books, session_id, ADA, 100, "two")
    with pytest.raises(OverLimit) as refused:
        await spend(books, session_id, ADA, 51, "three")
    assert refused.value.details == {"once_max": 100, "left": 50}
    await spend(books, session_id, ADA, 50, "four")
    assert await spent_in(books, session_id) == 250


async def test_the_same_bytes_are_counted_once(books: Books) -> None:
    session_id = await begin(books, ADA)
    assert await refusals_of(*(spend(books, session_id, ADA, 700, "same") for _ in range(8))) == []
    assert await spent_in(books, session_id) == 700


async def test_of_fifty_who_spend_at_once_no_more_than_the_limit_is_spent(books: Books) -> None:
    """A6: ten fit; which ten is chance."""
    session_id = await begin(books, ADA, once_max=100, total_max=1_000)
    refused = await refusals_of(
        *(spend(books, session_id, ADA, 100, f"{number}") for number in range(50))
    )
    assert refused == ["OverLimit"] * 40
    assert await spent_in(books, session_id) == 1_000


async def test_a_bid_names_no_more_than_the_key_allowed(books: Books) -> None:
    session_id = await begin(books, ADA, bid_max=100)
    async with books.writing() as uow:
        await sessions.check_bid(uow, session_id, ADA.public, 100)
    with pytest.raises(OverLimit):
        async with books.writing() as uow:
            await sessions.check_bid(uow, session_id, ADA.public, 101)


async def test_an_address_has_so_many_sessions_and_another_its_own(
    books: Books, clock: HandClock
) -> None:
    """Sixty at once: fifty get one, and what is over makes room."""
    refused = await refusals_of(*(ask(books, "there") for _ in range(sessions.SESSIONS_MAX + 10)))
    assert refused == ["TooManySessions"] * 10
    await ask(books, "elsewhere")
    clock.advance(seconds=sessions.CHALLENGE_SECONDS - 1)
    with pytest.raises(TooManySessions):
        await ask(books, "there")
    clock.advance(seconds=1)
    await ask(books, "there")


async def test_what_is_over_is_forgotten_with_what_was_spent_in_it(
    books: Books, clock: HandClock
) -> None:
    over = await begin(books, ADA)
    await spend(books, over, ADA, 1)
    clock.advance(seconds=sessions.IDLE_SECONDS)
    live = await begin(books, ADA)
    async with books.writing() as uow:
        await sessions.forget_sessions(uow, {})
    assert await spent_in(books, live) == 0
    with pytest.raises(NoSuchSession):
        await spent_in(books, over)
