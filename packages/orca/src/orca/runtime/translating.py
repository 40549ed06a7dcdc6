"""What goes wrong with Docker Engine, in the words of the contract."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
from aiodocker.exceptions import DockerError

from basis.errors import DomainError
from orca.runtime.contract import EngineAway, NameTaken

NOT_FOUND, CONFLICT = 404, 409
REFUSED = (400, 500)
"""How an engine answers to what it does not take: it is not always sure whose fault that is."""


@contextmanager
def translated(
    *,
    missing: Exception | None = None,
    conflict: Exception | None = None,
    invalid: DomainError | None = None,
) -> Iterator[None]:
    """What goes wrong with an engine, in the words of the contract."""
    try:
        yield
    except DockerError as error:
        if error.status == NOT_FOUND and missing is not None:
            raise missing from error
        if error.status in REFUSED and invalid is not None:
            raise type(invalid)(f"{invalid}: {error.message}") from error
        if error.status == CONFLICT:
            raise (conflict or NameTaken(error.message)) from error
        raise EngineAway(error.message) from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        words = str(error) or type(error).__name__
        raise EngineAway(f"The engine does not answer: {words}.") from error
