"""HTTP in somebody else's network, without a process for each question."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Mapping

from orca.testing.networks import within

SECONDS_MAX = 10.0


class Visit(http.client.HTTPConnection):
    """A connection that is opened in the network of a process, from the address `source` there."""

    def __init__(
        self, pid: int, host: str, port: int, *, seconds: float = SECONDS_MAX, source: str = ""
    ) -> None:
        super().__init__(host, port, timeout=seconds)
        self._pid, self._seconds, self._source = pid, seconds, (source, 0)

    def connect(self) -> None:
        """A socket stays in the network in which it was made, so only a thread has to go there."""
        self.sock = within(self._pid, self._connected)

    def _connected(self) -> socket.socket:
        where = (self.host, self.port)
        return socket.create_connection(where, self._seconds, source_address=self._source)


def visit(
    pid: int,
    host: str,
    port: int,
    path: str = "/",
    headers: Mapping[str, str] | None = None,
    *,
    seconds: float = SECONDS_MAX,
) -> str | None:
    """What is said there; None when nobody answers, or not well."""
    connection = Visit(pid, host, port, seconds=seconds)
    try:
        connection.request("GET", path, headers=dict(headers or {}))
        answer = connection.getresponse()
        said = answer.read().decode()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    return said if answer.status == http.HTTPStatus.OK else None
