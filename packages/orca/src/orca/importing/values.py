"""Compose's ways to write a value: durations, sizes, ports, variables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:\d+ms)?(?:\d+us)?")
SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([bkmg]?)b?", re.IGNORECASE)
MEBI = 1_048_576
BYTES_OF = {"": 1, "b": 1, "k": 1_024, "m": MEBI, "g": 1_024 * MEBI}
VARIABLE = re.compile(
    r"\$(?:(?P<escaped>\$)|(?P<bare>[A-Za-z_]\w*)|\{(?P<name>[A-Za-z_]\w*)(?P<rest>[^}]*)\})"
)
PORT = re.compile(
    r"(?:(?P<ip>\[[^]]*\]|[\d.]+):)?(?:(?P<host>[\d-]*):)?(?P<port>\d+)(?P<more>-\d+)?(?:/(?P<kind>\w+))?"
)
PORT_MAX = 65_535


def seconds_of(given: Any) -> int | None:
    """`1m30s` in whole seconds, at least one; None for what is no duration."""
    found = DURATION.fullmatch(str(given))
    if found is None or not str(given):
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return max(1, hours * 3_600 + minutes * 60 + seconds)


def memory_of(given: Any) -> str | None:
    """`512m`, `1.5gb` or bytes, in whole mebibytes; None for what is no size."""
    found = SIZE.fullmatch(str(given).strip())
    if found is None:
        return None
    mebi = Decimal(found[1]) * BYTES_OF[found[2].lower()] / MEBI
    return f"{max(1, round(mebi))}Mi"


@dataclass(frozen=True, slots=True)
class PublishedPort:
    """A port of the container, and where it was published, as words."""

    port: int
    published: str
    is_tcp: bool
    is_range: bool = False


def port_of(given: Any) -> PublishedPort | None:
    """The short and the long form; None for neither."""
    if isinstance(given, dict):
        target, published = given.get("target"), given.get("published")
        if not isinstance(target, int) or not 1 <= target <= PORT_MAX:
            return None
        where = ":".join(str(one) for one in (given.get("host_ip"), published) if one)
        return PublishedPort(target, where, given.get("protocol", "tcp") == "tcp")
    found = PORT.fullmatch(str(given))
    if found is None or not 1 <= int(found["port"]) <= PORT_MAX:
        return None
    where = ":".join(one for one in (found["ip"], found["host"]) if one)
    is_range = found["more"] is not None
    return PublishedPort(int(found["port"]), where, found["kind"] in (None, "tcp"), is_range)


@dataclass(frozen=True, slots=True)
class Filled:
    """A value with its variables: `text` for here, and the variables that nobody gave."""

    text: str
    open: tuple[str, ...]
    defaults: tuple[str, ...]


def filled(given: str, *, is_env: bool) -> Filled:
    """A variable with a default gets it. One without becomes a secret of the same name where a
    secret may stand, and stays open elsewhere.
    """
    missing: list[str] = []
    defaults: list[str] = []

    def one(found: re.Match[str]) -> str:
        if found["escaped"]:
            return "$"
        name, rest = found["bare"] or found["name"], found["rest"] or ""
        if rest.startswith((":-", "-")):
            defaults.append(name)
            return rest.lstrip(":").removeprefix("-")
        missing.append(name)
        return f"\0{name}\0" if is_env else ""

    text = VARIABLE.sub(one, given)
    if is_env:
        text = re.sub("\0(.*?)\0", r"${secrets.\1}", text.replace("${", "$${"))
    return Filled(text, tuple(missing), tuple(defaults))
