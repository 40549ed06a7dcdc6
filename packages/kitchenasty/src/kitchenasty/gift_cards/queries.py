"""Reading gift cards."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, bindparam, func, select

from basis.ids import hash_capability
from basis.kit.data.paging import Page
from basis.kit.data.statements import Row, Statement
from kitchenasty.gift_cards.models import CardEntryRow, GiftCardRow
from kitchenasty.gift_cards.rules import (
    CardEntry,
    CardEntryKind,
    GiftCard,
    GiftCardNotFound,
    GiftCardUnknown,
    check_usable,
    read_code,
)
from kitchenasty.kit.books import Look

CARD = (
    select(
        GiftCardRow.id,
        GiftCardRow.hint,
        GiftCardRow.currency,
        GiftCardRow.issued_minor,
        CardEntryRow.balance_minor,
        GiftCardRow.note,
        GiftCardRow.issued_at,
        GiftCardRow.voided_at,
    )
    # A card's newest entry is the one that it has counted last.
    .join(
        CardEntryRow,
        and_(CardEntryRow.card_id == GiftCardRow.id, CardEntryRow.number == GiftCardRow.entries),
    )
)
NAMES = (
    "id",
    "hint",
    "currency",
    "issued_minor",
    "balance_minor",
    "note",
    "issued_at",
    "voided_at",
)
BY_CODE = Statement(CARD.where(GiftCardRow.code_hash == bindparam("hashed", required=True)))
BY_ID = Statement(CARD.where(GiftCardRow.id == bindparam("card_id", required=True)))
LIST = Statement(
    CARD.order_by(GiftCardRow.id.desc())
    .limit(bindparam("most", required=True))
    .offset(bindparam("skipped", required=True))
)
COUNT = Statement(select(func.count()).select_from(GiftCardRow))
ENTRY_FIELDS = (
    "number",
    "kind",
    "amount_minor",
    "balance_minor",
    "order_id",
    "order_number",
    "reason",
    "actor_name",
    "happened_at",
)
ENTRIES = Statement(
    select(*(getattr(CardEntryRow, name) for name in ENTRY_FIELDS))
    .where(CardEntryRow.card_id == bindparam("of_card", required=True))
    .order_by(CardEntryRow.number.desc())
    .limit(bindparam("most", required=True))
)
ENTRIES_MAX = 200
OF_ORDER = Statement(
    select(
        CardEntryRow.card_id, CardEntryRow.order_number, CardEntryRow.kind,
        CardEntryRow.amount_minor,
    ).where(CardEntryRow.order_id == bindparam("of_order", required=True))
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Used:
    """What an order has taken from a card, less what it has given back."""

    card_id: str
    order_number: str
    left_minor: int


async def find_card(look: Look, typed: str, currency: str) -> GiftCard:
    """The card for a code, if it can pay in this currency.

    Raises GiftCardMistyped, GiftCardUnknown, GiftCardVoid, GiftCardElsewhere, GiftCardEmpty.
    """
    card = await look_up(look, typed)
    check_usable(card, currency)
    return card


async def look_up(look: Look, typed: str) -> GiftCard:
    """The card for a code, whatever is left on it. Raises GiftCardMistyped, GiftCardUnknown."""
    row = await look.row(BY_CODE, hashed=hash_capability(read_code(typed)))
    if row is None:
        raise GiftCardUnknown
    return card_of(row)


async def load_card(look: Look, card_id: str) -> GiftCard:
    """Raises GiftCardNotFound."""
    row = await look.row(BY_ID, card_id=card_id)
    if row is None:
        raise GiftCardNotFound
    return card_of(row)


async def list_cards(look: Look, page: Page) -> tuple[list[GiftCard], int]:
    """The newest first, and how many there are."""
    rows = await look.rows(LIST, most=page.limit, skipped=page.offset)
    return [card_of(row) for row in rows], int(await look.value(COUNT))


async def list_entries(look: Look, card_id: str) -> list[CardEntry]:
    """The newest first."""
    rows = await look.rows(ENTRIES, of_card=card_id, most=ENTRIES_MAX)
    return [CardEntry(**dict(zip(ENTRY_FIELDS, row, strict=True))) for row in rows]


async def find_used(look: Look, order_id: str) -> Used | None:
    """None for an order that was not paid with a card."""
    rows = await look.rows(OF_ORDER, of_order=order_id)
    if not rows:
        return None
    taken = (CardEntryKind.SPENT, CardEntryKind.GIVEN_BACK)
    left = -sum(minor for _, _, kind, minor in rows if kind in taken)
    return Used(rows[0][0], rows[0][1] or "", left)


def card_of(row: Row) -> GiftCard:
    return GiftCard(**dict(zip(NAMES, row, strict=True)))
