"""The edge: names, headers, refusals."""

from __future__ import annotations

import pytest
from httpx import AsyncClient as Client

from basis.kit.pages.policy import CSP


async def test_health_speaks_the_contract(client: Client) -> None:
    answer = (await client.get("/api/health")).json()
    assert answer == {
        "success": True,
        "data": {"status": "ok", "timestamp": "2030-05-17T16:00:00.000Z", "version": "1.0.0"},
    }


async def test_ready_looks_at_the_database(client: Client) -> None:
    answer = await client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json()["database"] == "ok"


async def test_an_unknown_path_is_refused_in_the_contracts_words(client: Client) -> None:
    answer = await client.get("/api/nothing-here")
    assert answer.status_code == 404
    assert answer.json()["error"] == "Not Found"
    assert answer.json()["success"] is False


async def test_every_answer_has_an_id_and_the_strict_headers(client: Client) -> None:
    answer = await client.get("/api/health", headers={"x-request-id": "guest-phone-17"})
    assert answer.headers["x-request-id"] == "guest-phone-17"
    assert "unsafe-inline" not in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_what_everybody_may_have_is_kept_and_nothing_else(client: Client) -> None:
    for path, rule in {
        "/": "private, no-cache",
        "/sign-in": "private, no-cache",
        "/nothing-here": "no-store",
        "/api/orders": "no-store",
        "/t/nothing": "no-store",
    }.items():
        assert (await client.get(path)).headers["cache-control"] == rule, path
    assert "cache-control" not in (await client.get("/static/vendor/htmx.min.js")).headers


async def test_an_odd_request_id_is_replaced(client: Client) -> None:
    for odd in ("x", "a b c d e f g h", "<script>alert(1)</script>", "y" * 65):
        answer = await client.get("/api/health", headers={"x-request-id": odd})
        assert answer.headers["x-request-id"] != odd


async def test_a_page_that_is_not_there_is_said_in_html(client: Client) -> None:
    answer = await client.get("/nothing-here")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing-here", 404),
        ("DELETE", "/sign-in", 405),
        ("PROPFIND", "/", 405),
        ("PATCH", "/api/health", 405),
        ("POST", "/static/vendor/htmx.min.js", 405),
        ("GET", "/static/../../main.py", 404),
        ("GET", "/api/%ff%fe/x", 404),
    ],
)
async def test_what_the_router_refuses_has_the_strict_headers_too(
    client: Client, method: str, path: str, status: int
) -> None:
    """A8: the router answers before any middleware of a route could."""
    answer = await client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-security-policy"] == CSP
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert len(answer.headers["x-request-id"]) >= 8


def test_the_policy_lets_nothing_run_that_is_not_a_file_of_ours() -> None:
    rules = dict(part.strip().partition(" ")[::2] for part in CSP.split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["form-action"] == "'self'"
    assert rules["require-trusted-types-for"] == "'script'"
    assert "unsafe" not in CSP
    assert "*" not in CSP


@pytest.mark.parametrize("path", ["/api/orders", "/api/staff", "/admin", "/"])
async def test_asking_for_a_doors_methods_is_no_fault(client: Client, path: str) -> None:
    answer = await client.options(path)
    assert (answer.status_code, "OPTIONS" in answer.headers["allow"]) == (204, True)
