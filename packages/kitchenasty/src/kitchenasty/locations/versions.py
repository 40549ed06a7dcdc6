"""A house is kept in memory by its version, so whatever changes it has to make that grow."""

from __future__ import annotations

from sqlalchemy import bindparam, update

from basis.kit.data.statements import Statement
from kitchenasty.locations.models import HouseRow

TOUCH = Statement(
    update(HouseRow)
    .where(HouseRow.id == bindparam("of_house", required=True))
    .values(version=HouseRow.version + 1, updated_at=bindparam("now", required=True))
)
