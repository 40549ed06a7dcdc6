"""Whoever is signed in shows once more that they know the password: a phone may lie about."""

from __future__ import annotations

from basis.errors import Invalid
from kitchenasty import guests, staff
from kitchenasty.kit.identity.entrance import Entrance, Visit
from kitchenasty.kit.identity.sign_in import Account, Attempt, SignInRefused
from kitchenasty.kit.principals import Kind

FIND_OWN = {Kind.STAFF: staff.find_own_account, Kind.CUSTOMER: guests.find_own_account}


class CurrentPasswordWrong(Invalid):
    def __init__(self) -> None:
        super().__init__("This is not the password that you have now.")


async def check_current(entrance: Entrance, visit: Visit, password: str) -> str:
    """The id of the person who is signed in. Raises CurrentPasswordWrong, TooManyTries."""
    actor = visit.actor
    assert actor.id is not None
    own_id = actor.id

    async def find_own(_email: str) -> list[Account | None]:
        async with entrance.books.reading() as look:
            return [await FIND_OWN[actor.kind](look, own_id, address=visit.place)]

    attempt = Attempt(actor.email or "", password, visit.place, visit.device)
    try:
        await entrance.doorman.check(attempt, find_own)
    except SignInRefused as refused:
        raise CurrentPasswordWrong from refused
    return own_id
