"""Another password for somebody of the staff: by the one they have, or by a letter's link."""

from __future__ import annotations

from kitchenasty import staff
from kitchenasty.accounts.known import check_current
from kitchenasty.accounts.service import SignedIn, begin
from kitchenasty.kit.identity.entrance import Entrance, Visit
from kitchenasty.kit.identity.passwords import check_new_password
from kitchenasty.kit.limits import RECOVER_PER_ADDRESS
from kitchenasty.kit.principals import ANONYMOUS, Kind


async def change_staff_password(
    entrance: Entrance, visit: Visit, *, current: str, password: str
) -> SignedIn:
    """For whoever is signed in and knows the password they have; every other session ends.

    Raises CurrentPasswordWrong, TooManyTries, PasswordRefused.
    """
    actor = visit.actor
    staff_id = await check_current(entrance, visit, current)
    check_new_password(password, known_words=(actor.email or "", actor.name))
    password_hash = await entrance.passwords.hash(password)
    async with entrance.books.writing(
        actor, request_id=visit.request_id, address=visit.address
    ) as uow:
        await staff.set_password(uow, staff_id, password_hash=password_hash)
        token = await begin(uow, visit, Kind.STAFF, staff_id)
    return SignedIn(token, Kind.STAFF, staff_id, entrance.doorman.mark_device(staff_id))


async def reset_staff_password(
    entrance: Entrance, visit: Visit, token: str, password: str
) -> SignedIn | None:
    """A new password by a letter's link: every session ends, and a new one begins, unless a second
    factor is asked for: a letter is none.

    Raises LinkSpent, PasswordRefused, TooManyTries.
    """
    entrance.take(RECOVER_PER_ADDRESS, visit.place)
    async with entrance.books.reading() as look:
        member = await staff.find_password_link(look, token)
    check_new_password(password, known_words=(member.email, member.name))
    password_hash = await entrance.passwords.hash(password)
    async with entrance.books.writing(
        ANONYMOUS, request_id=visit.request_id, address=visit.address
    ) as uow:
        await staff.use_password_link(uow, token, password_hash=password_hash)
        if await staff.has_second_factor(uow, member.id):
            return None
        session = await begin(uow, visit, Kind.STAFF, member.id)
    return SignedIn(session, Kind.STAFF, member.id, entrance.doorman.mark_device(member.id))
