"""Guests on the wire, as the house sees them."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from basis.kit.http.wire import Amount, Form, Stamp, WireStruct, amount, stamp, stamp_or_none
from kitchenasty import guests
from kitchenasty.orders import Regular, Spend

Note = Annotated[str, msgspec.Meta(min_length=1, max_length=guests.NOTE_LENGTH_MAX)]
Allergies = Annotated[str, msgspec.Meta(max_length=guests.ALLERGIES_LENGTH_MAX)]


class CustomerRowView(WireStruct, kw_only=True):
    """A guest in the list. Orders that were cancelled do not count."""

    id: str
    name: str
    email: str
    phone: str | None
    allergies: str | None
    is_active: bool
    email_verified: bool
    order_count: int
    last_order_at: Stamp | None
    created_at: Stamp

    @classmethod
    def of(cls, guest: guests.ListedGuest, regular: Regular | None) -> CustomerRowView:
        return cls(
            id=guest.id,
            name=guest.name,
            email=guest.email,
            phone=guest.phone,
            allergies=guest.allergies,
            is_active=guest.is_active,
            email_verified=guest.is_confirmed,
            order_count=regular.orders if regular else 0,
            last_order_at=stamp_or_none(regular.last_at if regular else None),
            created_at=stamp(guest.created_at),
        )


class CustomerListView(WireStruct, kw_only=True):
    """`next` goes into `after` to get on; without it, this was the last page."""

    customers: list[CustomerRowView]
    next: str | None


class GuestNoteView(WireStruct, kw_only=True):
    id: str
    body: str
    author: str
    created_at: Stamp

    @classmethod
    def of(cls, note: guests.Note) -> GuestNoteView:
        return cls(
            id=note.id, body=note.body, author=note.author_name, created_at=stamp(note.written_at)
        )


class SpendView(WireStruct, kw_only=True):
    currency: str
    orders: int
    total: Amount

    @classmethod
    def of(cls, spend: Spend) -> SpendView:
        total = amount(spend.total_minor, spend.currency)
        return cls(currency=spend.currency, orders=spend.orders, total=total)


class GuestAddressView(WireStruct, kw_only=True):
    id: str
    label: str | None
    line1: str
    line2: str | None
    city: str
    postal_code: str

    @classmethod
    def of(cls, one: guests.Address) -> GuestAddressView:
        return cls(
            id=one.id,
            label=one.label,
            line1=one.line1,
            line2=one.line2,
            city=one.city,
            postal_code=one.postal_code,
        )


class CustomerView(WireStruct, kw_only=True):
    """One guest with what they spent, their points and what the house remarks."""

    customer: CustomerRowView
    spent: list[SpendView]
    loyalty_points: int
    addresses: list[GuestAddressView]
    notes: list[GuestNoteView]


class NoteDraft(Form, kw_only=True):
    PARAGRAPHS = frozenset({"body"})

    body: Note


class CustomerChange(Form, kw_only=True):
    """What is left out stays. Blocking an account takes a manager of all houses."""

    allergies: Allergies | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET
