"""A guest's address book: where to deliver to, said once."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import bindparam, case, delete, func, select, update

from basis.errors import Conflict, Invalid, NotFound
from basis.ids import new_id
from basis.kit.data.statements import Row, Statement, insert_into
from basis.kit.texts import one_line
from basis.sentences import Sentence
from kitchenasty.guests.models import AddressRow
from kitchenasty.kit.books import Look, UnitOfWork

ADDRESSES_MAX = 20
LENGTH_MAX = {
    "label": 60,
    "line1": 120,
    "line2": 120,
    "city": 120,
    "state": 120,
    "postal_code": 20,
    "country": 60,
}
NEEDED = ("line1", "city", "postal_code")

COLUMNS = (
    AddressRow.id,
    AddressRow.label,
    AddressRow.line1,
    AddressRow.line2,
    AddressRow.city,
    AddressRow.state,
    AddressRow.postal_code,
    AddressRow.country,
    AddressRow.lat,
    AddressRow.lng,
    AddressRow.is_default,
    AddressRow.created_at,
    AddressRow.updated_at,
)
OF_GUEST = AddressRow.customer_id == bindparam("of_customer", required=True)
THIS = AddressRow.id == bindparam("address_id", required=True)
LIST = Statement(
    select(*COLUMNS)
    .where(OF_GUEST)
    .order_by(AddressRow.is_default.desc(), AddressRow.id)
    .limit(ADDRESSES_MAX)
)
ONE = Statement(select(*COLUMNS).where(OF_GUEST, THIS))
COUNT = Statement(select(func.count()).select_from(AddressRow).where(OF_GUEST))
ADD = insert_into(AddressRow)
CHANGED = ("label", "line1", "line2", "city", "state", "postal_code", "country", "lat", "lng")
CHANGE = Statement(
    update(AddressRow)
    .where(OF_GUEST, THIS)
    .values({name: bindparam(name, required=True) for name in (*CHANGED, "updated_at")})
)
# One statement, so that at no moment there are two or none.
CHOOSE = Statement(
    update(AddressRow).where(OF_GUEST).values(is_default=case((THIS, True), else_=False))
)
REMOVE = Statement(delete(AddressRow).where(OF_GUEST, THIS))


class AddressNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("This address is not in your book any more.")


class AddressRefused(Invalid):
    """Something that every address has is missing, or a part is too long."""


class AddressBookFull(Conflict):
    def __init__(self) -> None:
        super().__init__(
            Sentence.of(
                "Your book holds {most} addresses. Please remove one first.", most=ADDRESSES_MAX
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressDraft:
    """An address as it was typed."""

    line1: str
    city: str
    postal_code: str
    label: str | None = None
    line2: str | None = None
    state: str | None = None
    country: str | None = None
    lat: float | None = None
    lng: float | None = None


@dataclass(frozen=True, slots=True)
class Address:
    id: str
    label: str | None
    line1: str
    line2: str | None
    city: str
    state: str | None
    postal_code: str
    country: str | None
    lat: float | None
    lng: float | None
    is_default: bool
    created_at: datetime
    updated_at: datetime


async def list_addresses(look: Look, customer_id: str) -> list[Address]:
    """The default one first."""
    return [address_of(row) for row in await look.rows(LIST, of_customer=customer_id)]


async def load_address(look: Look, customer_id: str, address_id: str) -> Address:
    """Raises AddressNotFound, also for an address of somebody else."""
    row = await look.row(ONE, of_customer=customer_id, address_id=address_id)
    if row is None:
        raise AddressNotFound
    return address_of(row)


async def add_address(uow: UnitOfWork, customer_id: str, draft: AddressDraft) -> Address:
    """The first one becomes the default. Raises AddressRefused or AddressBookFull."""
    kept = checked(draft)
    count = int(await uow.value(COUNT, of_customer=customer_id))
    if count >= ADDRESSES_MAX:
        raise AddressBookFull
    address_id = new_id()
    await uow.run(
        ADD,
        id=address_id,
        customer_id=customer_id,
        is_default=count == 0,
        created_at=uow.now,
        updated_at=uow.now,
        **asdict(kept),
    )
    return await load_address(uow, customer_id, address_id)


async def change_address(
    uow: UnitOfWork, customer_id: str, address_id: str, draft: AddressDraft
) -> Address:
    """Raises AddressRefused or AddressNotFound."""
    values = asdict(checked(draft))
    if not await uow.run(
        CHANGE, of_customer=customer_id, address_id=address_id, updated_at=uow.now, **values
    ):
        raise AddressNotFound
    return await load_address(uow, customer_id, address_id)


async def choose_default(uow: UnitOfWork, customer_id: str, address_id: str) -> None:
    """Raises AddressNotFound."""
    await load_address(uow, customer_id, address_id)
    await uow.run(CHOOSE, of_customer=customer_id, address_id=address_id)


async def remove_address(uow: UnitOfWork, customer_id: str, address_id: str) -> None:
    """If it was the default, the oldest that is left becomes it. Raises AddressNotFound."""
    if not await uow.run(REMOVE, of_customer=customer_id, address_id=address_id):
        raise AddressNotFound
    left = await list_addresses(uow, customer_id)
    if left and not left[0].is_default:
        await uow.run(CHOOSE, of_customer=customer_id, address_id=left[0].id)


async def keep_address(uow: UnitOfWork, customer_id: str, draft: AddressDraft) -> None:
    """Add what was typed at the checkout, unless it is known or the book is full. Raises
    AddressRefused.
    """
    kept = checked(draft)
    known = await list_addresses(uow, customer_id)
    is_known = any(
        (one.line1, one.line2, one.city, one.postal_code)
        == (kept.line1, kept.line2, kept.city, kept.postal_code)
        for one in known
    )
    if not is_known and len(known) < ADDRESSES_MAX:
        await add_address(uow, customer_id, draft)


def checked(draft: AddressDraft) -> AddressDraft:
    """The draft with single lines. Raises AddressRefused."""
    texts = {name: one_line(getattr(draft, name) or "") for name in LENGTH_MAX}
    if any(not texts[name] for name in NEEDED):
        raise AddressRefused("An address needs street and number, postal code and city.")
    if any(len(texts[name]) > most for name, most in LENGTH_MAX.items()):
        raise AddressRefused("A part of this address is too long. Please shorten it.")
    return AddressDraft(
        lat=draft.lat,
        lng=draft.lng,
        line1=texts["line1"],
        city=texts["city"],
        postal_code=texts["postal_code"],
        label=texts["label"] or None,
        line2=texts["line2"] or None,
        state=texts["state"] or None,
        country=texts["country"] or None,
    )


def address_of(row: Row) -> Address:
    return Address(*row)
