"""Control plane and agent as services of the system: units for systemd, written and taken away."""

from orca.installing.units import UNITS, agent_unit, server_unit

__all__ = ["UNITS", "agent_unit", "server_unit"]
