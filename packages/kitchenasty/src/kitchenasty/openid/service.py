"""Coming in by what a provider says: as whom, and who may link what.

An identity is a provider's address and its name for the person. A mail address leads to an account
only if both sides have proved it: the provider by its word, the account by an answered letter.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, func, select, update

from basis.errors import Conflict, Forbidden, NotFound
from basis.ids import new_id
from basis.kit.data.statements import Statement, insert_into
from basis.kit.texts import one_line
from kitchenasty import audit, guests, notices
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.identity.sign_in import EmailRefused, check_email
from kitchenasty.openid.models import GuestIdentityRow
from kitchenasty.openid.rules import Identity
from kitchenasty.openid.trips import Purpose

IDENTITIES_MAX = 5
NEWS_USEFUL = timedelta(days=3)
NAME_LENGTH = 200
ADD = insert_into(GuestIdentityRow)
BY_SUBJECT = Statement(
    select(GuestIdentityRow.id, GuestIdentityRow.customer_id).where(
        GuestIdentityRow.issuer == bindparam("issuer", required=True),
        GuestIdentityRow.subject == bindparam("subject", required=True),
    )
)
NOTE_USE = Statement(
    update(GuestIdentityRow)
    .where(GuestIdentityRow.id == bindparam("identity_id", required=True))
    .values(used_at=bindparam("now", required=True))
)
OF_CUSTOMER = GuestIdentityRow.customer_id == bindparam("customer_id", required=True)
LIST = Statement(
    select(
        GuestIdentityRow.id,
        GuestIdentityRow.issuer,
        GuestIdentityRow.email,
        GuestIdentityRow.created_at,
        GuestIdentityRow.used_at,
    )
    .where(OF_CUSTOMER)
    .order_by(GuestIdentityRow.id)
)
COUNT = Statement(select(func.count()).select_from(GuestIdentityRow).where(OF_CUSTOMER))
REMOVE = Statement(
    delete(GuestIdentityRow).where(
        OF_CUSTOMER, GuestIdentityRow.id == bindparam("identity_id", required=True)
    )
)


class MailNotVerified(Forbidden):
    """The provider does not vouch for a mail address; whether one is known here is not told."""

    def __init__(self) -> None:
        super().__init__(
            "The provider does not say that it has checked your e-mail address. Please sign in "
            "with your password, or open an account, and link it there."
        )


class AddressClaimed(Conflict):
    """Somebody has opened an account with the address, and its letter was not answered yet."""

    def __init__(self) -> None:
        super().__init__(
            "There is an account with your address that was not confirmed. If it is yours, sign "
            "in with your password and link it there."
        )


class AccountClosed(Forbidden):
    def __init__(self) -> None:
        super().__init__("This account is closed. Please call us.")


class LinkedElsewhere(Conflict):
    def __init__(self) -> None:
        super().__init__("Another account here is linked to this one already.")


class TooManyLinked(Conflict):
    def __init__(self) -> None:
        super().__init__("That are as many as one account can have. Please remove one first.")


class OnlyWayIn(Conflict):
    def __init__(self) -> None:
        super().__init__(
            "You could not come in any more without it. Please choose a password first."
        )


class IdentityNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("This is not linked to your account any more.")


@dataclass(frozen=True, slots=True)
class Linked:
    """What a guest may come in by, as they may see it."""

    id: str
    issuer: str
    email: str | None
    created_at: datetime
    used_at: datetime


async def come_in(uow: UnitOfWork, identity: Identity, purpose: Purpose) -> str:
    """The id of the guest whose identity this is; a new one's, if it is nobody's.

    Raises AccountClosed, MailNotVerified, AddressClaimed.
    """
    known = await find_known(uow, identity)
    if known is not None:
        return known
    email = proved_email(identity)
    owner, claim, _ = await guests.find_accounts(uow, email, address="")
    if owner is not None:
        if not owner.is_active:
            raise AccountClosed
        await keep(uow, owner.id, identity)
        await tell(uow, owner.id, email)
        return owner.id
    if claim is not None and purpose is not Purpose.OPEN:
        raise AddressClaimed
    newcomer = guests.NewGuest(email=email, name=name_of(identity, email))
    guest = await guests.register_guest(uow, newcomer, password_hash=None, is_confirmed=True)
    await keep(uow, guest.id, identity)
    return guest.id


async def find_known(uow: UnitOfWork, identity: Identity) -> str | None:
    """Who has come in by it before. Raises AccountClosed."""
    row = await uow.row(BY_SUBJECT, issuer=identity.issuer, subject=identity.subject)
    if row is None:
        return None
    identity_id, customer_id = row
    account = await guests.find_own_account(uow, customer_id, address="")
    if account is None or not account.is_active:
        raise AccountClosed
    await uow.run(NOTE_USE, identity_id=identity_id, now=uow.now)
    return str(customer_id)


def proved_email(identity: Identity) -> str:
    """The normalised address that the provider vouches for. Raises MailNotVerified."""
    if not identity.is_email_verified:
        raise MailNotVerified
    try:
        return check_email(identity.email or "")
    except EmailRefused as refused:
        raise MailNotVerified from refused


def name_of(identity: Identity, email: str) -> str:
    return one_line(identity.name)[:NAME_LENGTH].strip() or email.partition("@")[0]


async def link(uow: UnitOfWork, customer_id: str, identity: Identity) -> None:
    """Let a guest who is signed in come in by this, too. Raises LinkedElsewhere, TooManyLinked,
    GuestNotFound.
    """
    row = await uow.row(BY_SUBJECT, issuer=identity.issuer, subject=identity.subject)
    if row is not None:
        if row[1] != customer_id:
            raise LinkedElsewhere
        return
    guest = await guests.hold_account(uow, customer_id)
    if await uow.value(COUNT, customer_id=customer_id) >= IDENTITIES_MAX:
        raise TooManyLinked
    await keep(uow, customer_id, identity)
    await tell(uow, customer_id, guest.email)


async def keep(uow: UnitOfWork, customer_id: str, identity: Identity) -> None:
    await uow.run(
        ADD,
        id=new_id(),
        customer_id=customer_id,
        issuer=identity.issuer,
        subject=identity.subject,
        email=kept_email(identity),
        created_at=uow.now,
        used_at=uow.now,
    )
    await audit.record(
        uow,
        action="link",
        entity="Customer",
        entity_id=customer_id,
        after={"issuer": identity.issuer},
    )


def kept_email(identity: Identity) -> str | None:
    try:
        return check_email(identity.email or "")
    except EmailRefused:
        return None


async def tell(uow: UnitOfWork, customer_id: str, email: str) -> None:
    """Whoever owns the account hears that there is one more way into it."""
    await notices.send_notice(
        uow,
        "account.linked",
        recipient=email,
        facts={"customer_id": customer_id},
        useful_for=NEWS_USEFUL,
    )


async def list_linked(look: Look, customer_id: str) -> list[Linked]:
    return [Linked(*row) for row in await look.rows(LIST, customer_id=customer_id)]


async def unlink(uow: UnitOfWork, customer_id: str, identity_id: str) -> None:
    """Raises OnlyWayIn, IdentityNotFound, GuestNotFound."""
    # Held: of two that are removed at once, each would see the other one left.
    await guests.hold_account(uow, customer_id)
    linked = await list_linked(uow, customer_id)
    if identity_id not in {one.id for one in linked}:
        raise IdentityNotFound
    if len(linked) == 1 and not await guests.has_password(uow, customer_id):
        raise OnlyWayIn
    await uow.run(REMOVE, customer_id=customer_id, identity_id=identity_id)
    gone = next(one for one in linked if one.id == identity_id)
    await audit.record(
        uow,
        action="unlink",
        entity="Customer",
        entity_id=customer_id,
        before={"issuer": gone.issuer},
    )
