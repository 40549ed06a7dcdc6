"""Where a person may be sent after signing in: a path of this site and nothing else."""

from __future__ import annotations

from urllib.parse import unquote

PATH_LENGTH_MAX = 500
UNWRAPPINGS_MAX = 3


def local_path(wanted: str | None, *, otherwise: str) -> str:
    """The wanted path if it leads nowhere but into this site, else `otherwise`."""
    return wanted if wanted is not None and is_local_path(wanted) else otherwise


def is_local_path(path: str) -> bool:
    """True for `/admin/orders?state=late`, false for what a browser could take for another host.

    Browsers read a backslash as a slash and drop tabs and line ends, and some proxies decode once
    more, so neither may occur, also not in percent notation.
    """
    if not path.startswith("/") or len(path) > PATH_LENGTH_MAX:
        return False
    if not path.isascii() or not is_plain(path):
        return False
    page = path.partition("?")[0].partition("#")[0]
    for _ in range(UNWRAPPINGS_MAX):
        if not is_plain(page) or "//" in page or "@" in page:
            return False
        unwrapped = unquote(page)
        if unwrapped == page:
            return True
        page = unwrapped
    return False  # wrapped more often than any page of ours is


def is_plain(text: str) -> bool:
    return "\\" not in text and text.isprintable()
