"""X2: whatever somebody is called, an event is one line of the log, and no header is split."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from basis.kit.logs import last_steps

NASTY = st.text(
    st.one_of(st.sampled_from("\r\n\x1b\x85\u2028\x0b\x1c\u202e\ud800 ="), st.characters())
)


def line_of(log_format: str, **facts: Any) -> str:
    found: Any = {"event": "request", **facts}
    for step in last_steps(log_format):
        found = step(None, "info", found)
    line: str = found
    return line


@pytest.mark.parametrize("log_format", ["text", "json"])
@given(name=NASTY)
def test_an_event_is_one_line_whatever_it_tells(log_format: str, name: str) -> None:
    line = line_of(log_format, principal=name, exception=f"ValueError: {name}")
    assert len(line.splitlines()) == 1
    assert "\x1b" not in line
    line.encode("utf-8")


def test_json_keeps_what_was_told() -> None:
    line = line_of("json", principal="Zoë\r\nlevel=error")
    assert json.loads(line)["principal"] == "Zoë\r\nlevel=error"


def test_a_forged_line_stays_inside_its_value() -> None:
    line = line_of("text", principal="Ada\r\ntimestamp=0 level=error event=forged")
    assert line.endswith('level=error event=forged"')
    assert line.count('"') == 2


@pytest.mark.parametrize("path", ["/sign-in?next=", "/at/", "/t/", "/api/orders/", "/uploads/"])
@pytest.mark.parametrize(
    "end", ["%0d%0aset-cookie:%20x=y", "%0aset-cookie:x=y", "%e5%98%8a%e5%98%8d"]
)
async def test_no_line_end_reaches_a_header(client: httpx.AsyncClient, path: str, end: str) -> None:
    answer = await client.get(f"{path}{end}")
    assert "set-cookie" not in answer.headers
    for value in answer.headers.values():
        assert value.isprintable()
