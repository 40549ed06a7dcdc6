"""Guests' accounts: coming in, being known, being reachable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, delete, exists, select, text, true, update
from sqlalchemy.orm import aliased

from basis.errors import Conflict, Invalid, NotFound
from basis.ids import new_id
from basis.kit.data.constraints import BROKEN
from basis.kit.data.statements import Statement, insert_into
from basis.kit.texts import one_line
from basis.sentences import Sentence
from kitchenasty import audit
from kitchenasty.guests.models import IS_CONFIRMED, Customer
from kitchenasty.guests.rules import keys_of
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.identity.sessions import Session, is_signed_in_from
from kitchenasty.kit.identity.sign_in import Account, check_email
from kitchenasty.kit.principals import Kind, Principal

NAME_LENGTH_MAX = 200
PHONE_LENGTH_MAX = 40
FORGOTTEN_DAYS = 7
CLAIMS_MAX = 20

Other = aliased(Customer)
OF_CUSTOMER = Customer.id == bindparam("customer_id", required=True)
OF_EMAIL = Customer.email == bindparam("email", required=True)

PRINCIPAL = Statement(
    select(Customer.name, Customer.email).where(OF_CUSTOMER, Customer.is_active.is_(true()))
)
CREDENTIALS = select(Customer.id, Customer.password_hash, Customer.is_active)
CONFIRMED = Statement(CREDENTIALS.where(OF_EMAIL, text(IS_CONFIRMED)))
UNCONFIRMED = CREDENTIALS.where(OF_EMAIL, Customer.verified_at.is_(None)).limit(1)
FIRST = Statement(UNCONFIRMED.order_by(Customer.id))
LAST = Statement(UNCONFIRMED.order_by(Customer.id.desc()))
OWN = Statement(CREDENTIALS.where(OF_CUSTOMER))
BY_ID = Statement(
    select(Customer.id, Customer.email, Customer.name, Customer.phone, Customer.verified_at).where(
        OF_CUSTOMER
    )
)
WITH_EMAIL = Statement(
    select(Customer.id, Customer.email, Customer.name, Customer.phone, Customer.verified_at)
    .where(OF_EMAIL)
    .order_by(Customer.id)
    .limit(CLAIMS_MAX)
)
ADD = insert_into(Customer)
KEEP_PROFILE = Statement(
    update(Customer)
    .where(OF_CUSTOMER)
    .values(
        name=bindparam("new_name", required=True),
        name_key=bindparam("new_name_key", required=True),
        surname_key=bindparam("new_surname_key", required=True),
        phone=bindparam("new_phone", required=True),
        phone_key=bindparam("new_phone_key", required=True),
        updated_at=bindparam("now", required=True),
    )
)
HAS_PASSWORD = Statement(select(Customer.password_hash.is_not(None)).where(OF_CUSTOMER))
HOLD = Statement(
    update(Customer).where(OF_CUSTOMER).values(updated_at=bindparam("now", required=True))
)
KEEP_PASSWORD = Statement(
    update(Customer)
    .where(OF_CUSTOMER)
    .values(
        password_hash=bindparam("new_hash", required=True),
        updated_at=bindparam("now", required=True),
    )
)
CONFIRM = Statement(
    update(Customer)
    .where(
        OF_CUSTOMER,
        Customer.verified_at.is_(None),
        ~exists().where(Other.email == Customer.email, Other.verified_at.is_not(None)),
    )
    .values(verified_at=bindparam("now", required=True), updated_at=bindparam("now"))
)
MOVE = Statement(
    update(Customer)
    .where(
        OF_CUSTOMER,
        ~exists().where(
            Other.email == bindparam("new_email", required=True),
            Other.verified_at.is_not(None),
            Other.id != Customer.id,
        ),
    )
    .values(
        email=bindparam("new_email"),
        verified_at=bindparam("now", required=True),
        updated_at=bindparam("now"),
    )
)
FORGET = Statement(
    delete(Customer).where(
        Customer.verified_at.is_(None),
        Customer.created_at < bindparam("before", required=True),
        exists().where(Other.email == Customer.email, Other.verified_at.is_not(None)),
    )
)


class GuestNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("This account was not found. Please sign in again.")


class AddressInUse(Conflict):
    """The address was confirmed for another account; whoever reads its letters may know."""

    def __init__(self) -> None:
        super().__init__(
            "There is an account with this address already. Please sign in there, or choose a new "
            "password for it."
        )


class GuestDetailsRefused(Invalid):
    """A name or phone number is missing or too long."""


@dataclass(frozen=True, slots=True)
class Guest:
    id: str
    email: str
    name: str
    phone: str | None
    is_confirmed: bool = False
    """A letter to the address was answered, so it is theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGuest:
    """Somebody who registers, with what they typed."""

    email: str
    name: str
    phone: str | None = None


async def find_principal(look: Look, session: Session) -> Principal | None:
    """Who holds this session, as they are at this moment; None if the account is closed."""
    row = await look.row(PRINCIPAL, customer_id=session.subject_id)
    if row is None:
        return None
    name, email = row
    return Principal(
        kind=Kind.CUSTOMER,
        id=session.subject_id,
        name=name,
        email=email,
        session_id=session.id,
        last_seen_at=session.last_seen_at,
    )


async def find_accounts(look: Look, email: str, *, address: str) -> list[Account | None]:
    """What the doorman needs to check a password for a normalised address: the account that has it
    for itself, and of those that only claim it the oldest and the newest. Always three places, so
    that the time of an answer does not tell how many there are.
    """
    confirmed = await look.row(CONFIRMED, email=email)
    oldest = await look.row(FIRST, email=email)
    newest = await look.row(LAST, email=email)
    if newest == oldest:
        newest = None
    return [await account_of(look, row, address) for row in (confirmed, oldest, newest)]


async def find_own_account(look: Look, customer_id: str, *, address: str) -> Account | None:
    """The same for somebody who is signed in."""
    return await account_of(look, await look.row(OWN, customer_id=customer_id), address)


async def account_of(look: Look, row: tuple[Any, ...] | None, address: str) -> Account | None:
    if row is None:
        return None
    customer_id, password_hash, is_active = row
    return Account(
        kind=Kind.CUSTOMER,
        id=customer_id,
        password_hash=password_hash,
        is_active=is_active,
        signed_in_from_here=await is_signed_in_from(look, customer_id, address),
    )


async def load_guest(look: Look, customer_id: str) -> Guest:
    """Raises GuestNotFound."""
    row = await look.row(BY_ID, customer_id=customer_id)
    if row is None:
        raise GuestNotFound
    found_id, email, name, phone, verified_at = row
    return Guest(found_id, email, name, phone, is_confirmed=verified_at is not None)


async def find_owner_of(look: Look, email: str) -> Guest | None:
    """Whose account a letter to this normalised address is about: the one that has it for itself,
    else the newest that claims it; None if there is no account.
    """
    row = await look.row(CONFIRMED, email=email) or await look.row(LAST, email=email)
    return None if row is None else await load_guest(look, row[0])


async def list_with_email(look: Look, email: str) -> list[Guest]:
    """All accounts that have this normalised address or claim it, the confirmed one first."""
    rows = await look.rows(WITH_EMAIL, email=email)
    found = [
        Guest(guest_id, known_email, name, phone, is_confirmed=verified_at is not None)
        for guest_id, known_email, name, phone, verified_at in rows
    ]
    return sorted(found, key=lambda guest: not guest.is_confirmed)


async def register_guest(
    uow: UnitOfWork,
    newcomer: NewGuest,
    *,
    password_hash: str | None,
    is_confirmed: bool = False,
) -> Guest:
    """Open an account. Raises EmailRefused or GuestDetailsRefused, and says nothing about other
    accounts: an address is claimed by typing it, and owned by answering its letter, or where
    somebody who is believed has seen to that (`is_confirmed`; the database refuses a second owner).
    """
    guest = Guest(
        id=new_id(),
        email=check_email(newcomer.email),
        name=check_name(newcomer.name),
        phone=check_phone(newcomer.phone),
        is_confirmed=is_confirmed,
    )
    await uow.run(
        ADD,
        id=guest.id,
        email=guest.email,
        verified_at=uow.now if is_confirmed else None,
        name=guest.name,
        phone=guest.phone,
        **keys_of(guest.name, guest.phone),
        allergies=None,
        password_hash=password_hash,
        is_active=True,
        created_at=uow.now,
        updated_at=uow.now,
    )
    await audit.record(uow, action="create", entity="Customer", entity_id=guest.id)
    return guest


async def confirm_address(uow: UnitOfWork, customer_id: str) -> Guest:
    """The letter to the address was answered. Raises GuestNotFound or AddressInUse."""
    if not await uow.run(CONFIRM, customer_id=customer_id, now=uow.now):
        guest = await load_guest(uow, customer_id)
        if not guest.is_confirmed:
            raise AddressInUse
        return guest
    await audit.record(uow, action="confirm", entity="Customer", entity_id=customer_id)
    return await load_guest(uow, customer_id)


async def move_address(uow: UnitOfWork, customer_id: str, email: str) -> Guest:
    """The account has another address, whose letter was answered; `email` is normalised. Raises
    GuestNotFound or AddressInUse.
    """
    before = await load_guest(uow, customer_id)
    try:
        moved = await uow.run(MOVE, customer_id=customer_id, new_email=email, now=uow.now)
    except BROKEN as taken:  # by somebody who moves there at this very moment
        raise AddressInUse from taken
    if not moved:
        raise AddressInUse
    await audit.record(
        uow,
        action="update",
        entity="Customer",
        entity_id=customer_id,
        before={"email": before.email},
        after={"email": email},
    )
    return await load_guest(uow, customer_id)


async def change_profile(
    uow: UnitOfWork, customer_id: str, *, name: str, phone: str | None
) -> Guest:
    """Raises GuestDetailsRefused or GuestNotFound."""
    kept = {"name": check_name(name), "phone": check_phone(phone)}
    kept |= keys_of(str(kept["name"]), kept["phone"])
    values = {f"new_{part}": value for part, value in kept.items()}
    if not await uow.run(KEEP_PROFILE, customer_id=customer_id, now=uow.now, **values):
        raise GuestNotFound
    await audit.record(uow, action="update", entity="Customer", entity_id=customer_id)
    return await load_guest(uow, customer_id)


async def has_password(look: Look, customer_id: str) -> bool:
    """Raises GuestNotFound."""
    found = await look.value(HAS_PASSWORD, customer_id=customer_id)
    if found is None:
        raise GuestNotFound
    return bool(found)


async def hold_account(uow: UnitOfWork, customer_id: str) -> Guest:
    """Until the commit nobody else holds it. Raises GuestNotFound."""
    if not await uow.run(HOLD, customer_id=customer_id, now=uow.now):
        raise GuestNotFound
    return await load_guest(uow, customer_id)


async def set_password(uow: UnitOfWork, customer_id: str, *, password_hash: str) -> None:
    """Raises GuestNotFound. Ending sessions is the caller's part."""
    if not await uow.run(
        KEEP_PASSWORD, customer_id=customer_id, new_hash=password_hash, now=uow.now
    ):
        raise GuestNotFound
    await audit.record(uow, action="new-password", entity="Customer", entity_id=customer_id)


async def forget_mere_claims(uow: UnitOfWork, _payload: dict[str, Any]) -> None:
    """Accounts that claim an address which has turned out to be another's go after a week."""
    await uow.run(FORGET, before=uow.now - timedelta(days=FORGOTTEN_DAYS))


def check_name(name: str) -> str:
    plain = one_line(name)
    if not plain or len(plain) > NAME_LENGTH_MAX:
        raise GuestDetailsRefused(
            Sentence.of("Please give a name of at most {most} characters.", most=NAME_LENGTH_MAX)
        )
    return plain


def check_phone(phone: str | None) -> str | None:
    plain = one_line(phone or "")
    if len(plain) > PHONE_LENGTH_MAX:
        raise GuestDetailsRefused(
            Sentence.of(
                "Please give a phone number of at most {most} characters.", most=PHONE_LENGTH_MAX
            )
        )
    return plain or None
