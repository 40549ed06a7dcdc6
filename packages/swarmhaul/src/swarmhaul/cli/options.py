"""What commands have in common."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from basis.errors import DomainError
from basis.kit.signing import SigningKey
from swarmhaul.kit.keyfiles import own_seed

PORT = 8100
FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)
FILE_THERE = click.Path(dir_okay=False, exists=True, path_type=Path)
SPEED = click.FloatRange(0.1, 3_600)
SPEED_HELP = "How many times as quick as the clock couriers wait and ride."
URL = click.option(
    "--url", default=f"http://127.0.0.1:{PORT}", show_default=True, help="Where the market is."
)
HOST = click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
LISTEN = click.option("--port", default=PORT, show_default=True, help="0: one that is free.")
DATA = click.option(
    "--data", type=FOLDER, help="Where books, keys and the rail's journal are kept."
)


@contextmanager
def refusals(*kinds: type[Exception]) -> Iterator[None]:
    """A sentence instead of a traceback."""
    said: tuple[type[Exception], ...] = (DomainError, *kinds)
    try:
        yield
    except said as error:
        raise click.ClickException(str(error)) from error


def key_in(path: Path) -> SigningKey:
    """Made when it is not there."""
    if path.suffix != ".key":
        raise click.ClickException("A key is kept in a file whose name ends with .key.")
    return SigningKey.of_seed(own_seed(path.parent, path.stem))
