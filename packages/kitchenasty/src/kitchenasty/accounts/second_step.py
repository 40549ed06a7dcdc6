"""The second step of a sign-in: the password was right, and the account asks for a code too.

Between the two steps a browser holds a ticket: who, until when, sealed together with the password
that was right, so that it is worth nothing once another one counts. It opens nothing by itself.
"""

from __future__ import annotations

import hmac
from datetime import UTC, datetime, timedelta

from basis.errors import Unauthenticated
from basis.kit.texts import whole_in
from basis.signing import derive
from kitchenasty import staff
from kitchenasty.accounts.service import SignedIn, begin, check_password
from kitchenasty.kit.books import Look
from kitchenasty.kit.identity.entrance import Entrance, Visit
from kitchenasty.kit.identity.sign_in import Account
from kitchenasty.kit.principals import ANONYMOUS, Kind

TICKET_LIFE = timedelta(minutes=5)
TICKET_LENGTH_MAX = 200


class TicketSpent(Unauthenticated):
    """Too old, never ours, or the password is another one by now."""

    def __init__(self) -> None:
        super().__init__("That took too long. Please sign in once more.")


def make_ticket(look: Look, account: Account) -> str:
    """For somebody whose password was right just now."""
    until = str(int((look.now + TICKET_LIFE).timestamp()))
    return f"{account.id}.{until}.{seal(look, account, until)}"


async def sign_in(
    entrance: Entrance,
    visit: Visit,
    *,
    email: str,
    password: str,
    kinds: tuple[Kind, ...],
    code: str | None = None,
) -> SignedIn:
    """Begin a session for whom the password belongs to, looked for among staff, guests or both.

    Raises SignInRefused (the same for unknown, deactivated and wrong), TooManyTries, CodeNeeded,
    CodeRefused.
    """
    account = await check_password(entrance, visit, email=email, password=password, kinds=kinds)
    return await finish(entrance, visit, account, code)


async def pass_second_step(entrance: Entrance, visit: Visit, ticket: str, code: str) -> SignedIn:
    """Begin a session by a ticket and a code. Raises TicketSpent, CodeNeeded, CodeRefused,
    TooManyTries.
    """
    async with entrance.books.reading() as look:
        account = await read_ticket(look, ticket, place=visit.place)
    return await finish(entrance, visit, account, code)


async def finish(entrance: Entrance, visit: Visit, account: Account, code: str | None) -> SignedIn:
    """Begin a session, if the code is right or none is asked for. Raises CodeNeeded, CodeRefused,
    TooManyTries.
    """
    permit = None
    if code:
        permit = entrance.doorman.take_code(account, device=visit.device, address=visit.place)
    async with entrance.books.writing(
        ANONYMOUS, request_id=visit.request_id, address=visit.address
    ) as uow:
        if account.kind is Kind.STAFF:
            await staff.check_second_factor(uow, account.id, code)
        token = await begin(uow, visit, account.kind, account.id)
    if permit is not None:
        entrance.doorman.give_back(permit)
    return SignedIn(token, account.kind, account.id, entrance.doorman.mark_device(account.id))


async def read_ticket(look: Look, ticket: str, *, place: str) -> Account:
    """Whose ticket this is. Raises TicketSpent."""
    staff_id, _, rest = ticket[:TICKET_LENGTH_MAX].partition(".")
    until, _, sealed = rest.partition(".")
    account = await staff.find_own_account(look, staff_id, address=place)
    if account is None or not account.is_active or not is_timely(until, look.now):
        raise TicketSpent
    if not hmac.compare_digest(seal(look, account, until).encode(), sealed.encode()):
        raise TicketSpent
    return account


def is_timely(until: str, now: datetime) -> bool:
    seconds = whole_in(until, digits=11)
    return seconds is not None and now < datetime.fromtimestamp(seconds, UTC)


def seal(look: Look, account: Account, until: str) -> str:
    subject = f"{account.id}|{until}|{account.password_hash}"
    return derive(look.secret, purpose="second step", subject=subject)
