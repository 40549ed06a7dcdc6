"""Gift cards: issued, spent, given back, voided. Whoever writes holds the card."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import bindparam, select, update

from basis.ids import hash_capability, new_id
from basis.kit.data.statements import Statement, insert_into, insert_unless_there
from basis.money import Money, exponent_of
from kitchenasty import audit
from kitchenasty.gift_cards.models import CardEntryRow, GiftCardRow
from kitchenasty.gift_cards.queries import find_used, load_card
from kitchenasty.gift_cards.rules import (
    ALPHABET,
    CHANCE_LENGTH,
    GROUP,
    REASON_LENGTH_MAX,
    CardEntryKind,
    CardIssued,
    CardRefused,
    GiftCard,
    GiftCardVoid,
    code_of,
    in_groups,
    short,
)
from kitchenasty.kit.books import UnitOfWork

AMOUNT_MAJOR_MAX = 100_000

ISSUE = insert_unless_there(GiftCardRow)
ADD = insert_into(CardEntryRow)
HOLD = Statement(
    update(GiftCardRow)
    .where(GiftCardRow.id == bindparam("of_card", required=True))
    .values(entries=GiftCardRow.entries)
    .returning(GiftCardRow.entries, GiftCardRow.voided_at)
)
COUNT_ON = Statement(
    update(GiftCardRow)
    .where(GiftCardRow.id == bindparam("of_card", required=True))
    .values(entries=bindparam("number", required=True))
)
BALANCE = Statement(
    select(CardEntryRow.balance_minor)
    .where(CardEntryRow.card_id == bindparam("of_card", required=True))
    .order_by(CardEntryRow.number.desc())
    .limit(1)
)
MARK_VOID = Statement(
    update(GiftCardRow)
    .where(GiftCardRow.id == bindparam("of_card", required=True))
    .values(voided_at=bindparam("now", required=True))
)


@dataclass(frozen=True, slots=True)
class HeldCard:
    """A card, held until the end of the transaction. `number` is the next entry's."""

    card_id: str
    number: int
    balance_minor: int
    is_void: bool


@dataclass(frozen=True, slots=True)
class IssuedCard:
    """`code` is told now, as it is printed, and never again."""

    card: GiftCard
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """What an entry says beside its amount."""

    kind: CardEntryKind
    order_id: str | None = None
    order_number: str | None = None
    reason: str | None = None


async def issue(
    uow: UnitOfWork, amount: Money, *, card_id: str | None = None, note: str | None = None
) -> IssuedCard:
    """A new card that was sold or given. With `card_id`, chosen by a form before it is sent, the
    same form sent twice makes one card. Raises CardRefused, CardIssued.
    """
    most = AMOUNT_MAJOR_MAX * 10 ** exponent_of(amount.currency)
    if not 0 < amount.minor <= most:
        raise CardRefused("A gift card holds more than nothing, and not a fortune.")
    code = code_of(secrets.randbelow(len(ALPHABET)) for _ in range(CHANCE_LENGTH))
    own_id = card_id or new_id()
    if not await uow.run(
        ISSUE,
        id=own_id,
        code_hash=hash_capability(code),
        hint=code[-GROUP:],
        currency=amount.currency,
        issued_minor=amount.minor,
        note=(note or "").strip()[:REASON_LENGTH_MAX] or None,
        entries=1,
        issued_at=uow.now,
        voided_at=None,
    ):
        raise CardIssued
    held = HeldCard(own_id, 1, 0, is_void=False)
    await write(uow, held, amount.minor, Movement(kind=CardEntryKind.ISSUED))
    await audit.record(
        uow,
        action="issue",
        entity="GiftCard",
        entity_id=own_id,
        after={"amount_minor": amount.minor, "currency": amount.currency},
    )
    return IssuedCard(await load_card(uow, own_id), in_groups(code))


async def hold(uow: UnitOfWork, card_id: str) -> HeldCard:
    """On PostgreSQL the card's row is locked until the commit, on SQLite everything is. The balance
    is read after that, by a statement of its own: it is the one that will be spent.
    """
    row = await uow.row(HOLD, of_card=card_id)
    assert row is not None
    entries, voided_at = row
    balance = int(await uow.value(BALANCE, of_card=card_id))
    return HeldCard(card_id, entries + 1, balance, is_void=voided_at is not None)


async def hold_to_spend(uow: UnitOfWork, card: GiftCard, minor: int) -> HeldCard:
    """A card for an order to come; of many who want the same money, one gets it.

    Raises GiftCardShort or GiftCardVoid, after which the transaction must end.
    """
    held = await hold(uow, card.id)
    if held.is_void:
        raise GiftCardVoid
    if held.balance_minor < minor:
        raise short(held.balance_minor, card.currency)
    return held


async def spend(uow: UnitOfWork, held: HeldCard, minor: int, *, order_id: str, number: str) -> None:
    """Write down what was held before: the order, known to people by its number, has it now."""
    spent = Movement(kind=CardEntryKind.SPENT, order_id=order_id, order_number=number)
    await write(uow, held, -minor, spent)


async def give_back(uow: UnitOfWork, order_id: str, *, most_minor: int | None = None) -> int:
    """What an order took from a card is on it again, all of it or at most so much; answers how
    much. Never more than was taken, however often asked. Nothing but a look for other orders.
    """
    used = await find_used(uow, order_id)
    if used is None:
        return 0
    held = await hold(uow, used.card_id)
    # Read again: two who give back at once have waited for each other here.
    used = await find_used(uow, order_id)
    assert used is not None
    minor = used.left_minor if most_minor is None else min(most_minor, used.left_minor)
    if minor <= 0:
        return 0
    back = Movement(
        kind=CardEntryKind.GIVEN_BACK, order_id=order_id, order_number=used.order_number
    )
    await write(uow, held, minor, back)
    return minor


async def void(uow: UnitOfWork, card_id: str, *, reason: str) -> GiftCard:
    """Nothing can be paid with the card any more; what was on it is gone. Once.

    Raises GiftCardNotFound, GiftCardVoid, CardRefused.
    """
    why = reason.strip()
    if not 0 < len(why) <= REASON_LENGTH_MAX:
        raise CardRefused("Please give a reason in a few words.")
    card = await load_card(uow, card_id)
    held = await hold(uow, card_id)
    if held.is_void:
        raise GiftCardVoid
    await uow.run(MARK_VOID, of_card=card_id, now=uow.now)
    voided = Movement(kind=CardEntryKind.VOIDED, reason=why)
    await write(uow, held, -held.balance_minor, voided)
    await audit.record(
        uow,
        action="void",
        entity="GiftCard",
        entity_id=card_id,
        before={"balance_minor": held.balance_minor, "currency": card.currency},
        after={"balance_minor": 0, "reason": why},
    )
    return await load_card(uow, card_id)


async def write(uow: UnitOfWork, held: HeldCard, amount_minor: int, movement: Movement) -> None:
    await uow.run(COUNT_ON, of_card=held.card_id, number=held.number)
    await uow.run(
        ADD,
        id=new_id(),
        card_id=held.card_id,
        number=held.number,
        kind=movement.kind,
        amount_minor=amount_minor,
        balance_minor=held.balance_minor + amount_minor,
        order_id=movement.order_id,
        order_number=movement.order_number,
        reason=movement.reason,
        actor_name=uow.actor.name,
        happened_at=uow.now,
    )
