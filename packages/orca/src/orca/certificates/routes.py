"""The door of the certificates: which there are, until when, and what is wrong with them."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import PathParameter

from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, Stamp, done, ok, stamp_or_none
from orca.access import Role
from orca.api import AnyRequest, needs
from orca.certificates.keeping import Certificates

Domain = Annotated[str, PathParameter(max_length=253)]


class CertificateView(msgspec.Struct, kw_only=True, rename="camel"):
    """A certificate, or a domain that has none yet; `trouble` says why, `own`: it was brought."""

    name: str
    domains: list[str]
    ends_at: Stamp | None
    own: bool
    trouble: str


class CertificatesApi(ApiController):
    path = "/api/v1/certificates"
    tags = ["Certificates"]

    @get("/", opt=needs(Role.VIEWER), operation_id="ListCertificates")
    async def list_certificates(self, request: AnyRequest) -> Envelope[list[CertificateView]]:
        """All certificates, and every domain whose order failed."""
        certificates: Certificates = request.app.state.certificates
        return ok(
            [
                CertificateView(
                    name=line.name,
                    domains=list(line.domains),
                    ends_at=stamp_or_none(line.ends_at),
                    own=line.is_own,
                    trouble=line.trouble,
                )
                for line in await certificates.list_all()
            ]
        )

    @post(
        "/{domain:str}/retries",
        opt=needs(Role.DEPLOYER),
        operation_id="RetryCertificate",
        status_code=200,
    )
    async def retry_order(self, request: AnyRequest, domain: Domain) -> Envelope[None]:
        """An order that failed is tried again at once, and not only after its pause."""
        certificates: Certificates = request.app.state.certificates
        await certificates.retry(domain)
        return done("The order is tried again.")
