"""A guest's account by its pages, without script and without a bearer token."""

from __future__ import annotations

import httpx
import pytest
from litestar import Litestar

from kitchenasty.accounts.tests.letterbox import deliver, link_in
from kitchenasty.kit.books import Books

OWN = {"origin": "http://house.example"}
PASSWORD = "seven green kettles"
OTHER = "eleven quiet ladles"
ADA = {"name": "Ada", "email": "ada@guest.example", "phone": "030 1", "password": PASSWORD}
MAIL = {
    "SMTP_HOST": "localhost",
    "SMTP_FROM": "Juniper & Rye <hello@juniper.example>",
    "PUBLIC_URL": "https://juniper.example",
}


@pytest.fixture
def guest(books: Books, client: httpx.AsyncClient) -> httpx.AsyncClient:
    """A browser at a house that has a mail server."""
    books.given = MAIL
    client.headers.update(OWN)
    return client


async def test_opens_an_account_confirms_and_changes_it(
    guest: httpx.AsyncClient, books: Books
) -> None:
    opened = await guest.post("/register", data=ADA)
    assert opened.headers["location"] == "/account?told=opened"
    page = await guest.get("/account?told=opened")
    assert "We are writing to ada@guest.example." in page.text
    (letter,) = await deliver(books)
    link = link_in(letter)
    asked = await guest.get(link)
    assert "Is this your address?" in asked.text
    assert asked.headers["cache-control"] == "no-store"
    assert "open the link in our letter" in (await guest.get("/account")).text
    done = await guest.post(link)
    assert done.headers["location"] == "/account?told=confirmed"
    assert "open the link in our letter" not in (await guest.get("/account")).text
    assert (await guest.get(link)).status_code == 409
    await guest.post("/account", data={"name": "Ada L.", "phone": "030 2"})
    page = await guest.get("/account")
    assert "Ada L." in page.text
    assert "030 2" in page.text


async def test_moves_to_another_address_by_its_pages(
    guest: httpx.AsyncClient, books: Books
) -> None:
    await guest.post("/register", data=ADA)
    await deliver(books)
    asked = {"email": "new@guest.example", "known": "wrong"}
    refused = await guest.post("/account/email", data=asked)
    assert refused.status_code == 400
    assert "not the password" in refused.text
    sent = await guest.post("/account/email", data=asked | {"known": PASSWORD})
    assert sent.status_code == 303, sent.text
    assert sent.headers["location"] == "/account?told=moving"
    (letter,) = await deliver(books)
    assert "Shall your account have this address?" in (await guest.get(link_in(letter))).text
    moved = await guest.post(link_in(letter))
    assert moved.headers["location"] == "/account?told=moved"
    assert "new@guest.example" in (await guest.get("/account")).text


async def test_a_planted_session_does_not_become_the_guests(guest: httpx.AsyncClient) -> None:
    """Signing in, registering and a new password each begin a session of their own."""
    await guest.post("/register", data=ADA)
    first = guest.cookies["session"]
    await guest.post("/account/password", data={"current": PASSWORD, "password": OTHER})
    second = guest.cookies["session"]
    guest.cookies.delete("session")
    await guest.post("/register", data=ADA | {"email": "eve@guest.example"})
    planted = guest.cookies["session"]
    await guest.post("/sign-in", data={"email": ADA["email"], "password": OTHER})
    assert len({first, second, planted, guest.cookies["session"]}) == 4
    for spent in (first, planted):
        guest.cookies.clear()
        guest.cookies.set("session", spent, domain="house.example")
        assert (await guest.get("/account")).status_code == 303


async def test_a_forgotten_password_is_renewed_by_letter(
    guest: httpx.AsyncClient, books: Books
) -> None:
    await guest.post("/register", data=ADA)
    guest.cookies.clear()
    page = await guest.post("/forgotten", data={"email": ADA["email"]})
    assert "We are writing to ada@guest.example." in page.text
    link = link_in((await deliver(books))[-1])
    refused = await guest.post(link, data={"password": "short"})
    assert refused.status_code == 400
    assert "too short" in refused.text
    renewed = await guest.post(link, data={"password": OTHER})
    assert renewed.headers["location"] == "/account?told=password"
    assert (await guest.get("/account")).status_code == 200


async def test_a_letter_is_in_the_language_of_who_asked(
    guest: httpx.AsyncClient, books: Books
) -> None:
    await guest.post("/register", data=ADA, headers=OWN | {"accept-language": "de"})
    (letter,) = await deliver(books)
    assert letter["subject"] == "Bitte bestätigen Sie Ihre Adresse"
    assert letter["content-language"] == "de"


async def test_without_a_mail_server_no_page_claims_a_letter(
    app: Litestar, client: httpx.AsyncClient
) -> None:
    assert app.state.config.smtp is None
    await client.post("/register", data=ADA, headers=OWN)
    pages = [
        await client.get("/account?told=opened"),
        await client.get("/account?told=asked"),
        await client.get("/forgotten"),
        await client.post("/forgotten", data={"email": "ada@guest.example"}, headers=OWN),
    ]
    for page in pages:
        assert "writing to" not in page.text
        assert "cannot send letters just now" in page.text


async def test_refusals_keep_what_was_typed_but_for_the_password(
    guest: httpx.AsyncClient,
) -> None:
    answer = await guest.post("/register", data=ADA | {"password": "password1"})
    assert answer.status_code == 400
    assert 'value="ada@guest.example"' in answer.text
    assert "password1" not in answer.text


async def test_links_of_letters_are_in_no_log(
    guest: httpx.AsyncClient, books: Books, capsys: pytest.CaptureFixture[str]
) -> None:
    await guest.post("/register", data=ADA)
    (letter,) = await deliver(books)
    link = link_in(letter)
    for path in (link, link + "x", link.replace("confirm", "reset")):
        await guest.get(path)
        await guest.post(path, data={"password": "short"})
    said = capsys.readouterr()
    assert link.rpartition("/")[2] not in said.out + said.err
    assert "/confirm/***" in said.out + said.err


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/\\evil.example"])
async def test_registering_leads_nowhere_but_into_this_site(
    guest: httpx.AsyncClient, wanted: str
) -> None:
    answer = await guest.post("/register", data=ADA | {"next": wanted})
    assert answer.headers["location"] == "/account?told=opened"
