"""Counters in rows: numbers without gaps, one after the other, however many ask at once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Insert, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from basis.kit.data.columns import Model
from basis.kit.data.statements import Statement


class InsertOrCountUp(Insert):
    """An INSERT of 1 that becomes an addition when the row is there, and answers the new count."""

    inherit_cache = False


@compiles(InsertOrCountUp)
def write_insert_or_count_up(element: InsertOrCountUp, compiler: SQLCompiler, **kw: Any) -> str:
    inserting: str = compiler.visit_insert(element, **kw)  # type: ignore[no-untyped-call]
    name, keys = element.table.name, ", ".join(c.name for c in element.table.primary_key)
    return f"{inserting} ON CONFLICT ({keys}) DO UPDATE SET last = {name}.last + 1 RETURNING last"


def count_up(row: type[Model]) -> Statement:
    """The next number of a counter: a table of keys and a column `last`. On PostgreSQL its row is
    locked until the commit, so ask late; a transaction that is undone gives its number back.
    """
    keys: dict[str, Any] = {
        c.name: bindparam(c.name, required=True) for c in row.__table__.primary_key
    }
    return Statement(InsertOrCountUp(row).values(**keys, last=1))
