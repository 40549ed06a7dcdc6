"""The audit log: who changed what, when and from where, with what it was before; for owners."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Controller, Response, get
from litestar.response import Stream

from basis.kit.data.paging import Cursor, Keyset
from basis.sentences import word
from kitchenasty import audit, locations
from kitchenasty.dashboard.order_export import wall_time
from kitchenasty.dashboard.order_pages import cursor_or_none
from kitchenasty.dashboard.shell import office_page
from kitchenasty.dashboard.system.trail_filters import (
    EXPORT,
    LIST,
    Difference,
    Wanted,
    differences_of,
)
from kitchenasty.dashboard.system.trail_words import (
    action_words,
    entity_words,
    field_words,
    kind_words,
)
from kitchenasty.kit.books import Books, Look
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.csv import Cell, begin_csv, csv_rows
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.visits import entrance_of
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, Work
from kitchenasty.kit.principals import Principal

LIST_LIMIT = 50
PART_LIMIT = 500
FILE = "audit.csv"
HEADER = (
    word("When"),
    word("Time zone"),
    word("Who"),
    word("Kind"),
    word("Action"),
    word("What"),
    word("Which"),
    word("Field"),
    word("Before"),
    word("After"),
    word("Address"),
    word("Request"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A change in the list, with the address of the same person's others."""

    entry: audit.TrailEntry
    differences: list[Difference]
    of_person: str | None

    @property
    def who(self) -> str:
        return self.entry.actor_name or self.kind

    @property
    def kind(self) -> str:
        return kind_words(self.entry.actor_kind)

    @property
    def what(self) -> str:
        return entity_words(self.entry.entity)

    @property
    def done(self) -> str:
        return action_words(self.entry.action)


class AuditPages(Controller):
    path = LIST
    include_in_schema = False

    @get(opt=access(Access.SUPER_ADMIN, every_house=True))
    async def show_log(self, request: WebRequest, look: Reading, principal: Actor) -> Response[Any]:
        wanted = Wanted.of(request.query_params)
        after = cursor_or_none(request.query_params.get("after", ""))
        zone = await zone_of(look)
        found = await audit.list_trail(look, wanted.to_filter(zone), Keyset(after, LIST_LIMIT))
        everything = ("", translate("All"))
        return office_page(
            "dashboard/audit.html",
            request,
            principal,
            wanted=wanted,
            rows=[row_of(entry) for entry in found],
            entities=[everything, *choices(await audit.list_entities(look), entity_words)],
            actions=[everything, *choices(await audit.list_actions(look), action_words)],
            field_words=field_words,
            searched_days=audit.SEARCHED_DAYS,
            zone=zone,
            newer=wanted.address() if after else None,
            older=older_of(found, wanted),
            export=wanted.address(path=EXPORT),
        )


class AuditExport(Controller):
    path = EXPORT
    include_in_schema = False

    @get(opt=access(Access.SUPER_ADMIN, every_house=True))
    async def send_log(self, request: WebRequest, uow: Work, principal: Actor) -> Stream:
        """The log as a table, one line for each field. That it was taken is written into it."""
        wanted = Wanted.of(request.query_params)
        asked = {name: value for name, value in asdict(wanted).items() if value}
        await audit.record(uow, action="export", entity="Audit", entity_id=FILE, after=asked)
        parts = parts_of(
            entrance_of(request).books,
            principal,
            wanted,
            await zone_of(uow),
            [translate(name) for name in HEADER],
        )
        return Stream(
            parts,
            media_type="text/csv",
            headers={"content-disposition": f'attachment; filename="audit-{uow.now.date()}.csv"'},
        )


async def zone_of(look: Look) -> str:
    """The zone of the first house, in whose days the log is read."""
    houses = await locations.list_houses(look)
    return houses[0].zone if houses else "UTC"


def choices(codes: Iterable[str], words: Callable[[str], str]) -> list[tuple[str, str]]:
    """In the order of the words, which is that in which people look for them."""
    return sorted(((code, words(code)) for code in codes), key=lambda one: one[1].casefold())


def row_of(entry: audit.TrailEntry) -> Row:
    person = Wanted(person=entry.actor_id).address() if entry.actor_id else None
    return Row(entry, differences_of(entry), person)


def older_of(found: list[audit.TrailEntry], wanted: Wanted) -> str | None:
    if len(found) < LIST_LIMIT:
        return None
    return wanted.address(after=Cursor(found[-1].happened_at, found[-1].id).to_text())


async def parts_of(
    books: Books, principal: Principal, wanted: Wanted, zone: str, header: list[str]
) -> AsyncIterator[bytes]:
    """The file in parts, each read in a look of its own: a slow line holds no reader."""
    yield begin_csv(header)
    asked, after = wanted.to_filter(zone), None
    while True:
        async with books.reading(principal) as look:
            found = await audit.list_trail(look, asked, Keyset(after, PART_LIMIT))
        yield csv_rows([line for entry in found for line in lines_of(entry, zone)])
        if len(found) < PART_LIMIT:
            return
        after = Cursor(found[-1].happened_at, found[-1].id)


def lines_of(entry: audit.TrailEntry, zone: str) -> list[list[Cell]]:
    """A line for each field that differs; one without fields for a change that tells none."""
    before = [
        wall_time(entry.happened_at.astimezone(ZoneInfo(zone)), zone),
        zone,
        entry.actor_name,
        entry.actor_kind,
        entry.action,
        entry.entity,
        entry.entity_id,
    ]
    after = [entry.address, entry.request_id]
    told = differences_of(entry) or [Difference("", None, None)]
    return [[*before, one.field, one.before, one.after, *after] for one in told]
