"""Writes the next migration from the difference between the models and the last one.

usage: python -m tools.migration "give dishes a work time"     Read the file before you commit it.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import Connection

import kitchenasty.main
from kitchenasty.kit import schema
from kitchenasty.kit.columns import Model

VERSIONS = Path(kitchenasty.main.__file__).parent / "migrations" / "versions"


def main() -> None:
    message = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/models.db"
        asyncio.run(schema.migrate(url))
        schema.on_sqlite(url, lambda connection: write_step(connection, message))


def write_step(connection: Connection, message: str) -> None:
    number = f"{len(list(VERSIONS.glob('[0-9]*.py'))) + 1:04d}"
    settings = schema.configuration(connection)
    settings.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    command.revision(settings, message, autogenerate=True, rev_id=number)


def assert_models_are_loaded() -> None:
    assert Model.metadata.tables, "the composition root imports every slice and so every table"


if __name__ == "__main__":
    assert_models_are_loaded()
    main()
