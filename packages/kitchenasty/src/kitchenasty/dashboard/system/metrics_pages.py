"""How often and how quick the house answers: a drawing by hour, a table by route."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get

from basis.sentences import word
from kitchenasty.dashboard.shell import office_page
from kitchenasty.dashboard.system import metrics_views
from kitchenasty.dashboard.system.audit_pages import zone_of
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.csv import Cell, begin_csv, csv_rows
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.web import Actor, Reading, WebRequest

HERE, EXPORT = "/admin/metrics", "/admin/metrics.csv"
CHOICES = ((1, word("This hour")), (24, word("A day")), (72, word("Three days")),
           (168, word("A week")))  # fmt: skip
HEADER = (
    word("Method"),
    word("Route"),
    word("Answers"),
    word("Refused"),
    word("Failed"),
    word("Mean (ms)"),
    word("95 % within (ms)"),
)


class MetricsPages(Controller):
    path = HERE
    include_in_schema = False
    opt = access(Access.MANAGER)

    @get()
    async def show_metrics(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        hours = metrics_views.bounded_hours(request.query_params.get("hours"))
        figures = await metrics_views.load_figures(look, hours)
        return office_page(
            "dashboard/metrics.html",
            request,
            principal,
            hours=hours,
            choices=[(number, translate(words)) for number, words in CHOICES],
            figures=figures,
            bars=metrics_views.draw(figures.hours),
            most=max((hour.sums.answers for hour in figures.hours), default=0),
            size=(metrics_views.WIDTH, metrics_views.HEIGHT, metrics_views.FLOOR),
            zone=await zone_of(look),
            export=f"{EXPORT}?hours={hours}",
        )


class MetricsExport(Controller):
    path = EXPORT
    include_in_schema = False

    @get(opt=access(Access.MANAGER))
    async def send_metrics(self, request: WebRequest, look: Reading) -> Response[bytes]:
        """The table by route."""
        hours = metrics_views.bounded_hours(request.query_params.get("hours"))
        figures = await metrics_views.load_figures(look, hours)
        rows: list[list[Cell]] = [
            [
                one.method,
                one.path,
                one.sums.answers,
                one.sums.refused,
                one.sums.failed,
                str(one.sums.mean_ms),
                str(one.sums.p95_ms),
            ]
            for one in figures.routes
        ]
        return Response(
            begin_csv([translate(name) for name in HEADER]) + csv_rows(rows),
            media_type="text/csv",
            headers={"content-disposition": 'attachment; filename="metrics.csv"'},
        )
