"""No foreign site acts for our people: where an unsafe request to a page may come from.

Browsers say where a form or script ran (`Sec-Fetch-Site`, `Origin`) and no page can forge either.
The answers must be sent with `Referrer-Policy: same-origin` or a laxer one: under `no-referrer` a
browser says `Origin: null` for our own forms too. The API needs none of this, since it takes
bearer tokens, which no browser attaches by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
PORT_OF = {"http": 80, "https": 443, "ws": 80, "wss": 443}


@dataclass(frozen=True, slots=True)
class Approach:
    """What a request says about where it comes from; header values as they arrived, or None."""

    method: str
    host: str
    origin: str | None
    sec_fetch_site: str | None
    has_cookies: bool


def may_act(approach: Approach, *, public_url: str | None = None) -> bool:
    """Tell whether a request may change something on the strength of its cookies.

    With `public_url` only that origin is ours; without it the host that was asked is. Requests
    without cookies and without any word on their origin are programs and carry no one's authority.
    """
    if approach.method in SAFE_METHODS:
        return True
    return comes_from_us(approach, public_url=public_url)


def may_open_socket(approach: Approach, *, public_url: str | None = None) -> bool:
    """The same for a WebSocket, whose handshake is a GET that CORS does not hold back."""
    return comes_from_us(approach, public_url=public_url)


def comes_from_us(approach: Approach, *, public_url: str | None) -> bool:
    site, origin = approach.sec_fetch_site, approach.origin
    if site is not None and site.strip().lower() != "same-origin":
        return False
    if origin is None:
        return site is not None or not approach.has_cookies
    if public_url is not None:
        return origin_of(origin) is not None and origin_of(origin) == origin_of(public_url)
    return is_origin_of_host(origin, approach.host)


def origin_of(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port of an absolute URL; None for `null` and other nonsense."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port or PORT_OF.get(parts.scheme, 0)
    except ValueError:
        return None
    if parts.scheme not in PORT_OF or not parts.hostname or "@" in parts.netloc:
        return None
    return parts.scheme, parts.hostname, port


def is_origin_of_host(origin: str, host: str) -> bool:
    """The scheme is left out: behind a proxy that ends TLS we cannot know it for certain."""
    theirs = origin_of(origin)
    if theirs is None:
        return False
    return theirs == origin_of(f"{theirs[0]}://{host.strip()}")
