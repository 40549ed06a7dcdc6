"""Coming in and going out, the same for staff and guests.

Checking and making passwords costs 20 ms of processor time, so it happens between transactions and
never inside one: a flood of sign-ins must not hold up the orders.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from kitchenasty import api_keys, audit, guests, staff
from kitchenasty.accounts.confirming import ask_to_confirm
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.identity.entrance import Entrance, Visit
from kitchenasty.kit.identity.keys import is_key
from kitchenasty.kit.identity.passwords import check_new_password
from kitchenasty.kit.identity.sessions import (
    SessionKind,
    end_session,
    find_session,
    note_session,
    open_session,
)
from kitchenasty.kit.identity.sign_in import Account, Attempt, check_email
from kitchenasty.kit.limits import LETTERS_PER_MAILBOX, REGISTER_PER_ADDRESS, SET_UP_PER_ADDRESS
from kitchenasty.kit.principals import ANONYMOUS, Kind, Principal

FIND_PRINCIPAL = {
    Kind.STAFF: staff.find_principal,
    Kind.CUSTOMER: guests.find_principal,
}


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session has begun; the token is told to its owner now and never again."""

    token: str
    kind: Kind
    subject_id: str
    device: str


async def recognise(look: Look, token: str, door: SessionKind) -> Principal | None:
    """Who holds this token at this kind of door, as they are at this moment; None if nobody.
    Keys of programs open no page.
    """
    if is_key(token):
        return await api_keys.find_principal(look, token) if door is SessionKind.API else None
    session = await find_session(look, token, kind=door)
    if session is None:
        return None
    return await FIND_PRINCIPAL[session.subject_kind](look, session)


async def note_use(uow: UnitOfWork, principal: Principal) -> None:
    """Write down that the session or key of somebody is in use."""
    if principal.kind is Kind.KEY:
        await api_keys.note_use(uow, principal)
    else:
        await note_session(uow, principal)


async def check_password(
    entrance: Entrance, visit: Visit, *, email: str, password: str, kinds: tuple[Kind, ...]
) -> Account:
    """Whom the password belongs to, looked for among staff, guests or both.

    Raises SignInRefused (the same for unknown, deactivated and wrong) or TooManyTries.
    """

    async def find_accounts(plain_email: str) -> list[Account | None]:
        found: list[Account | None] = []
        async with entrance.books.reading() as look:
            if Kind.STAFF in kinds:
                found.append(await staff.find_account(look, plain_email, address=visit.place))
            if Kind.CUSTOMER in kinds:
                found += await guests.find_accounts(look, plain_email, address=visit.place)
        return found

    attempt = Attempt(email=email, password=password, address=visit.place, device=visit.device)
    return await entrance.doorman.check(attempt, find_accounts)


async def begin(uow: UnitOfWork, visit: Visit, kind: Kind, subject_id: str) -> str:
    """A new session each time, so that a token planted before the sign-in is worth nothing."""
    if visit.held_token is not None:
        await sign_out(uow, visit.held_token, visit.door)
    token = await open_session(
        uow,
        kind=visit.door,
        subject_kind=kind,
        subject_id=subject_id,
        user_agent=visit.user_agent,
    )
    await audit.record(uow, action="sign-in", entity=kind.capitalize(), entity_id=subject_id)
    return token


async def sign_out(uow: UnitOfWork, token: str, door: SessionKind) -> None:
    """End the session of this token; a token that opens nothing is none to worry about."""
    session = await find_session(uow, token, kind=door)
    if session is None:
        return
    await end_session(uow, session)
    await audit.record(
        uow,
        action="sign-out",
        entity=session.subject_kind.capitalize(),
        entity_id=session.subject_id,
    )


async def register_guest(
    entrance: Entrance, visit: Visit, newcomer: guests.NewGuest, password: str
) -> tuple[guests.Guest, SignedIn]:
    """Open an account, sign in, and write to the address to see whose it is. Nothing tells whether
    it had an account. Raises TooManyTries, PasswordRefused, and what guests refuse.
    """
    entrance.take(REGISTER_PER_ADDRESS, visit.place)
    newcomer = replace(newcomer, email=check_email(newcomer.email))
    check_new_password(password, known_words=(newcomer.email, newcomer.name))
    entrance.take(LETTERS_PER_MAILBOX, newcomer.email)
    password_hash = await entrance.passwords.hash(password)
    async with entrance.books.writing(
        ANONYMOUS, request_id=visit.request_id, address=visit.address
    ) as uow:
        guest = await guests.register_guest(uow, newcomer, password_hash=password_hash)
        await ask_to_confirm(uow, guest)
        token = await begin(uow, visit, Kind.CUSTOMER, guest.id)
    device = entrance.doorman.mark_device(guest.id)
    return guest, SignedIn(token, Kind.CUSTOMER, guest.id, device)


async def register_member(
    entrance: Entrance, visit: Visit, newcomer: staff.NewMember, password: str
) -> staff.Member:
    """Put somebody on the staff; they sign in themselves.

    Whoever adds them gets no session of theirs: that would be acting under another's name.
    Raises PasswordRefused and what staff refuses.
    """
    check_new_password(password, known_words=(newcomer.email, newcomer.name))
    password_hash = await entrance.passwords.hash(password)
    async with entrance.books.writing(
        visit.actor, request_id=visit.request_id, address=visit.address
    ) as uow:
        return await staff.add_member(uow, newcomer, password_hash=password_hash)


async def join_staff(
    entrance: Entrance, visit: Visit, token: str, *, name: str, password: str
) -> SignedIn:
    """Accept an invitation and sign in. Raises TooManyTries, InvitationSpent, PasswordRefused,
    NameRefused, EmailTaken.
    """
    entrance.take(SET_UP_PER_ADDRESS, visit.place)
    async with entrance.books.reading() as look:
        invitation = await staff.find_invitation(look, token)
    check_new_password(password, known_words=(invitation.email, name))
    password_hash = await entrance.passwords.hash(password)
    async with entrance.books.writing(
        ANONYMOUS, request_id=visit.request_id, address=visit.address
    ) as uow:
        member = await staff.accept(uow, token, name, password_hash=password_hash)
        session = await begin(uow, visit, Kind.STAFF, member.id)
    return SignedIn(session, Kind.STAFF, member.id, entrance.doorman.mark_device(member.id))


async def set_up(
    entrance: Entrance, visit: Visit, code: str, *, email: str, name: str, password: str
) -> SignedIn:
    """Let the first owner in with the code that the server printed, and sign them in.

    Raises TooManyTries, SetUpRefused, PasswordRefused, EmailRefused, NameRefused.
    """
    entrance.take(SET_UP_PER_ADDRESS, visit.place)
    check_new_password(password, known_words=(email, name))
    password_hash = await entrance.passwords.hash(password)
    async with entrance.books.writing(
        ANONYMOUS, request_id=visit.request_id, address=visit.address
    ) as uow:
        owner = await staff.add_first_owner(
            uow, code, email=email, name=name, password_hash=password_hash
        )
        token = await begin(uow, visit, Kind.STAFF, owner.id)
    return SignedIn(token, Kind.STAFF, owner.id, entrance.doorman.mark_device(owner.id))
