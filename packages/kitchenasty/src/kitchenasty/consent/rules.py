"""What guests are asked about cookies, and how a browser remembers what they said. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from basis.errors import Invalid
from basis.sentences import word

CATEGORIES_MAX = 20
COOKIES_MAX = 20
COOKIE_NAME = re.compile(r"[A-Za-z0-9_.-]{1,60}\*?")
SITE = re.compile(r"[A-Za-z0-9_.:-]{0,100}")
SCRIPT_LENGTH_MAX = 300
SCRIPT_PATH = re.compile(r"/[A-Za-z0-9/_.~-]*")
HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")
HERE = ("127.0.0.1", "localhost")
OURS = (
    "session", "device", "cart", "elsewhere", "language", "scheme", "cookie-choice", "__Host-",
    "__Secure-",
)  # fmt: skip
"""Beginnings of names of cookies that the shop itself sets. No category may claim them: whoever
declines it would be signed out.
"""
REMEMBERED = re.compile(r"([0-9]{1,9})\.((?:[0-9]{1,2}(?:-[0-9]{1,2})*)?)\.([A-Za-z0-9_-]{0,40})")


class CategoryRefused(Invalid):
    """Guests cannot be asked so; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Script:
    """What a page fetches from elsewhere; `site` is how this house is called there, or empty."""

    url: str
    site: str = ""

    @property
    def origin(self) -> str:
        """As a policy names it: scheme, host and port."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc


@dataclass(frozen=True, slots=True)
class Category:
    """What cookies are for. Of a required one nobody is asked."""

    id: str
    name: str
    label: str
    description: str
    cookies: tuple[str, ...]
    script: Script | None
    is_required: bool
    is_active: bool
    sort_order: int
    created_at: datetime
    updated_at: datetime

    @property
    def question(self) -> dict[str, Any]:
        """What a guest agrees to or declines. When a word of it changes, all are asked again."""
        return {
            "id": self.id,
            "name": self.name,
            "label": self.label,
            "description": self.description,
            "cookies": list(self.cookies),
            "from": self.script.host if self.script else "",
        }


@dataclass(frozen=True, slots=True)
class Notice:
    """What pages say about cookies: the active categories in their order, and which version of the
    question these are.
    """

    version: int = 0
    categories: tuple[Category, ...] = ()

    @property
    def asked(self) -> tuple[Category, ...]:
        """Those that a guest may decline. A house that has none asks nothing."""
        return tuple(one for one in self.categories if not one.is_required)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a browser remembers: the ids of the categories that were accepted."""

    accepted: frozenset[str]
    secret: str = ""


def question_of(categories: Iterable[Category]) -> list[dict[str, Any]]:
    """The question in an order that does not depend on how it is shown."""
    asked = (one for one in categories if one.is_active and not one.is_required)
    return [one.question for one in sorted(asked, key=lambda one: one.id)]


def write_choice(notice: Notice, choice: Choice) -> str:
    """The value of the cookie: version, places of what was accepted, secret. Whoever declines
    everything gets no secret, and so nothing by which the browser could be told from others.
    """
    places = [
        str(place) for place, one in enumerate(in_fixed_order(notice)) if one.id in choice.accepted
    ]
    return f"{notice.version}.{'-'.join(places)}.{choice.secret if places else ''}"


def read_choice(notice: Notice, text: str | None) -> Choice | None:
    """What the guest said to the question that stands now; None if that was not asked yet."""
    found = REMEMBERED.fullmatch(text or "")
    if found is None or int(found[1]) != notice.version:
        return None
    asked = in_fixed_order(notice)
    places = [int(place) for place in found[2].split("-") if place]
    accepted = frozenset(asked[place].id for place in places if place < len(asked))
    return Choice(accepted, found[3])


def secret_in(text: str | None) -> str:
    """Of an answer to any version; empty if there is none."""
    found = REMEMBERED.fullmatch(text or "")
    return found[3] if found else ""


def in_fixed_order(notice: Notice) -> list[Category]:
    """The places in a cookie. Within a version the categories are the same."""
    return sorted(notice.asked, key=lambda one: one.id)


def checked_cookies(typed: Iterable[str]) -> tuple[str, ...]:
    """Names of cookies, `_pk_*` for all that begin so. Raises CategoryRefused."""
    names = tuple(dict.fromkeys(name.strip() for name in typed if name.strip()))
    refuse_unless(len(names) <= COOKIES_MAX, word("Please name at most 20 cookies."))
    refuse_unless(
        all(COOKIE_NAME.fullmatch(name) for name in names),
        word("A cookie's name has no blanks. A star at its end stands for all that begin so."),
    )
    return names


def refuse_ours(names: Iterable[str]) -> None:
    """Raises CategoryRefused for a cookie that the shop needs."""
    claimed = [
        name
        for name in names
        if any(own.startswith(name[:-1]) if name.endswith("*") else name.startswith(own)
               for own in OURS)
    ]  # fmt: skip
    refuse_unless(
        not claimed,
        word("The shop itself needs this cookie. Name it in a category that is needed."),
    )


def checked_script(url: str, site: str) -> Script | None:
    """A script of another site by https; empty means none. Raises CategoryRefused."""
    url, site = url.strip(), site.strip()
    if not url:
        return None
    refuse_unless(
        is_script(url),
        word("The address of a script looks like https://stats.example/script.js."),
    )
    refuse_unless(
        SITE.fullmatch(site), word("The name there has letters, digits, dots and lines only.")
    )
    return Script(url, site)


def is_script(url: str) -> bool:
    """Without anything that could end the policy that names its origin, or lead elsewhere. To try
    things out on one's own machine, http will do.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    return (
        len(url) <= SCRIPT_LENGTH_MAX
        and (parts.scheme == "https" or (parts.scheme == "http" and host in HERE))
        and HOST.fullmatch(host) is not None
        and parts.netloc == (host if port is None else f"{host}:{port}")
        and SCRIPT_PATH.fullmatch(parts.path) is not None
        and url == f"{parts.scheme}://{parts.netloc}{parts.path}"
    )


def names_to_forget(notice: Notice, accepted: frozenset[str], sent: Iterable[str]) -> list[str]:
    """Of the cookies that a browser sent, those of categories that it declines."""
    declined = [name for one in notice.asked if one.id not in accepted for name in one.cookies]
    return sorted(
        name
        for name in sent
        if not name.startswith(OURS)
        # Whatever else a browser sent is no name that a header of ours could repeat.
        and COOKIE_NAME.fullmatch(name)
        and any(
            name.startswith(known[:-1]) if known.endswith("*") else name == known
            for known in declined
        )
    )


def refuse_unless(fits: object, sentence: str) -> None:
    if not fits:
        raise CategoryRefused(sentence)
