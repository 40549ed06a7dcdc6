"""What a receipt says, before anybody decides on what it is printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal

from basis.kit.http.wire import amount
from basis.kit.texts import one_line
from basis.money import MILLIONTHS_PER_PERCENT, Rate
from basis.sentences import word
from kitchenasty import orders
from kitchenasty.kit.http.i18n import current_locale, translate
from kitchenasty.payments import (
    METHOD_WORDS,
    IntentState,
    Payment,
    PaymentMethod,
    PaymentStatus,
)
from kitchenasty.receipts.service import Paper

PAID_WORDS = {
    PaymentStatus.PENDING: word("still due"),
    PaymentStatus.COMPLETED: word("paid"),
    PaymentStatus.FAILED: word("no longer due"),
    PaymentStatus.REFUNDED: word("paid back"),
}


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
    blocks = (
        Block("", tuple(facts_of(paper))),
        Block("", tuple(lines_of(paper.order))),
        Block("", tuple(sums_of(orders.sums_of(paper.order, paper.explanation)))),
        Block(translate("Tax"), tuple(taxes_of(paper.order, paper.explanation))),
        Block(translate("Payment"), tuple(paid_of(paper))),
    )
    return Document(
        title=title_of(paper),
        seller=tuple(one_line(line) for line in paper.seller),
        blocks=tuple(block for block in blocks if block.rows),
        language=current_locale.get()[:2],
    )


def title_of(paper: Paper) -> str:
    """What is paid is no open bill, also in the moment before it has its number."""
    if paper.number:
        return translate("Receipt %s") % paper.number
    if any(one.status is PaymentStatus.PENDING for one in paper.payments):
        return translate("Bill, not yet paid")
    return translate("Receipt")


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
        # A tax has a name of its own; everything else is said before it is named.
        name = one_line(row.name)
        said = (name,) if row.words == "Tax" and name else (translate(row.words), name)
        words = " ".join(part for part in said if part)
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
    for payment in less_deposit(paper):
        # What was tried in vain, and what came too late and goes back by itself, is no payment.
        if payment.is_surplus or payment.status is PaymentStatus.FAILED:
            continue
        state = translate(PAID_WORDS.get(payment.status, payment.status.value.lower()))
        yield Row(
            f"{method_words(payment.method)}, {state}", show(payment.amount_minor, payment.currency)
        )
        if payment.rounding_minor:
            rounding = show(payment.rounding_minor, payment.currency)
            yield Row(f"  {translate('Rounded to coins')}", rounding)
        if payment.change_minor:
            received = show(payment.tendered_minor or 0, payment.currency)
            yield Row(f"  {translate('Received')}", received)
            yield Row(
                f"  {translate('Change given')}", show(payment.change_minor, payment.currency)
            )
    for one in paper.refunds:
        note = translate("credit note %s") % one.number if one.number else ""
        words = ", ".join(part for part in (translate("Given back"), note) if part)
        yield Row(words, show(-one.refund.amount_minor, one.refund.currency))


def less_deposit(paper: Paper) -> Iterator[Payment]:
    """On a bill that is open: what the deposit pays is paid, and only the rest is due."""
    left = paper.from_deposit_minor
    for payment in paper.payments:
        part = min(left, payment.amount_minor) if payment.status is PaymentStatus.PENDING else 0
        left -= part
        if part:
            method, state = PaymentMethod.DEPOSIT, IntentState.CAPTURED
            yield replace(payment, method=method, state=state, amount_minor=part)
        if part < payment.amount_minor or not part:
            yield replace(payment, amount_minor=payment.amount_minor - part)


def method_words(method: PaymentMethod) -> str:
    return translate(METHOD_WORDS[method])


def moment_of(at: datetime, paper: Paper) -> str:
    """An instant as the house's clocks and calendar show it."""
    local = at.astimezone(ZoneInfo(paper.house.zone))
    locale = current_locale.get()
    day, time = format_date(local, locale=locale), format_time(local, "short", locale=locale)
    return f"{day}, {plain_blanks(time)} {local.tzname()}"


def percent(rate: Rate) -> str:
    """`7 %` and `8.875 %`, with the point of the current language."""
    share = Decimal(rate.millionths) / MILLIONTHS_PER_PERCENT
    return f"{format_decimal(share, locale=current_locale.get(), format='0.####')} %"


def show(minor: int, currency: str) -> str:
    """The amount with its currency, in the current language and without joining blanks."""
    text = format_currency(amount(minor, currency), currency, locale=current_locale.get())
    return plain_blanks(text)


def plain_blanks(text: str) -> str:
    """Printers and PDF fonts know one kind of blank."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")
