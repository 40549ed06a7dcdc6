"""A node that is new: by a token that is good once it gets a certificate, and from then on it needs
nothing else. Its key never leaves it.
"""

from __future__ import annotations

import hashlib
import re
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from basis.errors import Forbidden, Unavailable
from basis.kit.private_files import write_private
from basis.kit.secret import Secret
from orca.link.authority import (
    CONTROL,
    Pair,
    calling,
    fingerprint_of,
    make_key,
    pem_of,
    request_for,
)

SPELLED = re.compile(r"join_([0-9a-f]{64})_([A-Za-z0-9_-]{20,60})")
SECONDS_MAX = 30


class JoinRefused(Forbidden):
    """The token is not good, or not any more, or what answers is not who made it."""


class NobodyThere(Unavailable):
    """No control plane answers."""


@dataclass(frozen=True, slots=True)
class JoinToken:
    """Whom to trust, by the fingerprint of its authority, and what to show."""

    authority: str
    chance: Secret

    def __str__(self) -> str:
        return f"join_{self.authority}_{self.chance!s}"


def read_token(text: str) -> JoinToken:
    """Raises JoinRefused."""
    found = SPELLED.fullmatch(text.strip())
    if found is None:
        raise JoinRefused("This is no token to join by. Make one: orca nodes token NAME")
    return JoinToken(found[1], Secret(found[2]))


def hash_of(chance: str) -> str:
    return hashlib.sha256(chance.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Membership:
    """What a node keeps in its folder once it has joined."""

    folder: Path

    @property
    def authority(self) -> Path:
        return self.folder / "ca.pem"

    @property
    def pair(self) -> Pair:
        """Both in one file, so that a new pair takes the place of the old one at once."""
        return Pair(self.folder / "node.pem", self.folder / "node.pem")

    @property
    def is_there(self) -> bool:
        return self.pair.certificate.exists()

    @property
    def certificate(self) -> x509.Certificate:
        return x509.load_pem_x509_certificate(self.pair.certificate.read_bytes())

    def keep(self, key: ec.EllipticCurvePrivateKey, certificate: bytes) -> None:
        """Raises JoinRefused for a certificate that is not of this key and our authority."""
        try:
            shown = x509.load_pem_x509_certificate(certificate)
            shown.verify_directly_issued_by(
                x509.load_pem_x509_certificate(self.authority.read_bytes())
            )
        except (ValueError, TypeError, InvalidSignature) as error:
            raise JoinRefused("This is no certificate of our cluster.") from error
        if shown.public_key() != key.public_key():
            raise JoinRefused("This certificate is of another key.")
        write_private(self.pair.certificate, pem_of(key) + certificate)

    def names(self) -> tuple[str, str]:
        """Of the cluster and of the node."""
        cluster, _, name = (self.folder / "name").read_text().strip().partition(" ")
        return cluster, name


async def join(address: str, token: JoinToken, membership: Membership) -> None:
    """Raises JoinRefused, NobodyThere."""
    key = make_key()
    authority = await fetch_authority(address, token.authority)
    write_private(membership.authority, authority)
    body = {"chance": str(token.chance), "request": request_for("node", key).decode()}
    context = calling(membership.authority, None)
    told = await ask(address, "POST", "/join", context, body)
    write_private(membership.folder / "name", f"{told['cluster']} {told['node']}\n".encode())
    membership.keep(key, told["certificate"].encode())


async def fetch_authority(address: str, fingerprint: str) -> bytes:
    """From somebody who is not trusted yet: only the fingerprint decides."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    told = await ask(address, "GET", "/authority", context)
    try:
        certificate = x509.load_pem_x509_certificate(told["certificate"].encode())
    except ValueError as error:
        raise JoinRefused("What answers there is no control plane.") from error
    if fingerprint_of(certificate) != fingerprint:
        raise JoinRefused("What answers there is not the control plane that made this token.")
    return certificate.public_bytes(serialization.Encoding.PEM)


async def ask(
    address: str, method: str, path: str, context: ssl.SSLContext, body: Any = None
) -> dict[str, Any]:
    timeout = aiohttp.ClientTimeout(total=SECONDS_MAX)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.request(
                method, f"https://{address}{path}", json=body, ssl=context, server_hostname=CONTROL
            ) as answer,
        ):
            told: dict[str, Any] = await answer.json()
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        raise NobodyThere(f"No control plane answers at {address}: {error}") from error
    if "refusal" in told:
        raise JoinRefused(told["refusal"])
    return told
