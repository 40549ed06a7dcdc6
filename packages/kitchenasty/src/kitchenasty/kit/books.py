"""The books of a restaurant: those of the kit, in which a `Principal` acts."""

from __future__ import annotations

from collections.abc import Mapping

from basis.clock import Clock
from basis.kit.data import books, work
from basis.kit.data.database import Database
from basis.kit.secret import Secret
from kitchenasty.kit.principals import SYSTEM, Principal

Look = work.Look[Principal]
UnitOfWork = work.UnitOfWork[Principal]
Books = books.Books[Principal]


def open_books(
    database: Database, clock: Clock, secret: Secret, given: Mapping[str, str] | None = None
) -> Books:
    """The books in this database; `given` are settings of the environment."""
    return Books(database, clock, secret, given or {}, system=SYSTEM)
