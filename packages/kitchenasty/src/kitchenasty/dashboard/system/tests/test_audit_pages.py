"""The audit log: found by filters, read as differences, turned page by page, taken as a table."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import httpx
import pytest

from basis.kit.data.paging import Cursor, Keyset
from basis.kit.testing import HandClock
from kitchenasty import audit
from kitchenasty.dashboard.system.trail_filters import differences_of
from kitchenasty.dashboard.tests.builders import add_staff, sign_in
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Kind, Principal, Role

PATH = "/admin/audit"
MIA = Principal(kind=Kind.STAFF, id="01890000-0000-7000-8000-00000000000a", name="Mia 100%")


@pytest.fixture
async def owner(client: httpx.AsyncClient, books: Books) -> httpx.AsyncClient:
    await add_staff(books, "boss@bistro.example", role=Role.SUPER_ADMIN)
    await sign_in(client, "boss@bistro.example")
    return client


async def write_down(books: Books, entity: str, **facts: object) -> None:
    async with books.writing(MIA, request_id=f"request-{entity}", address="192.0.2.7") as uow:
        await audit.record(
            uow,
            action="update",
            entity=entity,
            entity_id="the-thing",
            before={"price": 5, "name": "Soup", "hours": {"mon": "10-12"}},
            after={"price": 6, "hours": {"mon": "10-14"}, **facts},
        )


async def rows_in(client: httpx.AsyncClient, path: str) -> int:
    answer = await client.get(path)
    assert answer.status_code == 200
    return answer.text.count("<time datetime=")


async def test_a_change_is_told_with_what_it_was_before(
    owner: httpx.AsyncClient, books: Books
) -> None:
    await write_down(books, "Dish", note="<b>new</b>")
    shown = (await owner.get(PATH)).text
    for field, before, after in (
        ("price", "<del>5</del>", "<ins>6</ins>"),
        ("hours mon", "<del>10-12</del>", "<ins>10-14</ins>"),
        ("name", "<del>Soup</del>", ""),
    ):
        cells = rf">{field}</th><td>{before}</td><td>{after}</td>"
        assert re.search(cells, shown), field
    assert "<ins>&lt;b&gt;new&lt;/b&gt;</ins>" in shown
    assert "192.0.2.7" in shown


async def test_it_speaks_in_words(owner: httpx.AsyncClient, books: Books) -> None:
    """Not in the names that programs have for people, things and fields."""
    await write_down(books, "DeliveryZone", codes=["D1", "D2"], fee_minor=250, isOpen=True)
    await write_down(books, "NewThing")
    shown = (await owner.get(PATH)).text
    body = shown[shown.index("<tbody") :]
    for words in (
        "<strong>Delivery zone</strong> changed",
        "<strong>New thing</strong> changed",
        '<option value="DeliveryZone">Delivery zone</option>',
        '<th scope="row">fee minor</th>',
        '<th scope="row">is open</th>',
        "<ins>D1; D2</ins>",
        "<ins>yes</ins>",
    ):
        assert words in shown, words
    assert not re.search(r">(STAFF|SYSTEM|ANONYMOUS)<|>DeliveryZone|\[&#34;", body)


async def test_filters_stand_in_the_address(
    owner: httpx.AsyncClient, books: Books, clock: HandClock
) -> None:
    await write_down(books, "Dish")
    clock.advance(days=2)
    await write_down(books, "Zone")
    everything = await rows_in(owner, PATH)
    assert everything >= 3  # the sign-in too
    assert await rows_in(owner, f"{PATH}?entity=Dish") == 1
    assert await rows_in(owner, f"{PATH}?action=update") == 2
    assert await rows_in(owner, f"{PATH}?person={MIA.id}") == 2
    assert await rows_in(owner, f"{PATH}?person={MIA.id}&to=2030-05-18") == 1
    assert await rows_in(owner, f"{PATH}?person={MIA.id}&from=2030-05-19") == 1
    assert await rows_in(owner, f"{PATH}?q=the-thing") == 2
    assert await rows_in(owner, f"{PATH}?q=request-Zone") == 1
    assert await rows_in(owner, f"{PATH}?q=mia%20100%25") == 2
    assert await rows_in(owner, f"{PATH}?q=mia%20_00") == 0
    assert await rows_in(owner, f"{PATH}?from=yesterday&after=nonsense") == everything
    for hostile in ("'; DROP TABLE audit_rows; --", "%", "\\", "<script>"):
        assert await rows_in(owner, f"{PATH}?{httpx.QueryParams(q=hostile)}") in (0, 2)


async def test_every_row_is_on_one_page_of_many(books: Books, clock: HandClock) -> None:
    for number in range(7):
        await write_down(books, f"Thing {number}")
        if number % 3 == 0:
            clock.advance(seconds=1)
    seen, after = [], None
    async with books.reading() as look:
        while found := await audit.list_trail(look, audit.TrailFilter(), Keyset(after, 2)):
            seen += [one.entity for one in found]
            after = Cursor(found[-1].happened_at, found[-1].id)
        assert await audit.list_entities(look) == sorted(seen)
        assert await audit.count_trail(look, audit.TrailFilter(search="mia")) == 7
        assert look.now + timedelta(days=1) > look.now
    assert seen == [f"Thing {number}" for number in reversed(range(7))]


async def test_the_table_has_a_line_for_each_field_and_runs_no_formula(
    owner: httpx.AsyncClient, books: Books
) -> None:
    await write_down(books, "Dish", note="=HYPERLINK(1)")
    answer = await owner.get(f"{PATH}.csv?entity=Dish")
    header, *lines = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert header[7:10] == ["Field", "Before", "After"]
    told = {line[7]: (line[8], line[9]) for line in lines}
    assert told["price"] == ("5", "6")
    assert told["note"] == ("", "'=HYPERLINK(1)")
    assert await rows_in(owner, f"{PATH}?entity=Audit&action=export") == 1


async def test_the_contract_gets_its_shape(owner: httpx.AsyncClient, books: Books) -> None:
    await write_down(books, "Dish")
    login = {"email": "boss@bistro.example", "password": "seven green kettles"}
    told = (await owner.post("/api/auth/staff/login", json=login)).json()["data"]
    headers = {"authorization": f"Bearer {told['token']}"}
    path = "/api/developer/audit-logs"
    answer = (await owner.get(f"{path}?entity=Dish&limit=5", headers=headers)).json()
    [entry] = answer["data"]
    assert answer["pagination"] == {"page": 1, "limit": 5, "total": 1, "totalPages": 1}
    assert (entry["action"], entry["entityId"], entry["ipAddress"]) == (
        "update",
        "the-thing",
        "192.0.2.7",
    )
    assert entry["details"]["price"] == 6
    signed = (await owner.get(f"{path}?action=sign-in", headers=headers)).json()["data"]
    assert {one["entity"] for one in signed} == {"Staff"}
    assert (await owner.get(f"{path}?search=nobody", headers=headers)).json()["data"] == []


def test_whatever_stands_in_a_row_can_be_told() -> None:
    deep: object = "end"
    for _ in range(50):
        deep = {"more": deep}
    entry = audit.TrailEntry(
        "id", HandClock().now, "STAFF", None, "", "x", "Y", None,
        before=["a", 1], after={"deep": deep, "none": None, "yes": True, "long": "x" * 5_000},
        address=None, request_id="",
    )  # fmt: skip
    told = {one.field: one for one in differences_of(entry)}
    assert told["–"].before == "a; 1"
    assert (told["none"].after, told["yes"].after) == ("–", "yes")
    assert all(len(one.after or "") <= 301 for one in told.values())
