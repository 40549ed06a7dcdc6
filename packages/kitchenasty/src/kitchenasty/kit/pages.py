"""Templates: where they are found, and the few filters that every page uses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_currency
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar.plugins.jinja import JinjaTemplateEngine

from kitchenasty.kit import stylesheet
from kitchenasty.kit.i18n import LOCALE_DEFAULT, current_locale, install_translations, translate
from kitchenasty.kit.wire import amount

SCHEME_COOKIE = "scheme"
SCHEMES = ("light", "dark")


def create_templates(folders: Sequence[Path]) -> JinjaTemplateEngine:
    """The template engine over every slice's own folder. Everything is escaped; a name that is
    not there is an error, not an empty string.
    """
    environment = Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    install_translations(environment)
    environment.filters["money"] = show_money
    environment.filters["local_time"] = show_time
    environment.filters["local_date"] = show_date
    environment.filters["local_datetime"] = show_datetime
    # `_()` takes a percent sign for a place to fill in; this one is for words from the database.
    environment.filters["translate"] = translate
    environment.globals["stylesheet"] = stylesheet.address
    environment.globals["locale"] = current_locale.get
    environment.globals["scheme_of"] = scheme_of
    return JinjaTemplateEngine.from_environment(environment)


def scheme_of(request: Any) -> str:
    """Light or dark as the visitor chose, else `auto`: the server says it, so nothing flashes."""
    chosen = request.cookies.get(SCHEME_COOKIE)
    return chosen if chosen in SCHEMES else "auto"


def show_money(minor: int, currency: str, locale: str = LOCALE_DEFAULT) -> str:
    """`1290` and `EUR` as `€12.90`, with the currency's own decimals."""
    return format_currency(amount(minor, currency), currency, locale=locale)


def show_time(instant: datetime, zone: str, locale: str = LOCALE_DEFAULT) -> str:
    """The wall clock of the house at this instant: `18:30`."""
    return format_time(instant.astimezone(ZoneInfo(zone)), "HH:mm", locale=locale)


def show_date(instant: datetime, zone: str, locale: str = LOCALE_DEFAULT) -> str:
    """`Friday 17 May` in the zone of the house."""
    return format_date(instant.astimezone(ZoneInfo(zone)).date(), "EEEE d MMMM", locale=locale)


def show_datetime(instant: datetime, zone: str, locale: str = LOCALE_DEFAULT) -> str:
    """`17 May, 18:30` in the zone of the house."""
    return format_datetime(instant.astimezone(ZoneInfo(zone)), "d MMM, HH:mm", locale=locale)
