"""Whose account it is: by the provider's name for the person, and by mail only if both sides have
proved it.
"""

from __future__ import annotations

import asyncio
import re

import httpx
import pytest
from litestar import Litestar

from kitchenasty import guests
from kitchenasty.kit.books import Books
from kitchenasty.kit.identity.passwords import Passwords
from kitchenasty.notices import MemoryPost, Postman, Sender
from kitchenasty.openid import service
from kitchenasty.openid.letters import WRITERS
from kitchenasty.openid.rules import Identity
from kitchenasty.openid.tests.builders import PUBLIC_URL, Person, Trip
from kitchenasty.openid.tests.test_coming_in import another_browser, list_guests
from kitchenasty.openid.trips import Purpose

pytestmark = pytest.mark.enable_socket
MAIL, PASSWORD = "anna@guest.example", "seven green kettles"
WAYS = "/account/ways"
UNLINK = re.compile(r"/account/ways/([0-9a-f-]{36})/unlink")
SENDER = Sender("hello@juniper.example", "Juniper & Rye", PUBLIC_URL)


async def register(books: Books, *, email: str = MAIL, is_confirmed: bool = True) -> guests.Guest:
    """A guest with a password of their own."""
    password_hash = await Passwords(memory_kib=64).hash(PASSWORD)
    async with books.writing() as uow:
        newcomer = guests.NewGuest(email=email, name="Anna")
        return await guests.register_guest(
            uow, newcomer, password_hash=password_hash, is_confirmed=is_confirmed
        )


async def sign_in(client: httpx.AsyncClient, email: str = MAIL) -> None:
    answer = await client.post("/sign-in", data={"email": email, "password": PASSWORD})
    assert answer.status_code == 303, answer.text


async def linked(client: httpx.AsyncClient) -> list[dict[str, str]]:
    told = (await client.get("/account/data.json")).json()["sections"]
    found: list[dict[str, str]] = told["signInsElsewhere"]
    return found


async def link(trip: Trip, known: str = PASSWORD) -> httpx.Response:
    """From the account's page to the provider and back."""
    page = await trip.client.post(f"{WAYS}/link", data={"known": known})
    if page.status_code != 200:
        return page
    url = page.text.partition('content="0; url=')[2].partition('"')[0].replace("&amp;", "&")
    return await trip.client.get(await trip.decide(url))


async def test_an_account_whose_mail_both_sides_proved_is_the_guests(
    trip: Trip, books: Books
) -> None:
    account = await register(books)
    trip.twin.person.email = "Anna@Guest.example"
    await trip.whole()
    assert await trip.whoami() == MAIL
    assert [guest.id for guest in await list_guests(books)] == [account.id]
    post = MemoryPost()
    await Postman(books, post, sender=SENDER, writers=WRITERS).run_due()
    [letter] = post.letters
    assert letter["to"] == MAIL
    plain = letter.get_body(("plain",))
    assert plain is not None
    assert f"{PUBLIC_URL}{WAYS}" in plain.get_content()


@pytest.mark.parametrize("said", [False, None, "true"])
@pytest.mark.parametrize("is_known", [True, False])
async def test_a_mail_that_the_provider_does_not_vouch_for_opens_nothing(
    trip: Trip, books: Books, said: object, is_known: bool
) -> None:
    """The answer is the same whether there is an account or not."""
    if is_known:
        await register(books)
    trip.twin.person.email_verified = said
    answer = await trip.whole()
    assert answer.status_code == 403
    assert "has checked your e-mail address" in answer.text
    assert await trip.whoami() is None
    assert len(await list_guests(books)) == is_known


async def test_a_provider_without_a_mail_opens_no_account(trip: Trip) -> None:
    trip.twin.person.email = None
    assert (await trip.whole()).status_code == 403
    trip.twin.person.email = "not an address"
    assert (await trip.whole()).status_code == 403


async def test_an_account_that_was_not_confirmed_is_not_joined(trip: Trip, books: Books) -> None:
    """Whoever registered with somebody's address must not find them in their own account later."""
    squatter = await register(books, is_confirmed=False)
    answer = await trip.whole()
    assert answer.status_code == 409
    assert "was not confirmed" in answer.text
    assert await trip.whoami() is None
    # Its owner signs in with the password, and links it there.
    await sign_in(trip.client)
    assert (await link(trip)).headers["location"] == f"{WAYS}?told=linked"
    await trip.client.post("/sign-out")
    await trip.whole()
    [known] = await list_guests(books)
    assert known.id == squatter.id


async def test_whoever_owns_the_address_opens_an_account_beside_a_claim(
    trip: Trip, books: Books
) -> None:
    squatter = await register(books, is_confirmed=False)
    refused = await trip.whole()
    assert "/sign-in/elsewhere?new=yes" in refused.text
    await trip.whole("/sign-in/elsewhere?new=yes")
    owner, claim = await list_guests(books)
    assert (owner.is_confirmed, claim.is_confirmed) == (True, False)
    assert claim.id == squatter.id
    assert await trip.whoami() == MAIL


async def test_of_many_who_come_in_for_the_first_time_at_once_there_is_one_account(
    trip: Trip, books: Books, app: Litestar
) -> None:
    backs = []
    for _ in range(6):
        back = await trip.decide(await trip.leave())
        backs.append((back, {"cookie": f"elsewhere={trip.client.cookies['elsewhere']}"}))
        trip.client.cookies.clear()
    async with another_browser(app) as one:
        answers = await asyncio.gather(*(one.get(back, headers=cookie) for back, cookie in backs))
    assert {answer.status_code for answer in answers} == {303}
    assert len(await list_guests(books)) == 1


async def test_a_blocked_guest_stays_outside_by_every_way(trip: Trip, books: Books) -> None:
    await trip.whole()
    [guest] = await list_guests(books)
    async with books.writing() as uow:
        await guests.block(uow, guest.id)
    assert await trip.whoami() is None
    answer = await trip.whole()
    assert answer.status_code == 403
    assert "closed" in answer.text
    trip.twin.person.sub = "another-account-of-hers"  # with the same mail
    assert (await trip.whole()).status_code == 403
    assert await trip.whoami() is None
    async with books.writing() as uow:
        await guests.unblock(uow, guest.id)
    trip.twin.person = Person()
    await trip.whole()
    assert await trip.whoami() == MAIL


async def test_who_was_forgotten_comes_in_as_somebody_new(trip: Trip, books: Books) -> None:
    await trip.whole()
    [before] = await list_guests(books)
    gone = await trip.client.post("/account/erase", data={"email": MAIL})
    assert gone.status_code in (200, 201)
    assert await list_guests(books) == []
    await trip.whole()
    [after] = await list_guests(books)
    assert after.id != before.id


async def test_linking_needs_the_password(trip: Trip, books: Books) -> None:
    """A link is a key to the account for good: whoever finds a phone on a table makes none."""
    await register(books, email="anna@mill.example")
    await sign_in(trip.client, "anna@mill.example")
    assert (await link(trip, known="eleven quiet ladles")).status_code == 400
    assert await linked(trip.client) == []
    assert (await link(trip)).headers["location"] == f"{WAYS}?told=linked"
    [one] = await linked(trip.client)
    assert (one["issuer"], one["subject"]) == (trip.twin.url, "subject-anna")
    await trip.client.post("/sign-out")
    await trip.whole()
    assert await trip.whoami() == "anna@mill.example"


async def test_a_link_ends_at_the_account_that_asked_for_it(
    trip: Trip, books: Books, app: Litestar
) -> None:
    await register(books, email="anna@mill.example")
    await register(books, email="bob@mill.example")
    await sign_in(trip.client, "anna@mill.example")
    page = await trip.client.post(f"{WAYS}/link", data={"known": PASSWORD})
    url = page.text.partition('content="0; url=')[2].partition('"')[0].replace("&amp;", "&")
    back = await trip.decide(url)
    await sign_in(trip.client, "bob@mill.example")
    assert (await trip.client.get(back)).status_code == 401
    assert await linked(trip.client) == []
    async with another_browser(app) as stranger:
        stranger.cookies.update(trip.client.cookies)
        stranger.cookies.delete("session")
        assert (await stranger.get(back)).headers.get("location") != f"{WAYS}?told=linked"


async def test_one_account_elsewhere_is_one_guest_here(trip: Trip, books: Books) -> None:
    await trip.whole()
    await trip.client.post("/sign-out")
    await register(books, email="bob@mill.example")
    await sign_in(trip.client, "bob@mill.example")
    answer = await link(trip)
    assert answer.status_code == 409
    assert "linked to this one already" in answer.text
    assert await linked(trip.client) == []


async def test_the_only_way_in_is_not_removed(trip: Trip, books: Books) -> None:
    await trip.whole()
    [identity_id] = UNLINK.findall((await trip.client.get(WAYS)).text)
    refused = await trip.client.post(f"{WAYS}/{identity_id}/unlink")
    assert refused.status_code == 409
    assert "choose a password first" in refused.text
    [guest] = await list_guests(books)
    async with books.writing() as uow:
        await guests.set_password(uow, guest.id, password_hash="chosen by a letter")
    removed = await trip.client.post(f"{WAYS}/{identity_id}/unlink")
    assert removed.headers["location"] == f"{WAYS}?told=unlinked"
    assert await linked(trip.client) == []


async def test_of_two_ways_removed_at_once_one_stays(trip: Trip, books: Books) -> None:
    await trip.whole()
    [guest] = await list_guests(books)
    second = Identity(trip.twin.url, "another", email=None, is_email_verified=False, name="")
    async with books.writing() as uow:
        await service.link(uow, guest.id, second)
    ids = UNLINK.findall((await trip.client.get(WAYS)).text)
    assert len(ids) == 2
    answers = await asyncio.gather(*(trip.client.post(f"{WAYS}/{one}/unlink") for one in ids))
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert len(await linked(trip.client)) == 1


async def test_nobody_removes_what_is_anothers(trip: Trip, books: Books) -> None:
    await trip.whole()
    [theirs] = UNLINK.findall((await trip.client.get(WAYS)).text)
    await trip.client.post("/sign-out")
    await register(books, email="bob@mill.example")
    await sign_in(trip.client, "bob@mill.example")
    assert (await trip.client.post(f"{WAYS}/{theirs}/unlink")).status_code == 404


async def test_a_guest_without_a_password_chooses_one_by_a_letter(trip: Trip, books: Books) -> None:
    await trip.whole()
    assert 'action="/account/password"' not in (await trip.client.get("/account")).text
    assert "/forgotten" in (await trip.client.get(WAYS)).text
    async with books.writing() as uow:
        owner = await guests.find_owner_of(uow, MAIL)
    assert owner is not None
    assert owner.is_confirmed  # so the letter for a new password goes to this account


async def test_no_password_signs_in_to_an_account_that_has_none(trip: Trip) -> None:
    await trip.whole()
    await trip.client.post("/sign-out")
    for password in ("", "none", "None", PASSWORD):
        form = {"email": MAIL, "password": password}
        assert (await trip.client.post("/sign-in", data=form)).status_code in (400, 401)


@pytest.mark.parametrize(
    ("name", "kept"),
    [("", "anna"), ("  Anna\n\tLind ", "Anna Lind"), ("A" * 300, "A" * 200), (" \n", "anna")],
)
async def test_the_name_is_what_people_can_read(books: Books, name: str, kept: str) -> None:
    identity = Identity(
        "https://login.example", "anna", email=MAIL, is_email_verified=True, name=name
    )
    async with books.writing() as uow:
        guest_id = await service.come_in(uow, identity, Purpose.ENTER)
        assert (await guests.load_guest(uow, guest_id)).name == kept
