"""The mail server as the owner sets it: it counts for the next letter, whoever sends it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from kitchenasty import notices, settings
from kitchenasty.dashboard.tests.builders import OWN, add_staff, sign_in
from kitchenasty.kit.books import Books, Look, UnitOfWork, open_books
from kitchenasty.kit.principals import Role
from kitchenasty.notices import Head, Letter, Sender
from kitchenasty.notices.tests.builders import PASSWORD, USER, MailServer, open_mail_server

PAGE = "/admin/settings/mail"
GIVEN = {
    "PUBLIC_URL": "https://juniper.example",
    "SMTP_HOST": "nowhere.example",
    "SMTP_TLS": "starttls",
    "SMTP_FROM": "Juniper & Rye <hello@juniper.example>",
}


def server_at(mail: MailServer) -> dict[str, settings.Value]:
    return {
        "smtpHost": "localhost",
        "smtpPort": mail.port,
        "encryption": "none",
        "senderName": "Rye",
        "senderEmail": "rye@juniper.example",
    }


async def save(books: Books, given: dict[str, settings.Value]) -> None:
    async with books.writing() as uow:
        await settings.change(uow, notices.MAIL, given)


@pytest.fixture
async def owner(client: httpx.AsyncClient, books: Books) -> httpx.AsyncClient:
    books.given = GIVEN
    await add_staff(books, "o@bistro.example", role=Role.SUPER_ADMIN)
    await sign_in(client, "o@bistro.example")
    return client


async def write(_uow: UnitOfWork, _facts: dict[str, Any], _sender: Sender) -> Letter | None:
    return Letter(subject="Hello", paragraphs=("There.",))


async def plain_head(_look: Look) -> Head:
    return Head("", "")


@pytest.mark.enable_socket
async def test_a_saved_server_counts_for_the_next_letter_without_a_restart(books: Books) -> None:
    """Two rooms stand for two processes, both running before the server is named and changed."""
    books.given = {"PUBLIC_URL": GIVEN["PUBLIC_URL"]}
    other = open_books(books.database, books.clock, books.secret, books.given)
    rooms = [
        notices.MailRoom(one, writers={"note": write}, head_of=plain_head) for one in (books, other)
    ]
    async with open_mail_server() as first, open_mail_server() as second:
        for room, mail, sender in ((rooms[0], first, "rye"), (rooms[1], second, "oak")):
            async with books.writing() as uow:
                await notices.send_notice(
                    uow, "note", recipient="a@b.example", facts={}, useful_for=timedelta(hours=1)
                )
            if mail is first:
                assert [await one.run_due() for one in rooms] == [0, 0]
            given = server_at(mail) | {"senderEmail": f"{sender}@juniper.example"}
            await save(books, given)
            assert await room.run_due() == 1
        assert [str(one["from"]) for one in first.letters] == ["Rye <rye@juniper.example>"]
        assert [str(one["from"]) for one in second.letters] == ["Rye <oak@juniper.example>"]


@pytest.mark.enable_socket
async def test_the_button_sends_a_letter_and_tells_what_the_server_says(
    owner: httpx.AsyncClient, books: Books
) -> None:
    async with open_mail_server() as mail:
        await save(books, server_at(mail))
        sent = await owner.post(f"{PAGE}/test", headers=OWN)
        assert "took a letter to o@bistro.example" in sent.text
        assert mail.recipients == [["o@bistro.example"]]
        mail.answers.append("550 5.1.1 <b>no such box</b>")
        refused = await owner.post(f"{PAGE}/test", headers=OWN)
    assert refused.status_code == 409
    assert "550 5.1.1 &lt;b&gt;no such box&lt;/b&gt;" in refused.text
    closed = await owner.post(f"{PAGE}/test", headers=OWN)
    assert closed.status_code == 409
    assert "did not take it" in closed.text


@pytest.mark.enable_socket
async def test_user_and_password_are_those_that_were_saved(books: Books) -> None:
    books.given = {"PUBLIC_URL": GIVEN["PUBLIC_URL"]}
    async with open_mail_server(needs_password=True) as mail, books.reading() as look:
        assert await notices.load_smtp(look) is None
        await save(books, server_at(mail) | {"smtpUser": USER, "smtpPass": PASSWORD})
        async with books.reading() as after:
            smtp = await notices.load_smtp(after)
    assert smtp is not None
    assert (smtp.user, str(smtp.password)) == (USER, PASSWORD)
    assert PASSWORD not in repr(smtp)


async def test_what_was_saved_counts_before_the_environment_field_by_field(
    owner: httpx.AsyncClient, books: Books
) -> None:
    await save(books, {"senderName": "Rye"})
    async with books.reading() as look:
        smtp = await notices.load_smtp(look)
    assert smtp is not None
    assert (smtp.host, smtp.port, smtp.tls) == ("nowhere.example", 587, "starttls")
    assert (smtp.sender_name, smtp.sender) == ("Rye", "hello@juniper.example")
    page = (await owner.get(PAGE)).text
    assert "From KITCHENASTY_SMTP_HOST" in page
    assert "Saved here." in page


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"smtpUser": "u", "smtpPass": "p", "encryption": "none"}, "encryption"),
        ({"smtpUser": "u"}, "smtpUser"),
        ({"smtpPass": "p"}, "smtpUser"),
        ({"senderEmail": "no address"}, "senderEmail"),
        ({"smtpPort": 70_000}, "smtpPort"),
        ({"encryption": "rot13"}, "encryption"),
    ],
)
async def test_what_could_not_work_is_refused_at_its_field_and_saves_nothing(
    books: Books, given: dict[str, settings.Value], field: str
) -> None:
    books.given = GIVEN
    with pytest.raises(settings.SettingRefused) as refused:
        await save(books, given | {"senderName": "Changed"})
    assert list(refused.value.problems) == [field]
    async with books.reading() as look:
        assert (await settings.load(look, notices.MAIL))["senderName"] == "Juniper & Rye"


@pytest.mark.parametrize("length", [1, 7, 8, 15, 16, 40])
async def test_a_masked_password_of_any_length_keeps_the_stored_one(
    owner: httpx.AsyncClient, books: Books, length: int
) -> None:
    """Also one with dots in it, which other masks are made of."""
    secret = ("a...b" * 8)[:length]
    await save(books, {"smtpUser": "u", "smtpPass": secret})
    form = {"email": "o@bistro.example", "password": "seven green kettles"}
    token = (await owner.post("/api/auth/staff/login", json=form)).json()["data"]["token"]
    bearer = {"authorization": f"Bearer {token}"}
    shown = (await owner.get("/api/settings/mail", headers=bearer)).json()["data"]
    assert secret not in shown["smtpPass"]
    told = {name: value for name, value in shown.items() if value is not None}
    answer = await owner.put("/api/settings/mail", json=told, headers=bearer)
    assert answer.status_code == 200, answer.text
    async with books.reading() as look:
        assert (await settings.load(look, notices.MAIL))["smtpPass"] == secret


STORED: dict[str, settings.Value] = {
    "smtpHost": "right.example",
    "smtpUser": "u",
    "smtpPass": "seven green kettles",
    "senderEmail": "rye@juniper.example",
}


@pytest.mark.parametrize("given", [{"smtpHost": "thief.example"}, {"smtpUser": "thief"}])
async def test_a_stored_password_is_not_sent_to_another_server(
    books: Books, given: dict[str, settings.Value]
) -> None:
    await save(books, STORED)
    for password in (None, "", "••••••••"):
        with pytest.raises(settings.SettingRefused) as refused:
            await save(books, given | {"smtpPass": password})
        assert list(refused.value.problems) == ["smtpPass"]
    async with books.reading() as look:
        assert (await settings.load(look, notices.MAIL))["smtpHost"] == "right.example"
    await save(books, given | {"smtpPass": "typed again"})


async def test_the_password_of_the_environment_is_not_sent_to_a_server_of_the_office(
    books: Books,
) -> None:
    """Neither by naming another server, nor by forgetting the password that was typed for it."""
    books.given = GIVEN | {"SMTP_USER": "u", "SMTP_PASSWORD": "of the environment"}
    with pytest.raises(settings.SettingRefused):
        await save(books, {"smtpHost": "thief.example"})
    await save(books, {"smtpHost": "thief.example", "smtpPass": "of no worth"})
    with pytest.raises(settings.SettingRefused):
        async with books.writing() as uow:
            await settings.change(uow, notices.MAIL, {}, forgotten=["smtpPass"])
    async with books.writing() as uow:
        await settings.change(uow, notices.MAIL, {}, forgotten=["smtpPass", "smtpHost"])


async def test_emptied_and_named_anew_is_another_server_too(
    books: Books,
) -> None:
    await save(books, STORED)
    await save(books, {"smtpHost": ""})
    with pytest.raises(settings.SettingRefused):
        await save(books, {"smtpHost": "thief.example"})


async def test_what_has_nothing_to_do_with_the_server_changes_without_the_password(
    owner: httpx.AsyncClient, books: Books
) -> None:
    await save(books, STORED)
    await save(books, {"senderName": "Rye", "smtpPort": 465, "encryption": "ssl"})
    page = await owner.post(
        PAGE,
        data={name: str(value) for name, value in STORED.items() if name != "smtpPass"}
        | {"smtpHost": "thief.example", "whole": "yes", "encryption": "ssl"},
        headers=OWN,
    )
    assert page.status_code == 400
    assert 'id="problem-smtpPass"' in page.text
    assert 'value="thief.example"' in page.text
