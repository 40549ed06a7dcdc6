"""The API's doors to guests, for the house."""

from __future__ import annotations

from typing import Annotated

from litestar import delete, get, patch, post
from litestar.params import JSONBody, PathParameter, QueryParameter
from msgspec import UNSET

from basis.kit.data.paging import Cursor, Keyset
from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, done, ok
from kitchenasty import guests, loyalty, orders
from kitchenasty.dashboard.guests.filters import SEARCH_LENGTH_MAX, Wanted
from kitchenasty.dashboard.guests.pages import check_may_decide, load
from kitchenasty.dashboard.guests.schemas import (
    CustomerChange,
    CustomerListView,
    CustomerRowView,
    CustomerView,
    GuestAddressView,
    GuestNoteView,
    NoteDraft,
    SpendView,
)
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Actor, Reading, Work

LIMIT = 50
CustomerId = Annotated[str, PathParameter(max_length=64)]
NoteId = Annotated[str, PathParameter(max_length=64)]
Search = Annotated[str, QueryParameter(max_length=SEARCH_LENGTH_MAX)]
After = Annotated[str, QueryParameter(max_length=200)]


class CustomersApi(ApiController):
    path = "/api/customers"
    tags = ["Customers"]
    opt = access(Access.STAFF)

    @get(operation_id="ListCustomers")
    async def list_customers(
        self,
        look: Reading,
        principal: Actor,
        q: Search = "",
        customer_state: Annotated[str, QueryParameter(name="state", max_length=20)] = "",
        after: After = "",
    ) -> Envelope[CustomerListView]:
        """The guests with an account, the newest first. Staff of some houses see who ordered
        there. `q` is the beginning of a first or last name, an e-mail address or a phone number;
        `state` is `active`, `blocked`, `unconfirmed` or `allergic`.
        """
        wanted = Wanted.of({"q": q, "state": customer_state})
        place = Keyset(Cursor.parse(after) if after else None, LIMIT)
        found = await guests.list_guests(look, wanted.to_filter(principal), place)
        regulars = await orders.summarise(look, [guest.id for guest in found])
        rows = [CustomerRowView.of(guest, regulars.get(guest.id)) for guest in found]
        goes_on = found[-1].cursor.to_text() if len(found) == LIMIT else None
        return ok(CustomerListView(customers=rows, next=goes_on))

    @get("/{customer_id:str}", operation_id="ShowCustomer")
    async def show_customer(self, look: Reading, customer_id: CustomerId) -> Envelope[CustomerView]:
        """One guest; of staff of some houses, what was ordered there."""
        return ok(await view_of(look, customer_id))

    @patch("/{customer_id:str}", operation_id="ChangeCustomer")
    async def change_customer(
        self, uow: Work, customer_id: CustomerId, data: JSONBody[CustomerChange]
    ) -> Envelope[CustomerView]:
        """Keep allergies; block or open the account."""
        await load(uow, customer_id)
        if data.allergies is not UNSET:
            await guests.keep_allergies(uow, customer_id, data.allergies)
        if data.is_active is not UNSET:
            check_may_decide(uow.actor)
            switch = guests.unblock if data.is_active else guests.block
            await switch(uow, customer_id)
        return ok(await view_of(uow, customer_id))

    @post("/{customer_id:str}/notes", operation_id="WriteCustomerNote")
    async def write_note(
        self, uow: Work, customer_id: CustomerId, data: JSONBody[NoteDraft]
    ) -> Envelope[GuestNoteView]:
        """Remark something; the guest does not see it."""
        await load(uow, customer_id)
        return ok(GuestNoteView.of(await guests.write_note(uow, customer_id, data.body)))

    @delete(
        "/{customer_id:str}/notes/{note_id:str}",
        status_code=200,
        operation_id="RemoveCustomerNote",
    )
    async def remove_note(
        self, uow: Work, customer_id: CustomerId, note_id: NoteId
    ) -> Envelope[None]:
        """Forget a remark."""
        await load(uow, customer_id)
        await guests.remove_note(uow, customer_id, note_id)
        return done("The note is gone.")


async def view_of(look: Look, customer_id: str) -> CustomerView:
    guest = await load(look, customer_id)
    regulars = await orders.summarise(look, [guest.id])
    addresses = await guests.list_addresses(look, guest.id)
    return CustomerView(
        customer=CustomerRowView.of(guest, regulars.get(guest.id)),
        spent=[SpendView.of(spend) for spend in await orders.list_spends(look, guest.id)],
        loyalty_points=await loyalty.load_balance(look, guest.id),
        addresses=[GuestAddressView.of(one) for one in addresses],
        notes=[GuestNoteView.of(note) for note in await guests.list_notes(look, guest.id)],
    )
