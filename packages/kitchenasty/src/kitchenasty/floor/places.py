"""Where tables stand on the plan of their room."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import bindparam, delete, select

from basis.errors import Invalid
from basis.kit.data.statements import Statement, insert_into, one_of
from basis.sentences import Sentence
from kitchenasty import audit, locations
from kitchenasty.availability import FloorChanged
from kitchenasty.floor.models import TablePlaceRow
from kitchenasty.kit.books import Look, UnitOfWork

PLAN_WIDTH, PLAN_HEIGHT = 24, 96
"""Steps of a plan, to the right and down. A step is about as wide as a chair."""
SIZE_MAX = 12
# The widest table takes four steps, and people walk between two of them.
ROW_OF, ROW_STEPS, COLUMN_STEPS = 4, 4, 6
SMALL_SEATS, MIDDLE_SEATS = 4, 6
FIELDS = ("x", "y", "width", "height", "is_round")
PLACES = Statement(
    select(TablePlaceRow.table_id, *(getattr(TablePlaceRow, name) for name in FIELDS)).where(
        one_of(TablePlaceRow.table_id, "table_ids")
    )
)
INSERT = insert_into(TablePlaceRow)
REMOVE = Statement(
    delete(TablePlaceRow).where(TablePlaceRow.table_id == bindparam("of_table", required=True))
)


class PlaceRefused(Invalid):
    """A table would stand outside its plan; the sentence says how far it goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePlace:
    """In steps of the plan, from its upper left corner."""

    x: int
    y: int
    width: int = 2
    height: int = 2
    is_round: bool = False


async def list_places(look: Look, tables: Sequence[locations.Table]) -> dict[str, TablePlace]:
    """Where each of these tables stands; those that nobody placed stand in rows."""
    kept = {
        row[0]: TablePlace(**dict(zip(FIELDS, row[1:], strict=True)))
        for row in await look.rows(PLACES, table_ids=[table.id for table in tables])
    }
    return arrange(tables) | kept


def arrange(tables: Sequence[locations.Table]) -> dict[str, TablePlace]:
    """Rows of tables, each room by itself, in the order in which the house counts them."""
    rooms: dict[str, list[locations.Table]] = defaultdict(list)
    for table in tables:
        rooms[table.area].append(table)
    return {
        table.id: TablePlace(
            x=1 + number % ROW_OF * COLUMN_STEPS,
            y=1 + number // ROW_OF * ROW_STEPS,
            width=width_of(table.seats),
            is_round=table.seats <= 2,
        )
        for members in rooms.values()
        for number, table in enumerate(members)
    }


def width_of(seats: int) -> int:
    if seats <= SMALL_SEATS:
        return 2
    return 3 if seats <= MIDDLE_SEATS else 4


def check_place(place: TablePlace) -> None:
    """Raises PlaceRefused."""
    sizes = 1 <= place.width <= SIZE_MAX and 1 <= place.height <= SIZE_MAX
    across = 0 <= place.x <= PLAN_WIDTH - place.width
    down = 0 <= place.y <= PLAN_HEIGHT - place.height
    if not (sizes and across and down):
        raise PlaceRefused(
            Sentence.of(
                "A table lies within its plan, {width} steps wide and {height} deep, and is 1 to "
                "{most} steps long.",
                width=PLAN_WIDTH,
                height=PLAN_HEIGHT,
                most=SIZE_MAX,
            )
        )


async def place_tables(uow: UnitOfWork, house_id: str, places: Mapping[str, TablePlace]) -> None:
    """These tables stand so from now on; the others stay. Raises HouseNotFound, NotYourHouse,
    PlaceRefused; tables that are not of this house are left out.
    """
    house = await locations.load_own_house(uow, house_id)
    tables = await locations.list_tables(uow, house.id)
    before = await list_places(uow, tables)
    moved = {
        table.id: places[table.id]
        for table in tables
        if table.id in places and places[table.id] != before[table.id]
    }
    for table_id, place in sorted(moved.items()):
        check_place(place)
        await uow.run(REMOVE, of_table=table_id)
        await uow.run(INSERT, table_id=table_id, **asdict(place))
    if moved:
        await audit.record(
            uow,
            action="update",
            entity="FloorPlan",
            entity_id=house.id,
            before={one: asdict(before[one]) for one in moved},
            after={one: asdict(place) for one, place in moved.items()},
        )
        uow.emit(FloorChanged(house_id=house.id))
