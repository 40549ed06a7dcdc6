"""The base of every table of a market, and all of them."""

from __future__ import annotations

from sqlalchemy import MetaData, Table
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data import columns, idempotency, jobs, outbox
from basis.kit.data.columns import NAMES, Id

KEY_LENGTH = 44
"""Of a public key in base58, at most."""
SIGNATURE_LENGTH = 88
DIGEST_LENGTH = 64


class Model(columns.Model):
    """Every table of a slice is a subclass."""

    __abstract__ = True

    metadata = MetaData(naming_convention=NAMES)


class Record(Model):
    """A table whose id the application chooses."""

    __abstract__ = True

    id: Mapped[Id] = mapped_column(primary_key=True)


KIT_MODELS = (
    idempotency.IdempotencyRow,
    jobs.JobRow,
    outbox.FailedDelivery,
    outbox.OutboxRow,
)
"""Named here so that they are known to whoever compares tables."""
METADATA = [columns.Model.metadata, Model.metadata]
"""The tables of basis, which carry events, jobs and answers, and those of the slices."""


def every_table() -> dict[str, Table]:
    """By name, whoever it belongs to; a table stands after those that it refers to."""
    return {table.name: table for metadata in METADATA for table in metadata.sorted_tables}
