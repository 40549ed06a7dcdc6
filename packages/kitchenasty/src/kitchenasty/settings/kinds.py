"""The kinds of values that settings have, read from what people type and clients send. Pure."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from zoneinfo import available_timezones

Value = str | bool | int | Decimal | tuple[int, ...] | None
LENGTH_MAX = 500
DECIMALS = 2
LIST_MAX = 6
NUMBER_LENGTH_MAX = 12
TRUE = {"1", "true", "yes", "on"}


class Unfit(Exception):
    """What was sent is no value of the kind. It says nothing: it might repeat a secret."""


class Kind(StrEnum):
    """WHOLE and AMOUNT are numbers between bounds, the second with up to two decimals; WHOLES is a
    short list of different whole numbers; ZONE is a time zone by its name.
    """

    TEXT = "text"
    PARAGRAPH = "paragraph"
    SWITCH = "switch"
    CHOICE = "choice"
    WHOLE = "whole"
    AMOUNT = "amount"
    WHOLES = "wholes"
    ZONE = "zone"


def read_value(kind: Kind, given: object, least: int = 0, most: int = 1_000_000) -> Value:
    """The value of a text or of what a client sent typed. Raises Unfit."""
    if kind is Kind.SWITCH:
        return given if isinstance(given, bool) else str(given).strip().lower() in TRUE
    if kind is Kind.WHOLES:
        return whole_numbers(given, least, most)
    if kind in (Kind.WHOLE, Kind.AMOUNT):
        number = number_between(given, least, most)
        return int(number) if kind is Kind.WHOLE and is_whole(number) else amount(kind, number)
    text = str(given).strip()
    if kind is Kind.ZONE and text not in zone_names():
        raise Unfit
    return text


@cache
def zone_names() -> frozenset[str]:
    """Every time zone that this machine knows."""
    return frozenset(available_timezones())


def number_between(given: object, least: int, most: int) -> Decimal:
    text = str(given).strip().replace(",", ".")
    if len(text) > NUMBER_LENGTH_MAX or isinstance(given, bool):
        raise Unfit
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise Unfit from error
    if not number.is_finite() or not least <= number <= most:
        raise Unfit
    return number


def is_whole(number: Decimal) -> bool:
    return number == number.to_integral_value()


def amount(kind: Kind, number: Decimal) -> Decimal:
    if kind is Kind.WHOLE or not is_whole(number.scaleb(DECIMALS)):
        raise Unfit
    return number


def whole_numbers(given: object, least: int, most: int) -> tuple[int, ...]:
    """In the order in which they were given."""
    if isinstance(given, str):
        parts: list[object] = list(given.replace("%", " ").replace(",", " ").split())
    elif isinstance(given, list | tuple):
        parts = list(given)
    else:
        raise Unfit
    numbers = tuple(number_between(part, least, most) for part in parts)
    if len(set(numbers)) < len(numbers) or len(numbers) > LIST_MAX:
        raise Unfit
    if not all(map(is_whole, numbers)):
        raise Unfit
    return tuple(int(number) for number in numbers)


def write_value(value: Value) -> str:
    """The text that is kept."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ", ".join(str(number) for number in value)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
