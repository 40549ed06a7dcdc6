"""Keys and certificates as bytes: made, read, and compared with each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from basis.errors import Invalid
from basis.kit.secret import Secret


class BadCertificate(Invalid):
    """A certificate or key that cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Material:
    """A certificate with all above it, and its key; both PEM."""

    chain: str
    key: Secret


@dataclass(frozen=True, slots=True)
class Facts:
    """What a certificate says of itself."""

    domains: tuple[str, ...]
    begins_at: datetime
    ends_at: datetime
    digest: str


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def pem_of(key: ec.EllipticCurvePrivateKey) -> Secret:
    made = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return Secret(made.decode("ascii"))


def request_for(domain: str, key: ec.EllipticCurvePrivateKey) -> bytes:
    """What an authority is asked to sign."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, domain)] if len(domain) < 65 else [])
    names = x509.SubjectAlternativeName([x509.DNSName(domain)])
    builder = x509.CertificateSigningRequestBuilder().subject_name(name)
    request = builder.add_extension(names, critical=False).sign(key, hashes.SHA256())
    return request.public_bytes(serialization.Encoding.PEM)


def facts_of(material: Material) -> Facts:
    """Raises BadCertificate, also for a key of another certificate."""
    try:
        first = x509.load_pem_x509_certificates(material.chain.encode())[0]
        key = serialization.load_pem_private_key(material.key.encode(), password=None)
    except (ValueError, TypeError) as error:
        raise BadCertificate("This is no certificate with its key, both as PEM.") from error
    der = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    if key.public_key().public_bytes(*der) != first.public_key().public_bytes(*der):
        raise BadCertificate("The key is that of another certificate.")
    try:
        names = first.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound as error:
        raise BadCertificate("The certificate names no domain.") from error
    return Facts(
        domains=tuple(sorted(name.lower() for name in names.get_values_for_type(x509.DNSName))),
        begins_at=first.not_valid_before_utc,
        ends_at=first.not_valid_after_utc,
        digest=first.fingerprint(hashes.SHA256()).hex(),
    )
