"""The form of a house: what a manager types, and what it means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from basis.errors import Invalid
from basis.kit.http.wire import Form, amount, bounded_minor
from kitchenasty import locations, settings
from kitchenasty.dashboard.houses.choices import currency_of
from kitchenasty.dashboard.typed_numbers import number_in, typed, whole_in, whole_or_none
from kitchenasty.kit.books import Look
from kitchenasty.kit.identity.sign_in import check_email

DAY_MINUTES = 1_440
WORK_MINUTES_MAX = 10_000
SLUG_LENGTH_MAX = 60
Line = Annotated[str, msgspec.Meta(max_length=120)]
Short = Annotated[str, msgspec.Meta(max_length=40)]
Latitude = Annotated[float, msgspec.Meta(ge=-90, le=90)]
Longitude = Annotated[float, msgspec.Meta(ge=-180, le=180)]
PLACE = re.compile(r"\(?\s*(-?\d{1,2}(?:\.\d+)?)[\s,;]+(-?\d{1,3}(?:\.\d+)?)\s*\)?")


class PlaceUnreadable(Invalid):
    """What was typed is no pair of coordinates."""


class TooLong(Invalid):
    """So many minutes are no time that a guest waits."""


class HouseTyped(Form, kw_only=True):
    """What a manager types. `place` is a pair of degrees as maps give it, latitude first."""

    PARAGRAPHS = frozenset({"description"})

    name: Line = ""
    slug: Short = ""
    description: Annotated[str, msgspec.Meta(max_length=2_000)] = ""
    phone: Short = ""
    email: Annotated[str, msgspec.Meta(max_length=254)] = ""
    address: Annotated[str, msgspec.Meta(max_length=200)] = ""
    postal_code: Annotated[str, msgspec.Meta(max_length=20)] = ""
    city: Line = ""
    state: Line = ""
    country: Annotated[str, msgspec.Meta(max_length=2)] = ""
    place: Annotated[str, msgspec.Meta(max_length=60)] = ""
    zone: Annotated[str, msgspec.Meta(max_length=64)] = ""
    currency: Annotated[str, msgspec.Meta(max_length=3)] = ""
    pickup: Short = ""
    delivery: Short = ""
    least_pickup: Short = ""
    least_delivery: Short = ""
    pickup_minutes: Short = ""
    delivery_minutes: Short = ""
    kitchen_minutes: Short = ""
    cancel_until: Short = "CONFIRMED"
    legal_name: Annotated[str, msgspec.Meta(max_length=160)] = ""
    tax_id: Short = ""


async def load_fresh_form(look: Look, like: locations.House | None) -> HouseTyped:
    """For a new house: as the owner set it, and what it most likely shares with the one that is
    there. What nobody set, the browser's clock and the country know better than we do.
    """
    begins = await locations.load_beginnings(look)
    general = await settings.show(look, settings.GENERAL)
    said = {one.field.name for one in general if one.source != "default"}
    form = HouseTyped(
        pickup="on",
        delivery="on",
        pickup_minutes=str(begins["pickup_lead_minutes"]),
        delivery_minutes=str(begins["delivery_lead_minutes"]),
        least_pickup=typed_amount(begins["min_pickup_minor"], begins["currency"]),
        least_delivery=typed_amount(begins["min_delivery_minor"], begins["currency"]),
    )
    if like is not None:
        form.country, form.zone, form.currency = like.country, like.zone, like.currency
        form.legal_name, form.tax_id = like.legal_name or "", like.tax_id or ""
    if "timezone" in said:
        form.zone = begins["zone"]
    if "defaultCurrency" in said:
        form.currency = begins["currency"]
    return form


def typed_amount(minor: int, currency: str) -> str:
    """As somebody would type it; nothing asked is nothing typed."""
    return str(amount(minor, currency)) if minor else ""


def form_of(house: locations.House) -> HouseTyped:
    place = house.latitude is not None and house.longitude is not None
    work = house.kitchen_minutes_per_quarter
    return HouseTyped(
        name=house.name,
        slug=house.slug,
        description=house.description or "",
        phone=house.phone or "",
        email=house.email or "",
        address=house.address,
        postal_code=house.postal_code,
        city=house.city,
        state=house.state or "",
        country=house.country,
        place=f"{house.latitude}, {house.longitude}" if place else "",
        zone=house.zone,
        currency=house.currency,
        pickup="on" if house.pickup_enabled else "",
        delivery="on" if house.delivery_enabled else "",
        least_pickup=typed(house.min_pickup_minor, house),
        least_delivery=typed(house.min_delivery_minor, house),
        pickup_minutes=str(house.pickup_lead_minutes),
        delivery_minutes=str(house.delivery_lead_minutes),
        kitchen_minutes="" if work is None else str(work),
        cancel_until=house.guest_may_cancel_until,
        legal_name=house.legal_name or "",
        tax_id=house.tax_id or "",
    )


def draft_of(form: HouseTyped, begins: Mapping[str, Any]) -> locations.HouseDraft:
    """A new house; what the form does not ask is as the owner has it for new houses. Raises what
    `changes_in` raises.
    """
    slug = form.slug or slug_of(form.name)
    return locations.HouseDraft(slug=slug, **{**begins, **changes_in(form)})


def changes_in(form: HouseTyped) -> dict[str, Any]:
    """Everything that the form holds, by the names of a house.

    Raises NumberUnreadable, BadAmount, PlaceUnreadable, EmailRefused, TooLong.
    """
    currency = form.currency.strip().upper() or currency_of(form.country)
    latitude, longitude = place_in(form.place)
    return {
        "name": form.name,
        "description": form.description or None,
        "phone": form.phone or None,
        "email": check_email(form.email) if form.email else None,
        "address": form.address,
        "postal_code": form.postal_code,
        "city": form.city,
        "state": form.state or None,
        "country": form.country.upper(),
        "latitude": latitude,
        "longitude": longitude,
        "zone": form.zone,
        "currency": currency,
        "pickup_enabled": bool(form.pickup),
        "delivery_enabled": bool(form.delivery),
        "min_pickup_minor": amount_in(form.least_pickup, currency),
        "min_delivery_minor": amount_in(form.least_delivery, currency),
        "pickup_lead_minutes": minutes_in(form.pickup_minutes or "15"),
        "delivery_lead_minutes": minutes_in(form.delivery_minutes or "30"),
        "kitchen_minutes_per_quarter": work_in(form.kitchen_minutes),
        "guest_may_cancel_until": form.cancel_until,
        "legal_name": form.legal_name or None,
        "tax_id": form.tax_id or None,
    }


def slug_of(name: str) -> str:
    """`Café Müller` as `cafe-muller`: what a link can say of a name, if it can say anything."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:SLUG_LENGTH_MAX].strip("-")


def place_in(text: str) -> tuple[float | None, float | None]:
    """Latitude and longitude. Raises PlaceUnreadable."""
    if not text.strip():
        return None, None
    found = PLACE.fullmatch(text.strip())
    try:
        latitude, longitude = found.groups() if found else ("", "")
        return (
            msgspec.convert(latitude, Latitude, strict=False),
            msgspec.convert(longitude, Longitude, strict=False),
        )
    except msgspec.ValidationError as error:
        raise PlaceUnreadable(
            "A place on the map is written as two numbers, like 52.5200, 13.4050: latitude first."
        ) from error


def amount_in(text: str, currency: str) -> int:
    """Minor units; nothing typed is nothing asked. Raises NumberUnreadable, BadAmount."""
    return bounded_minor(number_in(text), currency) if text.strip() else 0


def minutes_in(text: str) -> int:
    """Raises NumberUnreadable, TooLong."""
    minutes = whole_in(text)
    if minutes > DAY_MINUTES:
        raise TooLong("An order takes at most a day.")
    return minutes


def work_in(text: str) -> int | None:
    """Raises NumberUnreadable, TooLong."""
    minutes = whole_or_none(text)
    if minutes is not None and not 1 <= minutes <= WORK_MINUTES_MAX:
        raise TooLong("A kitchen does 1 to 10,000 minutes of work in a quarter of an hour.")
    return minutes
