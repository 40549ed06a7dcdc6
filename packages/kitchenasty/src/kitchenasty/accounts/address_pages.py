"""The guest's address book: one page, one form for each address."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.params import PathParameter, URLEncodedBody

from basis.errors import DomainError
from basis.kit.http.wire import Form
from kitchenasty import guests
from kitchenasty.accounts.customer_pages import id_of
from kitchenasty.accounts.pages import Line
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Actor, Reading, Work, back_to, page
from kitchenasty.kit.principals import Principal

AddressId = Annotated[str, PathParameter(max_length=64)]
BOOK = "/account/addresses"


class AddressForm(Form, rename={}):
    """Its fields are called as those of the checkout."""

    label: Line = ""
    line1: Line = ""
    line2: Line = ""
    postal_code: Line = ""
    city: Line = ""

    def draft(self, known: guests.Address | None = None) -> guests.AddressDraft:
        """What was typed. A place on the map that was known belongs to the old street."""
        return guests.AddressDraft(
            label=self.label,
            line1=self.line1,
            line2=self.line2,
            postal_code=self.postal_code,
            city=self.city,
            state=known.state if known else None,
            country=known.country if known else None,
        )


class AddressPages(Controller):
    path = BOOK
    include_in_schema = False
    opt = access(Access.CUSTOMER)

    @get()
    async def show_book(self, look: Reading, principal: Actor) -> Response[Any]:
        return await show(look, principal)

    @post()
    async def add(
        self, uow: Work, principal: Actor, data: URLEncodedBody[AddressForm]
    ) -> Response[Any]:
        try:
            await guests.add_address(uow, id_of(principal), data.draft())
        except (guests.AddressRefused, guests.AddressBookFull) as refusal:
            return await show(uow, principal, refusal=refusal, form=data)
        return back_to(BOOK)

    @post("/{address_id:str}")
    async def change(
        self,
        uow: Work,
        principal: Actor,
        address_id: AddressId,
        data: URLEncodedBody[AddressForm],
    ) -> Response[Any]:
        known = await guests.load_address(uow, id_of(principal), address_id)
        try:
            await guests.change_address(uow, id_of(principal), address_id, data.draft(known))
        except guests.AddressRefused as refusal:
            return await show(uow, principal, refusal=refusal)
        return back_to(BOOK)

    @post("/{address_id:str}/default")
    async def choose(self, uow: Work, principal: Actor, address_id: AddressId) -> Response[Any]:
        await guests.choose_default(uow, id_of(principal), address_id)
        return back_to(BOOK)

    @post("/{address_id:str}/remove")
    async def remove(self, uow: Work, principal: Actor, address_id: AddressId) -> Response[Any]:
        await guests.remove_address(uow, id_of(principal), address_id)
        return back_to(BOOK)


async def show(
    look: Look,
    principal: Principal,
    *,
    refusal: DomainError | None = None,
    form: AddressForm | None = None,
) -> Response[Any]:
    return page(
        "accounts/addresses.html",
        refusal=refusal,
        addresses=await guests.list_addresses(look, id_of(principal)),
        form=form or AddressForm(),
        length_max=guests.ADDRESS_LENGTH_MAX,
        book=BOOK,
    )
