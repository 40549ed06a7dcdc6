"""Guests' accounts: coming in, being known, being reachable."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select, true, update

from basis.errors import Conflict, Invalid, NotFound
from basis.ids import new_id
from kitchenasty import audit
from kitchenasty.guests.models import Customer
from kitchenasty.kit.data.statements import Statement, insert_unless_there
from kitchenasty.kit.data.work import Look, UnitOfWork
from kitchenasty.kit.identity.sessions import Session, is_signed_in_from
from kitchenasty.kit.identity.sign_in import Account, check_email
from kitchenasty.kit.principals import Kind, Principal
from kitchenasty.kit.texts import one_line

NAME_LENGTH_MAX = 200
PHONE_LENGTH_MAX = 40

PRINCIPAL = Statement(
    select(Customer.name, Customer.email).where(
        Customer.id == bindparam("customer_id"), Customer.is_active.is_(true())
    )
)
CREDENTIALS = Statement(
    select(Customer.id, Customer.password_hash, Customer.is_active).where(
        Customer.email == bindparam("email")
    )
)
BY_ID = Statement(
    select(Customer.id, Customer.email, Customer.name, Customer.phone).where(
        Customer.id == bindparam("customer_id")
    )
)
ADD = insert_unless_there(Customer)
KEEP_PUSH_TOKEN = Statement(
    update(Customer)
    .where(Customer.id == bindparam("customer_id"))
    .values(push_token=bindparam("push_token"), updated_at=bindparam("now"))
)


class GuestNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("This account was not found. Please sign in again.")


class EmailTaken(Conflict):
    def __init__(self) -> None:
        super().__init__("Email already registered")


class GuestDetailsRefused(Invalid):
    """A name or phone number is missing or too long."""


@dataclass(frozen=True, slots=True)
class Guest:
    id: str
    email: str
    name: str
    phone: str | None


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
    )


async def find_account(look: Look, email: str, *, address: str) -> Account | None:
    """What the doorman needs to know to check a password; `email` is normalised."""
    row = await look.row(CREDENTIALS, email=email)
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
    return Guest(*row)


async def register_guest(uow: UnitOfWork, newcomer: NewGuest, *, password_hash: str) -> Guest:
    """Open an account. Raises EmailRefused, GuestDetailsRefused or EmailTaken."""
    guest = Guest(
        id=new_id(),
        email=check_email(newcomer.email),
        name=check_name(newcomer.name),
        phone=check_phone(newcomer.phone),
    )
    # The unique index decides, not a look before: two may register the same address at once.
    added = await uow.run(
        ADD,
        id=guest.id,
        email=guest.email,
        name=guest.name,
        phone=guest.phone,
        password_hash=password_hash,
        push_token=None,
        is_active=True,
        created_at=uow.now,
        updated_at=uow.now,
    )
    if not added:
        raise EmailTaken
    await audit.record(uow, action="create", entity="Customer", entity_id=guest.id)
    return guest


async def keep_push_token(uow: UnitOfWork, customer_id: str, push_token: str) -> None:
    """Remember where this guest's phone can be reached. Raises GuestNotFound."""
    if not await uow.run(
        KEEP_PUSH_TOKEN, customer_id=customer_id, push_token=push_token, now=uow.now
    ):
        raise GuestNotFound


def check_name(name: str) -> str:
    plain = one_line(name)
    if not plain or len(plain) > NAME_LENGTH_MAX:
        raise GuestDetailsRefused(f"Please give a name of at most {NAME_LENGTH_MAX} characters.")
    return plain


def check_phone(phone: str | None) -> str | None:
    plain = one_line(phone or "")
    if len(plain) > PHONE_LENGTH_MAX:
        raise GuestDetailsRefused(
            f"Please give a phone number of at most {PHONE_LENGTH_MAX} characters."
        )
    return plain or None
