"""The edge: who asks for which domain and path gets to which copy, by a proxy that is not ours."""

from orca.edge.configuring import FEED_PORT, INNER_PORT, Settings
from orca.edge.memory import Machine, MemoryProxy
from orca.edge.orders import NOT_AN_EDGE, Doors, EdgeOrders, Served, digest_of
from orca.edge.placing import place_files, sweep_files
from orca.edge.proxy import EdgeBusy, PortTaken, Proxy, ProxyDown, ProxyMissing, Traefik
from orca.edge.sites import Backend, CertificateFiles, Site, Wish, reached_from, sites_of

__all__ = [
    "FEED_PORT", "INNER_PORT", "NOT_AN_EDGE", "Backend", "CertificateFiles", "Doors", "EdgeBusy",
    "EdgeOrders", "Machine", "MemoryProxy", "PortTaken", "Proxy", "ProxyDown", "ProxyMissing",
    "Served", "Settings", "Site", "Traefik", "Wish", "digest_of", "place_files", "reached_from",
    "sites_of", "sweep_files",
]  # fmt: skip
