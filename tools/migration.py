"""Writes the next migration from the difference between the models and the last one.

usage: python -m tools.migration "give dishes a work time"     Read the file before you commit it.
"""

import asyncio
import importlib
import pkgutil
import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import Connection

import kitchenasty.main
from basis.kit.data import schema
from kitchenasty.kit.schema import SCHEMA

HERE = Path(kitchenasty.main.__file__).parent
VERSIONS = HERE / "migrations" / "versions"


def main() -> None:
    load_models()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/models.db"
        asyncio.run(SCHEMA.migrate(url))
        schema.on_sqlite(url, lambda connection: write_step(connection, sys.argv[1]))


def load_models() -> None:
    """Every table, also of a slice that no door uses yet."""
    for module in pkgutil.walk_packages([str(HERE)], "kitchenasty."):
        if module.name.endswith(".models"):
            importlib.import_module(module.name)


def write_step(connection: Connection, message: str) -> None:
    number = f"{len(list(VERSIONS.glob('[0-9]*.py'))) + 1:04d}"
    command.revision(SCHEMA.configuration(connection), message, autogenerate=True, rev_id=number)


if __name__ == "__main__":
    main()
