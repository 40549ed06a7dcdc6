"""The base of every table of a restaurant, and all of them."""

from __future__ import annotations

from sqlalchemy import MetaData, Table
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data import columns
from basis.kit.data.columns import NAMES, Id


class Model(columns.Model):
    """Every table of a slice is a subclass."""

    __abstract__ = True

    metadata = MetaData(naming_convention=NAMES)


class Record(Model):
    """A table whose id the application chooses."""

    __abstract__ = True

    id: Mapped[Id] = mapped_column(primary_key=True)


METADATA = [columns.Model.metadata, Model.metadata]
"""The kit's tables, which carry events, jobs and answers, and those of the slices."""


def every_table() -> dict[str, Table]:
    """By name, whoever it belongs to; a table stands after those that it refers to."""
    return {table.name: table for metadata in METADATA for table in metadata.sorted_tables}
