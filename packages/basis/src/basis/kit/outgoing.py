"""Calls to servers elsewhere whose addresses somebody typed: to public addresses alone, for a while
and no longer, and only so much of the answer. Nothing in the house's own network is reached unless
it was named at start (`KITCHENASTY_OUTGOING_NETWORKS`).
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

import httpcore

from basis.errors import Unavailable
from basis.kit.limits import Network
from basis.kit.web_address import (
    Address,
    NotAnAddress,
    WebAddress,
    address_of,
    is_public,
    read_web_address,
)

SECONDS_MAX = 10.0
BYTES_MAX = 262_144
POST_BYTES_MAX = 1_048_576
RETRY_SECONDS = 30
LOOKUPS_AT_ONCE = 64

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""The addresses that a name has now."""


class Trouble(StrEnum):
    """Why a call came to nothing."""

    NAME = "NAME"
    """The name of the server is not known."""
    CONNECTION = "CONNECTION"
    """Nobody takes the call, or it breaks off, or the certificate is not the server's."""
    TIME = "TIME"
    SIZE = "SIZE"
    PRIVATE = "PRIVATE"
    """The address leads to where nobody is called."""


class ElsewhereAway(Unavailable):
    """The other server cannot be reached, takes too long, or says too much."""

    def __init__(
        self,
        message: str = "The other server does not answer. Try again soon.",
        trouble: Trouble = Trouble.CONNECTION,
    ) -> None:
        super().__init__(message, retry_after=RETRY_SECONDS)
        self.trouble = trouble


class AddressRefused(ElsewhereAway):
    """The name leads to where nobody is called: into this machine or the house's own network."""

    def __init__(self) -> None:
        super().__init__(
            "This address leads into a private network, where we call nobody.", Trouble.PRIVATE
        )


AWAY = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.TimeoutException,
    httpcore.UnsupportedProtocol,
    OSError,
    TimeoutError,
    UnicodeError,
)
LATE = (TimeoutError, httpcore.TimeoutException)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    headers: Mapping[str, str]
    """By their names in small letters."""


class Resolver:
    """Asks the name servers in threads of its own: one that never answers holds up no other work
    of this process, which has few threads.
    """

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(LOOKUPS_AT_ONCE, thread_name_prefix="lookup")

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, look_up, host, port)


def look_up(host: str, port: int) -> list[str]:
    return [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class LookedAt(httpcore.AsyncNetworkBackend):
    """Connects to the very addresses that were looked at, so that a name which means another one a
    moment later leads nowhere else. TLS still checks the name.
    """

    def __init__(
        self, networks: tuple[Network, ...], *, is_open: bool, resolve: Resolve | None = None
    ) -> None:
        self._networks = networks
        self._is_open = is_open
        self._resolve = resolve or Resolver()
        self._sockets = httpcore.AnyIOBackend()

    async def connect_tcp(
        self, host: str, port: int, *args: Any, **more: Any
    ) -> httpcore.AsyncNetworkStream:
        addresses = [address_of(one) for one in await self._resolve(host, port)]
        if not addresses or not all(map(self._may_call, addresses)):
            raise AddressRefused
        for address in addresses[:-1]:
            try:
                return await self._sockets.connect_tcp(str(address), port, *args, **more)
            except httpcore.ConnectError:
                continue  # a server may have an address of a kind that this machine has no way to
        return await self._sockets.connect_tcp(str(addresses[-1]), port, *args, **more)

    def _may_call(self, address: Address) -> bool:
        """Without TLS only what was named at start is called."""
        named = any(address in network for network in self._networks)
        return named or (not self._is_open and is_public(address))


class Outgoing:
    """How one process calls out. No redirect is followed and no proxy of the environment used."""

    def __init__(
        self,
        networks: tuple[Network, ...] = (),
        *,
        seconds_max: float = SECONDS_MAX,
        resolve: Resolve | None = None,
    ) -> None:
        self._networks = networks
        self._seconds_max = seconds_max
        self._resolve = resolve or Resolver()

    @property
    def networks(self) -> tuple[Network, ...]:
        """Of our own, those in which servers may be called."""
        return self._networks

    async def get(self, url: str) -> Answer:
        """Raises ElsewhereAway, AddressRefused."""
        return await self._call("GET", url, {}, None)

    async def post_form(
        self, url: str, fields: Mapping[str, str], *, headers: Mapping[str, str]
    ) -> Answer:
        """Raises ElsewhereAway, AddressRefused."""
        typed = {"content-type": "application/x-www-form-urlencoded", **headers}
        return await self._call("POST", url, typed, urlencode(fields).encode())

    async def post(self, url: str, body: bytes, *, headers: Mapping[str, str]) -> Answer:
        """Hand over a body as it is; the headers say what it is, and by whom it is signed.

        Raises ElsewhereAway, AddressRefused.
        """
        return await self._call("POST", url, headers, body, bytes_max=POST_BYTES_MAX)

    async def _call(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: bytes | None,
        *,
        bytes_max: int = BYTES_MAX,
    ) -> Answer:
        address = read(url)
        backend = LookedAt(self._networks, is_open=address.is_open, resolve=self._resolve)
        # Asked for as it is: a short answer must not unfold into a long one.
        whole = {
            "host": address.authority,
            "accept": "application/json",
            "accept-encoding": "identity",
            **headers,
        }
        try:
            async with (
                asyncio.timeout(self._seconds_max),
                httpcore.AsyncConnectionPool(network_backend=backend) as pool,
                pool.stream(
                    method, http_url(address), headers=list(whole.items()), content=content
                ) as answer,
            ):
                return Answer(answer.status, await receive(answer, bytes_max), said(answer))
        except AWAY as error:
            raise ElsewhereAway(trouble=trouble_of(error)) from error


def read(url: str) -> WebAddress:
    """Raises AddressRefused."""
    try:
        return read_web_address(url)
    except NotAnAddress as error:
        raise AddressRefused from error


def http_url(address: WebAddress) -> httpcore.URL:
    """In the parts that we read: nobody reads the text a second time, in another way."""
    return httpcore.URL(
        scheme=address.scheme, host=address.host, port=address.port, target=address.target
    )


async def receive(answer: httpcore.Response, bytes_max: int) -> bytes:
    """Raises ElsewhereAway when it does not end in time."""
    body = bytearray()
    async for part in answer.aiter_stream():
        body += part
        if len(body) > bytes_max:
            raise ElsewhereAway("The other server says more than it should.", Trouble.SIZE)
    return bytes(body)


def said(answer: httpcore.Response) -> dict[str, str]:
    return {name.decode().lower(): value.decode("latin-1") for name, value in answer.headers}


def trouble_of(error: Exception) -> Trouble:
    if isinstance(error, LATE):
        return Trouble.TIME
    return Trouble.NAME if isinstance(error, socket.gaierror) else Trouble.CONNECTION
