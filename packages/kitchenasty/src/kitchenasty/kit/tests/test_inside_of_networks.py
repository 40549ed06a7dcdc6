"""Nobody inside is ever called: seen by a guard on every socket of this process."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Sequence
from ipaddress import ip_network

import httpcore
import pytest

from basis.kit.outgoing import AddressRefused, ElsewhereAway, LookedAt, Outgoing
from basis.kit.web_address import NotAnAddress, address_of, is_public, read_web_address
from kitchenasty.kit.tests.spellings import all_spellings

SPELLINGS_MIN = 400
TRIES = 1_000
OUTSIDE = "93.184.215.14"
NAMED = (ip_network("127.0.0.0/8"),)
pytestmark = pytest.mark.enable_socket


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Whom any socket was asked to reach; outer addresses are noted too, and reach nobody."""
    addresses: list[str] = []
    connect = socket.socket.connect

    def noted(self: socket.socket, address: tuple[str, int]) -> None:
        if self.family == socket.AF_UNIX:
            return connect(self, address)
        addresses.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", noted)
    monkeypatch.setattr(socket.socket, "connect_ex", noted)
    return addresses


async def as_c_reads_it(host: str, port: int) -> Sequence[str]:
    """What the system makes of a number in any notation; every other name leads to this machine."""
    try:
        found = socket.getaddrinfo(host, port, flags=socket.AI_NUMERICHOST)
    except OSError:
        return ["127.0.0.1"]
    return [str(one[4][0]) for one in found]


async def test_the_guard_sees_who_is_called(called: list[str]) -> None:
    with pytest.raises(ElsewhereAway):
        await Outgoing(NAMED).get("http://127.0.0.1:8080/")
    with pytest.raises(ElsewhereAway):
        await Outgoing().get(f"https://{OUTSIDE}/")
    assert called == ["127.0.0.1", OUTSIDE]


async def test_no_spelling_of_an_inner_address_is_called(called: list[str]) -> None:
    spellings = all_spellings(8080)
    assert len(spellings) >= SPELLINGS_MIN
    outgoing = Outgoing(resolve=as_c_reads_it)
    for url in spellings:
        with pytest.raises(ElsewhereAway):
            await outgoing.post(url, b"{}", headers={})
    print(f"S1: {len(spellings)} spellings of inner addresses, {len(called)} calls")
    assert called == []


async def test_the_look_at_the_address_alone_keeps_them_out(called: list[str]) -> None:
    """Even if reading the text let everything through."""
    hosts = {
        url.partition("//")[2].rpartition(":")[0].strip("[]").replace("%25", "%")
        for url in all_spellings(8080)
    }
    backend = LookedAt((), is_open=False, resolve=as_c_reads_it)
    for host in hosts:
        # What names a public address beside the inner one may be called there.
        with pytest.raises((AddressRefused, OSError, ValueError, httpcore.ConnectError)):
            await backend.connect_tcp(host, 443)
    assert [one for one in called if not is_public(address_of(one))] == []


async def test_a_name_that_changes_its_address_never_leads_inside(called: list[str]) -> None:
    """Of two answers the first is looked at and the first is called, however often one tries."""
    asked = 0

    async def rebind(_host: str, _port: int) -> Sequence[str]:
        nonlocal asked
        asked += 1
        return [OUTSIDE] if asked % 2 else ["127.0.0.1"]

    outgoing = Outgoing(resolve=rebind)
    for _ in range(TRIES):
        with contextlib.suppress(ElsewhereAway):
            await outgoing.post("https://rebinding.example/", b"{}", headers={})
    inner = [one for one in called if one != OUTSIDE]
    print(f"S2: {asked} lookups that change their answer, {len(inner)} calls inside")
    assert asked == TRIES
    assert inner == []
    assert len(called) == TRIES // 2


async def test_the_next_address_is_called_when_there_is_no_way_to_the_first(
    called: list[str],
) -> None:
    async def both(_host: str, _port: int) -> Sequence[str]:
        return ["2606:2800:21f:cb07:6820:80da:af6b:8b2c", OUTSIDE]

    with pytest.raises(ElsewhereAway):
        await Outgoing(resolve=both).get("https://two.example/")
    assert called == ["2606:2800:21f:cb07:6820:80da:af6b:8b2c", OUTSIDE]


@pytest.mark.parametrize("port", ["22", "25", "0", "1", "1023", "65536", "-1", "８０", ""])
def test_only_ports_of_the_web_and_free_ones_are_called(port: str) -> None:
    with pytest.raises(NotAnAddress):
        read_web_address(f"https://shop.example:{port}/")


@pytest.mark.parametrize(
    ("text", "authority", "target"),
    [
        ("https://shop.example", "shop.example", "/"),
        ("https://Shop.Example:443/in?a=1&b=%0d", "shop.example", "/in?a=1&b=%0d"),
        ("https://shop.example:8443/", "shop.example:8443", "/"),
        ("http://shop.example:443/", "shop.example:443", "/"),
        ("https://[2606:2800:21f:cb07::1]:1024/x", "[2606:2800:21f:cb07::1]:1024", "/x"),
        ("https://xn--grn-ioa.example/", "xn--grn-ioa.example", "/"),
    ],
)
def test_what_is_called_is_read_in_its_parts(text: str, authority: str, target: str) -> None:
    address = read_web_address(text)
    assert (address.authority, address.target) == (authority, target)
