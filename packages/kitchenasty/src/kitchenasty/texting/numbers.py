"""Phone numbers as networks know them. Pure."""

from __future__ import annotations

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from basis.errors import Invalid

TYPED_LENGTH_MAX = 40


class NumberRefused(Invalid):
    """What was typed is nobody's phone number."""

    def __init__(self) -> None:
        super().__init__("This is no phone number that a text message could go to.")


def read_number(typed: str, country: str) -> str:
    """The number with its country before it (E.164), as somebody in `country` typed it.

    Raises NumberRefused.
    """
    if len(typed) > TYPED_LENGTH_MAX:
        raise NumberRefused
    try:
        number = phonenumbers.parse(typed, country)
    except NumberParseException as error:
        raise NumberRefused from error
    if number.extension or not phonenumbers.is_possible_number(number):
        raise NumberRefused
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)
