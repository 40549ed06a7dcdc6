"""What search engines read: where the pages are, and what a house and its menu are, in their words.

The words are those of schema.org. They stand in a page as a block of data, which the policy of
our pages lets through because no browser runs it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from xml.sax.saxutils import escape

from litestar import Response, get

from basis.kit.http.wire import amount
from kitchenasty import content, menu, reservation_facts
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Reading, WebRequest, site_of
from kitchenasty.locations import House, address_facts, known, list_houses
from kitchenasty.reviews import Summary

WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
DAY_MINUTES = 1_440
DIET_WORDS = {
    "vegan": "https://schema.org/VeganDiet",
    "vegetarian": "https://schema.org/VegetarianDiet",
    "halal": "https://schema.org/HalalDiet",
    "gluten-free": "https://schema.org/GlutenFreeDiet",
}
PRIVATE = ("/admin", "/api/", "/kitchen", "/t/", "/r/", "/w/", "/at/*/cart", "/at/*/checkout")
ADDRESSES_MAX = 50_000
"""More than one file may hold; nobody has so many dishes."""


@get("/robots.txt", opt=access(Access.PUBLIC), include_in_schema=False, media_type="text/plain")
async def show_robots(request: WebRequest) -> str:
    refused = "".join(f"Disallow: {path}\n" for path in PRIVATE)
    return f"User-agent: *\n{refused}\nSitemap: {site_of(request)}/sitemap.xml\n"


@get("/sitemap.xml", opt=access(Access.PUBLIC), include_in_schema=False)
async def show_sitemap(look: Reading, request: WebRequest) -> Response[str]:
    looks = content.current_site.get()
    paths = ["/", "/locations", *(f"/legal/{slug}" for slug, _ in looks.legal)]
    paths += ["/gallery"] if looks.has_gallery else []
    for house in await list_houses(look):
        paths.append(f"/at/{house.slug}")
        book = await menu.load_menu(look, house.id)
        paths.extend(f"/at/{house.slug}/dish/{dish.slug}" for dish in book.dishes.values())
    return Response(sitemap(site_of(request), paths), media_type="application/xml")


def sitemap(site: str, paths: Iterable[str]) -> str:
    places = [f"<url><loc>{escape(site + path)}</loc></url>" for path in paths]
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
            *places[:ADDRESSES_MAX],
            "</urlset>\n",
        ]
    )


def house_facts(site: str, house: House, *, takes_reservations: bool = False) -> dict[str, Any]:
    """The house as a Restaurant, with its address, hours, and how one orders and reserves."""
    here = f"{site}/at/{house.slug}"
    acts: dict[str, Any] = {"potentialAction": {"@type": "OrderAction", "target": here}}
    if takes_reservations:
        reserve = reservation_facts.reserve_facts(site, house)
        acts = reserve | {"potentialAction": [acts["potentialAction"], reserve["potentialAction"]]}
    return known(
        {
            "@context": "https://schema.org",
            "@type": "Restaurant",
            "@id": f"{here}#house",
            "name": house.name,
            "description": house.description,
            "url": here,
            "telephone": house.phone,
            "email": house.email,
            "image": site + house.image if house.image else None,
            "currenciesAccepted": house.currency,
            "address": address_facts(house),
            "geo": place_facts(house),
            "openingHoursSpecification": hours_facts(house),
            **acts,
        }
    )


def menu_facts(house: House, book: menu.MenuBook) -> dict[str, Any]:
    """What the house sells."""
    sections = [section_facts(house, category) for category in menu.walk(book.categories)]
    told = {"@type": "Menu", "hasMenuSection": [one for one in sections if one["hasMenuItem"]]}
    return {"hasMenu": told}


def rating_facts(rating: Summary | None) -> dict[str, Any]:
    """Nothing as long as nobody has reviewed the house."""
    if rating is None or not rating.count:
        return {}
    facts = {
        "@type": "AggregateRating",
        "ratingValue": rating.average,
        "reviewCount": rating.count,
        "bestRating": 5,
        "worstRating": 1,
    }
    return {"aggregateRating": facts}


def section_facts(house: House, category: menu.Category) -> dict[str, Any]:
    return {
        "@type": "MenuSection",
        "name": category.name,
        "hasMenuItem": [dish_facts(house, dish) for dish in category.dishes],
    }


def dish_facts(house: House, dish: menu.Dish) -> dict[str, Any]:
    return known(
        {
            "@type": "MenuItem",
            "name": dish.name,
            "description": dish.description,
            "suitableForDiet": [DIET_WORDS[mark] for mark in dish.marks if mark in DIET_WORDS],
            "offers": {
                "@type": "Offer",
                "price": str(amount(dish.price_minor, house.currency)),
                "priceCurrency": house.currency,
            },
        }
    )


def place_facts(house: House) -> dict[str, Any] | None:
    if house.latitude is None or house.longitude is None:
        return None
    return {
        "@type": "GeoCoordinates",
        "latitude": house.latitude,
        "longitude": house.longitude,
    }


def hours_facts(house: House) -> list[dict[str, Any]]:
    """The hours of a usual week; closing before opening means the next day."""
    return [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": WEEKDAYS[interval.weekday],
            "opens": wall_clock(interval.opens),
            "closes": wall_clock(interval.closes),
        }
        for interval in sorted(house.hours.week)
    ]


def wall_clock(minutes: int) -> str:
    hour, minute = divmod(minutes % DAY_MINUTES, 60)
    return f"{hour:02}:{minute:02}"
