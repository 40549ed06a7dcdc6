"""The cluster's own certificate authority: it vouches for the control plane and for its nodes, and
for nobody else. What a certificate is for stands in it, so that no node can pass for the control
plane.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from basis.clock import Clock, system_clock
from basis.kit.private_files import write_private

CONTROL = "control.orca"
"""The name of every control plane, whatever its address is."""
ROOT = "the authority of an Orca cluster"
YEARS = timedelta(days=3_650)
"""Of the authority and of the control plane. The latter gets a new one when it is started late in
them.
"""
A_YEAR = timedelta(days=365)
"""Of a node, which gets a new one by its link when a third of it is left."""
EARLIER = timedelta(days=1)
"""Clocks of servers differ."""


class Stranger(ValueError):
    """A request for a certificate that is none, or not signed by its own key."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A key and its certificate, as files."""

    key: Path
    certificate: Path


def make_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


class Authority:
    """In a folder: `ca.key`, `ca.pem`, and the pair of the control plane."""

    def __init__(
        self, folder: Path, *, of_nodes: timedelta = A_YEAR, clock: Clock = system_clock
    ) -> None:
        self._clock, self._of_nodes = clock, of_nodes
        self._key_file, self.file = folder / "ca.key", folder / "ca.pem"
        self.control = Pair(folder / "control.key", folder / "control.pem")
        if not self.file.exists():
            self._make()
        loaded = serialization.load_pem_private_key(self._key_file.read_bytes(), None)
        assert isinstance(loaded, ec.EllipticCurvePrivateKey)
        self._key = loaded
        self.certificate = x509.load_pem_x509_certificate(self.file.read_bytes())
        if self._is_control_due():
            self._certify_control()

    def _make(self) -> None:
        """Its certificate comes last: until it is there nobody can have been vouched for."""
        key = make_key()
        builder = self._dated(ROOT, YEARS).public_key(key.public_key())
        basic = x509.BasicConstraints(ca=True, path_length=0)
        builder = builder.issuer_name(named(ROOT))
        made = builder.add_extension(basic, critical=True).sign(key, hashes.SHA256())
        self._key, self.certificate = key, made
        write_private(self._key_file, pem_of(key))
        write_private(self.file, made.public_bytes(serialization.Encoding.PEM))

    def _is_control_due(self) -> bool:
        """Also when half of its pair is missing: the authority itself must not change, or every
        node is a stranger.
        """
        if not (self.control.key.exists() and self.control.certificate.exists()):
            return True
        key = serialization.load_pem_private_key(self.control.key.read_bytes(), None)
        own = x509.load_pem_x509_certificate(self.control.certificate.read_bytes())
        return own.public_key() != key.public_key() or is_due(own, self._clock())

    def _certify_control(self) -> None:
        own = make_key()
        write_private(self.control.key, pem_of(own))
        signed = self._signed(CONTROL, own.public_key(), ExtendedKeyUsageOID.SERVER_AUTH, YEARS)
        write_private(self.control.certificate, signed.public_bytes(serialization.Encoding.PEM))

    def _dated(self, name: str, valid: timedelta) -> x509.CertificateBuilder:
        now = self._clock()
        return (
            x509.CertificateBuilder()
            .subject_name(named(name))
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - EARLIER)
            .not_valid_after(now + valid)
        )

    def _signed(
        self,
        name: str,
        key: ec.EllipticCurvePublicKey,
        use: x509.ObjectIdentifier,
        valid: timedelta,
    ) -> x509.Certificate:
        builder = self._dated(name, valid).public_key(key).issuer_name(self.certificate.subject)
        names = x509.SubjectAlternativeName([x509.DNSName(name)])
        builder = builder.add_extension(names, critical=False)
        builder = builder.add_extension(x509.ExtendedKeyUsage([use]), critical=True)
        basic = x509.BasicConstraints(ca=False, path_length=None)
        return builder.add_extension(basic, critical=True).sign(self._key, hashes.SHA256())

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(self.certificate)

    def vouch(self, name: str, request: bytes) -> x509.Certificate:
        """A certificate for a node by this name, whatever the request calls itself. Raises
        Stranger.
        """
        try:
            asked = x509.load_pem_x509_csr(request)
        except ValueError as error:
            raise Stranger("This is no request for a certificate.") from error
        key = asked.public_key()
        if not asked.is_signature_valid or not isinstance(key, ec.EllipticCurvePublicKey):
            raise Stranger("The request is not signed by its own key.")
        return self._signed(name, key, ExtendedKeyUsageOID.CLIENT_AUTH, self._of_nodes)

    def is_due(self, certificate: x509.Certificate) -> bool:
        return is_due(certificate, self._clock())

    def listening(self) -> ssl.SSLContext:
        """For the control plane: shows its own certificate, and looks at a node's if it has one."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_cert_chain(self.control.certificate, self.control.key)
        context.load_verify_locations(self.file)
        context.verify_mode = ssl.CERT_OPTIONAL
        return context


def calling(authority: Path, pair: Pair | None) -> ssl.SSLContext:
    """For a node: nobody but the control plane of this authority is spoken to."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_verify_locations(authority)
    if pair is not None:
        context.load_cert_chain(pair.certificate, pair.key)
    return context


def request_for(name: str, key: ec.EllipticCurvePrivateKey) -> bytes:
    asked = x509.CertificateSigningRequestBuilder().subject_name(named(name))
    return asked.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def is_due(certificate: x509.Certificate, now: datetime) -> bool:
    """Whether it is time for a new one: a third of it is left."""
    ends = certificate.not_valid_after_utc
    valid = ends - certificate.not_valid_before_utc - EARLIER
    return ends - now < valid / 3


def fingerprint_of(certificate: x509.Certificate) -> str:
    return certificate.fingerprint(hashes.SHA256()).hex()


def name_in(certificate: x509.Certificate) -> str:
    [name] = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(name.value)


def pem_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
