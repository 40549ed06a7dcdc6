"""For tests and demos: real engines of one's own, one or several on a bridge, and images without a
registry.
"""

from orca.testing.engine import BUSYBOX, NoEngine, RealEngine, real_engine, why_no_engine
from orca.testing.images import ECHO_AND_SERVE, PORT, SERVE, ask, make_image
from orca.testing.nodes import MIDDLE, RealNode, RealNodes, real_nodes
from orca.testing.visiting import Visit, visit

__all__ = [
    "BUSYBOX", "ECHO_AND_SERVE", "MIDDLE", "PORT", "SERVE", "NoEngine", "RealEngine", "RealNode",
    "RealNodes", "Visit", "ask", "make_image", "real_engine", "real_nodes", "visit",
    "why_no_engine",
]  # fmt: skip
