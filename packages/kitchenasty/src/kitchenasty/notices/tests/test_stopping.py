"""Whoever asks for no advertising gets none, by a link that nobody can invent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from kitchenasty import notices
from kitchenasty.kit.books import Books, UnitOfWork
from kitchenasty.notices import Letter, MemoryPost, NoticeState, Postman, Sender, WayOutNotFound
from kitchenasty.notices.models import StoppedMailRow

SENDER = Sender("hello@juniper.example", "Juniper & Rye", "https://juniper.example")
ADA = "ada@guest.example"


async def write_advert(_uow: UnitOfWork, _facts: dict[str, Any], _sender: Sender) -> Letter:
    return Letter(subject="Truffles", paragraphs=("They are here.",), is_advertising=True)


async def write_needed(_uow: UnitOfWork, _facts: dict[str, Any], _sender: Sender) -> Letter:
    return Letter(subject="Your table", paragraphs=("It is reserved.",))


WRITERS = {"advert": write_advert, "needed": write_needed}


async def post(books: Books, kind: str, recipient: str = ADA) -> list[Any]:
    async with books.writing() as uow:
        await notices.send_notice(
            uow, kind, recipient=recipient, facts={}, useful_for=timedelta(days=1)
        )
    office = MemoryPost()
    while await Postman(books, office, sender=SENDER, writers=WRITERS).run_due():
        pass
    return office.letters


def token_in(mail: Any) -> str:
    return str(mail["list-unsubscribe"]).removesuffix(">").rpartition("/")[2]


async def test_what_advertises_can_be_stopped_with_one_click(books: Books) -> None:
    [mail] = await post(books, "advert")
    assert mail["list-unsubscribe"].startswith("<https://juniper.example/u/")
    assert mail["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    for kind in ("plain", "html"):
        assert f"https://juniper.example/u/{token_in(mail)}" in mail.get_body(
            (kind,)
        ).get_content().replace("=\n", "")
    assert ADA not in mail["list-unsubscribe"]


async def test_what_has_to_be_told_has_no_way_out(books: Books) -> None:
    [mail] = await post(books, "needed")
    assert mail["list-unsubscribe"] is None
    assert "/u/" not in mail.get_body(("plain",)).get_content()


async def test_whoever_asked_for_none_gets_none_but_what_has_to_be_told(books: Books) -> None:
    [mail] = await post(books, "advert")
    for _twice in range(2):
        async with books.writing() as uow:
            await notices.stop_advertising(uow, token_in(mail))
    assert await post(books, "advert") == []
    assert len(await post(books, "needed")) == 1
    assert await post(books, "advert", ADA.upper()) == [], "an address in capitals is the same"
    assert len(await post(books, "advert", "ben@guest.example")) == 1
    async with books.reading() as look:
        states = [one.state for one in await notices.list_notices(look) if one.kind == "advert"]
    assert states.count(NoticeState.STOPPED) == 2


async def test_a_letter_that_waited_is_held_back_too(books: Books) -> None:
    [mail] = await post(books, "advert")
    async with books.writing() as uow:
        await notices.send_notice(
            uow, "advert", recipient=ADA, facts={}, useful_for=timedelta(days=1)
        )
        await notices.stop_advertising(uow, token_in(mail))
    office = MemoryPost()
    await Postman(books, office, sender=SENDER, writers=WRITERS).run_due()
    assert office.letters == []


async def test_it_can_be_taken_back(books: Books) -> None:
    [mail] = await post(books, "advert")
    async with books.writing() as uow:
        await notices.stop_advertising(uow, token_in(mail))
        await notices.allow_advertising(uow, token_in(mail))
    assert len(await post(books, "advert")) == 1


async def test_no_link_can_be_invented(books: Books) -> None:
    [mail] = await post(books, "advert")
    sign, _, proof = token_in(mail).partition(".")
    for wrong in ("", sign, f"{sign}.", f"x{sign[1:]}.{proof}", f".{proof}", f"{sign}.{proof}x"):
        with pytest.raises(WayOutNotFound):
            async with books.writing() as uow:
                await notices.stop_advertising(uow, wrong)
    async with books.reading() as look:
        assert await notices.may_advertise_to(look, ADA)


async def test_what_is_kept_names_nobody(books: Books) -> None:
    [mail] = await post(books, "advert")
    async with books.writing() as uow:
        await notices.stop_advertising(uow, token_in(mail))
        rows = (await uow.session.execute(select(StoppedMailRow.sign))).all()
    assert len(rows) == 1
    assert "ada" not in str(rows).casefold()
