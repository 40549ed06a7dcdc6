"""Orca to look at, on one machine: `make demo-orca`."""
