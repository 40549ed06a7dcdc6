"""The design system: one stylesheet, small, named by its content, made of roles."""

from __future__ import annotations

import gzip
import re

from httpx import AsyncClient as Client

from basis.kit.pages.stylesheet import LAYERS
from kitchenasty.kit.http.stylesheet import STYLESHEET

BYTES_MAX = 20_000
RAW_TIERS = {"tokens", "themes"}


async def test_the_stylesheet_is_one_small_file_kept_for_ever(client: Client) -> None:
    answer = await client.get(STYLESHEET.address())
    assert answer.headers["content-type"].startswith("text/css")
    assert "immutable" in answer.headers["cache-control"]
    assert len(STYLESHEET.compressed) <= BYTES_MAX


async def test_an_old_address_is_asked_again(client: Client) -> None:
    answer = await client.get("/style.css?v=of-last-week", headers={"accept-encoding": "identity"})
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.text.encode() == STYLESHEET.joined


def test_it_is_the_same_when_it_was_compressed() -> None:
    assert gzip.decompress(STYLESHEET.compressed) == STYLESHEET.joined


def test_only_tokens_and_themes_know_colours() -> None:
    for name in set(LAYERS) - RAW_TIERS - {"print"}:
        text = STYLESHEET.files[name].read_text()
        assert not re.search(r"oklch\((?!from)|#[0-9a-f]{3,8}\b(?!')|rgb\(|hsl\(", text), name


def test_every_layer_is_closed_and_in_the_list() -> None:
    assert tuple(STYLESHEET.files) == LAYERS
    for name, path in STYLESHEET.files.items():
        text = path.read_text()
        assert f"@layer {name} {{" in text
        assert text.count("{") == text.count("}")


async def test_a_refusal_is_a_page_with_a_way_on(client: Client) -> None:
    page = (await client.get("/no/such/page")).text
    assert "There is no such page here." in page
    assert 'href="/"' in page
    assert 'class="skip"' in page
    assert "<style" not in page
    assert " style=" not in page


async def test_the_visitors_choice_of_light_or_dark_is_in_the_first_byte(client: Client) -> None:
    dark = await client.get("/no/such/page", headers={"cookie": "scheme=dark"})
    odd = await client.get("/no/such/page", headers={"cookie": 'scheme=x"><b'})
    assert 'data-scheme="dark"' in dark.text
    assert 'data-scheme="auto"' in odd.text


async def test_it_is_compressed_once(client: Client) -> None:
    answer = await client.get(STYLESHEET.address(), headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.content == STYLESHEET.joined
