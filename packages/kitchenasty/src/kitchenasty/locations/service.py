"""Opening a house and changing what holds there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import bindparam, delete, update
from sqlalchemy.exc import IntegrityError

from basis.ids import new_id
from basis.kit.data.statements import Statement, insert_into
from basis.sentences import Sentence
from kitchenasty import audit, media
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.locations.charges import Charges, check_charges
from kitchenasty.locations.drafts import HouseDraft, IntervalDraft
from kitchenasty.locations.events import BusyChanged
from kitchenasty.locations.hours_service import replace_week
from kitchenasty.locations.models import HouseRow, TaxRateRow
from kitchenasty.locations.queries import (
    ID_OF_SLUG,
    HouseNotFound,
    count_orders_of,
    load_house,
    read_house,
)
from kitchenasty.locations.refusals import HouseInUse, HouseRefused, SlugTaken
from kitchenasty.locations.versions import TOUCH
from kitchenasty.locations.views import BusyMode, House, TaxRate

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CURRENCY = re.compile(r"[A-Z]{3}")
COUNTRY = re.compile(r"[A-Z]{2}")
CANCEL_UNTIL = ("PENDING", "CONFIRMED", "PREPARING", "READY")
"""The last step of an order at which its guest may still cancel it."""
AMOUNTS = (
    "min_delivery_minor", "min_pickup_minor", "delivery_fee_minor", "free_delivery_from_minor",
)  # fmt: skip

INSERT = insert_into(HouseRow)
SET_TAX_TERMS = Statement(
    update(HouseRow)
    .where(HouseRow.id == bindparam("of_house", required=True))
    .values(
        prices_include_tax=bindparam("prices_include_tax", required=True),
        rounding_policy=bindparam("rounding_policy", required=True),
        version=HouseRow.version + 1,
        updated_at=bindparam("now", required=True),
    )
)
SET_CHARGES = Statement(
    update(HouseRow)
    .where(HouseRow.id == bindparam("of_house", required=True))
    .values(
        charges=bindparam("charges", required=True),
        version=HouseRow.version + 1,
        updated_at=bindparam("now", required=True),
    )
)
CLEAR_TAXES = Statement(
    delete(TaxRateRow).where(TaxRateRow.house_id == bindparam("of_house", required=True))
)
INSERT_TAX_RATE = insert_into(TaxRateRow)


async def add_house(
    uow: UnitOfWork, draft: HouseDraft, hours: Sequence[IntervalDraft] = ()
) -> House:
    """Open a house. Raises SlugTaken, HouseRefused."""
    values = {name: getattr(draft, name) for name in draft.__dataclass_fields__}
    check_house(values)
    if await uow.value(ID_OF_SLUG, slug=draft.slug) is not None:
        raise SlugTaken(
            Sentence.of("Another house is called “{slug}” in links already.", slug=draft.slug)
        )
    await media.hold(uow, draft.image)
    house_id = new_id()
    await uow.run(
        INSERT,
        id=house_id,
        version=1,
        charges=None,
        created_at=uow.now,
        updated_at=uow.now,
        **values,
    )
    await replace_week(uow, house_id, hours)
    await audit.record(
        uow, action="create", entity="Location", entity_id=house_id, after={"slug": draft.slug}
    )
    return await load_house(uow, house_id)


async def change_house(
    uow: UnitOfWork,
    house_id: str,
    changes: Mapping[str, Any],
    hours: Sequence[IntervalDraft] | None = None,
) -> House:
    """Change named fields, and the whole week if `hours` are given.

    Raises HouseNotFound, HouseRefused, HouseInUse, HoursUnreadable.
    """
    row = await uow.session.get(HouseRow, house_id, with_for_update=True)
    if row is None:
        raise HouseNotFound("We have no such house.")
    changes = with_end(changes)
    before = {name: getattr(row, name) for name in changes}
    if changes.get("image") != row.image:
        await media.hold(uow, changes.get("image"))
    merged = {name: getattr(row, name) for name in HouseDraft.__dataclass_fields__} | changes
    check_house(merged)
    await check_currency(uow, house_id, row.currency, merged["currency"])
    for name, value in changes.items():
        setattr(row, name, value)
    await uow.session.flush()  # the statements below are the driver's and must see the change
    if hours is not None:
        await replace_week(uow, house_id, hours)
    await uow.run(TOUCH, of_house=house_id, now=uow.now)
    await audit.record(
        uow,
        action="update",
        entity="Location",
        entity_id=house_id,
        before=told(before),
        after=told(changes),
    )
    if any(name.startswith("busy_") for name in changes):
        uow.emit(BusyChanged(house_id=house_id))
    # Not kept in memory: if this transaction is undone, the next change has the same version.
    return await read_house(uow, house_id)


def with_end(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Whoever says how busy it is says until when; the end of the time before does not count."""
    if "busy_mode" not in changes:
        return dict(changes)
    until = changes.get("busy_until") if changes["busy_mode"] is not BusyMode.NONE else None
    return {**changes, "busy_until": until}


async def check_currency(uow: UnitOfWork, house_id: str, before: str, wanted: str) -> None:
    """The prices of dishes are kept in minor units: another currency would change their worth.

    Raises HouseInUse once there are orders.
    """
    if wanted != before and (await count_orders_of(uow, [house_id]))[house_id]:
        raise HouseInUse("A house that has had orders keeps its currency.")


def told(values: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a house as the trail keeps them."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
    }


async def set_taxes(
    uow: UnitOfWork,
    house_id: str,
    rates: Sequence[TaxRate],
    *,
    prices_include_tax: bool,
    rounding_policy: str,
) -> House:
    """Replace the rates of a house. Whether they fit together is for who computes with them to say.

    Raises HouseNotFound.
    """
    before = await read_house(uow, house_id)
    terms = {"prices_include_tax": prices_include_tax, "rounding_policy": rounding_policy}
    await uow.run(SET_TAX_TERMS, of_house=house_id, now=uow.now, **terms)
    await uow.run(CLEAR_TAXES, of_house=house_id)
    rows = [{"id": new_id(), "house_id": house_id, **asdict(rate)} for rate in rates]
    await uow.many(INSERT_TAX_RATE, rows)
    after = await read_house(uow, house_id)
    await audit.record(
        uow,
        action="update",
        entity="Location",
        entity_id=house_id,
        before=taxes_told(before),
        after=taxes_told(after),
    )
    return after


async def set_charges(uow: UnitOfWork, house_id: str, charges: Charges) -> House:
    """Tips, service charge and the smallest coin, for orders from now on.

    Raises HouseNotFound, ChargesRefused.
    """
    check_charges(charges)
    before = await read_house(uow, house_id)
    await uow.run(SET_CHARGES, of_house=house_id, charges=asdict(charges), now=uow.now)
    await audit.record(
        uow,
        action="update",
        entity="Location",
        entity_id=house_id,
        before={"charges": asdict(before.charges)},
        after={"charges": asdict(charges)},
    )
    return await read_house(uow, house_id)


def taxes_told(house: House) -> dict[str, Any]:
    """The taxes of a house as the trail keeps them."""
    return {
        "prices_include_tax": house.prices_include_tax,
        "rounding_policy": house.rounding_policy,
        "tax_rates": [
            {name: value if value is None else str(value) for name, value in asdict(rate).items()}
            for rate in house.tax_rates
        ],
    }


async def close_down(uow: UnitOfWork, house_id: str) -> None:
    """Take a house out of the books for good. Raises HouseNotFound, HouseInUse."""
    house = await load_house(uow, house_id)
    try:
        await uow.session.execute(delete(HouseRow).where(HouseRow.id == house_id))
    except IntegrityError as error:
        raise HouseInUse(
            Sentence.of(
                "{house} has orders or dishes of its own. Switch it off instead of deleting it.",
                house=house.name,
            )
        ) from error
    await audit.record(
        uow, action="delete", entity="Location", entity_id=house_id, before={"slug": house.slug}
    )


def check_house(values: Mapping[str, Any]) -> None:
    """Raises HouseRefused with a sentence about the first field that does not fit."""
    if not all(values[name].strip() for name in ("name", "address", "city", "postal_code")):
        raise HouseRefused("Please fill in the name, the address, the postal code and the city.")
    if not SLUG.fullmatch(values["slug"]):
        raise HouseRefused(
            "The name in links has small letters, digits and single hyphens, like mill-lane."
        )
    if not CURRENCY.fullmatch(values["currency"]):
        raise HouseRefused("A currency has three capital letters, like EUR.")
    if not COUNTRY.fullmatch(values["country"]):
        raise HouseRefused("A country has two capital letters, like DE.")
    try:
        ZoneInfo(values["zone"])
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise HouseRefused(
            Sentence.of("“{zone}” is no time zone we know.", zone=values["zone"][:64])
        ) from error
    if (values["latitude"] is None) != (values["longitude"] is None):
        raise HouseRefused("A place on the map has a latitude and a longitude.")
    if values["guest_may_cancel_until"] not in CANCEL_UNTIL:
        raise HouseRefused("Please say how long guests may cancel.")
    if any((values[name] or 0) < 0 for name in AMOUNTS):
        raise HouseRefused("Fees and smallest orders are not below zero.")
