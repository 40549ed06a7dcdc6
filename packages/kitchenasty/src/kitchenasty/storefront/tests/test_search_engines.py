"""What search engines find: every page once, and what a house and its menu are."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree as ET

from httpx import AsyncClient as Client

from kitchenasty.kit.books import Books
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_dish

HERE = "/at/mill-lane"
TRICK = "</script><script>alert(1)</script>"


async def open_house(books: Books, **house: Any) -> None:
    async with books.writing() as uow:
        await add_house(uow, slug="mill-lane", **house)
        await add_dish(uow, name="Leek Tart", price_minor=1250)


def facts_of(page: str) -> Any:
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert len(blocks) == 1
    return json.loads(blocks[0])


async def test_a_menu_tells_what_the_house_is_and_sells(guest: Client, books: Books) -> None:
    await open_house(books, name="Mill Lane", description=TRICK)
    page = (await guest.get(HERE)).text
    facts = facts_of(page)
    assert (facts["@type"], facts["name"], facts["description"]) == (
        "Restaurant",
        "Mill Lane",
        TRICK,
    )
    assert TRICK not in page
    [section] = facts["hasMenu"]["hasMenuSection"]
    [dish] = section["hasMenuItem"]
    assert dish["name"] == "Leek Tart"
    assert dish["offers"] == {"@type": "Offer", "price": "12.50", "priceCurrency": "EUR"}
    assert {one["dayOfWeek"] for one in facts["openingHoursSpecification"]} >= {"Monday"}


async def test_a_filtered_menu_names_the_whole_one_as_its_address(
    guest: Client, books: Books
) -> None:
    await open_house(books)
    page = (await guest.get(f"{HERE}?q=leek&diet=vegan")).text
    found = re.search(r'<link rel="canonical" href="([^"]+)">', page)
    assert found is not None
    assert found[1].endswith(HERE)


async def test_the_map_of_the_site_leads_to_pages_that_are_there(
    guest: Client, books: Books
) -> None:
    await open_house(books)
    robots = (await guest.get("/robots.txt")).text
    assert "Disallow: /admin" in robots
    address = re.search(r"Sitemap: (\S+)", robots)
    assert address is not None
    listed = ET.fromstring((await guest.get(address[1])).text)  # noqa: S314  # ours
    pages = [str(place.text) for place in listed.iter() if place.tag.endswith("loc")]
    assert any(f"{HERE}/dish/" in page for page in pages)
    for page in pages:
        answer = await guest.get(page)
        assert answer.status_code == 200, page
        assert f'<link rel="canonical" href="{page}">' in answer.text
