"""Which cookie counts: over TLS only the one that no other host can plant."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest

from kitchenasty import staff
from kitchenasty.kit.books import Books
from kitchenasty.kit.config import Config
from kitchenasty.kit.identity.passwords import Passwords
from kitchenasty.kit.live.socketio_door import credentials_in
from kitchenasty.main import create_app

PASSWORD = "seven green kettles"
SECURE = "https://house.example"
TOKEN = "T" * 43


@pytest.fixture
async def browser(config: Config, books: Books) -> AsyncIterator[httpx.AsyncClient]:
    """A browser at a house that is reached by https."""
    password_hash = await Passwords(memory_kib=64).hash(PASSWORD)
    async with books.writing() as uow:
        newcomer = staff.NewMember(email="cook@bistro.example", name="Rosa Vidal")
        await staff.add_member(uow, newcomer, password_hash=password_hash)
    app = create_app(replace(config, public_url=SECURE), books)
    transport = httpx.ASGITransport(app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url=SECURE) as opened:
        yield opened


async def test_over_tls_the_plain_cookie_opens_nothing(browser: httpx.AsyncClient) -> None:
    form = {"email": "cook@bistro.example", "password": PASSWORD}
    entered = await browser.post("/sign-in", data=form, headers={"origin": SECURE})
    assert entered.status_code == 303
    for cookie in entered.headers.get_list("set-cookie"):
        assert cookie.startswith("__Host-")
        assert "Secure" in cookie
    token = browser.cookies["__Host-session"]
    browser.cookies.clear()
    planted = await browser.get("/admin", headers={"cookie": f"session={token}"})
    assert planted.headers["location"].startswith("/sign-in?")
    own = await browser.get("/admin", headers={"cookie": f"__Host-session={token}"})
    assert own.status_code == 200


@pytest.mark.parametrize(
    ("url", "cookie", "counts"),
    [
        (SECURE, f"session={TOKEN}", False),
        (SECURE, f"__Host-session={TOKEN}", True),
        ("http://house.example", f"session={TOKEN}", True),
        ("http://house.example", f"__Host-session={TOKEN}", False),
    ],
)
def test_sockets_read_the_same_cookie(url: str, cookie: str, counts: bool) -> None:
    environ = {"HTTP_COOKIE": cookie, "HTTP_ORIGIN": url, "HTTP_HOST": "house.example"}
    assert (credentials_in(environ, None, url) is not None) is counts
