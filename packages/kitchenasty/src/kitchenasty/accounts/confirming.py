"""Asking whoever reads the letters of an address whether the account is theirs."""

from __future__ import annotations

from kitchenasty import guests, notices
from kitchenasty.accounts.links import make_link
from kitchenasty.accounts.rules import LIFE, Purpose
from kitchenasty.kit.books import UnitOfWork


async def ask_to_confirm(uow: UnitOfWork, guest: guests.Guest) -> None:
    """Send the letter that proves the address; to its owner, when it is somebody else's, the word
    that they have an account.
    """
    link_id = await make_link(uow, guest.id, Purpose.CONFIRM)
    owner = await guests.find_owner_of(uow, guest.email)
    is_taken = owner is not None and owner.is_confirmed
    await notices.send_notice(
        uow,
        "account.known" if is_taken else "account.confirm",
        recipient=guest.email,
        facts={} if is_taken else {"link_id": link_id},
        useful_for=LIFE[Purpose.CONFIRM],
    )
