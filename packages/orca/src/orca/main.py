"""The composition root: the one place that knows the doors of every slice."""

from __future__ import annotations

from typing import Any

from orca.certificates.routes import CertificatesApi
from orca.control.bringing import ContextsApi
from orca.control.routes import ClusterApi
from orca.control.volume_doors import VolumesApi
from orca.metrics.routes import MetricsDoor
from orca.secrets.routes import SecretsApi

DOORS: list[Any] = [
    CertificatesApi, ClusterApi, ContextsApi, MetricsDoor, SecretsApi, VolumesApi,
]  # fmt: skip
"""What `orca.api.join_doors` is given. The parts they ask for are named in `create_app`."""
