"""The plan against unruly nodes, links, clocks and people, in virtual time, from one seed."""

from orca.simulation.checks import Broken
from orca.simulation.world import Outcome, simulate

__all__ = ["Broken", "Outcome", "simulate"]
