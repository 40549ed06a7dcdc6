"""Whether a house asks money of whoever books, how much, and the words for it."""

from __future__ import annotations

from datetime import date, datetime

from basis.money import Money
from kitchenasty import locations, payments
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.i18n import current_locale, money_text, translate
from kitchenasty.reservation_terms.agreed import Agreed, Ask, free_until
from kitchenasty.reservation_terms.terms import Terms

CARD_KEPT_DAYS = 7
"""After the time of a party that did not come; then its card is forgotten, charged or not."""


async def agree(
    look: Look, terms: Terms, house_id: str, day: date, starts_at: datetime, party: int
) -> Agreed | None:
    """What a guest agrees to who books this; None where nothing is asked, or nothing can be paid
    online.
    """
    if not terms.asks_of(party, day) or not await can_ask(look, terms.ask):
        return None
    house = await locations.load_house(look, house_id)
    return agreed_of(terms, party, house.currency, starts_at)


def agreed_of(terms: Terms, party: int, currency: str, starts_at: datetime) -> Agreed:
    amount = Money(terms.ask_minor * party, currency)
    return Agreed(
        ask=terms.ask,
        amount_minor=amount.minor,
        currency=amount.currency,
        notice_hours=terms.ask_notice_hours,
        free_until=free_until(starts_at, terms.ask_notice_hours),
        confirms=terms.confirms_at_once,
        words=words_of(terms, amount),
        party=party,
    )


async def takes_money(look: Look) -> bool:
    """Whether there is any way to pay online."""
    keys = await payments.load_keys(look)
    return any(method.is_online for method in keys.offered)


async def takes_cards(look: Look) -> bool:
    """Whether a card can be left here and charged later."""
    return bool((await payments.load_keys(look)).card_keepers)


async def can_ask(look: Look, ask: Ask) -> bool:
    return await (takes_cards(look) if ask is Ask.CARD else takes_money(look))


async def find_words(look: Look, terms: Terms, house_id: str, day: date, party: int) -> str:
    """What the guest reads before the button; nothing where nothing is asked."""
    if not terms.asks_of(party, day) or not await can_ask(look, terms.ask):
        return ""
    house = await locations.load_house(look, house_id)
    return words_of(terms, Money(terms.ask_minor * party, house.currency))


def words_of(terms: Terms, amount: Money) -> str:
    """In the language of the request."""
    locale = current_locale.get()
    each = money_text(terms.ask_minor, amount.currency, locale)
    total = money_text(amount.minor, amount.currency, locale)
    if terms.ask is Ask.CARD:
        return card_words(terms, each, total)
    return " ".join(
        (
            translate("This house asks for a deposit of {each} for each guest: {total}.").format(
                each=each, total=total
            ),
            translate("After your visit you get it back, or it is taken off your bill."),
            translate(
                "If you cancel at least {hours} hours before, you get all of it back; later, or if "
                "you do not come, the house keeps it."
            ).format(hours=terms.ask_notice_hours),
        )
    )


def card_words(terms: Terms, each: str, total: str) -> str:
    """What a guest allows who leaves a card: how much, for what, and until when."""
    return " ".join(
        (
            translate("This house asks for a card. Nothing is charged now."),
            translate(
                "If you do not come, or cancel less than {hours} hours before, the house may "
                "charge {each} for each guest: {total}, once and within {days} days."
            ).format(hours=terms.ask_notice_hours, each=each, total=total, days=CARD_KEPT_DAYS),
            translate("After your visit the card is forgotten."),
        )
    )
