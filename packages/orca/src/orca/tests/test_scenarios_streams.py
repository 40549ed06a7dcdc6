"""Scenarios 11 and 12 by a real edge and real containers: sockets and streams that last, much that
goes in and comes out, and who counts as which client. One cluster for all.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from basis.ids import new_id
from orca.testing import RealEngine
from orca.tests import talking_server
from orca.tests.running import running, started
from orca.tests.talker import TALKER, make_talker
from orca.tests.talking_clients import calls, upload
from orca.tests.traffic import SHOP, Street, proxy_folder, site

NAMED, STRANGE = "127.0.0.2", "127.0.0.3"
TOP = f'[edge]\ntrusted = ["{NAMED}/32"]\n'
LIMITED = "limited.example"
BURST = 20
REQUESTS_MAX = 1_000
DRAIN_SECONDS = 3
UPLOAD_BYTES = 3 * 1_073_741_824
MEBIBYTE = 1_048_576
PROXY_GROWS_MAX = 128 * MEBIBYTE


@pytest.fixture(scope="module")
def street(engine: RealEngine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    make_talker(engine)
    made = running(engine, tmp_path_factory.mktemp("streams"), f"c{new_id()[-12:]}")
    keys: dict[str, Any] = {"cpu": 0.4, "memory": "64Mi"}
    patience = {"ready_within_secs": 120}
    lasting = {**patience, "drain_secs": DRAIN_SECONDS}
    limit = {"per_second": 1, "burst": BURST}
    with started(made) as cluster:
        street = Street(cluster)
        street.deploy(
            site("live", TALKER, deploy=lasting, replicas=2, **keys),
            site("limited", TALKER, deploy=patience, domain=LIMITED, rate_limit=limit, **keys),
            top=TOP,
        )
        street.until_page(lambda page: page.startswith("1 "), "the page is there")
        yield street


def test_scenario_11_sockets_and_events_last_as_long_as_their_container(street: Street) -> None:
    """Over a change of routes all of them do, and over more replicas. With fewer, those that talk
    with one that stays go on, and the others end after the time that they are given.
    """
    with calls(street, SHOP, sockets=8, streams=4) as made:
        containers = street.cluster.containers()
        stays, goes = (
            made.with_container(containers[f"shop.live.{slot}.g{slot + 1}"]) for slot in (0, 1)
        )
        assert len(stays) + len(goes) == 12
        assert min(len(stays), len(goes)) > 1
        street.add(site("other", "test/web:1", domain="other.example"))
        street.until_page(lambda page: page == "test/web:1", "routes changed", host="other.example")
        street.act("live", "scale", replicas=3)
        assert made.all_talk(made.all)

        asked_at = time.time()
        street.act("live", "scale", replicas=1)
        made.until(lambda: all(call.ended_at for call in goes), "the others end")
        assert made.all_talk(stays)
        lasted = min(call.ended_at or 0 for call in goes) - asked_at
        print(f"{len(goes)} of 12 talks ended {lasted:.1f} s after their copy was let go of")
        assert lasted >= DRAIN_SECONDS
    street.act("live", "scale", replicas=2)


def test_scenario_11_three_gigabytes_go_in_and_nobody_keeps_them(street: Street) -> None:
    """The container counts them and has 64 MiB; what the proxy takes is measured on the way."""
    pid = int((proxy_folder(street.cluster) / "traefik.pid").read_text())
    taken = [resident(pid)]
    begun = time.monotonic()
    answer = upload(street, SHOP, UPLOAD_BYTES, lambda: taken.append(resident(pid)))
    seconds = time.monotonic() - begun
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    assert int(body) == UPLOAD_BYTES
    grown = max(taken) - taken[0]
    print(
        f"{UPLOAD_BYTES:,} bytes in {seconds:.1f} s; the proxy took {max(taken) // MEBIBYTE} MiB, "
        f"{grown // MEBIBYTE} more than before"
    )
    assert grown < PROXY_GROWS_MAX
    assert [copy["crashes"] for copy in street.service("live")["copies"]] == [0, 0]


def resident(pid: int) -> int:
    """What a process has in memory, in bytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    [kilobytes] = [line.split()[1] for line in lines if line.startswith("VmRSS:")]
    return int(kilobytes) * 1_024


def test_scenario_11_what_comes_out_is_what_was_said(street: Street) -> None:
    """D60, D65: ten megabytes below a hundred long headers, HEAD, 304, cookies, redirections."""
    status, headers, body = street.answer("/large")
    rich = {name: value for name, value in headers if name.startswith("X-Rich-")}
    assert (status, len(body)) == (200, talking_server.LARGE_BYTES)
    assert body == b"0123456789abcdef" * (len(body) // 16)
    assert len(rich) == talking_server.RICH_HEADERS
    assert {len(value) for value in rich.values()} == {talking_server.HEADER_BYTES}

    status, headers, body = street.answer("/large", method="HEAD")
    assert (status, body) == (200, b"")
    assert dict(headers)["Content-Length"] == str(talking_server.LARGE_BYTES)
    status, headers, body = street.answer("/same", If_None_Match='"v1"')
    assert (status, dict(headers)["Etag"], body) == (304, '"v1"', b"")
    assert street.answer("/same")[::2] == (200, b"whole")

    status, headers, _ = street.answer("/cookies")
    assert [value for name, value in headers if name == "Set-Cookie"] == [
        "a=1; Path=/",
        "b=2; HttpOnly; SameSite=Lax",
    ]
    told = json.loads(street.answer("/asked", Cookie="a=1; b=2")[2])
    assert ["cookie", "a=1; b=2"] in told["headers"]
    for method in ("GET", "POST"):
        status, headers, _ = street.answer("/moved", method=method)
        assert (status, dict(headers)["Location"]) == (303, "/there?a=b")


def test_scenario_12_a_limit_counts_clients_and_believes_whom_we_named(street: Street) -> None:
    """D72: from the address that was named `X-Forwarded-For` says who the client is. From any other
    it says nothing, and does not arrive either.
    """
    street.until_page(lambda page: page.startswith("1 "), "the page is there", host=LIMITED)
    assert forwarded(street, NAMED, "192.0.2.1") == ["192.0.2.1", NAMED]
    assert forwarded(street, STRANGE, "192.0.2.1") == [STRANGE]
    for source, is_believed in ((NAMED, True), (STRANGE, False)):
        assert until_refused(street, source, "192.0.2.7") >= BURST
        # A bucket of its own has room for all of these, and one that was emptied has not.
        other = until_refused(street, source, "192.0.2.8")
        assert (other >= BURST) is is_believed, source


def forwarded(street: Street, source: str, client: str) -> list[str]:
    """Who came by whom, as it arrives behind the edge."""
    told = json.loads(street.answer("/asked", source=source, X_Forwarded_For=client)[2])
    return str(dict(told["headers"])["x-forwarded-for"]).split(", ")


def until_refused(street: Street, source: str, client: str) -> int:
    """How many requests came through."""
    for times in range(REQUESTS_MAX):
        status, _, _ = street.answer("/", host=LIMITED, source=source, X_Forwarded_For=client)
        if status == 429:
            return times
        assert status == 200
    raise AssertionError("it is never refused")
