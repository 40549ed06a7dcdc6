"""What a credit note says: what went back of a receipt, with its tax, why, and to where."""

from __future__ import annotations

from collections.abc import Iterator

from basis.kit.texts import one_line
from basis.sentences import word
from kitchenasty import orders, refunds
from kitchenasty.kit.http.i18n import current_locale, translate
from kitchenasty.receipts.document import (
    Block,
    Document,
    Row,
    Weight,
    method_words,
    moment_of,
    percent,
    show,
)
from kitchenasty.receipts.service import CreditNote

CHARGE_WORDS = {
    orders.totals.ShareKind.DELIVERY: word("Delivery"),
    orders.totals.ShareKind.SERVICE: word("Service"),
    orders.totals.ShareKind.TIP: word("Tip"),
}


def write_credit_note(note: CreditNote) -> Document:
    """The credit note of a refund, in the current language, times in the zone of the house."""
    title = translate("Credit note %s") % note.number if note.number else translate("Credit note")
    total = Row(translate("Given back"), minus(note, note.refund.amount_minor), Weight.STRONG)
    blocks = (
        Block("", tuple(facts_of(note))),
        Block("", (*parts_of(note), total)),
        Block(translate("Tax"), tuple(taxes_of(note))),
        Block(translate("Payment"), tuple(returns_of(note))),
    )
    return Document(
        title=title,
        seller=tuple(one_line(line) for line in note.seller),
        blocks=tuple(block for block in blocks if block.rows),
        language=current_locale.get()[:2],
    )


def facts_of(note: CreditNote) -> Iterator[Row]:
    order = note.paper.order
    if note.paper.number:
        yield Row(translate("For receipt"), str(note.paper.number))
    yield Row(translate("Order"), f"{order.number} / {order.day}")
    yield Row(translate("Date"), moment_of(note.refund.made_at, note.paper))
    yield Row(translate("Guest"), one_line(order.contact.name))
    yield Row(translate("Reason"), one_line(note.refund.reason))


def parts_of(note: CreditNote) -> Iterator[Row]:
    for part in note.refund.parts.parts:
        yield Row(words_of(part, note.paper.order), minus(note, part.minor))


def words_of(part: orders.totals.RefundedPart, order: orders.Order) -> str:
    """`2 x Soup` for portions; a refund by amount has no number of them."""
    if part.kind is not orders.totals.ShareKind.LINE:
        return translate(CHARGE_WORDS[part.kind])
    name = one_line(order.lines[int(part.key)].name)
    return f"{part.units} x {name}" if part.units else name


def taxes_of(note: CreditNote) -> Iterator[Row]:
    explanation = note.paper.explanation
    named = refunds.taxes_in(note.refund.parts, explanation.taxes if explanation else ())
    for tax, minor in named:
        yield Row(f"{one_line(tax.tax)} {percent(tax.rate)}", minus(note, minor))


def returns_of(note: CreditNote) -> Iterator[Row]:
    for payment in note.paper.payments:
        for one in payment.returns:
            if one.refund_id == note.refund.id:
                words = f"{method_words(payment.method)}, {translate('given back')}"
                yield Row(words, show(one.amount_minor, one.currency))
                if one.rounding_minor:
                    coins = show(one.rounding_minor, one.currency)
                    yield Row(f"  {translate('Rounded to coins')}", coins)


def minus(note: CreditNote, minor: int) -> str:
    return show(-minor, note.refund.currency)
