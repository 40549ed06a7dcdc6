"""The books of a market: those of basis, in which an `Actor` acts."""

from __future__ import annotations

from basis.clock import Clock
from basis.kit.data import books, work
from basis.kit.data.database import Database
from basis.kit.secret import Secret
from swarmhaul.kit.actors import MARKET, Actor

Look = work.Look[Actor]
UnitOfWork = work.UnitOfWork[Actor]
Books = books.Books[Actor]


def open_books(database: Database, clock: Clock) -> Books:
    """The books in this database. Nothing here is derived from a secret: keys are files."""
    return Books(database, clock, Secret(""), system=MARKET)
