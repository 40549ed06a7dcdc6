"""Letters prove whose an address is, and help to a new password; nobody else learns anything."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from litestar import Litestar
from sqlalchemy import select

from basis.kit.data.statements import Statement
from basis.kit.limits import Limits
from basis.kit.testing import HandClock
from kitchenasty import accounts, guests
from kitchenasty.accounts.tests.letterbox import deliver, link_in
from kitchenasty.kit.books import Books
from kitchenasty.kit.identity.entrance import Entrance, Visit
from kitchenasty.kit.identity.links import LinkSpent
from kitchenasty.kit.identity.passwords import PasswordRefused, Passwords
from kitchenasty.kit.identity.sessions import SessionKind
from kitchenasty.kit.identity.sign_in import SignInRefused, TooManyTries
from kitchenasty.kit.principals import Kind
from kitchenasty.kit.tables import every_table

PASSWORD = "seven green kettles"
OTHER = "eleven quiet ladles"
EMAIL = "ada@guest.example"
OWN = {"origin": "http://house.example"}
VISIT = Visit(door=SessionKind.API, address="203.0.113.9")
RACERS = 8


@pytest.fixture
def entrance(books: Books) -> Entrance:
    limits = Limits(enabled=False)
    return Entrance.of(books, secret=b"s" * 32, limits=limits, passwords=Passwords(memory_kib=64))


async def register(
    entrance: Entrance, password: str = PASSWORD, email: str = EMAIL
) -> tuple[guests.Guest, str]:
    newcomer = guests.NewGuest(email=email, name="Ada")
    guest, signed_in = await accounts.register_guest(entrance, VISIT, newcomer, password)
    return guest, signed_in.token


async def sign_in(entrance: Entrance, password: str) -> str:
    """The account that opens."""
    signed_in = await accounts.sign_in(
        entrance, VISIT, email=EMAIL, password=password, kinds=(Kind.CUSTOMER,)
    )
    return signed_in.subject_id


async def confirm(books: Books, path: str) -> guests.Guest:
    async with books.writing() as uow:
        return await accounts.confirm(uow, path.rpartition("/")[2])


async def is_open(books: Books, token: str) -> bool:
    async with books.reading() as look:
        return await accounts.recognise(look, token, SessionKind.API) is not None


async def confirmed(entrance: Entrance) -> guests.Guest:
    """An account whose owner answered the letter."""
    await register(entrance)
    (letter,) = await deliver(entrance.books)
    return await confirm(entrance.books, link_in(letter))


async def test_the_letter_to_an_address_confirms_it_once(entrance: Entrance, books: Books) -> None:
    guest, _ = await register(entrance)
    assert not guest.is_confirmed
    (letter,) = await deliver(books)
    assert letter["to"] == EMAIL
    assert (await confirm(books, link_in(letter))).is_confirmed
    with pytest.raises(LinkSpent):
        await confirm(books, link_in(letter))


async def test_of_many_who_open_one_link_at_once_one_gets_through(
    entrance: Entrance, books: Books
) -> None:
    await register(entrance)
    (letter,) = await deliver(books)
    outcomes = await asyncio.gather(
        *(confirm(books, link_in(letter)) for _ in range(RACERS)), return_exceptions=True
    )
    assert sum(isinstance(one, guests.Guest) for one in outcomes) == 1
    assert sum(isinstance(one, LinkSpent) for one in outcomes) == RACERS - 1


async def test_a_link_gets_too_old(entrance: Entrance, books: Books, clock: HandClock) -> None:
    await register(entrance)
    (letter,) = await deliver(books)
    clock.advance(days=3)
    with pytest.raises(LinkSpent):
        await confirm(books, link_in(letter))


async def test_a_link_of_one_kind_opens_nothing_of_another(
    entrance: Entrance, books: Books
) -> None:
    await register(entrance)
    (letter,) = await deliver(books)
    token = link_in(letter).rpartition("/")[2]
    with pytest.raises(LinkSpent):
        await accounts.reset_password(entrance, VISIT, token, OTHER)


async def test_the_books_hold_no_token(entrance: Entrance, books: Books) -> None:
    await register(entrance)
    await accounts.ask_for_reset(entrance, VISIT, EMAIL)
    letters = await deliver(books)
    async with books.reading() as look:
        kept = str([await look.rows(Statement(select(one))) for one in every_table().values()])
    assert [link_in(one) for one in letters if link_in(one).rpartition("/")[2] in kept] == []


async def test_who_claims_anothers_address_learns_and_gets_nothing(
    entrance: Entrance, books: Books
) -> None:
    """The owner gets a letter, the claimant an empty account that never becomes the owner's."""
    owner = await confirmed(entrance)
    claimant, _ = await register(entrance, OTHER)
    assert claimant.id != owner.id
    (letter,) = await deliver(books)
    assert letter["subject"] == "You have an account already"
    assert "/confirm/" not in letter.as_string()
    assert await sign_in(entrance, PASSWORD) == owner.id
    assert await sign_in(entrance, OTHER) == claimant.id


async def test_of_two_who_claim_an_address_the_first_to_answer_has_it(
    entrance: Entrance, books: Books
) -> None:
    first, _ = await register(entrance)
    await register(entrance, OTHER)
    letters = await deliver(books)
    assert (await confirm(books, link_in(letters[0]))).id == first.id
    with pytest.raises(guests.AddressInUse):
        await confirm(books, link_in(letters[1]))


async def test_two_confirmations_at_once_give_the_address_to_one(
    entrance: Entrance, books: Books
) -> None:
    for password in (PASSWORD, OTHER):
        await register(entrance, password)
    paths = [link_in(letter) for letter in await deliver(books)]
    outcomes = await asyncio.gather(
        *(confirm(books, path) for path in paths), return_exceptions=True
    )
    assert sum(isinstance(one, guests.Guest) for one in outcomes) == 1


async def test_mere_claims_are_forgotten_after_a_week(
    entrance: Entrance, books: Books, clock: HandClock
) -> None:
    owner = await confirmed(entrance)
    await register(entrance, OTHER)
    clock.advance(days=8)
    async with books.writing() as uow:
        await guests.forget_mere_claims(uow, {})
    assert await sign_in(entrance, PASSWORD) == owner.id
    with pytest.raises(SignInRefused):
        await sign_in(entrance, OTHER)


async def test_a_new_password_ends_every_session_and_confirms(
    entrance: Entrance, books: Books
) -> None:
    guest, token = await register(entrance)
    await accounts.ask_for_reset(entrance, VISIT, "ADA@guest.example ")
    letters = await deliver(books)
    key = link_in(letters[-1]).rpartition("/")[2]
    with pytest.raises(PasswordRefused):
        await accounts.reset_password(entrance, VISIT, key, "password1")
    signed_in = await accounts.reset_password(entrance, VISIT, key, OTHER)
    assert signed_in.subject_id == guest.id
    assert not await is_open(books, token)
    assert await is_open(books, signed_in.token)
    assert await sign_in(entrance, OTHER) == guest.id
    with pytest.raises(SignInRefused):
        await sign_in(entrance, PASSWORD)
    with pytest.raises(LinkSpent):
        await accounts.reset_password(entrance, VISIT, key, PASSWORD)
    async with books.reading() as look:
        assert (await guests.load_guest(look, guest.id)).is_confirmed
    (news,) = await deliver(books)
    assert (news["to"], news["subject"]) == (EMAIL, "Your password was changed")


async def test_an_older_letter_opens_nothing_after_a_newer_was_used(
    entrance: Entrance, books: Books
) -> None:
    await confirmed(entrance)
    for _ in range(2):
        await accounts.ask_for_reset(entrance, VISIT, EMAIL)
    old, new = [link_in(one).rpartition("/")[2] for one in await deliver(books)]
    await accounts.reset_password(entrance, VISIT, new, OTHER)
    with pytest.raises(LinkSpent):
        await accounts.reset_password(entrance, VISIT, old, PASSWORD)


async def test_changing_a_password_takes_the_old_one_and_ends_other_sessions(
    entrance: Entrance, books: Books
) -> None:
    guest, token = await register(entrance)
    async with books.reading() as look:
        actor = await accounts.recognise(look, token, SessionKind.API)
    assert actor is not None
    visit = Visit(door=SessionKind.API, address="203.0.113.9", actor=actor)
    with pytest.raises(accounts.CurrentPasswordWrong):
        await accounts.change_password(entrance, visit, current="wrong", password=OTHER)
    assert await is_open(books, token)
    changed = await accounts.change_password(entrance, visit, current=PASSWORD, password=OTHER)
    assert not await is_open(books, token)
    assert await is_open(books, changed.token)
    assert await sign_in(entrance, OTHER) == guest.id


async def test_nobody_is_flooded_with_letters(books: Books) -> None:
    entrance = Entrance.of(
        books, secret=b"s" * 32, limits=Limits(), passwords=Passwords(memory_kib=64)
    )
    for number in range(3):
        visit = Visit(door=SessionKind.API, address=f"203.0.113.{number}")
        await accounts.ask_for_reset(entrance, visit, EMAIL)
    with pytest.raises(TooManyTries):
        await accounts.ask_for_reset(entrance, VISIT, EMAIL)


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("/api/auth/customer/forgot", {}),
        ("/api/auth/customer/register", {"name": "Ada", "password": OTHER}),
        ("/forgotten", {}),
        ("/register", {"name": "Ada", "password": OTHER}),
    ],
)
async def test_no_answer_tells_who_has_an_account(
    app: Litestar, client: httpx.AsyncClient, books: Books, path: str, more: dict[str, Any]
) -> None:
    """A5: status, headers and body for a confirmed, a claimed and an unknown address; and as much
    is written for each.
    """
    app.state.limits = Limits(enabled=False)
    entrance = Entrance.of(
        books, secret=b"s" * 32, limits=Limits(enabled=False), passwords=Passwords(memory_kib=64)
    )
    await confirmed(entrance)
    await register(entrance, email="claimed@guest.example")
    await deliver(books)
    answers, letters = set(), []
    for email in (EMAIL, "claimed@guest.example", "nobody@guest.example"):
        sent: dict[str, Any] = {"email": email, **more}
        body: dict[str, Any] = {"json": sent} if path.startswith("/api/") else {"data": sent}
        client.cookies.clear()
        answer = await client.post(path, headers=OWN, **body)
        kept = {name for name in answer.headers if name not in ("x-request-id", "content-length")}
        told = answer.text.replace(email, "EMAIL") if "token" not in answer.text else ""
        shape = answer.json()["data"].keys() if '"token"' in answer.text else ()
        answers.add((answer.status_code, told, tuple(shape), tuple(sorted(kept))))
        letters.append(len(await deliver(books)))
    print(f"A5: {path}: 3 addresses, {len(answers)} answer, letters {letters}")
    assert len(answers) == 1
    assert letters == [1, 1, 1]


async def test_counting_password_checks_tells_nothing(entrance: Entrance, books: Books) -> None:
    """A5: as many passwords are checked for an address with many accounts as for none."""

    class Counting(Passwords):
        checks = 0

        async def match(self, password: str, stored_hash: str | None) -> bool:
            self.checks += 1
            return await super().match(password, stored_hash)

    for password in (PASSWORD, OTHER, "three slow spoons", "four loud forks"):
        await register(entrance, password)
    counts = []
    for email in (EMAIL, "nobody@guest.example"):
        counting = Counting(memory_kib=64)
        fresh = Entrance.of(
            books, secret=b"s" * 32, limits=Limits(enabled=False), passwords=counting
        )
        with pytest.raises(SignInRefused):
            await accounts.sign_in(
                fresh, VISIT, email=email, password="no", kinds=(Kind.STAFF, Kind.CUSTOMER)
            )
        counts.append(counting.checks)
    assert counts == [4, 4]
