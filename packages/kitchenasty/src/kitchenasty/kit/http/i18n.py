"""Languages: gettext catalogues beside the code, chosen by cookie or by the browser's wish.

The catalogues are read as people write them (`.po`), so there is nothing to compile or forget.
"""

from __future__ import annotations

import gettext
import io
from contextvars import ContextVar
from functools import cache, lru_cache
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency
from jinja2 import Environment
from markupsafe import Markup

from basis.errors import DomainError
from basis.kit.http.wire import amount
from basis.money import Money
from basis.sentences import Sentence

DOMAIN = "kitchenasty"
FOLDER = Path(__file__).parents[2] / "locale"
LOCALE_DEFAULT = "en_GB"
COOKIE = "language"
WISHES_MAX = 10
WORDS_KEPT = 4_096
TEXTS_KEPT = 4_096

current_locale: ContextVar[str] = ContextVar("current_locale", default=LOCALE_DEFAULT)


def catalogue_of(locale: str) -> Path:
    return FOLDER / locale / "LC_MESSAGES" / f"{DOMAIN}.po"


@cache
def available() -> tuple[str, ...]:
    """The languages there is a catalogue for, English first."""
    written = sorted(path.parents[1].name for path in FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))
    return (LOCALE_DEFAULT, *written)


@cache
def translations(locale: str) -> gettext.NullTranslations:
    path = catalogue_of(locale)
    if locale not in available() or not path.exists():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as written:
        write_mo(compiled, read_po(written, locale=locale))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def choose_locale(cookie: str | None, accept_language: str | None) -> str:
    """The guest's own choice, else the first language of the browser that we have, else English.

    Regions do not count: who reads `de-AT` reads our German, who reads `en-US` our English.
    """
    if cookie in available():
        return str(cookie)
    ours = {locale.partition("_")[0]: locale for locale in available()}
    for wish in wishes_of(accept_language or ""):
        language = wish.replace("_", "-").partition("-")[0].lower()
        if language in ours:
            return ours[language]
    return LOCALE_DEFAULT


def wishes_of(accept_language: str) -> list[str]:
    """`de;q=0.5, fr` as `fr, de`: the dearest first, what is unreadable last."""
    wishes = []
    for part in accept_language.split(",")[:WISHES_MAX]:
        language, _, quality = part.strip().partition(";")
        wishes.append((weight_of(quality), language.strip()))
    return [language for weight, language in sorted(wishes, key=first, reverse=True) if weight > 0]


def first(wish: tuple[float, str]) -> float:
    return wish[0]


def weight_of(quality: str) -> float:
    if not quality:
        return 1.0
    try:
        return float(quality.strip().removeprefix("q="))
    except ValueError:
        return 0.0


def cookie_of(header: bytes | None) -> str | None:
    """The language in a `Cookie` header."""
    if header is None or COOKIE.encode() not in header:
        return None
    try:
        kept = SimpleCookie(header.decode("latin-1")).get(COOKIE)
    except CookieError:
        return None
    return None if kept is None else kept.value


def locale_of(headers: dict[bytes, bytes]) -> str:
    wish = headers.get(b"accept-language", b"").decode("latin-1")
    return choose_locale(cookie_of(headers.get(b"cookie")), wish)


def translate(message: str) -> str:
    return translations(current_locale.get()).gettext(message) if message else ""


def translate_plural(singular: str, plural: str, count: int) -> str:
    return translations(current_locale.get()).ngettext(singular, plural, count)


def say(said: DomainError | str) -> str:
    """A refusal or a sentence of ours in the language of the request, its facts included."""
    text = said.sentence if isinstance(said, DomainError) else said
    if not isinstance(text, Sentence):
        return translate(text)
    facts = {name: say_fact(fact) for name, fact in text.facts.items()}
    words = translate(text.pattern)
    return words.format(**facts) if facts else words


def say_fact(fact: Any) -> Any:
    """A sentence within the sentence, or money, as people of the request's language read it."""
    if isinstance(fact, Sentence):
        return say(fact)
    if isinstance(fact, Money):
        return money_text(fact.minor, fact.currency, current_locale.get())
    return fact


@lru_cache(TEXTS_KEPT)
def money_text(minor: int, currency: str, locale: str) -> str:
    """`€12.90`, `12,90 €`. Kept: the same few are on every page of a house."""
    return format_currency(amount(minor, currency), currency, locale=locale)


def install_translations(environment: Environment) -> None:
    """`_()`, `gettext` and `{% trans %}` in templates, in the language of the request.

    `|say` is for what rules say: unlike `_()` it is escaped, since names that people gave stand
    in it.
    """
    environment.install_gettext_callables(translate, translate_plural, newstyle=True)  # type: ignore[attr-defined]
    environment.globals["_"] = shown
    environment.filters["say"] = say


def shown(message: str, **facts: Any) -> Markup:
    """What `_()` is in templates: words of ours as markup, with the facts in them escaped."""
    locale = current_locale.get()
    return words(message, locale) % facts if facts else plain_words(message, locale)


def words(message: str, locale: str) -> Markup:
    return Markup(translations(locale).gettext(message) if message else "")  # noqa: S704  # ours


@lru_cache(WORDS_KEPT)
def plain_words(message: str, locale: str) -> Markup:
    """Kept, since putting nothing into a sentence costs more than all else about it."""
    return words(message, locale) % {}
