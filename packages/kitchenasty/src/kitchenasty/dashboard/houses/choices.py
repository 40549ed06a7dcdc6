"""What the form of a house offers to choose from: countries, time zones, steps of an order."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from babel import Locale
from babel.numbers import get_territory_currencies

from basis.sentences import word
from kitchenasty.kit.http.i18n import current_locale, translate

FALLBACK_CURRENCY = "EUR"
ELSEWHERE = ("Etc", "SystemV", "US", "posix", "right")
"""Other spellings of zones, and zones that nobody lives in."""
CANCEL_WORDS = {
    "PENDING": word("Until it is confirmed"),
    "CONFIRMED": word("Until the kitchen begins"),
    "PREPARING": word("While it is cooked"),
    "READY": word("Until it is handed over"),
}


@cache
def time_zones() -> tuple[tuple[str, str], ...]:
    """Zones by the name of a town, with blanks where their names have none."""
    names = sorted(
        name
        for name in available_timezones()
        if "/" in name and name.partition("/")[0] not in ELSEWHERE
    )
    return tuple((name, name.replace("_", " ")) for name in ("UTC", *names))


def countries() -> tuple[tuple[str, str], ...]:
    return countries_in(current_locale.get())


@cache
def countries_in(locale: str) -> tuple[tuple[str, str], ...]:
    """Codes and names, by name, as people of this language read them."""
    named = [
        (code, name)
        for code, name in Locale.parse(locale).territories.items()
        if len(code) == 2 and code.isalpha() and get_territory_currencies(code)
    ]
    return tuple(sorted(named, key=lambda pair: pair[1]))


def currency_of(country: str) -> str:
    """What one pays with there."""
    known = get_territory_currencies(country) if country else []
    return known[0] if known else FALLBACK_CURRENCY


def cancel_choices() -> list[tuple[str, str]]:
    return [(code, translate(words)) for code, words in CANCEL_WORDS.items()]
