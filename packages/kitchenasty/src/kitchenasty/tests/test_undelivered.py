"""What did not arrive stands at its order and in the list, and goes where it was meant to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from kitchenasty import locations, notices
from kitchenasty.correspondence import MOVABLE
from kitchenasty.dashboard.tests.builders import OWN, add_staff, sign_in
from kitchenasty.kit.books import Books, UnitOfWork
from kitchenasty.kit.principals import Role
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.notices import Letter, MemoryPost, Postman, PostRefused, Sender
from kitchenasty.orders.tests.builders import record

SENDER = Sender("hello@juniper.example", "Juniper & Rye", "https://juniper.example")
BOSS = "boss@bistro.example"
LIST = "/admin/letters"


async def write(_uow: UnitOfWork, _facts: dict[str, Any], _sender: Sender) -> Letter:
    return Letter(subject="Yours", paragraphs=("Here it is.",))


async def deliver(books: Books, kind: str, *refusals: Exception) -> list[Any]:
    office = MemoryPost(refusals=list(refusals))
    await Postman(books, office, sender=SENDER, writers={kind: write}).run_due()
    return office.letters


@pytest.fixture
async def manager(client: httpx.AsyncClient, books: Books) -> httpx.AsyncClient:
    await add_staff(books, BOSS, role=Role.MANAGER)
    await sign_in(client, BOSS)
    return client


async def fail(books: Books, recipient: str, kind: str = "receipts.paper") -> str:
    async with books.writing() as uow:
        notice_id = await notices.send_notice(
            uow, kind, recipient=recipient, facts={}, useful_for=timedelta(days=1)
        )
    await deliver(books, kind, PostRefused("550 5.1.1 unknown", is_final=True))
    return notice_id


async def test_the_order_says_that_its_letter_did_not_arrive(
    manager: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    async with books.writing() as uow:
        order = (await record(uow, house, await add_dish(uow, house_id=house.id))).order
    address = order.contact.email or ""
    assert "did not arrive" not in (await manager.get(f"/admin/orders/{order.id}")).text
    await fail(books, address)
    page = await manager.get(f"/admin/orders/{order.id}")
    assert f"A letter to {address} did not arrive:" in page.text
    assert "there is no such mailbox" in page.text


@pytest.mark.usefixtures("house")
async def test_it_is_sent_to_the_address_that_was_meant(
    manager: httpx.AsyncClient, books: Books
) -> None:
    notice_id = await fail(books, "ada@wrong.example")
    assert "To another address" in (await manager.get(LIST)).text
    wrong = await manager.post(f"{LIST}/{notice_id}/elsewhere", data={"to": "ada"}, headers=OWN)
    assert wrong.status_code == 400
    sent = await manager.post(
        f"{LIST}/{notice_id}/elsewhere", data={"to": "ada@right.example"}, headers=OWN
    )
    assert sent.status_code == 303
    [mail] = await deliver(books, "receipts.paper")
    assert mail["to"] == "ada@right.example"


@pytest.mark.usefixtures("house")
async def test_a_letter_about_an_account_stays_with_its_address(
    manager: httpx.AsyncClient, books: Books
) -> None:
    notice_id = await fail(books, "ada@guest.example", "account.reset")
    assert "To another address" not in (await manager.get(LIST)).text
    sent = await manager.post(
        f"{LIST}/{notice_id}/elsewhere", data={"to": "eve@evil.example"}, headers=OWN
    )
    assert sent.status_code == 409
    await manager.post(f"{LIST}/again", headers=OWN)
    [mail] = await deliver(books, "account.reset")
    assert mail["to"] == "ada@guest.example"


def test_nothing_that_opens_an_account_may_be_moved() -> None:
    assert not [kind for kind in MOVABLE if kind.startswith(("account.", "staff.", "webhooks."))]
