"""Figures of the cluster for Prometheus."""

from orca.metrics.figures import families_of, families_of_certificates
from orca.metrics.outcomes import Outcomes

__all__ = ["Outcomes", "families_of", "families_of_certificates"]
