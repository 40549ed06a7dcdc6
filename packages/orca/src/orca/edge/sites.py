"""What a proxy is to do, as values: sites, where their requests go, certificates, challenges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
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


def reached_from(node: str, routes: Routes, declared: Mapping[str, str]) -> dict[CopyId, str]:
    """Where the proxy of this node reaches each copy. Its own where they are published; those of
    others at the address that people gave their node. What is published on the loopback of another
    node is not reached: there is something else at that port here.
    """
    found = {}
    for upstream in (each for of_one in routes.values() for each in of_one):
        host, _, port = upstream.address.rpartition(":")
        if not port:
            continue
        if upstream.node != node:
            if upstream.node not in declared and is_loopback(host):
                continue
            host = spelled(declared.get(upstream.node, host))
        found[upstream.copy] = f"{host}:{port}"
    return found


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def spelled(host: str) -> str:
    """As in a URL."""
    return f"[{host}]" if ":" in host and not host.startswith("[") else host
