"""What the database refuses by itself, in words: the last word where two slices meet or two people
do the same at once, and neither slice can know.
"""

from __future__ import annotations

import sqlite3
from typing import Any

import asyncpg
import sqlalchemy.exc

from basis.errors import Conflict

BROKEN = (
    sqlite3.IntegrityError,
    asyncpg.IntegrityConstraintViolationError,
    sqlalchemy.exc.IntegrityError,
)
REFERENCE = {"SQLITE_CONSTRAINT_FOREIGNKEY", asyncpg.ForeignKeyViolationError.sqlstate}
TWICE = {
    "SQLITE_CONSTRAINT_UNIQUE",
    "SQLITE_CONSTRAINT_PRIMARYKEY",
    asyncpg.UniqueViolationError.sqlstate,
}


class ReferenceBroken(Conflict):
    """What was named does not exist, or what was to be deleted is still in use."""

    def __init__(self) -> None:
        super().__init__("This refers to something that is not there, or is still in use itself.")


class ThereAlready(Conflict):
    """Two of the same kind cannot share this."""

    def __init__(self) -> None:
        super().__init__("There is one of these already. Please look at the list again.")


def refusal_of(error: Exception) -> Conflict | None:
    """The refusal that a broken reference or a double means; None where it is our own mistake."""
    cause: Any = getattr(error, "orig", error)
    names = {getattr(cause, "sqlite_errorname", None), getattr(cause, "sqlstate", None)}
    if names & REFERENCE:
        return ReferenceBroken()
    return ThereAlready() if names & TWICE else None
