"""A guest's way to a provider and back, of a house that is reached by https."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_network

import httpx
import pytest

from basis.kit.testing import HandClock
from kitchenasty.kit.books import Books
from kitchenasty.kit.config import Config
from kitchenasty.main import create_app
from kitchenasty.openid.tests.builders import Trip, offer, open_twin

SECURE = "https://house.example"
HERE = (ip_network("127.0.0.0/8"),)


@pytest.mark.enable_socket
async def test_over_tls_the_cookie_can_be_planted_by_no_other_host(
    config: Config, books: Books, clock: HandClock
) -> None:
    app = create_app(replace(config, public_url=SECURE, outgoing_networks=HERE), books)
    transport = httpx.ASGITransport(app)  # type: ignore[arg-type]
    async with (
        open_twin() as twin,
        httpx.AsyncClient(transport=transport, base_url=SECURE) as browser,
    ):
        twin.now = clock
        await offer(books, twin)
        left = await browser.get("/sign-in/elsewhere")
        [cookie] = left.headers.get_list("set-cookie")
        assert cookie.startswith("__Host-elsewhere=")
        assert "Secure" in cookie
        back = await Trip(browser, twin).decide(left.headers["location"])
        value = browser.cookies["__Host-elsewhere"]
        browser.cookies.clear()
        planted = await browser.get(back, headers={"cookie": f"elsewhere={value}"})
        assert planted.status_code == 409
        own = await browser.get(back, headers={"cookie": f"__Host-elsewhere={value}"})
        assert own.status_code == 303
