"""Languages: gettext catalogues beside the code, chosen by cookie or by the browser's wish."""

from __future__ import annotations

import gettext
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from babel.core import Locale, UnknownLocaleError, negotiate_locale
from jinja2 import Environment

DOMAIN = "kitchenasty"
FOLDER = Path(__file__).parents[1] / "locale"
LOCALE_DEFAULT = "en_GB"
COOKIE = "language"

current_locale: ContextVar[str] = ContextVar("current_locale", default=LOCALE_DEFAULT)


@cache
def available() -> tuple[str, ...]:
    """The languages there is a compiled catalogue for, English first."""
    compiled = sorted(path.parents[1].name for path in FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))
    return (LOCALE_DEFAULT, *compiled)


@cache
def translations(locale: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, FOLDER, languages=[locale], fallback=True)


def choose_locale(cookie: str | None, accept_language: str | None) -> str:
    """The guest's own choice, else the first language of the browser that we have, else English."""
    if cookie in available():
        return str(cookie)
    wishes = [part.partition(";")[0].strip() for part in (accept_language or "").split(",")][:10]
    found = negotiate_locale([wish for wish in wishes if is_locale(wish)], available(), sep="-")
    return found or LOCALE_DEFAULT


def is_locale(text: str) -> bool:
    try:
        Locale.parse(text, sep="-")
    except (UnknownLocaleError, ValueError):
        return False
    return True


def translate(message: str) -> str:
    return translations(current_locale.get()).gettext(message)


def translate_plural(singular: str, plural: str, count: int) -> str:
    return translations(current_locale.get()).ngettext(singular, plural, count)


def install_translations(environment: Environment) -> None:
    """`_()`, `gettext` and `{% trans %}` in templates, in the language of the request."""
    environment.install_gettext_callables(translate, translate_plural, newstyle=True)  # type: ignore[attr-defined]
