"""What a proxy is to do, as values: sites, where their requests go, certificates, challenges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from orca.planning import Routes, Upstream
from orca.scheduling import CopyId
from orca.spec import RateLimit, Service, domains_of


@dataclass(frozen=True, slots=True, order=True)
class Backend:
    """A copy as the edge reaches it, and its share of the requests."""

    address: str
    """`host:port`."""
    share: int = 1


@dataclass(frozen=True, slots=True)
class Site:
    """One service: requests for any of its domains below any of its routes. Without a backend they
    are answered with 503, and not by another site.
    """

    service: str
    domains: tuple[str, ...]
    backends: tuple[Backend, ...]
    routes: tuple[str, ...] = ("/",)
    strip_prefix: bool = False
    rate_limit: RateLimit | None = None


@dataclass(frozen=True, slots=True)
class CertificateFiles:
    """A certificate with its key, as files of the node, and the domains that it is for. A renewed
    one has another name: what has the old name is not read again.
    """

    domains: frozenset[str]
    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True)
class Wish:
    """All that a proxy is to do, whole: what is not in it, it no longer does."""

    sites: tuple[Site, ...] = ()
    certificates: tuple[CertificateFiles, ...] = ()
    challenges: Mapping[str, str] = field(default_factory=dict)
    """What is answered below `/.well-known/acme-challenge/`, by token."""


def sites_of(
    services: Mapping[str, Service], routes: Routes, addresses: Mapping[CopyId, str]
) -> tuple[Site, ...]:
    """The sites of a plan. A copy of which nobody knows where it is gets nothing yet."""
    return tuple(
        Site(
            service=name,
            domains=domains_of(services[name]),
            backends=backends_of(upstreams, addresses),
            routes=services[name].routes,
            strip_prefix=services[name].strip_prefix,
            rate_limit=services[name].rate_limit,
        )
        for name, upstreams in sorted(routes.items())
        if name in services
    )


def backends_of(
    upstreams: tuple[Upstream, ...], addresses: Mapping[CopyId, str]
) -> tuple[Backend, ...]:
    return tuple(
        Backend(addresses[each.copy], each.share) for each in upstreams if each.copy in addresses
    )
