"""A gift card at the checkout: it pays, and changes no price and no tax."""

from __future__ import annotations

from dataclasses import dataclass

from basis.errors import DomainError
from basis.money import Money
from kitchenasty import gift_cards, orders, payments
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.payments import PaymentMethod


@dataclass(frozen=True, slots=True)
class GiftUse:
    """What a card would pay, what stays on it, and what is left to be paid otherwise."""

    hint: str
    paid_minor: int
    stays_minor: int
    due_minor: int


@dataclass(frozen=True, slots=True)
class TakenGift:
    """Money of a card that is held for an order to come."""

    held: gift_cards.HeldCard
    paid: Money


async def find_shown(
    look: Look, code: str | None, total: Money
) -> tuple[GiftUse | None, DomainError | None]:
    """For a page: what the card pays, or why it does not; nothing is read without a code."""
    if not code:
        return None, None
    try:
        card = await gift_cards.find_card(look, code, total.currency)
    except DomainError as refusal:
        return None, refusal
    paid = min(card.balance_minor, total.minor)
    stays = card.balance_minor - paid
    return GiftUse(card.hint, paid, stays, total.minor - paid), None


async def take(
    uow: UnitOfWork, code: str | None, total: Money, shown_minor: int | None
) -> TakenGift | None:
    """Hold what the card pays; None, and nothing is read, without a code. `shown_minor` is what the
    guest saw that it pays: if less is left, they are asked again.

    Raises what gift_cards.find_card raises, GiftCardShort.
    """
    if not code or not total.minor:
        return None
    card = await gift_cards.find_card(uow, code, total.currency)
    wanted = min(card.balance_minor if shown_minor is None else shown_minor, total.minor)
    held = await gift_cards.hold_to_spend(uow, card, max(1, wanted))
    return TakenGift(held, Money(min(held.balance_minor, total.minor), total.currency))


async def keep(
    uow: UnitOfWork, taken: TakenGift | None, order: orders.Order
) -> payments.Payment | None:
    """Write down on card and order what the card has paid."""
    if taken is None:
        return None
    await gift_cards.spend(
        uow, taken.held, taken.paid.minor, order_id=order.id, number=order.number
    )
    return await payments.record_tender(uow, order.id, PaymentMethod.GIFT_CARD, taken.paid)


def left_of(total: Money, taken: TakenGift | None) -> Money:
    """What is to be paid otherwise."""
    return total if taken is None else total - taken.paid
