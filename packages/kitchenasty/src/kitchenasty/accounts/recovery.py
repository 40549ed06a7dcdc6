"""Proving that an address is one's own, and choosing a new password.

Whatever is asked for an address, the answer is the same, and about the same is written down:
nobody learns here who has an account.
"""

from __future__ import annotations

from kitchenasty import guests, notices, staff
from kitchenasty.accounts.confirming import ask_to_confirm
from kitchenasty.accounts.known import check_current
from kitchenasty.accounts.links import find_link, make_link, use_link
from kitchenasty.accounts.rules import LIFE, NEWS_USEFUL, Purpose
from kitchenasty.accounts.service import SignedIn, begin
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.identity.entrance import Entrance, Visit
from kitchenasty.kit.identity.passwords import check_new_password
from kitchenasty.kit.identity.sessions import end_sessions_of
from kitchenasty.kit.identity.sign_in import check_email
from kitchenasty.kit.limits import LETTERS_PER_MAILBOX, RECOVER_PER_ADDRESS
from kitchenasty.kit.principals import ANONYMOUS, Kind


async def ask_again(entrance: Entrance, visit: Visit) -> None:
    """The letter once more, for whoever is signed in. Raises TooManyTries."""
    assert visit.actor.id is not None
    entrance.take(LETTERS_PER_MAILBOX, visit.actor.email or visit.actor.id)
    async with entrance.books.writing(
        visit.actor, request_id=visit.request_id, address=visit.address
    ) as uow:
        guest = await guests.load_guest(uow, visit.actor.id)
        if not guest.is_confirmed:
            await ask_to_confirm(uow, guest)


async def confirm(uow: UnitOfWork, token: str) -> guests.Guest:
    """The address is theirs. Raises LinkSpent or AddressInUse."""
    link = await use_link(uow, token, Purpose.CONFIRM)
    return await guests.confirm_address(uow, link.customer_id)


async def ask_for_reset(entrance: Entrance, visit: Visit, email: str) -> None:
    """Write to the address, to guests and staff alike, whether it has an account or not.

    Raises EmailRefused, TooManyTries.
    """
    entrance.take(RECOVER_PER_ADDRESS, visit.place)
    plain = check_email(email)
    entrance.take(LETTERS_PER_MAILBOX, plain)
    async with entrance.books.writing(
        ANONYMOUS, request_id=visit.request_id, address=visit.address
    ) as uow:
        guest = await guests.find_owner_of(uow, plain)
        works_here = await staff.write_password_letter(uow, plain)
        if works_here and guest is None:
            return
        facts = {}
        if guest is not None:
            facts["link_id"] = await make_link(uow, guest.id, Purpose.RESET)
        await notices.send_notice(
            uow,
            "account.reset" if guest else "account.unknown",
            recipient=plain,
            facts=facts,
            useful_for=LIFE[Purpose.RESET],
        )


async def reset_password(entrance: Entrance, visit: Visit, token: str, password: str) -> SignedIn:
    """A new password by a letter's link: every session ends, a new one begins, and the address is
    confirmed, since its letter was read. Raises LinkSpent, PasswordRefused, AddressInUse,
    TooManyTries.
    """
    entrance.take(RECOVER_PER_ADDRESS, visit.place)
    async with entrance.books.reading() as look:
        link = await find_link(look, token, Purpose.RESET)
        guest = await guests.load_guest(look, link.customer_id)
    check_new_password(password, known_words=(guest.email, guest.name))
    password_hash = await entrance.passwords.hash(password)
    async with entrance.books.writing(
        ANONYMOUS, request_id=visit.request_id, address=visit.address
    ) as uow:
        await use_link(uow, token, Purpose.RESET)
        await guests.confirm_address(uow, guest.id)
        session = await renew(uow, visit, guest, password_hash)
    return SignedIn(session, Kind.CUSTOMER, guest.id, entrance.doorman.mark_device(guest.id))


async def change_password(
    entrance: Entrance, visit: Visit, *, current: str, password: str
) -> SignedIn:
    """Another password for whoever is signed in and knows the one they have; every other session
    ends. Raises CurrentPasswordWrong, TooManyTries, PasswordRefused.
    """
    actor = visit.actor
    customer_id = await check_current(entrance, visit, current)
    check_new_password(password, known_words=(actor.email or "", actor.name))
    password_hash = await entrance.passwords.hash(password)
    async with entrance.books.writing(
        actor, request_id=visit.request_id, address=visit.address
    ) as uow:
        guest = await guests.load_guest(uow, customer_id)
        session = await renew(uow, visit, guest, password_hash)
    return SignedIn(session, Kind.CUSTOMER, guest.id, entrance.doorman.mark_device(guest.id))


async def renew(uow: UnitOfWork, visit: Visit, guest: guests.Guest, password_hash: str) -> str:
    """Keep the password, end every session, and begin one here; the owner is told by letter."""
    await guests.set_password(uow, guest.id, password_hash=password_hash)
    await end_sessions_of(uow, subject_kind=Kind.CUSTOMER, subject_id=guest.id)
    await notices.send_notice(
        uow,
        "account.changed",
        recipient=guest.email,
        facts={"customer_id": guest.id},
        useful_for=NEWS_USEFUL,
    )
    return await begin(uow, visit, Kind.CUSTOMER, guest.id)
