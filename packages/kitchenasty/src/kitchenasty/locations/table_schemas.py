"""Tables on the wire: the shapes of the contract, and a superset of them."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from basis.kit.http.wire import Form, WireStruct
from kitchenasty.locations.tables import (
    NAME_LENGTH_MAX,
    POSITION_MAX,
    SEATS_MAX,
    Table,
    TableDraft,
)

TableName = Annotated[str, msgspec.Meta(min_length=1, max_length=NAME_LENGTH_MAX)]
AreaName = Annotated[str, msgspec.Meta(max_length=NAME_LENGTH_MAX)]
Seats = Annotated[int, msgspec.Meta(ge=1, le=SEATS_MAX)]
Position = Annotated[int, msgspec.Meta(ge=1, le=POSITION_MAX)]
OURS = {
    "name": "name",
    "capacity": "seats",
    "min_capacity": "seats_min",
    "area": "area",
    "sort_order": "position",
    "is_active": "is_active",
}


class TablePatch(Form, kw_only=True):
    """What is left out stays."""

    name: TableName | UnsetType = UNSET
    capacity: Seats | UnsetType = UNSET
    min_capacity: Seats | UnsetType = UNSET
    area: AreaName | UnsetType = UNSET
    sort_order: Position | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET
    parties_keep_it: Annotated[
        bool,
        msgspec.Meta(
            description="Switch it off, or take seats away, although somebody is expected there."
        ),
    ] = False

    def to_changes(self) -> dict[str, Any]:
        return {
            ours: getattr(self, theirs)
            for theirs, ours in OURS.items()
            if getattr(self, theirs) is not UNSET
        }


class NewTable(TablePatch, kw_only=True):
    name: TableName
    capacity: Seats

    def to_draft(self) -> TableDraft:
        return TableDraft(**self.to_changes())


class TableCounts(WireStruct, kw_only=True):
    """Told to the staff of the house alone."""

    reservations: int | UnsetType = UNSET


class TableView(WireStruct, kw_only=True):
    id: str
    location_id: str
    name: str
    area: str
    capacity: int
    min_capacity: int
    sort_order: int
    is_active: bool
    counts: TableCounts = msgspec.field(name="_count")

    @classmethod
    def of(cls, table: Table, *, kept: int | None) -> TableView:
        """`kept`: how often it was; None for whom that is not told."""
        counts = TableCounts() if kept is None else TableCounts(reservations=kept)
        values = {theirs: getattr(table, ours) for theirs, ours in OURS.items()}
        return cls(id=table.id, location_id=table.house_id, counts=counts, **values)
