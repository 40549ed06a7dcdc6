"""Web apps on other origins: those that are set, at the API only, and never with cookies."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from kitchenasty.kit.config import Config, ConfigRefused, read_origins

APP = "https://app.example"
ALLOWED = "access-control-allow-origin"
PREFLIGHT = {
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization,content-type",
}


@pytest.fixture
def config(config: Config) -> Config:
    return replace(config, cors_origins=(APP, "http://localhost:5173"))


async def test_an_app_that_is_set_reads_what_the_api_answers(client: httpx.AsyncClient) -> None:
    for path in ("/api/health", "/api/locations", "/api/nothing", "/api/orders"):
        answer = await client.get(path, headers={"origin": APP})
        assert answer.headers[ALLOWED] == APP, path
        assert answer.headers["vary"] == "Origin"
        assert "X-Request-Id" in answer.headers["access-control-expose-headers"]
        assert "access-control-allow-credentials" not in answer.headers


async def test_it_is_told_before_that_it_may_send_json_and_a_token(
    client: httpx.AsyncClient,
) -> None:
    for path in ("/api/auth/customer/login", "/socket.io/"):
        answer = await client.options(path, headers={"origin": APP, **PREFLIGHT})
        assert answer.status_code == 204, path
        assert answer.headers[ALLOWED] == APP
        assert "Idempotency-Key" in answer.headers["access-control-allow-headers"]
        assert "PATCH" in answer.headers["access-control-allow-methods"]


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "https://app.example.evil.example", "http://app.example", "*"],
)
async def test_no_other_origin_is_let_in(client: httpx.AsyncClient, origin: str) -> None:
    asked = await client.options("/api/orders", headers={"origin": origin, **PREFLIGHT})
    assert asked.status_code == 403
    answer = await client.get("/api/health", headers={"origin": origin})
    assert not [name for name in (*asked.headers, *answer.headers) if name.startswith("access-")]


async def test_pages_stay_ours_alone(client: httpx.AsyncClient) -> None:
    for path in ("/", "/sign-in", "/health/ready", "/uploads/x.webp"):
        answer = await client.get(path, headers={"origin": APP})
        assert ALLOWED not in answer.headers, path


@pytest.mark.parametrize("origin", ["*", "app.example", "https://app.example/shop", "https://*.x"])
def test_only_whole_origins_can_be_set(origin: str) -> None:
    with pytest.raises(ConfigRefused, match="CORS_ORIGINS"):
        read_origins(origin)
