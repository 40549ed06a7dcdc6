"""The contract's doors for developers: what was done by whom, and how quick the house answers."""

from __future__ import annotations

import contextlib
from typing import Annotated, Any

from litestar import get
from litestar.params import FromQuery, QueryParameter

from basis.kit.data.paging import Page
from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, Stamp, WireStruct, listed, ok, stamp
from kitchenasty import audit, staff
from kitchenasty.dashboard.system.metrics_views import HOURS_MAX, bounded_hours, load_figures
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Reading
from kitchenasty.kit.principals import Kind

Kinds = Annotated[str | None, QueryParameter(max_length=80)]
Hours = Annotated[int | None, QueryParameter(ge=1, le=HOURS_MAX)]
Search = Annotated[str | None, QueryParameter(max_length=100)]


class AuditView(WireStruct, kw_only=True):
    """A change. `details` is what it is now, as the contract has it; `before` what it was."""

    id: str
    user_id: str | None
    user_email: str
    user_name: str
    user_kind: str
    action: str
    entity: str
    entity_id: str | None
    details: Any
    before: Any
    ip_address: str | None
    request_id: str
    created_at: Stamp

    @classmethod
    def of(cls, entry: audit.TrailEntry, email: str | None) -> AuditView:
        return cls(
            id=entry.id,
            user_id=entry.actor_id,
            user_email=email or "",
            user_name=entry.actor_name,
            user_kind=entry.actor_kind,
            action=entry.action,
            entity=entry.entity,
            entity_id=entry.entity_id,
            details=entry.after,
            before=entry.before,
            ip_address=entry.address,
            request_id=entry.request_id,
            created_at=stamp(entry.happened_at),
        )


class DeveloperApi(ApiController):
    path = "/api/developer"
    tags = ["Developer"]

    @get(
        "/audit-logs",
        opt=access(Access.SUPER_ADMIN, every_house=True),
        operation_id="ListAuditLogs",
    )
    async def list_audit_logs(  # each is a query parameter
        self,
        look: Reading,
        page: FromQuery[int | None] = None,
        limit: FromQuery[int | None] = None,
        entity: Kinds = None,
        action: Kinds = None,
        search: Search = None,
    ) -> Envelope[list[AuditView]]:
        """Who changed what, the newest first; `search` is an id, or part of a name of the last 90
        days. The total is counted up to 10,000.
        """
        wanted = audit.TrailFilter(
            entity=entity or None, action=action or None, search=(search or "").strip() or None
        )
        shown = Page.of(page, limit)
        found = await audit.list_trail(look, wanted, shown)
        emails = await emails_of(look, found)
        views = [AuditView.of(entry, emails.get(entry.actor_id or "")) for entry in found]
        total = await audit.count_trail(look, wanted)
        return listed(views, page=shown.number, limit=shown.limit, total=total)


class MetricsSummary(WireStruct, kw_only=True):
    """Times in milliseconds; `error_rate` in percent."""

    total_requests: int
    avg_response_time: float
    error_count: int
    error_rate: float
    requests_per_minute: float


class MetricsHour(WireStruct, kw_only=True):
    hour: Stamp
    requests: int
    errors: int
    avg_response_time: float


class AnswersView(WireStruct, kw_only=True):
    summary: MetricsSummary
    hourly: list[MetricsHour]


class EndpointView(WireStruct, kw_only=True):
    """`path` is the template of a route, so that no id of a guest stands in it."""

    method: str
    path: str
    count: int
    avg_response_time: float
    p95_response_time: float
    errors: int


class MetricsApi(ApiController):
    path = "/api/developer/metrics"
    tags = ["Developer"]

    @get(opt=access(Access.MANAGER), operation_id="ShowMetrics")
    async def show_metrics(self, look: Reading, hours: Hours = None) -> Envelope[AnswersView]:
        """How often the house was asked and how quick it answered in the last hours (1 to 168)."""
        figures = await load_figures(look, bounded_hours(hours))
        whole = figures.whole
        summary = MetricsSummary(
            total_requests=whole.answers,
            avg_response_time=whole.mean_ms,
            error_count=whole.errors,
            error_rate=figures.error_percent,
            requests_per_minute=figures.per_minute,
        )
        hourly = [
            MetricsHour(
                hour=stamp(one.at),
                requests=one.sums.answers,
                errors=one.sums.errors,
                avg_response_time=one.sums.mean_ms,
            )
            for one in figures.hours
        ]
        return ok(AnswersView(summary=summary, hourly=hourly))

    @get("/endpoints", opt=access(Access.MANAGER), operation_id="ShowEndpointMetrics")
    async def show_endpoints(
        self, look: Reading, hours: Hours = None
    ) -> Envelope[list[EndpointView]]:
        """The same by route, the one that was asked most first."""
        figures = await load_figures(look, bounded_hours(hours))
        return ok(
            [
                EndpointView(
                    method=one.method,
                    path=one.path,
                    count=one.sums.answers,
                    avg_response_time=one.sums.mean_ms,
                    p95_response_time=one.sums.p95_ms,
                    errors=one.sums.errors,
                )
                for one in figures.routes
            ]
        )


async def emails_of(look: Look, found: list[audit.TrailEntry]) -> dict[str, str]:
    """The addresses of the staff among them, as they are today."""
    people = {one.actor_id for one in found if one.actor_kind == Kind.STAFF and one.actor_id}
    emails: dict[str, str] = {}
    for staff_id in sorted(people):
        with contextlib.suppress(staff.StaffMemberNotFound):
            emails[staff_id] = (await staff.load_member(look, staff_id)).email
    return emails
