"""Calls to servers elsewhere whose addresses somebody typed: to public addresses alone, for a while
and no longer, and only so much of the answer. Nothing in the house's own network is reached unless
it was named at start (`KITCHENASTY_OUTGOING_NETWORKS`).
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpcore

from basis.errors import Unavailable
from kitchenasty.kit.limits import Network

SECONDS_MAX = 10.0
BYTES_MAX = 262_144
RETRY_SECONDS = 30
NAT64 = IPv6Network("64:ff9b::/96")
"""RFC 6052: the last 32 bits are an IPv4 address, which must be looked at."""
AWAY = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.TimeoutException,
    httpcore.UnsupportedProtocol,
    OSError,
    TimeoutError,
    UnicodeError,
)

Address = IPv4Address | IPv6Address


class ElsewhereAway(Unavailable):
    """The other server cannot be reached, takes too long, or says too much."""

    def __init__(self, message: str = "The other server does not answer. Try again soon.") -> None:
        super().__init__(message, retry_after=RETRY_SECONDS)


class AddressRefused(ElsewhereAway):
    """The name leads to where nobody is called: into this machine or the house's own network."""

    def __init__(self) -> None:
        super().__init__("This address leads into a private network, where we call nobody.")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes


class LookedAt(httpcore.AsyncNetworkBackend):
    """Connects to the very address that was looked at, so that a name which means another one a
    moment later leads nowhere else. TLS still checks the name.
    """

    def __init__(self, networks: tuple[Network, ...], *, is_open: bool) -> None:
        self._networks = networks
        self._is_open = is_open
        self._sockets = httpcore.AnyIOBackend()

    async def connect_tcp(
        self, host: str, port: int, *args: Any, **more: Any
    ) -> httpcore.AsyncNetworkStream:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [ip_address(str(one[4][0]).partition("%")[0]) for one in found]
        if not addresses or not all(map(self._may_call, addresses)):
            raise AddressRefused
        return await self._sockets.connect_tcp(str(addresses[0]), port, *args, **more)

    def _may_call(self, address: Address) -> bool:
        """Without TLS only what was named at start is called."""
        named = any(address in network for network in self._networks)
        return named or (not self._is_open and is_public(address))


class Outgoing:
    """How one process calls out. No redirect is followed and no proxy of the environment used."""

    def __init__(
        self, networks: tuple[Network, ...] = (), *, seconds_max: float = SECONDS_MAX
    ) -> None:
        self._networks = networks
        self._seconds_max = seconds_max

    async def get(self, url: str) -> Answer:
        """Raises ElsewhereAway, AddressRefused."""
        return await self._call("GET", url, {}, None)

    async def post_form(
        self, url: str, fields: Mapping[str, str], *, headers: Mapping[str, str]
    ) -> Answer:
        """Raises ElsewhereAway, AddressRefused."""
        typed = {"content-type": "application/x-www-form-urlencoded", **headers}
        return await self._call("POST", url, typed, urlencode(fields).encode())

    async def _call(
        self, method: str, url: str, headers: Mapping[str, str], content: bytes | None
    ) -> Answer:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
            raise AddressRefused
        backend = LookedAt(self._networks, is_open=parts.scheme == "http")
        # Asked for as it is: a short answer must not unfold into a long one.
        whole = {"accept": "application/json", "accept-encoding": "identity", **headers}
        try:
            async with (
                asyncio.timeout(self._seconds_max),
                httpcore.AsyncConnectionPool(network_backend=backend) as pool,
                pool.stream(method, url, headers=list(whole.items()), content=content) as answer,
            ):
                return Answer(answer.status, await read(answer))
        except AWAY as error:
            raise ElsewhereAway from error


async def read(answer: httpcore.Response) -> bytes:
    """Raises ElsewhereAway when it does not end in time."""
    body = bytearray()
    async for part in answer.aiter_stream():
        body += part
        if len(body) > BYTES_MAX:
            raise ElsewhereAway("The other server says more than it should.")
    return bytes(body)


def is_public(address: Address) -> bool:
    """Whether it belongs to the open network, also where an IPv4 address hides in it."""
    inner = inside(address)
    if inner is not None:
        return is_public(inner)
    return address.is_global and not address.is_multicast


def inside(address: Address) -> IPv4Address | None:
    """The IPv4 address that traffic to this one ends at, if there is one."""
    if isinstance(address, IPv4Address):
        return None
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)
