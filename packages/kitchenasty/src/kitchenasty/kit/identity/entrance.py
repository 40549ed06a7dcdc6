"""What the doors need where people come in: the books, the doorman, the limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from basis.kit.limits import Limits, Policy, address_key
from kitchenasty.kit.books import Books
from kitchenasty.kit.identity.passwords import Passwords
from kitchenasty.kit.identity.sessions import SessionKind
from kitchenasty.kit.identity.sign_in import Doorman, TooManyTries
from kitchenasty.kit.principals import ANONYMOUS, Principal

UNKNOWN_ADDRESS = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """The request of somebody who wants in.

    `device` is the mark of an earlier sign-in there; `held_token` a session that ends when a new
    one begins.
    """

    door: SessionKind
    address: str | None = None
    request_id: str = ""
    user_agent: str | None = None
    device: str | None = None
    held_token: str | None = None
    actor: Principal = ANONYMOUS

    @property
    def place(self) -> str:
        return self.address or UNKNOWN_ADDRESS


@dataclass(frozen=True, slots=True)
class Entrance:
    """One for each process."""

    books: Books
    passwords: Passwords
    limits: Limits
    doorman: Doorman

    @classmethod
    def of(cls, books: Books, *, secret: bytes, limits: Limits, passwords: Passwords) -> Self:
        doorman = Doorman(passwords=passwords, limits=limits, secret=secret)
        return cls(books, passwords, limits, doorman)

    def take(self, policy: Policy, address: str) -> None:
        """Count one request of this address; raises TooManyTries."""
        verdict = self.limits.take(policy, address_key(address))
        if not verdict.allowed:
            raise TooManyTries(verdict.retry_after_seconds)
