"""An account moves to another address when its letter is answered, and nobody else's does."""

from __future__ import annotations

import asyncio

import pytest

from basis.errors import Conflict
from basis.kit.testing import HandClock
from kitchenasty import accounts, guests
from kitchenasty.accounts.tests.letterbox import deliver, link_in
from kitchenasty.accounts.tests.test_recovery import (
    EMAIL,
    OTHER,
    PASSWORD,
    VISIT,
    confirm,
    confirmed,
    entrance,
    register,
)
from kitchenasty.kit.books import Books
from kitchenasty.kit.identity.entrance import Entrance, Visit
from kitchenasty.kit.identity.links import LinkSpent
from kitchenasty.kit.identity.sessions import SessionKind
from kitchenasty.kit.identity.sign_in import EmailRefused

NEW = "ada.l@guest.example"
__all__ = ["entrance"]


async def visit_with(books: Books, token: str) -> Visit:
    async with books.reading() as look:
        actor = await accounts.recognise(look, token, SessionKind.API)
    assert actor is not None
    return Visit(door=SessionKind.API, address="203.0.113.9", actor=actor)


async def ask(entrance: Entrance, token: str, email: str = NEW, current: str = PASSWORD) -> None:
    visit = await visit_with(entrance.books, token)
    await accounts.ask_to_move(entrance, visit, current=current, email=email)


async def move(books: Books, path: str) -> guests.Guest:
    async with books.writing() as uow:
        return await accounts.move(uow, path.rpartition("/")[2])


async def test_the_account_moves_when_the_letter_is_answered_and_the_old_address_is_told(
    entrance: Entrance, books: Books
) -> None:
    guest, token = await register(entrance)
    await deliver(books)
    await ask(entrance, token, "  Ada.L@Guest.example ")
    async with books.reading() as look:
        assert (await guests.load_guest(look, guest.id)).email == EMAIL
    (letter,) = await deliver(books)
    assert letter["to"] == NEW
    moved = await move(books, link_in(letter))
    assert (moved.id, moved.email, moved.is_confirmed) == (guest.id, NEW, True)
    (told,) = await deliver(books)
    assert told["to"] == EMAIL
    with pytest.raises(LinkSpent):
        await move(books, link_in(letter))


async def test_links_that_went_to_the_old_address_open_nothing_any_more(
    entrance: Entrance, books: Books
) -> None:
    _, token = await register(entrance)
    await accounts.ask_for_reset(entrance, VISIT, EMAIL)
    await ask(entrance, token)
    first, reset, new = [link_in(letter) for letter in await deliver(books)]
    await move(books, new)
    with pytest.raises(LinkSpent):
        await accounts.reset_password(entrance, VISIT, reset.rpartition("/")[2], OTHER)
    with pytest.raises(LinkSpent):
        await confirm(books, first)


async def test_without_the_password_no_letter_is_written(entrance: Entrance, books: Books) -> None:
    _, token = await register(entrance)
    await deliver(books)
    with pytest.raises(accounts.CurrentPasswordWrong):
        await ask(entrance, token, current="wrong")
    with pytest.raises(EmailRefused):
        await ask(entrance, token, "nowhere")
    assert await deliver(books) == []


async def test_an_address_that_has_an_account_is_told_so_and_cannot_be_moved_to(
    entrance: Entrance, books: Books
) -> None:
    await confirmed(entrance)
    _, token = await register(entrance, email=NEW)
    await deliver(books)
    await ask(entrance, token, EMAIL)
    (letter,) = await deliver(books)
    assert "You have an account already" in letter["subject"]
    assert "/move/" not in str(letter)


async def test_two_accounts_that_move_to_one_address_at_once_do_not_both_get_it(
    entrance: Entrance, books: Books
) -> None:
    tokens = [(await register(entrance, email=f"{name}@guest.example"))[1] for name in "ab"]
    await deliver(books)
    for token in tokens:
        await ask(entrance, token)
    links = [link_in(letter) for letter in await deliver(books)]
    outcomes = await asyncio.gather(*(move(books, link) for link in links), return_exceptions=True)
    assert sum(isinstance(one, guests.Guest) for one in outcomes) == 1
    assert sum(isinstance(one, Conflict) for one in outcomes) == 1


async def test_a_link_gets_too_old_in_an_hour(
    entrance: Entrance, books: Books, clock: HandClock
) -> None:
    _, token = await register(entrance)
    await deliver(books)
    await ask(entrance, token)
    (letter,) = await deliver(books)
    clock.advance(hours=1)
    with pytest.raises(LinkSpent):
        await move(books, link_in(letter))
