"""For tests and demos: real engines of one's own, one or several on a bridge, images without a
registry, and a registry.
"""

from orca.testing.engine import (
    BUSYBOX,
    CGROUPS,
    NoEngine,
    RealEngine,
    groups_named,
    real_engine,
    sweep,
    why_no_engine,
)
from orca.testing.images import ECHO_AND_SERVE, PORT, SERVE, add_file, ask, load_image, make_image
from orca.testing.networks import begin_within, within
from orca.testing.nodes import MIDDLE, RealNode, RealNodes, real_guest, real_nodes
from orca.testing.registry import FAILS, HANGS, WELL, Registry, registry_beside
from orca.testing.visiting import Visit, visit

__all__ = [
    "BUSYBOX", "CGROUPS", "ECHO_AND_SERVE", "FAILS", "HANGS", "MIDDLE", "PORT", "SERVE", "WELL",
    "NoEngine", "RealEngine", "RealNode", "RealNodes", "Registry", "Visit", "add_file", "ask",
    "begin_within", "groups_named", "load_image", "make_image", "real_engine", "real_guest",
    "real_nodes", "registry_beside", "sweep", "visit", "why_no_engine", "within",
]  # fmt: skip
