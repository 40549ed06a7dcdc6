"""The tables of a market, as our migrations make them."""

from __future__ import annotations

from pathlib import Path

from basis.kit.data.schema import Schema

SCHEMA = Schema("SwarmHaul", "swarmhaul:migrations", Path(__file__).parents[1] / "migrations")
