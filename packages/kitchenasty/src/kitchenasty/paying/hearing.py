"""What a provider tells us at our door: believed, kept and applied in one transaction.

Whether it is believed is settled before the transaction; within it no one else is asked anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from kitchenasty import deposits, payments
from kitchenasty.kit.books import Books, UnitOfWork
from kitchenasty.paying.attempts import LOOK_JOB
from kitchenasty.paying.settling import Settled, settle
from kitchenasty.payments import MessageOutcome, MessageRefused, PaymentMethod, SignatureWrong, Told


async def hear_stripe(books: Books, body: bytes, signatures: Sequence[str]) -> None:
    """Raises SignatureWrong, MessageOld, MessageUnreadable; then nothing was done."""
    async with books.reading() as look:
        keys, now = await payments.load_keys(look), look.now
    payments.check_stripe_signature(body, signatures, keys.stripe_webhook_secrets, now)
    told = payments.read_stripe_message(body, is_live=keys.is_stripe_live)
    await keep_and_apply(books, PaymentMethod.STRIPE, told)


async def hear_paypal(books: Books, body: bytes, headers: Mapping[str, str]) -> None:
    """Raises SignatureWrong, MessageOld, MessageUnreadable, and ProviderAway when PayPal cannot be
    asked whether it was it: then it tells us again later.
    """
    async with books.reading() as look:
        keys, now = await payments.load_keys(look), look.now
    seal = payments.read_paypal_seal(headers, now)
    told = payments.read_paypal_message(body)
    paypal, webhook_id = keys.paypal, keys.paypal_webhook_id
    if paypal is None or webhook_id is None:
        raise SignatureWrong("No webhook of PayPal leads here.")
    if not await paypal.vouch_for(body, asdict(seal), webhook_id):
        raise SignatureWrong("PayPal did not sign this.")
    await keep_and_apply(books, PaymentMethod.PAYPAL, told)


async def keep_and_apply(books: Books, method: PaymentMethod, told: Told) -> None:
    async with books.writing() as uow:
        await payments.take_message(uow, method, told, apply_message)


async def apply_message(uow: UnitOfWork, method: PaymentMethod, told: Told) -> MessageOutcome:
    """Raises MessageRefused."""
    if told.found is None and not told.is_hint:
        return MessageOutcome.IGNORED
    attempt = await find_named(uow, method, told)
    if attempt is None:
        heard = await deposits.hear(uow, method, told)
        if heard is not None:
            return heard
        is_ours = told.attempt_key is not None or method is PaymentMethod.PAYPAL
        return MessageOutcome.WAITING if is_ours else MessageOutcome.IGNORED
    if told.order_id not in (None, attempt.order_id):
        raise MessageRefused("It names another order than the one this payment was begun for.")
    if told.found is None:
        uow.enqueue(LOOK_JOB, {"payment_id": attempt.id, "looks": 0})
        return MessageOutcome.APPLIED
    settled = await settle(uow, attempt.id, told.found)
    return MessageOutcome.REFUSED if settled is Settled.REVIEW else MessageOutcome.APPLIED


async def find_named(uow: UnitOfWork, method: PaymentMethod, told: Told) -> payments.Attempt | None:
    """The attempt by our name for it, which the provider keeps, or by the provider's."""
    found = await payments.find_attempt(uow, told.attempt_key) if told.attempt_key else None
    if found is None and told.ref is not None:
        found = await payments.find_attempt_by_ref(uow, method, told.ref)
    return found if found is not None and found.method is method else None


async def apply_waiting(uow: UnitOfWork, _payload: dict[str, Any]) -> None:
    await payments.apply_waiting(uow, apply_message)
