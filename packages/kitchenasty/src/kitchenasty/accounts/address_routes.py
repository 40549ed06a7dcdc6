"""The API's door to the guest's own address book."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import delete, get, patch, post
from litestar.params import JSONBody, PathParameter
from msgspec import UNSET, UnsetType

from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, Form, Stamp, WireStruct, done, ok, stamp
from kitchenasty import guests
from kitchenasty.kit.http.access import Access, SignInNeeded, access
from kitchenasty.kit.http.web import Actor, Reading, Work
from kitchenasty.kit.principals import Principal

AddressId = Annotated[str, PathParameter(max_length=64)]
Text = Annotated[str, msgspec.Meta(max_length=120)]
Needed = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
PostalCode = Annotated[str, msgspec.Meta(min_length=1, max_length=20)]
Label = Annotated[str, msgspec.Meta(max_length=60)]
Latitude = Annotated[float, msgspec.Meta(ge=-90, le=90)]
Longitude = Annotated[float, msgspec.Meta(ge=-180, le=180)]


class NewAddress(Form, kw_only=True):
    """An address to keep; `isDefault` makes it the one that is offered first."""

    line1: Needed
    city: Needed
    postal_code: PostalCode
    label: Label | None = None
    line2: Text | None = None
    state: Text | None = None
    country: Label | None = None
    lat: Latitude | None = None
    lng: Longitude | None = None
    is_default: bool = False


class AddressChange(Form, kw_only=True):
    """What is left out stays as it is."""

    line1: Needed | UnsetType = UNSET
    city: Needed | UnsetType = UNSET
    postal_code: PostalCode | UnsetType = UNSET
    label: Label | UnsetType | None = UNSET
    line2: Text | UnsetType | None = UNSET
    state: Text | UnsetType | None = UNSET
    country: Label | UnsetType | None = UNSET
    lat: Latitude | UnsetType | None = UNSET
    lng: Longitude | UnsetType | None = UNSET
    is_default: bool = False


class AddressView(WireStruct, kw_only=True):
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
    created_at: Stamp
    updated_at: Stamp

    @classmethod
    def of(cls, address: guests.Address) -> AddressView:
        return cls(
            **{name: getattr(address, name) for name in DRAWN},
            id=address.id,
            is_default=address.is_default,
            created_at=stamp(address.created_at),
            updated_at=stamp(address.updated_at),
        )


DRAWN = tuple(
    field.name for field in msgspec.structs.fields(NewAddress) if field.name != "is_default"
)


class AddressesApi(ApiController):
    path = "/api/addresses"
    tags = ["Accounts"]
    opt = access(Access.CUSTOMER)

    @get(operation_id="ListAddresses")
    async def list_addresses(self, look: Reading, principal: Actor) -> Envelope[list[AddressView]]:
        """The guest's own addresses, the default one first."""
        found = await guests.list_addresses(look, id_of(principal))
        return ok([AddressView.of(address) for address in found])

    @post(operation_id="AddAddress")
    async def add(
        self, uow: Work, principal: Actor, data: JSONBody[NewAddress]
    ) -> Envelope[AddressView]:
        """Keep an address. 409 when the book is full."""
        draft = guests.AddressDraft(**{name: getattr(data, name) for name in DRAWN})
        added = await guests.add_address(uow, id_of(principal), draft)
        return ok(await settled(uow, principal, added.id, is_default=data.is_default))

    @patch("/{address_id:str}", operation_id="ChangeAddress")
    async def change(
        self, uow: Work, principal: Actor, address_id: AddressId, data: JSONBody[AddressChange]
    ) -> Envelope[AddressView]:
        """Change an address. Orders that went there keep it as it was."""
        known = await guests.load_address(uow, id_of(principal), address_id)
        given = {name: getattr(data, name) for name in DRAWN}
        values = {
            name: getattr(known, name) if value is UNSET else value for name, value in given.items()
        }
        await guests.change_address(
            uow, id_of(principal), address_id, guests.AddressDraft(**values)
        )
        return ok(await settled(uow, principal, address_id, is_default=data.is_default))

    @delete("/{address_id:str}", status_code=200, operation_id="RemoveAddress")
    async def remove(self, uow: Work, principal: Actor, address_id: AddressId) -> Envelope[None]:
        """Forget an address. Orders that went there keep it."""
        await guests.remove_address(uow, id_of(principal), address_id)
        return done("Address removed")


async def settled(
    uow: Work, principal: Principal, address_id: str, *, is_default: bool
) -> AddressView:
    if is_default:
        await guests.choose_default(uow, id_of(principal), address_id)
    return AddressView.of(await guests.load_address(uow, id_of(principal), address_id))


def id_of(principal: Principal) -> str:
    """Raises SignInNeeded."""
    if principal.id is None:
        raise SignInNeeded("Authentication required")
    return principal.id
