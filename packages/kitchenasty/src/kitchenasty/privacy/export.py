"""Everything that the books know about a guest, in a form that people and programs can read."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from basis.kit.data.statements import Statement
from basis.kit.http.wire import stamp
from kitchenasty import audit
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.privacy.person import find_person, rows_of, rules_of, selected

Record = dict[str, Any]
Export = dict[str, list[Record]]
"""Rows by the title of their section; each row by the name of the field."""


async def export_guest(uow: UnitOfWork, customer_id: str) -> Export:
    """All of one guest and nothing of anybody else. That it was taken is written in the trail.

    Raises GuestNotFound.
    """
    found = await collect(uow, customer_id)
    await audit.record(uow, action="export-data", entity="Customer", entity_id=customer_id)
    return found


async def collect(look: Look, customer_id: str) -> Export:
    """Raises GuestNotFound."""
    person = await find_person(look, customer_id)
    sections: Export = {}
    for rule in rules_of():
        if not rule.told:
            continue
        statement = select(*selected(rule, rule.told)).where(rows_of(rule, person))
        rows = await look.rows(Statement(statement))
        names = [camel(name) for name in rule.told]
        records = [
            {name: said(value) for name, value in zip(names, row, strict=True)} for row in rows
        ]
        known = sections.setdefault(rule.title, [])
        # What two rules find, by the account and by the order, is told once.
        known += [record for record in records if record not in known]
    return sections


def said(value: Any) -> Any:
    if isinstance(value, datetime):
        return stamp(value)
    return value.isoformat() if isinstance(value, date) else value


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
