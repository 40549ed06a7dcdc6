"""A real authority (pebble) with a name server of its own, which says that all names are here."""

from __future__ import annotations

import json
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from basis.clock import system_clock
from basis.kit.secret import Secret
from orca.certificates import Material
from orca.tests.town import free_ports

PATIENCE_SECONDS = 60
QUICK = {"PEBBLE_VA_NOSLEEP": "1", "PEBBLE_WFE_NONCEREJECT": "0"}
DAYS = 90


@dataclass(frozen=True, slots=True)
class Pebble:
    """Where it is asked, what its own certificate is, and where its root is told."""

    directory: str
    trust: Path
    management: str

    def root(self) -> str:
        context = ssl.create_default_context(cafile=str(self.trust))
        return httpx.get(f"{self.management}/roots/0", verify=context, trust_env=False).text


def signed(*domains: str, days: int = DAYS) -> Material:
    """A certificate that signs itself, begun a day ago."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, domains[0])])
    now = system_clock()
    names: list[x509.GeneralName] = [
        x509.IPAddress(ip_address(one)) if one[0].isdigit() else x509.DNSName(one)
        for one in domains
    ]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=days - 1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    chain = made.public_bytes(serialization.Encoding.PEM).decode()
    return Material(chain, Secret(secret.decode()))


@contextmanager
def pebble_in(folder: Path, *, http_port: int, seconds: int = DAYS * 86_400) -> Iterator[Pebble]:
    """It looks for challenges at `http_port` of this machine, whatever the name, and signs for so
    many seconds.
    """
    programs = [shutil.which(name) for name in ("pebble", "pebble-challtestsrv")]
    if not all(programs):
        pytest.skip("pebble is not installed: tools/system_packages.sh does it")
    bring_own(folder)
    listen, manage, names, control = free_ports(4)
    config = {
        "listenAddress": f"127.0.0.1:{listen}",
        "managementListenAddress": f"127.0.0.1:{manage}",
        "certificate": str(folder / "own.crt"),
        "privateKey": str(folder / "own.key"),
        "httpPort": http_port,
        "tlsPort": 1,
        "certificateValidityPeriod": seconds,
    }
    (folder / "pebble.json").write_text(json.dumps({"pebble": config}))
    resolver = f"127.0.0.1:{names}"
    with ExitStack() as stack:
        for words in (
            [
                str(programs[1]), "-defaultIPv4", "127.0.0.1", "-defaultIPv6", "",
                "-dns01", resolver, "-http01", "", "-https01", "", "-tlsalpn01", "",
                "-management", f"127.0.0.1:{control}",
            ],
            [str(programs[0]), "-config", str(folder / "pebble.json"), "-dnsserver", resolver],
        ):  # fmt: skip
            log = stack.enter_context((folder / f"{Path(words[0]).name}.log").open("wb"))
            running = subprocess.Popen(words, env=QUICK, stdout=log, stderr=log)  # noqa: S603 - as above
            stack.callback(running.wait)
            stack.callback(running.kill)
        for port in (listen, manage, control):
            wait_for(port)
        yield Pebble(
            f"https://localhost:{listen}/dir", folder / "own.crt", f"https://localhost:{manage}"
        )


def bring_own(folder: Path) -> None:
    """The certificate by which it is asked."""
    folder.mkdir()
    own = signed("localhost", "127.0.0.1")
    (folder / "own.crt").write_text(own.chain)
    (folder / "own.key").write_text(own.key)


def wait_for(port: int) -> None:
    deadline = system_clock() + timedelta(seconds=PATIENCE_SECONDS)
    while system_clock() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            continue
        return
    pytest.fail(f"nobody listens at {port}")
