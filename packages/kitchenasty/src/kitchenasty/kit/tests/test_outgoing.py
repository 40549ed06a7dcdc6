"""Whom the server calls, and for how long it listens."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from ipaddress import ip_address, ip_network

import pytest
from aiohttp import web

from basis.kit.outgoing import AddressRefused, ElsewhereAway, Outgoing
from basis.kit.web_address import is_public

HERE = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
pytestmark = pytest.mark.enable_socket


@contextlib.asynccontextmanager
async def listening() -> AsyncIterator[tuple[str, list[str]]]:
    """A server on this machine, and the paths that somebody asked it for."""
    asked: list[str] = []
    over = asyncio.Event()

    async def answer(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        if request.path == "/silent":
            await over.wait()
        if request.path == "/away":
            raise web.HTTPFound("/")
        if request.path == "/endless":
            endless = web.StreamResponse()
            await endless.prepare(request)
            with contextlib.suppress(ConnectionError):
                while not over.is_set():
                    await endless.write(b"leek" * 10_000)
            return endless
        return web.Response(text=f"{request.method} {await request.text()}")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", asked
    finally:
        over.set()
        await runner.cleanup()


async def test_what_was_named_at_start_is_called() -> None:
    async with listening() as (url, _asked):
        outgoing = Outgoing(HERE)
        found = await outgoing.get(f"{url}/keys")
        assert (found.status, found.body) == (200, b"GET ")
        posted = await outgoing.post_form(f"{url}/token", {"a b": "c&d"}, headers={})
        assert posted.body == b"POST a+b=c%26d"


async def test_nobody_in_the_houses_own_network_is_called() -> None:
    async with listening() as (url, asked):
        port = url.rpartition(":")[2]
        for where in (
            url,
            url.replace("http:", "https:"),
            f"https://localhost:{port}",
            f"https://127.1:{port}",
            f"https://2130706433:{port}",
            f"https://0x7f000001:{port}",
            f"https://[::ffff:127.0.0.1]:{port}",
            f"https://0.0.0.0:{port}",
        ):
            with pytest.raises(AddressRefused):
                await Outgoing().get(where)
        assert asked == []


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://example.com/", "https://", "http://a@127.0.0.1/", "leek"]
)
async def test_only_the_web_is_called(url: str) -> None:
    with pytest.raises(AddressRefused):
        await Outgoing(HERE).get(url)


async def test_without_tls_no_public_address_is_called() -> None:
    with pytest.raises(AddressRefused):
        await Outgoing(HERE).get("http://93.184.215.14/")


async def test_a_name_is_looked_up_once_and_that_address_is_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name that leads outside first and inside a moment later leads nowhere else."""
    meant = ["93.184.215.14", "127.0.0.1"]
    looked_up: list[str] = []

    def look_up(host: object, port: object, *_args: object, **_more: object) -> list[object]:
        looked_up.append(str(host))
        address = meant.pop(0)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    called: list[object] = []

    async def connect(_self: object, host: str, *_args: object, **_more: object) -> object:
        called.append(host)
        raise OSError

    monkeypatch.setattr("httpcore.AnyIOBackend.connect_tcp", connect)
    with pytest.raises(ElsewhereAway):
        await Outgoing().get("https://rebinding.example/")
    assert (looked_up, called) == (["rebinding.example"], ["93.184.215.14"])


async def test_one_private_address_among_several_is_enough_to_refuse(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def look_up(_host: object, port: object, *_args: object, **_more: object) -> list[object]:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in ("93.184.215.14", "10.0.0.7")
        ]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with pytest.raises(AddressRefused):
        await Outgoing().get("https://two.example/")


async def test_no_redirect_is_followed() -> None:
    async with listening() as (url, asked):
        assert (await Outgoing(HERE).get(f"{url}/away")).status == 302
        assert asked == ["/away"]


async def test_who_says_nothing_or_too_much_is_left() -> None:
    async with listening() as (url, _asked):
        quick = Outgoing(HERE, seconds_max=0.3)
        with pytest.raises(ElsewhereAway):
            await quick.get(f"{url}/silent")
        with pytest.raises(ElsewhereAway, match="more than it should"):
            await Outgoing(HERE).get(f"{url}/endless")


async def test_nobody_there_is_told_as_away() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(ElsewhereAway):
            await Outgoing(HERE).get(f"http://127.0.0.1:{taken.getsockname()[1]}/")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.1", "224.0.0.1", "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1", "fd00::1",
        "ff02::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "2001:0:1:1:1:1:f5ff:fffe",
    ],
)  # fmt: skip
def test_no_private_address_is_public_however_it_is_written(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"]
)
def test_the_open_network_is_public(address: str) -> None:
    assert is_public(ip_address(address))
