"""What several doors of the API answer alike."""

from __future__ import annotations

from kitchenasty import guests, loyalty
from kitchenasty.accounts.schemas import CustomerSession, CustomerUser
from kitchenasty.accounts.service import SignedIn
from kitchenasty.kit.identity.entrance import Entrance


async def session_of(entrance: Entrance, signed_in: SignedIn) -> CustomerSession:
    """The token of a guest who has just signed in, and the account as it is now."""
    async with entrance.books.reading() as look:
        guest = await guests.load_guest(look, signed_in.subject_id)
        customer = CustomerUser.of(guest, await loyalty.load_balance(look, guest.id))
    return CustomerSession(token=signed_in.token, customer=customer, user=customer)
