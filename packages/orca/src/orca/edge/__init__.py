"""The edge: who asks for which domain and path gets to which copy, by a proxy that is not ours."""

from orca.edge.configuring import Settings
from orca.edge.proxy import EdgeBusy, Proxy, ProxyMissing, Traefik
from orca.edge.sites import Backend, CertificateFiles, Site, Wish, sites_of

__all__ = [
    "Backend", "CertificateFiles", "EdgeBusy", "Proxy", "ProxyMissing", "Settings", "Site",
    "Traefik", "Wish", "sites_of",
]  # fmt: skip
