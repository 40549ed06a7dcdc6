"""An owner with an address, and a mail server that letters could be handed to."""

from __future__ import annotations

import pytest

from kitchenasty import staff
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Role


@pytest.fixture
async def owner_address(books: Books) -> str:
    newcomer = staff.NewMember(email="ada@house.example", name="Ada", role=Role.SUPER_ADMIN)
    async with books.writing() as uow:
        return (await staff.add_member(uow, newcomer, password_hash="none")).email


@pytest.fixture
def mail_server(books: Books) -> None:
    books.given = {
        "SMTP_HOST": "mail.house.example",
        "SMTP_FROM": "house@house.example",
        "PUBLIC_URL": "https://house.example",
    }
