"""A guest's way to the provider and back, held by the browser that set out.

A cookie says which trip it is, sealed with the server's secret. State, nonce and PKCE verifier are
derived from the trip's id and that secret (docs/adr/0005 does the same for orders), so that neither
the cookie nor the books hold them, and whoever comes back without the cookie brings nothing.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import bindparam, delete

from basis.errors import Conflict
from basis.ids import new_id
from basis.kit.data.statements import Statement, insert_unless_there
from basis.signing import derive
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.openid.models import SpentTripRow
from kitchenasty.openid.rules import same

LIFE = timedelta(minutes=10)
COOKIE_LENGTH_MAX = 2_000
SPEND = insert_unless_there(SpentTripRow)
FORGET = Statement(
    delete(SpentTripRow).where(SpentTripRow.expires_at < bindparam("now", required=True))
)


class TripSpent(Conflict):
    """Too old, never ours, begun in another browser, or used before: the answer is the same."""

    def __init__(self) -> None:
        super().__init__("This sign-in took too long or was used already. Please begin once more.")


class Purpose(StrEnum):
    ENTER = "ENTER"
    """Come in, as whoever the provider says it is."""
    OPEN = "OPEN"
    """The same, and open an account even if somebody else claims the address."""
    LINK = "LINK"
    """Come in by this from now on, for a guest who is signed in."""


class Door(StrEnum):
    """Where the guest set out, and so where they come back to."""

    PAGE = "PAGE"
    APP = "APP"


class Trip(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    until: int
    issuer: str
    purpose: Purpose = Purpose.ENTER
    door: Door = Door.PAGE
    customer_id: str | None = None
    """Who links; None for those who come in."""
    next: str = ""

    def state(self, secret: str) -> str:
        return derive(secret, purpose="openid state", subject=self.id)

    def nonce(self, secret: str) -> str:
        return derive(secret, purpose="openid nonce", subject=self.id)

    def verifier(self, secret: str) -> str:
        """54 characters; PKCE (RFC 7636) asks for 43 at least."""
        parts = (f"openid verifier {part}" for part in (1, 2))
        return "".join(derive(secret, purpose=part, subject=self.id) for part in parts)

    def challenge(self, secret: str) -> str:
        digest = hashlib.sha256(self.verifier(secret).encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def begin_trip(look: Look, issuer: str, **more: Any) -> Trip:
    until = int((look.now + LIFE).timestamp())
    return Trip(id=new_id(), until=until, issuer=issuer, **more)


def write_cookie(trip: Trip, secret: str) -> str:
    text = base64.urlsafe_b64encode(msgspec.json.encode(trip)).decode()
    return f"{text}.{seal(text, secret)}"


def read_cookie(look: Look, cookie: str | None, state: str | None) -> Trip:
    """The trip that this browser began and that `state` belongs to. Raises TripSpent."""
    text, _, sealed = (cookie or "")[:COOKIE_LENGTH_MAX].partition(".")
    if not same(sealed, seal(text, look.secret)):
        raise TripSpent
    try:
        trip = msgspec.json.decode(base64.urlsafe_b64decode(text), type=Trip)
    except (binascii.Error, msgspec.DecodeError) as error:
        raise TripSpent from error
    is_timely = look.now < datetime.fromtimestamp(trip.until, UTC)
    if not is_timely or not same(state or "", trip.state(look.secret)):
        raise TripSpent
    return trip


def seal(text: str, secret: str) -> str:
    return derive(secret, purpose="openid trip", subject=text)


async def spend(uow: UnitOfWork, trip: Trip) -> None:
    """Of two who come back from one trip, one gets through. Raises TripSpent."""
    until = datetime.fromtimestamp(trip.until, UTC)
    if not await uow.run(SPEND, id=trip.id, expires_at=until):
        raise TripSpent


async def forget_old_trips(uow: UnitOfWork, _payload: dict[str, Any]) -> None:
    await uow.run(FORGET, now=uow.now)
