"""Where buttons and links of the owner may lead. Pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from basis.errors import Invalid

LENGTH_MAX = 300
# Browsers read `/\evil.example` and `//evil.example` as another site, and drop blanks and tabs.
RELATIVE = re.compile(r"(/(?![/\\])|#)[^\s\\]*")
MAIL_AND_PHONE = re.compile(r"(mailto:[^\s@<>\"]+@[^\s@<>\"]+|tel:\+?[0-9 ()./-]{3,30})")


class LinkRefused(Invalid):
    """A link leads somewhere that browsers must not be sent to."""


def checked_link(link: str) -> str:
    """A link within this site, or to another one by http(s); mail and telephone too. Empty stays
    empty. Raises LinkRefused.
    """
    link = link.strip()
    if link and not (len(link) <= LENGTH_MAX and is_safe(link)):
        raise LinkRefused(
            "A link begins with / for a page of yours, or with https:// for another site."
        )
    return link


def is_safe(link: str) -> bool:
    if RELATIVE.fullmatch(link) or MAIL_AND_PHONE.fullmatch(link):
        return True
    if not link.isprintable() or " " in link or "\\" in link:
        return False
    try:
        parts = urlsplit(link)
        return (
            parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
        )
    except ValueError:
        return False
