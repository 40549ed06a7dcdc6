"""What people type, made safe to show, to print and to keep: no control codes, nothing invisible,
no number of a card.

A control code in a name can open a cash drawer at the printer, split a line of the log or a
header; a bidirectional override makes staff read another name than the one that is stored; a
zero-width blank makes two names look the same. None of them is ever meant. And who writes the
number of a card into a note gives it to everybody who reads orders.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation

NAME_KEY_MAX, PHONE_KEY_MAX = 120, 40
AMOUNT_DIGITS_MAX = 15
"""Of an amount in minor units."""
JOINERS = "\u200c\u200d"
"""Persian needs the one, families of emoji the other: kept where they join something."""

# Cc: control codes, Cf: invisible formats (overrides, isolates, zero-width, tags), Cs: halves of
# characters, Co and Cn: nobody's characters, Zl and Zp: line ends of their own.
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
LOOSE_JOINER = re.compile(f"(?<![^\\s{JOINERS}])[{JOINERS}]+|[{JOINERS}]+(?=\\s|$)")
MANY_JOINERS = re.compile(f"[{JOINERS}]{{2,}}")
BLANKS = re.compile(r"[^\S\n]+")
LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\x85\x0b\x0c]")
MANY_LINE_ENDS = re.compile(r" ?\n ?(?:\n ?)+")
# Fourteen digits or more by themselves, written together or in groups; a date may come after.
MAYBE_CARDS = re.compile(r"(?<![\w+])\d(?:[ ./–-]?\d){13,}(?!\w)")
GROUP = re.compile(r"\d+")
# How the numbers of cards begin, and how long they then are (ISO/IEC 7812). Visa's old ones of 13
# digits are left out: telephones have as many.
CARD = re.compile(
    r"3(?:[47]\d{13}|[0689]\d{12}|5\d{14})|4\d{15}(?:\d{3})?|5\d{15}"
    r"|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|6\d{15,18}"
)
DIGITS_MIN, DIGITS_MAX, SHOWN_OF_CARD = 14, 19, 4
# Orders are full of texts, and hardly one has as many digits: this looks quicker than the above.
MANY_DIGITS = re.compile(r"\d[\d ./–-]{13}")


def one_line(text: str) -> str:
    """The text on one line, without outer blanks and with single ones inside."""
    if text.isascii() and text.isprintable():
        return without_cards(" ".join(text.split()))
    return without_cards(" ".join(seen(text).split()))


def paragraphs(text: str) -> str:
    """The text with plain line ends, at most two of them together."""
    lines = BLANKS.sub(" ", seen(LINE_ENDS.sub("\n", text), keep="\n"))
    plain = MANY_LINE_ENDS.sub("\n\n", lines.replace(" \n", "\n").replace("\n ", "\n")).strip()
    return without_cards(plain)


def without_cards(text: str) -> str:
    """The text with the last digits only of what must be the number of a card."""
    if len(text) < DIGITS_MIN or MANY_DIGITS.search(text) is None:
        return text
    return MAYBE_CARDS.sub(lambda found: mask_cards(found.group()), text)


def mask_cards(run: str) -> str:
    """Each number that begins and ends where a group of digits does."""
    groups = [group.span() for group in GROUP.finditer(run)]
    shown, done = "", 0
    for index, (start, _) in enumerate(groups):
        ends = (end for _, end in groups[index : index + DIGITS_MAX])
        end = next((end for end in ends if start >= done and is_card(run[start:end])), None)
        if end is not None:
            shown += f"{run[done:start]}•••• {digits_of(run[start:end])[-SHOWN_OF_CARD:]}"
            done = end
    return shown + run[done:]


def is_card(number: str) -> bool:
    digits = digits_of(number)
    return CARD.fullmatch(digits) is not None and is_checked(digits)


def digits_of(number: str) -> str:
    """In whatever script they were typed, as 0 to 9."""
    return "".join(str(int(character)) for character in number if character.isdecimal())


def whole_in(text: str, *, digits: int = 9) -> int | None:
    """The whole number that somebody typed; None for anything else, and for more digits: of very
    long numbers Python makes none, and none of ours is that large.
    """
    is_number = text.isascii() and text.isdigit() and len(text) <= digits
    return int(text) if is_number else None


def decimal_in(text: str) -> Decimal | None:
    """The number that somebody typed, with a comma or a point; None for anything else, also for
    what computers call numbers and nobody counts with, such as infinity.
    """
    try:
        number = Decimal(text.strip().replace(",", ".").replace("−", "-"))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def is_checked(digits: str) -> bool:
    """Whether the last digit is the check digit of the others, by Luhn's rule."""
    doubled = [sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2]]
    return (sum(doubled) + sum(int(digit) for digit in digits[-1::-2])) % 10 == 0


def seen(text: str, *, keep: str = "") -> str:
    """Only what a reader sees: a control code becomes a blank, the invisible goes."""
    shown = "".join(shown_as(character, keep) for character in text)
    joined = MANY_JOINERS.sub(lambda found: found.group()[0], shown)
    return LOOSE_JOINER.sub("", joined)


def shown_as(character: str, keep: str) -> str:
    if character in keep or character in JOINERS:
        return character
    kind = unicodedata.category(character)
    if kind in ("Cc", "Zl", "Zp"):
        return " "
    return "" if kind in UNSEEN else character


def name_key(name: str) -> str:
    """How names are searched: in small letters, without double blanks."""
    return " ".join(name.casefold().split())[:NAME_KEY_MAX]


def phone_key(phone: str | None) -> str:
    """How phone numbers are searched: digits only."""
    return "".join(character for character in phone or "" if character.isdigit())[:PHONE_KEY_MAX]
