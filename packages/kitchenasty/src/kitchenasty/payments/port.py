"""What we ask of whoever moves money for us, whoever that is.

Every call goes over the network, so none is made inside a transaction. Every call that moves money
carries a key of ours: made twice with one key, it happens once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from basis.errors import Conflict, Unavailable
from basis.money import Money
from kitchenasty.payments.states import IntentState

TIMEOUT_SECONDS = 10.0


class ProviderAway(Unavailable):
    """The provider did not answer, or not in time: what was asked may have happened. Asking again
    with the same key is safe.
    """


class ProviderRefused(Conflict):
    """The provider said no, and will say no again: wrong keys, a declined card, too large a sum."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a guest is to pay, and where their browser goes afterwards. `key` names this wish for
    good, `order_id` what is paid for: an order, or a reservation; `words` is what the provider's
    page shows.
    """

    key: str
    order_id: str
    words: str
    amount: Money
    email: str | None
    paid_url: str
    back_url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Begun:
    """The provider's name for an attempt, and where the guest pays: a page of the provider, or a
    secret with which the guest's own app pays.
    """

    ref: str
    url: str | None = None
    client_secret: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """How an attempt stands. `charge_ref` names the money once it was taken."""

    state: IntentState
    charge_ref: str | None = None
    amount: Money | None = None
    failure: str | None = None


class Provider(Protocol):
    """Stripe and PayPal (stripe_port.py, paypal_port.py). All calls raise ProviderAway when trying
    again may help and ProviderRefused when it will not.
    """

    async def check_keys(self) -> str:
        """Try the keys without moving money; answers whose they are, in words."""
        ...

    async def begin(self, wish: Wish, *, hosted: bool) -> Begun:
        """Ask for money. `hosted` gives a page of the provider, else a secret for the app."""
        ...

    async def find_out(self, ref: str, *, key: str) -> Found:
        """How it stands now. What the guest has approved is captured."""
        ...

    async def close(self, ref: str, *, key: str) -> Found:
        """Take no more money for it, if none was taken: EXPIRED, or how it stands instead."""
        ...

    async def refund(self, charge_ref: str, amount: Money, *, key: str) -> str:
        """Give money back to where it came from; answers the provider's name for the refund."""
        ...
