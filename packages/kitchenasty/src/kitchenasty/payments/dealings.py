"""An attempt and its provider, whatever it pays for: asked how it stands, asked again by ourselves,
and told that we want no more. Each question stands between two transactions and in none.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

from basis.kit.background.worker import Errand
from kitchenasty.kit.books import Books, Look, UnitOfWork
from kitchenasty.payments.keys import load_keys
from kitchenasty.payments.models import PaymentMethod
from kitchenasty.payments.port import Found, Provider
from kitchenasty.payments.service import KeysMissing, method_off
from kitchenasty.payments.states import PAID, IntentState

LOOKS_AFTER_MINUTES = (2, 3, 4, 6, 13, 30)
"""From one look of ours to the next; after the last nobody pays any more."""
REUSED_FOR = timedelta(minutes=20)
"""Providers forget our keys after some hours, and a page of theirs ends; an older attempt is closed
and a new one begun."""
PAGE_LASTS = timedelta(minutes=60)
"""Stripe wants at least 30 minutes from the moment it is asked; the time in which an order or a
table waits for its money is shorter and ends the page too."""


class AnAttempt(Protocol):
    """An attempt of any slice, as far as its provider is concerned."""

    @property
    def id(self) -> str: ...
    @property
    def method(self) -> PaymentMethod: ...
    @property
    def state(self) -> IntentState: ...
    @property
    def provider_ref(self) -> str | None: ...
    @property
    def created_at(self) -> datetime: ...
    @property
    def is_open(self) -> bool: ...


A = TypeVar("A", bound=AnAttempt)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dealings(Generic[A]):
    """How a slice deals with the providers of its attempts: `find` reads one by its id, and
    `settle` makes true what a provider says of it, once, whoever is told and when.
    """

    look_job: str
    close_job: str
    find: Callable[[Look, str], Awaitable[A | None]]
    settle: Callable[[UnitOfWork, str, Found], Awaitable[object]]

    async def look_after(self, books: Books, attempt: A) -> None:
        """Ask the provider how an open attempt stands. Raises ProviderAway, ProviderRefused."""
        if attempt.provider_ref is None or not attempt.is_open:
            return
        provider = await provider_now(books, attempt.method)
        found = await provider.find_out(attempt.provider_ref, key=attempt.id)
        async with books.writing() as uow:
            await self.settle(uow, attempt.id, found)

    async def close(self, books: Books, attempt: A) -> None:
        """Have no more money taken for it; what was taken already counts, or goes back.

        Raises ProviderAway, ProviderRefused, KeysMissing.
        """
        found = Found(IntentState.EXPIRED)
        if attempt.provider_ref is not None:
            provider = await provider_now(books, attempt.method)
            found = await provider.close(attempt.provider_ref, key=attempt.id)
        async with books.writing() as uow:
            await self.settle(uow, attempt.id, found)

    def look_later(self, uow: UnitOfWork, attempt: A, looks: int = 0) -> None:
        uow.enqueue(
            self.look_job,
            {"payment_id": attempt.id, "looks": looks},
            run_at=uow.now + timedelta(minutes=LOOKS_AFTER_MINUTES[looks]),
            key=f"{self.look_job}:{attempt.id}:{looks}",
        )

    def close_later(self, uow: UnitOfWork, attempt: A) -> None:
        payload = {"payment_id": attempt.id}
        uow.enqueue(self.close_job, payload, key=f"{self.close_job}:{attempt.id}")

    async def run_look(self, books: Books, payload: dict[str, Any]) -> None:
        """Ask by ourselves: the message of the provider, and the guest's browser, may be lost."""
        attempt = await self.read(books, payload)
        if attempt is not None:
            await self.look_after(books, attempt)
            attempt = await self.read(books, payload)
        if attempt is None or not attempt.is_open:
            return
        looks: int = payload["looks"] + 1
        async with books.writing() as uow:
            if looks == len(LOOKS_AFTER_MINUTES):
                self.close_later(uow, attempt)
            else:
                self.look_later(uow, attempt, looks)

    async def run_close(self, books: Books, payload: dict[str, Any]) -> None:
        """The provider is told that we want no more money for it."""
        attempt = await self.read(books, payload)
        if attempt is not None and attempt.state not in PAID:
            await self.close(books, attempt)

    async def read(self, books: Books, payload: dict[str, Any]) -> A | None:
        async with books.reading() as look:
            return await self.find(look, payload["payment_id"])

    @property
    def errands(self) -> tuple[Errand, ...]:
        return Errand(self.look_job, self.run_look), Errand(self.close_job, self.run_close)


def is_stale(attempt: AnAttempt, now: datetime) -> bool:
    """Whether its page may have ended, so that a guest who comes again needs another one."""
    return attempt.provider_ref is not None and attempt.created_at + REUSED_FOR < now


async def provider_now(books: Books, method: PaymentMethod) -> Provider:
    """Also for a way of paying that was switched off since. Raises KeysMissing."""
    async with books.reading() as look:
        provider = (await load_keys(look)).provider(method)
    if provider is None:
        raise KeysMissing("The keys of this provider were taken away.")
    return provider


async def offered_provider(look: Look, method: PaymentMethod) -> Provider:
    """Of a way of paying that guests may choose now. Raises PaymentMethodOff."""
    keys = await load_keys(look)
    provider = keys.provider(method)
    if provider is None or method not in keys.offered:
        raise method_off()
    return provider
