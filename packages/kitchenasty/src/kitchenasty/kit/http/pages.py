"""Templates: where they are found, and the few filters that every page uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.core import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_percent
from litestar.plugins.jinja import JinjaTemplateEngine

from basis.kit.pages.environment import create_environment
from basis.money import Rate
from kitchenasty.kit.http.i18n import (
    TEXTS_KEPT,
    available,
    current_locale,
    install_translations,
    money_text,
    translate,
)
from kitchenasty.kit.http.stylesheet import STYLESHEET

SCHEME_COOKIE = "scheme"
SCHEMES = ("light", "dark")


def create_templates(
    folders: Sequence[Path],
    filters: Mapping[str, Callable[..., Any]],
    known: Mapping[str, Callable[..., Any]],
) -> JinjaTemplateEngine:
    """The template engine over every slice's own folder. `filters` and `known` (functions) are
    what slices bring for all pages; `known` has `site`, the house's looks.
    """
    environment = create_environment(folders)
    install_translations(environment)
    environment.filters.update(filters)
    environment.globals.update(known)
    environment.filters["money"] = show_money
    environment.filters["percent"] = show_percent
    environment.filters["local_time"] = show_time
    environment.filters["local_date"] = show_date
    environment.filters["local_datetime"] = show_datetime
    environment.filters["day"] = show_day
    # `_()` takes a percent sign for a place to fill in; this one is for words from the database.
    environment.filters["translate"] = translate
    environment.globals["stylesheet"] = STYLESHEET.address
    environment.globals["locale"] = current_locale.get
    environment.globals["scheme_of"] = scheme_of
    environment.globals["languages"] = languages
    return JinjaTemplateEngine.from_environment(environment)


@cache
def languages() -> list[tuple[str, str]]:
    """Every language with its name in itself: `("de", "Deutsch")`."""
    return [(code, Locale.parse(code).get_language_name() or code) for code in available()]


def scheme_of(request: Any, usual: str = "auto") -> str:
    """Light or dark as the visitor chose, else as the house does, else `auto`: the server says it,
    so nothing flashes.
    """
    chosen = request.cookies.get(SCHEME_COOKIE)
    if chosen == "auto" or chosen in SCHEMES:
        return str(chosen)
    return usual if usual in SCHEMES else "auto"


def show_money(minor: int, currency: str, locale: str | None = None) -> str:
    """`1290` and `EUR` as `€12.90`, with the currency's own decimals."""
    return money_text(minor, currency, locale or current_locale.get())


def show_percent(rate: Rate) -> str:
    """A rate with the decimals that it has: `13.5%`, `13,5 %`."""
    share = Decimal(rate.to_text()) / 100
    return format_percent(share, locale=current_locale.get(), decimal_quantization=False)


def show_time(instant: datetime, zone: str, locale: str | None = None) -> str:
    """The wall clock of the house at this instant: `18:30`."""
    return time_text(instant, zone, locale or current_locale.get())


@lru_cache(TEXTS_KEPT)
def time_text(instant: datetime, zone: str, locale: str) -> str:
    return format_time(instant.astimezone(ZoneInfo(zone)), "HH:mm", locale=locale)


def show_date(instant: datetime, zone: str, locale: str | None = None) -> str:
    """`Friday 17 May`, `Freitag, 17. Mai` in the zone of the house."""
    told = locale or current_locale.get()
    local = instant.astimezone(ZoneInfo(zone)).date()
    return translate("{weekday} {day}").format(
        weekday=format_date(local, "EEEE", locale=told),
        day=format_skeleton("MMMMd", local, locale=told),
    )


def show_day(day: date, locale: str | None = None) -> str:
    """`Fri 17 May`, `Fr., 17. Mai`."""
    return format_skeleton("yMMMEd", day, locale=locale or current_locale.get())


def show_datetime(instant: datetime, zone: str, locale: str | None = None) -> str:
    """`17 May, 18:30`, `17. Mai, 18:30` in the zone of the house."""
    told = locale or current_locale.get()
    local = instant.astimezone(ZoneInfo(zone))
    return f"{day_text(local.date(), told)}, {time_text(instant, zone, told)}"


@lru_cache(TEXTS_KEPT)
def day_text(day: date, locale: str) -> str:
    return format_skeleton("MMMd", day, locale=locale)
