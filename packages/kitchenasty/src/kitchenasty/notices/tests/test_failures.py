"""What did not arrive is told with its reason, and can be sent again, also to another address."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kitchenasty import audit, notices
from kitchenasty.kit.books import Books, UnitOfWork
from kitchenasty.kit.identity.sign_in import EmailRefused
from kitchenasty.notices import (
    Letter,
    MayNotGoElsewhere,
    MemoryPost,
    NoticeNotFound,
    Postman,
    PostRefused,
    Sender,
)
from kitchenasty.notices.failures import (
    FULL_BOX,
    NO_DOMAIN,
    OTHER,
    TOO_LATE,
    UNKNOWN_BOX,
    UNWANTED,
    explain,
)

SENDER = Sender("hello@juniper.example", "Juniper & Rye", "https://juniper.example")
ADA = "ada@guest.example"
UNKNOWN = "550 5.1.1 <ada@guest.example>: Recipient address rejected"
MOVABLE = frozenset({"receipt"})


async def write(_uow: UnitOfWork, _facts: dict[str, Any], _sender: Sender) -> Letter:
    return Letter(subject="Yours", paragraphs=("Here it is.",))


WRITERS = {"receipt": write, "account.reset": write}


async def ask(books: Books, kind: str = "receipt", recipient: str = ADA) -> str:
    async with books.writing() as uow:
        return await notices.send_notice(
            uow, kind, recipient=recipient, facts={}, useful_for=timedelta(days=1)
        )


async def deliver(books: Books, *refusals: Exception) -> list[Any]:
    office = MemoryPost(refusals=list(refusals))
    await Postman(books, office, sender=SENDER, writers=WRITERS).run_due()
    return office.letters


def refused(why: str = UNKNOWN) -> PostRefused:
    return PostRefused(why, is_final=True)


async def failures(books: Books, address: str | None = ADA) -> list[notices.Failure]:
    async with books.reading() as look:
        return await notices.list_failures(look, address)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (UNKNOWN, UNKNOWN_BOX),
        ("552 5.2.2 over quota", FULL_BOX),
        ("556 5.1.10 null MX", NO_DOMAIN),
        ("554 5.7.1 Message rejected as spam", UNWANTED),
        ("It could not be sent in time.", TOO_LATE),
        ("550 no", OTHER),
        ("", OTHER),
        ("192.5.1.1 said no", OTHER),
    ],
)
def test_says_what_a_mail_server_meant(said: str, why: str) -> None:
    assert explain(said) == why


async def test_a_letter_that_was_refused_is_told_at_its_address_only(books: Books) -> None:
    await ask(books)
    await deliver(books, refused())
    [failure] = await failures(books)
    assert (failure.kind, failure.recipient, failure.why) == ("receipt", ADA, UNKNOWN_BOX)
    assert failure.settled_at is not None
    assert await failures(books, "ben@guest.example") == []
    assert await failures(books, None) == []
    assert len(await failures(books, " ADA@guest.example ")) == 1


async def test_what_is_on_its_way_or_arrived_is_no_failure(books: Books) -> None:
    await ask(books)
    assert await failures(books) == []
    assert len(await deliver(books)) == 1
    assert await failures(books) == []


async def test_goes_to_the_address_that_was_meant(books: Books) -> None:
    notice_id = await ask(books)
    await deliver(books, refused())
    async with books.writing() as uow:
        await notices.send_elsewhere(uow, notice_id, "Ada@Right.example", movable=MOVABLE)
    [mail] = await deliver(books)
    assert mail["to"] == "ada@right.example"
    assert await failures(books) == []
    async with books.reading() as look:
        [entry] = await audit.list_entries(look, entity="Letter", entity_id=notice_id)
    assert "@" not in str(entry), "the trail outlives the guest"


async def test_what_opens_an_account_goes_nowhere_else(books: Books) -> None:
    notice_id = await ask(books, "account.reset")
    await deliver(books, refused())
    with pytest.raises(MayNotGoElsewhere):
        async with books.writing() as uow:
            await notices.send_elsewhere(uow, notice_id, "eve@evil.example", movable=MOVABLE)
    [failure] = await failures(books)
    assert failure.recipient == ADA


async def test_only_what_was_given_up_goes_elsewhere_and_only_to_an_address(books: Books) -> None:
    notice_id = await ask(books)
    with pytest.raises(NoticeNotFound):
        async with books.writing() as uow:
            await notices.send_elsewhere(uow, notice_id, "ada@right.example", movable=MOVABLE)
    await deliver(books, refused())
    with pytest.raises(EmailRefused):
        async with books.writing() as uow:
            await notices.send_elsewhere(uow, notice_id, "right\r\nBcc: x", movable=MOVABLE)


async def test_all_that_was_given_up_is_tried_again(books: Books) -> None:
    for number in range(3):
        await ask(books, recipient=f"guest{number}@guest.example")
    await deliver(books, refused(), refused(), refused())
    async with books.writing() as uow:
        assert await notices.send_all_again(uow) == 3
    assert len(await deliver(books)) == 3
