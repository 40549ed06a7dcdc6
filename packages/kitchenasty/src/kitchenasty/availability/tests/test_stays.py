"""An evening is read without all that is booked after it."""

from __future__ import annotations

import contextlib
import sqlite3

import pytest

from basis.kit.data.statements import Statement
from kitchenasty.availability.queries import NAMED_STAYS, STAYS
from kitchenasty.availability.sitting import BLOCKED, SITTING_ON
from kitchenasty.kit.books import Books

BOUNDS = {
    STAYS: 1,
    NAMED_STAYS: 1,
    BLOCKED: 0,
    SITTING_ON: 1,
}
"""How often each reads a part of what is booked, from one instant to another."""


@pytest.mark.parametrize("statement", BOUNDS, ids=["stays", "named", "blocked", "sitting on"])
async def test_an_evening_is_read_from_its_beginning_to_its_end(
    books: Books, database_url: str, statement: Statement
) -> None:
    """Whoever is booked for the months to come is not read. PostgreSQL plans by what it counted."""
    if not database_url.startswith("sqlite"):
        return
    sql = statement.compiled(books.database.dialect).sql
    with contextlib.closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as raw:
        plan = raw.execute(f"EXPLAIN QUERY PLAN {sql}", (None,) * sql.count("?"))
        lines = [row[3] for row in plan.fetchall()]
    read = [line for line in lines if "table_stays" in line]
    bounded = [line for line in read if "ends_at>? AND ends_at<?" in line]
    blocks = [line for line in read if "ix_table_stays_blocked" in line]
    assert len(bounded) == BOUNDS[statement], lines
    assert len(bounded) + len(blocks) == len(read), lines
