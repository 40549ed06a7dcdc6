"""Figures for Prometheus at /metrics: for whoever has the token, and off where none is set."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Iterator, Sequence

from litestar import Response, get
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from basis.errors import NotFound, Unauthenticated
from basis.kit.data.database import DatabaseAway
from basis.kit.data.jobs import count_dead, count_due
from basis.kit.data.outbox import count_waiting
from kitchenasty.kit.books import Books, Look
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import WebRequest
from kitchenasty.kit.live import Live
from kitchenasty.kit.watch.route_hours import Tally, hour_of

Figures = Callable[[Look], Awaitable[Sequence[tuple[str, str, float]]]]
"""What a slice tells of itself: names without `kitchenasty_`, words that explain them, values."""

TEXT = "text/plain; version=0.0.4; charset=utf-8"
NO_ROUTE = "none"
OTHER_METHOD = "OTHER"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)


class MetricsOff(NotFound):
    """No token is set, so there is nothing here."""


class TokenNeeded(Unauthenticated):
    """Whoever asks for the figures must show the token of the settings."""


class CommittedEvents(Collector):
    """Events that this process has committed; `order.placed` counts the orders."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def collect(self) -> Iterator[Metric]:
        family = CounterMetricFamily(
            "kitchenasty_events", "Events committed by this process", labels=["topic"]
        )
        for topic, number in sorted(self._books.committed.items()):
            family.add_metric([topic], number)
        yield family


class Metrics:
    """One application's figures. `count` is on the way of every request, the rest is looked up
    when somebody asks.
    """

    def __init__(self, books: Books, live: Live, figures: Sequence[Figures] = ()) -> None:
        self._books, self._live, self._figures = books, live, figures
        self.registry = CollectorRegistry()
        self.registry.register(CommittedEvents(books))
        self._requests = Counter(
            "kitchenasty_http_requests",
            "Answers by method, route and status",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "kitchenasty_http_request_seconds",
            "From the first byte of a request to the last one of its answer",
            ["method", "route"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self._gauges: dict[str, Gauge] = {}
        self.tally = Tally()
        # Looking a series up by its labels costs more than counting; there are few of them.
        self._series: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def count(self, method: str, route: str | None, status: int, seconds: float) -> None:
        """A request was answered; `route` is its template, so that ids make no new series."""
        # Anybody can make methods up; each would be a series of its own.
        known = method if method in METHODS else OTHER_METHOD
        of_these = (known, route or NO_ROUTE, status)
        series = self._series.get(of_these)
        if series is None:
            requests = self._requests.labels(*of_these)
            series = self._series[of_these] = requests, self._seconds.labels(*of_these[:2])
        requests, took = series
        requests.inc()
        took.observe(seconds)
        self.tally.count((hour_of(self._books.clock()), *of_these[:2]), status, seconds)

    async def render(self) -> bytes:
        self._look_at_process()
        try:
            await self._look_into_books()
        except DatabaseAway:
            self._show("kitchenasty_database_up", "Whether the books can be read", 0)
        return generate_latest(self.registry)

    def _look_at_process(self) -> None:
        pool = self._books.database.connections()
        self._show("kitchenasty_database_connections", "Open connections", pool.opened)
        self._show("kitchenasty_database_connections_idle", "Connections at rest", pool.idle)
        self._show(
            "kitchenasty_live_sockets", "Screens that follow a room at /live", self._live.followers
        )
        self._show(
            "kitchenasty_socketio_clients", "Clients of Socket.IO", self._live.socket_io.clients
        )

    async def _look_into_books(self) -> None:
        async with self._books.reading() as look:
            waiting, oldest = await count_waiting(look)
            due, dead = await count_due(look), await count_dead(look)
            more = [one for figures in self._figures for one in await figures(look)]
        late = (look.now - oldest).total_seconds() if oldest else 0.0
        self._show("kitchenasty_database_up", "Whether the books can be read", 1)
        self._show("kitchenasty_outbox_waiting", "Events not delivered yet", waiting)
        self._show("kitchenasty_outbox_lag_seconds", "Age of the oldest of them", max(late, 0.0))
        self._show("kitchenasty_jobs_waiting", "Jobs that are due", due)
        self._show("kitchenasty_jobs_failed", "Jobs that were given up", dead)
        for name, words, value in more:
            self._show(f"kitchenasty_{name}", words, value)

    def _show(self, name: str, words: str, value: float) -> None:
        if name not in self._gauges:
            self._gauges[name] = Gauge(name, words, registry=self.registry)
        self._gauges[name].set(value)


@get("/metrics", opt=access(Access.PUBLIC), include_in_schema=False)
async def show_metrics(request: WebRequest) -> Response[bytes]:
    """The figures, in Prometheus' text format. Bearer token: the setting `METRICS_TOKEN`."""
    wanted = request.app.state.config.metrics_token
    if wanted is None:
        raise MetricsOff("Not Found")
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(given.encode(), wanted.encode()):
        raise TokenNeeded("The figures need the token of the settings.")
    metrics: Metrics = request.app.state.metrics
    return Response(await metrics.render(), media_type=TEXT)
