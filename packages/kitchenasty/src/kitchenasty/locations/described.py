"""A house in the words of schema.org, for search engines and mail programs. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kitchenasty.locations.views import House


def address_facts(house: House) -> dict[str, Any]:
    return known(
        {
            "@type": "PostalAddress",
            "streetAddress": house.address,
            "addressLocality": house.city,
            "addressRegion": house.state,
            "postalCode": house.postal_code,
            "addressCountry": house.country,
        }
    )


def known(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Without what nobody has said."""
    return {name: value for name, value in facts.items() if value not in (None, "", [])}
