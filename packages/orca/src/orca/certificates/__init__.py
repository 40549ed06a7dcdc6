"""Certificates: ordered, renewed and brought along; kept once, used by every edge."""

from orca.certificates.authority import (
    LETS_ENCRYPT,
    AcmeAuthority,
    Authority,
    OrderFailed,
    Publish,
)
from orca.certificates.keeping import CertificateLine, Certificates, NoFailedOrder
from orca.certificates.material import BadCertificate, Material
from orca.certificates.timing import is_due, may_try

__all__ = [
    "LETS_ENCRYPT", "AcmeAuthority", "Authority", "BadCertificate", "CertificateLine",
    "Certificates", "Material", "NoFailedOrder", "OrderFailed", "Publish", "is_due", "may_try",
]  # fmt: skip
