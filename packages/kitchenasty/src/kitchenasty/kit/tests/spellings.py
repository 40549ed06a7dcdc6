"""Addresses of machines that nobody from outside may reach, in all the ways to write them."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address

INNER = (
    "127.0.0.1", "127.0.0.2", "127.255.255.254", "0.0.0.1", "10.0.0.1", "10.255.255.254",
    "100.64.0.1", "100.100.100.200", "169.254.169.254", "169.254.170.2", "172.16.0.1",
    "172.31.255.254", "192.0.0.192", "192.0.2.1", "192.168.0.1", "192.168.1.254", "198.18.0.1",
    "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "0.0.0.0",  # noqa: S104  # nobody listens there
)  # fmt: skip
INNER_SIX = (
    "::", "::1", "::2", "fe80::1", "febf::1", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1",
    "100::1", "2001:db8::1", "2001::1", "64:ff9b:1::1", "0:0:0:0:0:0:0:1", "::ffff:0:7f00:1",
    "5f00::1", "0100::1", "::0:1", "2001:10::1", "::1%25lo", "fe80::1%25eth0", "fe80::1%eth0",
)  # fmt: skip
NAMES = (
    "localhost", "localhost.", "LOCALHOST", "ip6-localhost", "metadata.google.internal",
    "instance-data", "kubernetes.default.svc", "host.docker.internal", "localtest.me",
    "127.0.0.1.nip.io", "spoofed.burpcollaborator.net", "xn--0-gga.example", "router",
)  # fmt: skip
ENCLOSED = {str(digit): "⓪①②③④⑤⑥⑦⑧⑨"[digit] for digit in range(10)} | {".": "。"}
FULL_WIDTH = {str(digit): "０１２３４５６７８９"[digit] for digit in range(10)} | {".": "．"}


def all_spellings(port: int) -> list[str]:
    """Whole addresses, each once."""
    found: dict[str, None] = {}
    for address in INNER:
        found |= dict.fromkeys(spell(IPv4Address(address), port))
    for host in INNER_SIX:
        found[f"https://[{host}]:{port}/"] = None
        found[f"https://[{host}]./"] = None
    for host in NAMES:
        found[f"https://{host}:{port}/"] = None
    return list(found)


def spell(address: IPv4Address, port: int) -> Iterator[str]:
    for host in [*numbers(address), *hidden_in_six(address)]:
        yield f"https://{host}:{port}/"
        yield f"http://{host}:{port}/"
    for rest in (
        f"93.184.215.14@{address}:{port}/",
        f"{address}:{port}@93.184.215.14:{port}/",
        f"93.184.215.14\\@{address}:{port}/",
        f"{address}:{port}#@93.184.215.14/",
        f"{address}:{port}\\.example.com/",
        f"{address}%2f:{port}/",
        f"\t{address}:{port}/",
        f"{address}\r\n:{port}/",
        f"{address}%00.example.com:{port}/",
    ):
        yield f"https://{rest}"


def numbers(address: IPv4Address) -> list[str]:
    """The four numbers and what else C's inet_aton reads as them."""
    whole = int(address)
    a, b, c, d = address.packed
    plain = str(address)
    return [
        plain,
        str(whole),
        hex(whole),
        f"0{whole:o}",
        f"{a}.{(b << 16) + (c << 8) + d}",
        f"{a}.{b}.{(c << 8) + d}",
        ".".join(f"0{part:o}" for part in (a, b, c, d)),
        ".".join(f"0{part:03o}" for part in (a, b, c, d)),
        ".".join(hex(part) for part in (a, b, c, d)),
        f"0x{a:02X}.{b}.0{c:o}.{d}",
        f"{plain}.",
        "".join(ENCLOSED[sign] for sign in plain),
        "".join(FULL_WIDTH[sign] for sign in plain),
        plain.replace(".", "%2e"),
        f"{a + 256}.{b}.{c}.{d}",
        str(whole + (1 << 32)),
    ]


def hidden_in_six(address: IPv4Address) -> list[str]:
    """IPv6 addresses whose traffic ends at it."""
    whole = int(address)
    high, low = whole >> 16, whole & 0xFFFF
    teredo = (0x20010000 << 96) | (1 << 64) | (whole ^ 0xFFFF_FFFF)
    return [
        f"[::ffff:{address}]",
        f"[::ffff:{high:x}:{low:x}]",
        f"[0:0:0:0:0:ffff:{high:x}:{low:x}]",
        f"[::{address}]",
        f"[::ffff:0:{address}]",
        f"[64:ff9b::{address}]",
        f"[64:ff9b:1::{address}]",
        f"[2002:{high:x}:{low:x}::1]",
        f"[{IPv6Address(teredo)}]",
        f"[2606:2800:21f:cb07:0:5efe:{high:x}:{low:x}]",
        f"[::ffff:{address}%25lo]",
    ]
