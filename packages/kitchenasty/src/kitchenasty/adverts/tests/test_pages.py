"""Agreeing and ending it, each with one press: in the account and by the link of a letter."""

from __future__ import annotations

import httpx
import pytest

from kitchenasty import adverts, guests
from kitchenasty.adverts import ALLOWED, NEVER_AGREED, OBJECTED, Basis, Way
from kitchenasty.adverts.queries import OPEN
from kitchenasty.adverts.service import token_of
from kitchenasty.adverts.tests.builders import ANNA, advertise_to, spoken, verdict
from kitchenasty.kit.books import Books
from kitchenasty.kit.identity.sessions import SessionKind, open_session
from kitchenasty.kit.principals import Kind

HERE = "/account/adverts"
OWN = {"origin": "http://house.example"}
pytestmark = pytest.mark.usefixtures("house")


async def sign_in(books: Books, *, is_confirmed: bool) -> tuple[guests.Guest, dict[str, str]]:
    newcomer = guests.NewGuest(email=ANNA, name="Anna")
    async with books.writing() as uow:
        guest = await guests.register_guest(
            uow, newcomer, password_hash="none", is_confirmed=is_confirmed
        )
        token = await open_session(
            uow, kind=SessionKind.PAGE, subject_kind=Kind.CUSTOMER, subject_id=guest.id
        )
    return guest, {"cookie": f"session={token}", **OWN}


async def test_a_guest_agrees_and_ends_it_with_one_press_each(
    client: httpx.AsyncClient, books: Books
) -> None:
    guest, mine = await sign_in(books, is_confirmed=True)
    await advertise_to(books, Basis.AGREED)
    for way, recipient in ((Way.MAIL, ANNA), (Way.PUSH, guest.id)):
        yes = {"way": way.value, "agrees": "true"}
        there = (await client.post(HERE, data=yes, headers=mine)).headers["location"]
        assert "You hear from us." in (await client.get(there, headers=mine)).text
        assert await verdict(books, recipient, way) == ALLOWED
        there = (await client.post(HERE, data={"way": way.value}, headers=mine)).headers["location"]
        assert "Ended. It counts at once." in (await client.get(there, headers=mine)).text
        assert await verdict(books, recipient, way) == OBJECTED


async def test_the_words_that_were_agreed_to_are_kept_and_told(
    client: httpx.AsyncClient, books: Books
) -> None:
    _, mine = await sign_in(books, is_confirmed=True)
    await advertise_to(books, Basis.AGREED)
    await client.post(HERE, data={"way": "MAIL", "agrees": "true"}, headers=mine)
    file = (await client.get("/account/data.json", headers=mine)).json()
    [kept] = file["sections"]["advertising"]
    assert kept["wording"] == "You write me by mail now and then what is new, and what is cheaper."
    assert (kept["said"], kept["place"], kept["recipient"]) == ("AGREED", "ACCOUNT", ANNA)
    assert kept["countsAt"] == kept["saidAt"]


async def test_an_address_that_is_not_confirmed_is_asked_and_the_page_says_so(
    client: httpx.AsyncClient, books: Books
) -> None:
    _, mine = await sign_in(books, is_confirmed=False)
    await advertise_to(books, Basis.AGREED)
    await client.post(HERE, data={"way": "MAIL", "agrees": "true"}, headers=mine)
    assert "Waits for your answer" in (await client.get(HERE, headers=mine)).text
    assert await verdict(books) == NEVER_AGREED


async def test_in_a_house_that_advertises_to_nobody_one_can_still_say_no(
    client: httpx.AsyncClient, books: Books
) -> None:
    _, mine = await sign_in(books, is_confirmed=True)
    page = (await client.get(HERE, headers=mine)).text
    assert "I agree" not in page
    assert "I do not want it" in page


async def test_the_link_asks_before_it_agrees(client: httpx.AsyncClient, books: Books) -> None:
    await advertise_to(books, Basis.AGREED)
    async with books.writing() as uow:
        await adverts.agree(uow, spoken(is_theirs=False))
        word_id = await uow.value(OPEN, way=Way.MAIL, recipient=ANNA, now=uow.now)
        path = f"/agree/{token_of(uow, word_id)}"
    assert "May we write to you?" in (await client.get(path)).text
    assert await verdict(books) == NEVER_AGREED
    for _ in range(2):
        assert "You hear from us." in (await client.post(path, headers=OWN)).text
    assert await verdict(books) == ALLOWED
    assert (await client.get("/agree/x.y")).status_code == 404
