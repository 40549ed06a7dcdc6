"""Tags of guests: kept once each, in words of the house."""

from __future__ import annotations

import asyncio

import pytest

from basis.ids import new_id
from kitchenasty import guests
from kitchenasty.kit.books import Books, UnitOfWork


async def newcomer(uow: UnitOfWork) -> str:
    draft = guests.NewGuest(email="anna@guest.example", name="Anna")
    return (await guests.register_guest(uow, draft, password_hash="none")).id


async def test_a_tag_is_kept_once_whatever_its_capitals(uow: UnitOfWork) -> None:
    guest_id = await newcomer(uow)
    assert await guests.add_tag(uow, guest_id, " Regular\n")
    assert not await guests.add_tag(uow, guest_id, "REGULAR")
    assert await guests.list_tags(uow, guest_id) == ["Regular"]


async def test_what_is_not_named_any_more_is_gone(uow: UnitOfWork) -> None:
    guest_id = await newcomer(uow)
    await guests.keep_tags(uow, guest_id, ["press", "regular", "Press"])
    assert await guests.list_tags(uow, guest_id) == ["press", "regular"]
    await guests.keep_tags(uow, guest_id, ["regular"])
    assert await guests.list_tags(uow, guest_id) == ["regular"]


@pytest.mark.parametrize("words", ["", " ", "\u200b", "x" * 41])
async def test_refuses_a_tag_that_says_nothing_or_too_much(uow: UnitOfWork, words: str) -> None:
    guest_id = await newcomer(uow)
    with pytest.raises(guests.TagRefused):
        await guests.add_tag(uow, guest_id, words)


async def test_a_guest_has_so_many_tags_and_no_more(uow: UnitOfWork) -> None:
    guest_id = await newcomer(uow)
    await guests.keep_tags(uow, guest_id, [f"tag {number}" for number in range(guests.TAGS_MAX)])
    with pytest.raises(guests.TagsFull):
        await guests.add_tag(uow, guest_id, "one more")


async def test_nobody_has_no_tags(uow: UnitOfWork) -> None:
    with pytest.raises(guests.GuestNotFound):
        await guests.add_tag(uow, new_id(), "regular")


async def test_two_who_give_the_same_tag_at_once_give_it_once(books: Books) -> None:
    async with books.writing() as uow:
        guest_id = await newcomer(uow)

    async def give() -> None:
        async with books.writing() as uow:
            await guests.add_tag(uow, guest_id, "regular")

    await asyncio.gather(*(give() for _ in range(4)))
    async with books.reading() as look:
        assert await guests.list_tags(look, guest_id) == ["regular"]
