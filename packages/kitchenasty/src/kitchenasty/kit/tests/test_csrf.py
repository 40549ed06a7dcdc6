from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kitchenasty.kit.http.csrf import Approach, may_act, may_open_socket, origin_of

HOST = "bistro.example"
OWN = "https://bistro.example"


def approach(
    method: str = "POST",
    *,
    origin: str | None = OWN,
    site: str | None = None,
    host: str = HOST,
    cookies: bool = True,
) -> Approach:
    return Approach(
        method=method,
        host=host,
        origin=origin,
        sec_fetch_site=site,
        has_cookies=cookies,
    )


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_looking_is_free(method: str) -> None:
    assert may_act(approach(method, origin="https://evil.example", site="cross-site"))


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("bistro.example", "https://bistro.example"),
        ("bistro.example", "http://bistro.example"),
        ("BISTRO.example:443", "https://bistro.example"),
        ("127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_our_own_pages_may_act(host: str, origin: str) -> None:
    assert may_act(approach(host=host, origin=origin))
    assert may_act(approach(host=host, origin=origin, site="same-origin"))


FOREIGN_ORIGINS = [
    "https://evil.example",
    "https://bistro.example.evil.example",
    "https://evilbistro.example",
    "https://bistro.example:8443",
    "https://bistro.example@evil.example",
    "https://sub.bistro.example",
    "ftp://bistro.example",
    "javascript://bistro.example",
    "//bistro.example",
    "bistro.example",
    "https://",
    "https://[",
    "https://bistro.example:port",
    "null",
    "",
]


@pytest.mark.parametrize("origin", FOREIGN_ORIGINS)
@pytest.mark.parametrize("cookies", [True, False])
def test_foreign_and_null_origins_may_not_act(origin: str, *, cookies: bool) -> None:
    assert not may_act(approach(origin=origin, cookies=cookies))
    assert not may_act(approach(origin=origin, cookies=cookies), public_url=OWN)


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", "", "SAME-SITE"])
def test_what_the_browser_calls_foreign_may_not_act(site: str) -> None:
    assert not may_act(approach(origin=OWN, site=site))
    assert not may_act(approach(origin=None, site=site))


def test_cookies_without_a_word_on_the_origin_may_not_act() -> None:
    assert not may_act(approach(origin=None))
    assert may_act(approach(origin=None, cookies=False))
    assert may_act(approach(origin=None, site="same-origin"))


def test_a_public_url_is_the_only_origin_that_is_ours() -> None:
    inside = approach(host="127.0.0.1:8000", origin=OWN)
    assert may_act(inside, public_url="https://bistro.example/")
    assert not may_act(approach(origin="http://bistro.example"), public_url=OWN)
    rebound = approach(host="evil.example", origin="https://evil.example")
    assert not may_act(rebound, public_url=OWN)


def test_a_socket_is_not_opened_for_a_foreign_page() -> None:
    assert may_open_socket(approach("GET"))
    assert not may_open_socket(approach("GET", origin="https://evil.example"))
    assert not may_open_socket(approach("GET", site="cross-site"))
    assert not may_open_socket(approach("GET", origin=None))


@given(st.text(max_size=60))
def test_any_text_as_origin_gets_an_answer(origin: str) -> None:
    ours = may_act(approach(origin=origin))
    assert not ours or origin_of(origin) is not None
