"""API metrics: counted by template, added up over processes, bounded, and never by a request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar import Litestar

from basis.kit.data.database import DatabaseAway
from basis.kit.testing import HandClock
from kitchenasty.dashboard.system.metrics_views import bounded_hours, draw, load_figures
from kitchenasty.dashboard.tests.builders import add_staff, sign_in
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Role
from kitchenasty.kit.watch.metrics import Metrics
from kitchenasty.kit.watch.route_hours import (
    BOUNDS_MS,
    KEPT_HOURS,
    KEYS_MAX,
    Sums,
    Tally,
    forget_old_hours,
    hour_of,
    list_since,
    percentile_ms,
)
from kitchenasty.locations import House

ROUTE = "/api/locations/{house_id}"
PROCESSES = 4


async def kept(books: Books) -> dict[tuple[str, str], Sums]:
    async with books.reading() as look:
        return {key[1:]: sums for key, sums in await list_since(look, look.now)}


async def test_requests_are_counted_by_template_with_refusals_and_written_by_none(
    app: Litestar, client: httpx.AsyncClient, books: Books, house: House
) -> None:
    for _ in range(3):
        await client.get(f"/api/locations/{house.id}")
    await client.get("/api/locations/nowhere")
    await client.get("/no/such/page")
    await client.request("BREW", "/no/such/page")
    assert await kept(books) == {}, "no request writes"
    tally: Tally = app.state.metrics.tally
    await tally.flush(books)
    found = await kept(books)
    assert (found["GET", ROUTE].answers, found["GET", ROUTE].refused) == (4, 1)
    assert sum(found["GET", ROUTE].buckets) == 4
    assert found["GET", "none"].answers == 1
    assert found["OTHER", "none"].answers == 1
    assert not [one for one in found if house.id in one[1]]
    assert await tally.flush(books) == 0


async def test_many_processes_add_to_the_same_rows(books: Books, clock: HandClock) -> None:
    """Each begins the row or adds to it, at the same time, and nothing is lost."""
    tallies = [Tally() for _ in range(PROCESSES)]
    for _ in range(3):
        for tally in tallies:
            for seconds in (0.001, 0.02, 99):
                tally.count((hour_of(clock.now), "GET", "/x"), 500, seconds)
        await asyncio.gather(*(tally.flush(books) for tally in tallies))
    [sums] = (await kept(books)).values()
    assert (sums.answers, sums.failed) == (9 * PROCESSES, 9 * PROCESSES)
    assert sums.microseconds == 3 * PROCESSES * 99_021_000
    assert sums.buckets[-1] == 3 * PROCESSES


async def test_counts_wait_while_the_books_are_away_but_not_for_ever(
    books: Books, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    tally, key = Tally(), (hour_of(clock.now), "GET", "/x")
    tally.count(key, 200, 0.001)
    working: Callable[..., object] = books.database.writing
    monkeypatch.setattr(books.database, "writing", lambda: away(books))
    assert await tally.flush(books) == 0
    monkeypatch.setattr(books.database, "writing", working)
    tally.count(key, 200, 0.001)
    await tally.flush(books)
    assert (await kept(books))["GET", "/x"].answers == 2
    for number in range(KEYS_MAX + 10):
        tally.count((key[0], "GET", f"/{number}"), 200, 0.001)
    assert len(tally._waiting) == KEYS_MAX  # how much is held is the point


def away(books: Books) -> object:
    raise DatabaseAway(books.database.url)


async def test_old_hours_are_forgotten(books: Books, clock: HandClock) -> None:
    tally = Tally()
    for hours in (0, KEPT_HOURS - 1, KEPT_HOURS + 1):
        tally.count((hour_of(clock.now - timedelta(hours=hours)), "GET", "/x"), 200, 0.001)
    await tally.flush(books)
    async with books.writing() as uow:
        await forget_old_hours(uow, {})
        left = await list_since(uow, uow.now - timedelta(days=30))
    assert len(left) == 2


@given(st.lists(st.integers(1, 9_999), min_size=1, max_size=200))
def test_the_percentile_is_within_its_bucket(milliseconds: list[int]) -> None:
    sums = Sums()
    for one in milliseconds:
        sums.count(200, one / 1_000)
    exact = sorted(milliseconds)[-(-len(milliseconds) * 95 // 100) - 1]
    high = next(bound for bound in BOUNDS_MS if exact <= bound)
    low = max([0, *(bound for bound in BOUNDS_MS if bound < exact)])
    assert low <= percentile_ms(sums.buckets, 95) <= high
    assert percentile_ms([0] * len(sums.buckets), 95) == 0


async def test_page_table_and_contract_say_the_same(
    app: Litestar, client: httpx.AsyncClient, books: Books, clock: HandClock
) -> None:
    await add_staff(books, "boss@bistro.example", role=Role.MANAGER)
    await sign_in(client, "boss@bistro.example")
    empty = await client.get("/admin/metrics")
    assert "Nothing was counted yet." in empty.text
    metrics: Metrics = app.state.metrics
    await metrics.tally.flush(books)
    async with books.writing() as uow:
        await forget_old_hours(uow, {})
    for status, seconds in ((200, 0.004), (404, 0.02), (500, 0.3)):
        metrics.count("GET", "/x/<b>", status, seconds)
    clock.advance(hours=2)
    metrics.count("GET", "/x/<b>", 200, 0.004)
    await metrics.tally.flush(books)
    shown = await client.get("/admin/metrics?hours=24")
    assert '<code class="office-who">/x/&lt;b&gt;</code>' in shown.text
    assert shown.text.count("<rect") >= 24
    table = await client.get("/admin/metrics.csv?hours=24")
    assert "GET,/x/<b>,4,1,1," in table.text
    login = {"email": "boss@bistro.example", "password": "seven green kettles"}
    token = (await client.post("/api/auth/staff/login", json=login)).json()["data"]["token"]
    headers = {"authorization": f"Bearer {token}"}
    path = "/api/developer/metrics"
    told = (await client.get(f"{path}?hours=3", headers=headers)).json()["data"]
    assert len(told["hourly"]) == 3
    assert told["hourly"][0]["errors"] >= 2
    assert told["summary"].keys() == {
        "totalRequests",
        "avgResponseTime",
        "errorCount",
        "errorRate",
        "requestsPerMinute",
    }
    routes = (await client.get(f"{path}/endpoints?hours=3", headers=headers)).json()["data"]
    [found] = [one for one in routes if one["path"] == "/x/<b>"]
    assert (found["count"], found["errors"]) == (4, 2)
    assert (await client.get(f"{path}?hours=1000", headers=headers)).status_code == 400


async def test_nobody_asked_is_a_flat_line(books: Books) -> None:
    async with books.reading() as look:
        figures = await load_figures(look, 24)
    assert (figures.whole.p95_ms, figures.error_percent, figures.per_minute) == (0, 0, 0)
    assert {bar.height for bar in draw(figures.hours)} == {0}
    assert [bounded_hours(one) for one in ("x", None, "0", "9999")] == [24, 24, 1, 168]
