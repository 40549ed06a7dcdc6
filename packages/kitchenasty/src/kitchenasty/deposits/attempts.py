"""Asking the providers: to begin, how it stands, to take no more, and to give back. Each call
stands between two transactions and in none.
"""

from __future__ import annotations

import structlog

from basis.errors import Conflict, DomainError
from basis.sentences import word
from kitchenasty import locations, payments, reservations
from kitchenasty.deposits import ledger, service
from kitchenasty.deposits.cards import forget_later, kept_until
from kitchenasty.deposits.dealings import DEALINGS
from kitchenasty.deposits.models import AttemptKind
from kitchenasty.deposits.queries import find_attempt, list_open_attempts, load_deposit
from kitchenasty.deposits.returns import Asked, find_asked
from kitchenasty.deposits.settling import settle
from kitchenasty.deposits.views import Attempt
from kitchenasty.kit.books import Books, Look, UnitOfWork
from kitchenasty.kit.principals import Principal
from kitchenasty.payments import (
    Begun,
    CardFee,
    Found,
    IntentState,
    PaymentMethod,
    Provider,
    ProviderRefused,
    ReturnState,
    Wish,
)
from kitchenasty.reservations import Reservation

logger = structlog.get_logger(__name__)

FORGOTTEN = "The card is no longer kept."


class NothingToPay(Conflict):
    """The reservation waits for no money (any more)."""


async def begin(
    books: Books, actor: Principal, reservation_id: str, method: PaymentMethod, *, site: str
) -> tuple[Attempt, Begun]:
    """Begin to pay a deposit on a page of the provider's, or go on with what was begun. The door
    has checked whose reservation it is.

    Raises NothingToPay, PaymentMethodOff, ProviderAway, ProviderRefused.
    """
    async with books.writing(actor) as uow:
        provider = await payments.offered_provider(uow, method)
        attempt = await choose_attempt(uow, reservation_id, method)
        if attempt.kind is AttemptKind.CARD and not provider.keeps_cards:
            raise payments.method_off()
        wish = await wish_of(uow, attempt, site)
    await close_others(books, attempt)
    try:
        begun = await begin_at(provider, attempt, wish)
    except ProviderRefused as refused:
        async with books.writing(actor) as uow:
            await settle(uow, attempt.id, Found(IntentState.FAILED, failure=str(refused)))
        raise
    async with books.writing(actor) as uow:
        is_open = await keep_begun(uow, attempt, begun)
    if not is_open:
        raise nothing_to_pay()
    return attempt, begun


async def begin_at(provider: Provider, attempt: Attempt, wish: Wish) -> Begun:
    """A page on which money is taken, or a card is left and nothing taken."""
    if attempt.kind is AttemptKind.CARD:
        return await provider.begin_card(wish)
    return await provider.begin(wish, hosted=True)


async def choose_attempt(uow: UnitOfWork, reservation_id: str, method: PaymentMethod) -> Attempt:
    """Raises NothingToPay."""
    reservation = await reservations.hold_reservation(uow, reservation_id)
    check_due(uow, reservation)
    agreed = reservation.agreed
    assert agreed is not None, "it waits for what was agreed"
    for old in await list_open_attempts(uow, reservation_id):
        # Fewer people owe less than the page that they have opened says.
        is_other = old.amount != agreed.amount
        if is_other or payments.is_stale(old, uow.now):
            await ledger.mark_attempt(uow, old, IntentState.EXPIRED)
            DEALINGS.close_later(uow, old)
    kind = AttemptKind.CARD if agreed.is_card else AttemptKind.PAYMENT
    return await ledger.open_attempt(uow, reservation, method, agreed.amount, kind=kind)


def check_due(look: Look, reservation: Reservation) -> None:
    """Raises NothingToPay."""
    until = reservation.awaits_deposit_until
    if not reservation.awaits_deposit or until is None or until <= look.now:
        raise nothing_to_pay()


def nothing_to_pay() -> NothingToPay:
    return NothingToPay(
        word("There is nothing to pay here any more. What came too late goes back by itself.")
    )


async def close_others(books: Books, chosen: Attempt) -> None:
    """A guest who changes their mind has one page to pay on. Raises NothingToPay when another one
    turns out to have been paid. A provider that is away does not keep the guest from another: what
    it takes nevertheless goes back.
    """
    async with books.reading() as look:
        found = await list_open_attempts(look, chosen.reservation_id)
    others = [one for one in found if one.id != chosen.id]
    for other in others:
        try:
            await DEALINGS.close(books, other)
        except DomainError as error:
            logger.warning("deposit.close_failed", payment_id=other.id, why=error.code)
    if others:
        async with books.writing() as uow:
            check_due(uow, await reservations.hold_reservation(uow, chosen.reservation_id))


async def wish_of(uow: UnitOfWork, attempt: Attempt, site: str) -> Wish:
    reservation = await reservations.hold_reservation(uow, attempt.reservation_id)
    house = await locations.load_house(uow, reservation.house_id)
    page = f"{site}/r/{reservations.capability_of(uow.secret, reservation.id)}/deposit"
    return Wish(
        key=attempt.id,
        order_id=reservation.id,
        words=words_of(reservation, house),
        amount=attempt.amount,
        email=reservation.guest_email,
        paid_url=f"{page}/paid",
        back_url=page,
        expires_at=attempt.created_at + payments.PAGE_LASTS,
    )


def words_of(reservation: Reservation, house: locations.House) -> str:
    """What the provider's page shows; where a card is left, what the guest allows by it."""
    agreed, what = reservation.agreed, f"{house.name} · {reservation.day:%d.%m.%Y}"
    return f"{what} · {agreed.words}" if agreed is not None and agreed.is_card else what


async def keep_begun(uow: UnitOfWork, attempt: Attempt, begun: Begun) -> bool:
    """Write down what the provider calls it; False when it was given up meanwhile."""
    reservation = await reservations.hold_reservation(uow, attempt.reservation_id)
    await ledger.name_attempt(uow, attempt, begun.ref)
    now = await find_attempt(uow, attempt.id)
    assert now is not None, "attempts are never deleted"
    if not now.is_open or not reservation.awaits_deposit:
        DEALINGS.close_later(uow, now)
        return False
    await settle(uow, attempt.id, Found(IntentState.REQUIRES_ACTION))
    DEALINGS.look_later(uow, attempt)
    return True


async def look_after_reservation(books: Books, reservation_id: str) -> None:
    """Ask how all open attempts stand. Raises ProviderAway, ProviderRefused."""
    async with books.reading() as look:
        found = await list_open_attempts(look, reservation_id)
    for attempt in found:
        await DEALINGS.look_after(books, attempt)


async def expire(books: Books, reservation_id: str) -> None:
    """The time to pay is over: no more money is taken, and unless some came just now, the table is
    free. When the provider is away it is free too: what comes late is seen to.
    """
    async with books.reading() as look:
        open_attempts = await list_open_attempts(look, reservation_id)
    for attempt in open_attempts:
        try:
            await DEALINGS.close(books, attempt)
        except DomainError as error:
            logger.warning("deposit.close_failed", payment_id=attempt.id, why=error.code)
    async with books.writing() as uow:
        await service.lapse(uow, reservation_id)


async def carry_out(books: Books, return_id: str, *, key: str) -> None:
    """Ask the provider to give back. One that does not answer is asked again, with the same key;
    after one that says no, or has no keys any more, somebody of the house decides. Raises
    ProviderAway.
    """
    async with books.reading() as look:
        asked: Asked | None = await find_asked(look, return_id)
    if asked is None:
        return
    try:
        provider = await payments.provider_now(books, asked.method)
        ref = await provider.refund(asked.charge_ref, asked.amount, key=key)
    except (ProviderRefused, payments.KeysMissing) as refusal:
        said = str(refusal)[: payments.FAILURE_LENGTH_MAX]
        async with books.writing() as uow:
            await service.answer(uow, return_id, ReturnState.PENDING, ReturnState.REFUSED, why=said)
        return
    async with books.writing() as uow:
        await service.answer(uow, return_id, ReturnState.PENDING, ReturnState.DONE, ref=ref)


async def carry_out_fee(books: Books, payment_id: str) -> None:
    """Ask the provider to charge the card that was left. One that does not answer is asked again,
    with the same key; what it refuses is told to the house. Raises ProviderAway.
    """
    async with books.reading() as look:
        fee = await find_attempt(look, payment_id)
        assert fee is not None, "attempts are never deleted"
        card = (await load_deposit(look, fee.reservation_id, fee.amount.currency)).kept_card
    if not fee.is_open:
        return
    found = Found(IntentState.FAILED, failure=FORGOTTEN)
    if card is not None and card.charge_ref is not None:
        asked = CardFee(
            key=fee.id, order_id=fee.reservation_id, card_ref=card.charge_ref, amount=fee.amount
        )
        try:
            provider = await payments.provider_now(books, fee.method)
            found = await provider.charge_card(asked)
        except (ProviderRefused, payments.KeysMissing) as refused:
            found = Found(IntentState.FAILED, failure=str(refused))
    async with books.writing() as uow:
        await settle(uow, fee.id, found)


async def forget_card(books: Books, payment_id: str) -> None:
    """Have the provider forget a card, as soon as nothing can be charged any more. Raises
    ProviderAway, ProviderRefused, KeysMissing.
    """
    async with books.writing() as uow:
        card = await find_attempt(uow, payment_id)
        assert card is not None, "attempts are never deleted"
        until = await kept_until(uow, card)
        if until is not None:
            forget_later(uow, card, at=until)
            return
    if card.charge_ref is None:
        return
    provider = await payments.provider_now(books, card.method)
    await provider.forget_card(card.charge_ref)
    async with books.writing() as uow:
        await ledger.forget_card(uow, card.id)
