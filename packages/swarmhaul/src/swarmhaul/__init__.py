"""Couriers and agents who do not trust each other share a delivery and are paid out of escrow."""
