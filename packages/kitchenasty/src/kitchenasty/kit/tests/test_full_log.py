"""A log that cannot be written must not stop the house."""

from __future__ import annotations

import errno
import io

from basis.kit.logs import PatientStream


class FullStream(io.StringIO):
    """Text on a disk that is full until `has_room`."""

    has_room = False

    def flush(self) -> None:
        if not self.has_room:
            raise OSError(errno.ENOSPC, "No space left on device")

    def write(self, text: str) -> int:
        return super().write(text) if self.has_room else len(text)


def test_lines_that_do_not_fit_are_counted_and_told_later() -> None:
    full = FullStream()
    stream = PatientStream(full)
    stream.write("one\n")
    stream.write("two\n")
    full.has_room = True
    stream.write("three\n")
    stream.write("four\n")
    assert full.getvalue() == "2 lines were left out here\nthree\nfour\n"


def test_a_stream_that_is_closed_is_no_error() -> None:
    closed = io.StringIO()
    closed.close()
    assert PatientStream(closed).write("one\n") == 0
