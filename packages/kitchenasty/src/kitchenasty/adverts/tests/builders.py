"""Guests who have said something about advertising."""

from __future__ import annotations

from kitchenasty import adverts, settings
from kitchenasty.adverts import Basis, Place, Spoken, Way
from kitchenasty.kit.books import Books

ANNA = "anna@guest.example"
"""As the orders of `orders.tests.builders` name her."""


async def advertise_to(books: Books, basis: Basis) -> None:
    async with books.writing() as uow:
        await settings.change(uow, adverts.ADVERTS, {"basis": basis.value})


def spoken(recipient: str = ANNA, way: Way = Way.MAIL, *, is_theirs: bool = True) -> Spoken:
    return Spoken(
        way=way,
        recipient=recipient,
        wording="Write to me",
        place=Place.ACCOUNT,
        is_theirs=is_theirs,
    )


async def agree(books: Books, recipient: str = ANNA, way: Way = Way.MAIL) -> None:
    """In a house that advertises to whoever agrees."""
    await advertise_to(books, Basis.AGREED)
    async with books.writing() as uow:
        await adverts.agree(uow, spoken(recipient, way))


async def verdict(books: Books, recipient: str = ANNA, way: Way = Way.MAIL) -> str:
    async with books.reading() as look:
        return (await adverts.find_verdicts(look, [(way, recipient)]))[way, recipient]
