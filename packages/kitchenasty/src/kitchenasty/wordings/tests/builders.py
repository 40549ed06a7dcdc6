"""A kind of letters to put into other words: that of no slice, in sentences that are translated."""

from __future__ import annotations

from typing import Any

from kitchenasty.kit.books import UnitOfWork
from kitchenasty.notices import BUTTON, Area, Letter, Pattern, Sender

KNOWN = Pattern(
    key="test.known",
    words="The account is there already",
    area=Area.ACCOUNTS,
    subject=("You have an account already",),
    lines=("Somebody wanted to open an account with this address, but you have one.",),
    button="Choose a new password",
    after=("If it was not you, do nothing: nothing will happen.",),
    needs=frozenset({BUTTON}),
)


async def write_known(_uow: UnitOfWork, _facts: dict[str, Any], sender: Sender) -> Letter:
    return KNOWN.write({}, url=f"{sender.public_url}/forgotten")


WRITERS = {KNOWN.key: write_known}
