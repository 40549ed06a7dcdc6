"""The door of the figures: for whoever has a token, as everything here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from litestar import Controller, Response, get
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from orca.access import Role
from orca.api import AnyRequest, needs
from orca.control import Control
from orca.metrics.figures import families_of

TEXT = "text/plain; version=0.0.4; charset=utf-8"


class Found(Collector):
    """What was found out for one answer."""

    def __init__(self, families: Sequence[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families


class MetricsDoor(Controller):
    path = "/metrics"
    tags = ["System"]

    @get("/", opt=needs(Role.VIEWER), operation_id="ShowMetrics", media_type=TEXT)
    async def show_metrics(self, request: AnyRequest) -> Response[bytes]:
        """Figures in the text that Prometheus reads."""
        own = request.app.state
        control: Control = own.control
        families = families_of(
            control,
            own.outcomes,
            await own.certificates.list_all(),
            revision=await control.store_revision(),
        )
        registry = CollectorRegistry()
        registry.register(Found(families))
        return Response(generate_latest(registry), media_type=TEXT)
