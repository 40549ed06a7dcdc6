"""Logs: one line for each thing that happened, as text for people or JSON for machines."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any, TextIO

import structlog


class PatientStream:
    """Standard error that may be full or gone: a line that cannot be written is left out, counted
    and told later. A house must not stop because its log does. Without a stream it is what standard
    error is when a line is written.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream
        self.left_out = 0

    def write(self, text: str) -> int:
        told = f"{self.left_out} lines were left out here\n" if self.left_out else ""
        stream = sys.stderr if self._stream is None else self._stream
        try:
            stream.write(told + text)
            stream.flush()
        except (OSError, ValueError):  # ValueError: the stream was closed
            self.left_out += text.count("\n")
            return 0
        self.left_out = 0
        return len(text)

    def flush(self) -> None:
        """Every write is flushed already."""


def set_up_logs(log_format: str) -> None:
    """Send all logs to standard error, in `text` or `json`. Values are escaped onto one line."""
    patient: Any = PatientStream()
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, *last_steps(log_format)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=patient),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=patient, format="%(levelname)s %(message)r")


def last_steps(log_format: str) -> list[Any]:
    """What turns an event into its one line."""
    if log_format == "json":
        return [structlog.processors.JSONRenderer(serializer=encode)]
    return [write_line]


def write_line(_logger: Any, _method: str, event: dict[str, Any]) -> str:
    """Names and values in logfmt. Every change of the house writes one, so nothing here looks at
    our own names.
    """
    first = {name: event.pop(name, "") for name in ("timestamp", "level", "event")}
    return " ".join([f"{name}={written(value)}" for name, value in {**first, **event}.items()])


def written(value: Any) -> str:
    """A name may hold what ends a line or steers a terminal: it is written in letters."""
    text = "" if value is None else str(value)
    if text.isalnum():
        return text
    if not text.isprintable():
        text = "".join(map(escaped, text))
    if " " not in text and "=" not in text and '"' not in text:
        return text
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}"'


def escaped(character: str) -> str:
    if character.isprintable():
        return character
    return character.encode("unicode_escape", "surrogatepass").decode()


def encode(value: Any, **_: Any) -> str:
    return json.dumps(value, default=str)
