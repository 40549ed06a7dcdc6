"""Taking an account to another address: the new one answers a letter, the old one is told."""

from __future__ import annotations

from kitchenasty import guests, notices
from kitchenasty.accounts.known import check_current
from kitchenasty.accounts.links import end_links, make_link, use_link
from kitchenasty.accounts.rules import LIFE, NEWS_USEFUL, Purpose
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.identity.entrance import Entrance, Visit
from kitchenasty.kit.identity.sign_in import check_email
from kitchenasty.kit.limits import LETTERS_PER_MAILBOX, RECOVER_PER_ADDRESS


async def ask_to_move(entrance: Entrance, visit: Visit, *, current: str, email: str) -> str:
    """Write to the new address, which is answered as it was understood. Until its letter is
    opened the account stays where it is. Nothing tells whether the address has an account: if so,
    its owner is told and no link is sent. Raises EmailRefused, CurrentPasswordWrong, TooManyTries.
    """
    entrance.take(RECOVER_PER_ADDRESS, visit.place)
    plain = check_email(email)
    customer_id = await check_current(entrance, visit, current)
    entrance.take(LETTERS_PER_MAILBOX, plain)
    async with entrance.books.writing(
        visit.actor, request_id=visit.request_id, address=visit.address
    ) as uow:
        owner = await guests.find_owner_of(uow, plain)
        is_taken = owner is not None and owner.is_confirmed and owner.id != customer_id
        link_id = await make_link(uow, customer_id, Purpose.MOVE, email=plain)
        await notices.send_notice(
            uow,
            "account.known" if is_taken else "account.move",
            recipient=plain,
            facts={} if is_taken else {"link_id": link_id},
            useful_for=LIFE[Purpose.MOVE],
        )
    return plain


async def move(uow: UnitOfWork, token: str) -> guests.Guest:
    """The letter was opened: the account has the new address from now on, and links that were sent
    to the old one open nothing. Raises LinkSpent or AddressInUse.
    """
    link = await use_link(uow, token, Purpose.MOVE)
    assert link.email is not None
    before = await guests.load_guest(uow, link.customer_id)
    after = await guests.move_address(uow, link.customer_id, link.email)
    await end_links(uow, after.id, Purpose.CONFIRM, Purpose.RESET)
    if before.email != after.email:
        await notices.send_notice(
            uow, "account.moved", recipient=before.email, facts={}, useful_for=NEWS_USEFUL
        )
    return after
