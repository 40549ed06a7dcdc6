"""Addresses on the web that somebody typed: read in one way only, and whom they may name.

Whatever programs read in different ways (a user before an @, numbers in hexadecimal, an IPv4
address in two parts, letters of other scripts, a dot at the end) is not read at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

LENGTH_MAX = 2_000
NAME_LENGTH_MAX = 253
READABLE = re.compile(r"[!-~]+")
AMBIGUOUS = re.compile(r"[\\\"<>^`{|}#]")
LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
NAME = re.compile(rf"{LABEL}(?:\.{LABEL})*")
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
DEFAULT_PORTS = {"http": 80, "https": 443}
PORT_FREE_MIN = 1_024
NAT64 = IPv6Network("64:ff9b::/96")
"""RFC 6052: the last 32 bits are an IPv4 address, which must be looked at."""
UNICAST = IPv6Network("2000::/3")
"""All that was ever given out of the open network (RFC 4291)."""
SPECIAL = tuple(map(IPv4Network, ("192.0.0.0/24", "192.88.99.0/24")))
"""Kept for machinery, and taken for public by some versions of Python: a large provider answers
with a machine's own secrets at 192.0.0.192.
"""
ISATAP = (0x0000_5EFE, 0x0200_5EFE)
LAST_32 = 0xFFFF_FFFF

Address = IPv4Address | IPv6Address


class NotAnAddress(ValueError):
    """What was typed is no address that is called; the message says which part of it and why."""


@dataclass(frozen=True, slots=True)
class WebAddress:
    """An address in its parts. `host` is a name in lower case or an IP address without brackets;
    `target` is the path and what is asked for.
    """

    scheme: str
    host: str
    port: int
    target: str

    @property
    def is_open(self) -> bool:
        """Whether everybody on the way can read along."""
        return self.scheme == "http"

    @property
    def authority(self) -> str:
        """What the header Host says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def read_web_address(text: str) -> WebAddress:
    """Raises NotAnAddress."""
    if len(text) > LENGTH_MAX:
        raise NotAnAddress("This address is too long.")
    if not READABLE.fullmatch(text) or AMBIGUOUS.search(text):
        raise NotAnAddress(
            "Please write the address in plain letters, without blanks; a name with other letters "
            "as name servers know it (xn--…)."
        )
    try:
        parts = urlsplit(text)
        port, host = parts.port, parts.hostname
    except ValueError as error:
        raise NotAnAddress("This address cannot be read.") from error
    if parts.scheme not in DEFAULT_PORTS or not host:
        raise NotAnAddress("Please begin the address with https:// and the name of the server.")
    if "@" in parts.netloc or parts.netloc.endswith(":"):
        raise NotAnAddress("Please leave out names and passwords before the server.")
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    return WebAddress(
        scheme=parts.scheme,
        host=read_ipv6(host) if parts.netloc.startswith("[") else read_host(host),
        port=read_port(DEFAULT_PORTS[parts.scheme] if port is None else port),
        target=target,
    )


def read_host(host: str) -> str:
    """A name, or an IPv4 address in its usual four numbers. Raises NotAnAddress."""
    if len(host) > NAME_LENGTH_MAX or not NAME.fullmatch(host):
        raise NotAnAddress("This is not the name of a server.")
    # Where the last part is a number, many programs read the whole as an IPv4 address.
    if NUMBER.fullmatch(host.rpartition(".")[2]):
        try:
            return str(IPv4Address(host))
        except ValueError as error:
            raise NotAnAddress("Please write an IP address as four numbers.") from error
    return host


def read_ipv6(host: str) -> str:
    """Raises NotAnAddress."""
    if "%" in host:
        raise NotAnAddress("Please leave out the zone after the IP address.")
    try:
        return str(IPv6Address(host))
    except ValueError as error:
        raise NotAnAddress("This is not an IP address.") from error


def read_port(port: int) -> int:
    """Below 1024 lie mail, files and remote control, which no caller from the web has business
    with. Raises NotAnAddress.
    """
    if port not in DEFAULT_PORTS.values() and port < PORT_FREE_MIN:
        raise NotAnAddress("Only the ports 80, 443 and those from 1024 on are called.")
    return port


def is_public(address: Address) -> bool:
    """Whether it belongs to the open network, also where an IPv4 address hides in it."""
    inner = inside(address)
    if inner is not None:
        return is_public(inner)
    if isinstance(address, IPv6Address):
        is_given = address in UNICAST
    else:
        is_given = not any(address in network for network in SPECIAL)
    return is_given and address.is_global and not address.is_multicast


def inside(address: Address) -> IPv4Address | None:
    """The IPv4 address that traffic to this one ends at, if there is one."""
    if isinstance(address, IPv4Address):
        return None
    number = int(address)
    if address in NAT64 or (number >> 32) & LAST_32 in ISATAP:
        return IPv4Address(number & LAST_32)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


def address_of(text: str) -> Address:
    """An address as a resolver gives it, which may name a zone."""
    return ip_address(text.partition("%")[0])
