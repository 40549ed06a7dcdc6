"""How long a text message is: networks carry and count it in segments. Pure.

As long as each character is in the alphabet of GSM 03.38, a segment holds 160 of them; one that is
not makes it 70 of UTF-16. Of several segments each gives a few up to say which one it is.
"""

from __future__ import annotations

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")
"""Each takes the place of two."""
SEGMENTS_MAX = 3
GSM, GSM_OF_SEVERAL = 160, 153
UCS2, UCS2_OF_SEVERAL = 70, 67
CUT = "..."


def count_segments(text: str) -> int:
    """At least one."""
    length, whole, part = measure(text)
    return 1 if length <= whole else -(-length // part)


def measure(text: str) -> tuple[int, int, int]:
    """How many places it takes, and how many there are in one segment and in one of several."""
    if all(one in BASIC or one in EXTENDED for one in text):
        return len(text) + sum(one in EXTENDED for one in text), GSM, GSM_OF_SEVERAL
    return len(text.encode("utf-16-le")) // 2, UCS2, UCS2_OF_SEVERAL


def shorten(text: str) -> str:
    """The text, cut where it would cost more than three segments."""
    if count_segments(text) <= SEGMENTS_MAX:
        return text
    least, most = 0, len(text)
    while least < most:
        middle = (least + most + 1) // 2
        if count_segments(text[:middle] + CUT) <= SEGMENTS_MAX:
            least = middle
        else:
            most = middle - 1
    return text[:least] + CUT
