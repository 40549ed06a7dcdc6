"""Under which names we may be spoken to. A page elsewhere can have its own name point at a server
that only listens at home (DNS rebinding); what it cannot do is change the name that it asks for.
"""

from __future__ import annotations

from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import urlsplit

from basis.errors import Forbidden

HOME = "localhost"


class HostUnknown(Forbidden):
    def __init__(self) -> None:
        super().__init__(
            "This market is not known under that name. Whoever runs it sets SWARMHAUL_HOSTS."
        )


class OriginUnknown(Forbidden):
    def __init__(self) -> None:
        super().__init__("Pages of other sites do not use these tools.")


def check_names(host: str, origin: str | None, known: Collection[str]) -> None:
    """Raises HostUnknown, OriginUnknown. An address is nobody's name, so nobody can move it."""
    name = name_in(f"//{host}")
    if name is None or not (name == HOME or name in known or is_address(name)):
        raise HostUnknown
    if origin is None:
        return
    page = name_in(origin)
    if page is None or not (page == name or page in known):
        raise OriginUnknown


def name_in(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
