"""How a total is paid: gift cards, cards, cash. A tender changes no tax."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from basis.errors import Invalid
from basis.money import round_half_up
from kitchenasty.orders.totals.amounts import check_amount


class TenderKind(StrEnum):
    """In the order in which they are taken."""

    GIFT = "GIFT"
    CARD = "CARD"
    CASH = "CASH"


class TenderTooLarge(Invalid):
    """A card would be charged more than is due."""


@dataclass(frozen=True, slots=True)
class Tender:
    """What is offered: a gift card's balance, an amount for a card, the cash on the counter."""

    kind: TenderKind
    id: str
    minor: int


@dataclass(frozen=True, slots=True)
class Settlement:
    """`taken` is what each tender pays, in the order given; cash is what stays in the drawer.
    What was due is the sum of `taken`, less `rounding_minor`, plus `left_minor`.
    """

    taken: tuple[int, ...]
    rounding_minor: int
    change_minor: int
    left_minor: int


def settle(due_minor: int, tenders: Sequence[Tender], *, cash_step_minor: int = 1) -> Settlement:
    """Gift cards first, then cards, then cash. Only what is paid in cash is rounded to the smallest
    coin, and only if the cash covers it. Raises TenderTooLarge, AmountOutOfRange.
    """
    left = check_amount(due_minor)
    taken = [0] * len(tenders)
    order = list(TenderKind)
    for place in sorted(range(len(tenders)), key=lambda i: (order.index(tenders[i].kind), i)):
        tender = tenders[place]
        offered = check_amount(tender.minor)
        if tender.kind is TenderKind.CASH:
            break
        if tender.kind is TenderKind.CARD and offered > left:
            raise TenderTooLarge("This is more than is due.", dueMinor=left)
        taken[place] = min(offered, left)
        left -= taken[place]
    return settle_cash(left, tenders, taken, cash_step_minor)


def settle_cash(
    left: int, tenders: Sequence[Tender], taken: list[int], cash_step_minor: int
) -> Settlement:
    """All cash together, since coins of two people make one sum."""
    cash = [place for place, tender in enumerate(tenders) if tender.kind is TenderKind.CASH]
    offered = sum(tenders[place].minor for place in cash)
    rounded = round_cash(left, cash_step_minor) if cash else left
    # Who lays down the exact amount pays it, also where the rounded one is larger.
    wanted = rounded if offered >= rounded else left
    to_take = wanted
    for place in cash:
        taken[place] = min(tenders[place].minor, to_take)
        to_take -= taken[place]
    return Settlement(
        taken=tuple(taken),
        rounding_minor=wanted - left,
        change_minor=max(0, offered - wanted),
        left_minor=to_take,
    )


def round_cash(minor: int, step_minor: int) -> int:
    """The nearest amount that coins can pay, halves away from zero: a refund mirrors the sale."""
    return round_half_up(minor, step_minor) * step_minor


def cash_back(refunded_minor: int, refund_minor: int, *, cash_step_minor: int) -> int:
    """What to hand back for a refund after earlier ones: the rounded sum less what was handed back,
    so that refunding everything in pieces hands back what was taken.
    """
    before = round_cash(refunded_minor, cash_step_minor)
    return round_cash(refunded_minor + refund_minor, cash_step_minor) - before
