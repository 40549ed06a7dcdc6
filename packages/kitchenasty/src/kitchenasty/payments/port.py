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


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFee:
    """What a card that is kept is charged, by the provider's name for the card. `key` and
    `order_id` are as in `Wish`.
    """

    key: str
    order_id: str
    card_ref: str
    amount: Money


class Provider(Protocol):
    """Stripe and PayPal (stripe_port.py, paypal_port.py). All calls raise ProviderAway when trying
    again may help and ProviderRefused when it will not.
    """

    @property
    def keeps_cards(self) -> bool:
        """Whether a card can be kept now and charged when its guest is away."""
        ...

    async def check_keys(self) -> str:
        """Try the keys without moving money; answers whose they are, in words."""
        ...

    async def begin(self, wish: Wish, *, hosted: bool) -> Begun:
        """Ask for money. `hosted` gives a page of the provider, else a secret for the app."""
        ...

    async def begin_card(self, wish: Wish) -> Begun:
        """Ask for a card to be kept, on a page of the provider's; nothing is charged. Once it is
        kept, it is found AUTHORIZED, and `charge_ref` names the card.
        """
        ...

    async def charge_card(self, fee: CardFee) -> Found:
        """Charge a card that is kept. A card that is declined is FAILED, with the bank's words."""
        ...

    async def forget_card(self, card_ref: str) -> None:
        """Keep it no longer; one that is forgotten already stays so."""
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
