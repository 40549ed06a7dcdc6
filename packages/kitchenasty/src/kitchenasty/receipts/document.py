"""What a receipt says, before anybody decides on what it is printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.numbers import format_currency, format_decimal

from basis.money import MILLIONTHS_PER_PERCENT, Rate
from basis.sentences import word
from kitchenasty import orders
from kitchenasty.kit.http.i18n import current_locale, translate
from kitchenasty.kit.http.wire import amount
from kitchenasty.kit.texts import one_line
from kitchenasty.payments import PaymentStatus
from kitchenasty.receipts.service import Paper

PAID_WORDS = {
    PaymentStatus.PENDING: word("still due"),
    PaymentStatus.COMPLETED: word("paid"),
    PaymentStatus.FAILED: word("no longer due"),
    PaymentStatus.REFUNDED: word("paid back"),
}
METHOD_WORDS = {"CASH": word("Cash"), "CARD": word("Card"), "GIFT_CARD": word("Gift card")}


class Weight(StrEnum):
    PLAIN = "plain"
    SOFT = "soft"
    STRONG = "strong"


@dataclass(frozen=True, slots=True)
class Row:
    """What it is, and what it costs; either may be empty."""

    left: str
    right: str = ""
    weight: Weight = Weight.PLAIN


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that belong together, under a title that may be empty."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A receipt in one language, each text on one line and free of control codes."""

    title: str
    seller: tuple[str, ...]
    blocks: tuple[Block, ...]
    language: str


def write(paper: Paper) -> Document:
    """The receipt of an order, in the current language, times in the zone of the house."""
    number = paper.number
    title = translate("Receipt %s") % number if number else translate("Bill, not yet paid")
    blocks = (
        Block("", tuple(facts_of(paper))),
        Block("", tuple(lines_of(paper.order))),
        Block("", tuple(sums_of(orders.sums_of(paper.order, paper.explanation)))),
        Block(translate("Tax"), tuple(taxes_of(paper.order, paper.explanation))),
        Block(translate("Payment"), tuple(paid_of(paper))),
    )
    return Document(
        title=title,
        seller=tuple(one_line(line) for line in paper.seller),
        blocks=tuple(block for block in blocks if block.rows),
        language=current_locale.get()[:2],
    )


def facts_of(paper: Paper) -> Iterator[Row]:
    order = paper.order
    moment = paper.number.issued_at if paper.number else order.placed_at
    yield Row(translate("Order"), f"{order.number} / {order.day}")
    yield Row(translate("Date"), moment_of(moment, paper))
    yield Row(translate("Guest"), one_line(order.contact.name))


def lines_of(order: orders.Order) -> Iterator[Row]:
    for line in order.lines:
        yield Row(
            f"{line.quantity} x {one_line(line.name)}", show(line.total_minor, order.currency)
        )
        yield from choices_of(line)


def choices_of(line: orders.Line) -> Iterator[Row]:
    for option in line.options:
        times = f"{option.quantity} x " if option.quantity > 1 else ""
        yield Row(f"  {times}{one_line(option.name)}", weight=Weight.SOFT)


def sums_of(sums: orders.Sums) -> Iterator[Row]:
    for row in sums.rows:
        words = one_line(row.name) or translate(row.words)
        shown = words if row.rate is None else f"{words} {percent(row.rate)}"
        yield Row(shown, show(row.minor, sums.currency))
    yield Row(translate("Total"), show(sums.total_minor, sums.currency), Weight.STRONG)


def taxes_of(order: orders.Order, explanation: orders.totals.Explanation | None) -> Iterator[Row]:
    """One row for each tax and rate: what it lies on, and the tax."""
    for one in explanation.taxes if explanation else ():
        net = show(one.net_minor, order.currency)
        words = translate("{tax} {rate} on {net}").format(
            tax=one_line(one.tax), rate=percent(one.rate), net=net
        )
        yield Row(words, show(one.tax_minor, order.currency))


def paid_of(paper: Paper) -> Iterator[Row]:
    """How it was paid, and what was given back since."""
    for payment in paper.payments:
        state = translate(PAID_WORDS.get(payment.status, payment.status.value.lower()))
        yield Row(
            f"{method_words(payment.method)}, {state}", show(payment.amount_minor, payment.currency)
        )
    for one in paper.refunds:
        note = translate("credit note %s") % one.number if one.number else ""
        words = ", ".join(part for part in (translate("Given back"), note) if part)
        yield Row(words, show(-one.refund.amount_minor, one.refund.currency))


def method_words(method: str) -> str:
    return translate(METHOD_WORDS.get(method, method.capitalize()))


def moment_of(at: datetime, paper: Paper) -> str:
    """An instant as the house's clocks and calendar show it."""
    local = at.astimezone(ZoneInfo(paper.house.zone))
    return format_datetime(local, "dd.MM.yyyy HH:mm z", locale=current_locale.get())


def percent(rate: Rate) -> str:
    """`7 %` and `8.875 %`, with the point of the current language."""
    share = Decimal(rate.millionths) / MILLIONTHS_PER_PERCENT
    return f"{format_decimal(share, locale=current_locale.get(), format='0.####')} %"


def show(minor: int, currency: str) -> str:
    """The amount with its currency, in the current language and without joining blanks."""
    text = format_currency(amount(minor, currency), currency, locale=current_locale.get())
    return text.replace("\u00a0", " ").replace("\u202f", " ")
