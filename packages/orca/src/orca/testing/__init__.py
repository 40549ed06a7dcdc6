"""For tests and demos: a real engine of one's own, and images without a registry."""

from orca.testing.engine import BUSYBOX, NoEngine, RealEngine, real_engine, why_no_engine
from orca.testing.images import ECHO_AND_SERVE, PORT, SERVE, ask, make_image

__all__ = [
    "BUSYBOX", "ECHO_AND_SERVE", "PORT", "SERVE", "NoEngine", "RealEngine", "ask", "make_image",
    "real_engine", "why_no_engine",
]  # fmt: skip
