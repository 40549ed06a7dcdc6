"""Opening a house and changing what holds there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import bindparam, delete, update
from sqlalchemy.exc import IntegrityError

from basis.errors import Conflict, Invalid
from basis.ids import new_id
from kitchenasty import audit
from kitchenasty.kit.data.statements import Statement, insert_into
from kitchenasty.kit.data.work import UnitOfWork
from kitchenasty.locations.charges import Charges, check_charges
from kitchenasty.locations.drafts import HouseDraft, IntervalDraft
from kitchenasty.locations.hours import DAY_MINUTES, parse_wall
from kitchenasty.locations.models import (
    HouseRow,
    OpeningExceptionRow,
    OpeningIntervalRow,
    TaxRateRow,
)
from kitchenasty.locations.queries import ID_OF_SLUG, HouseNotFound, load_house, read_house
from kitchenasty.locations.views import House, TaxRate

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CURRENCY = re.compile(r"[A-Z]{3}")


class SlugTaken(Conflict):
    """Another house has this slug."""


class HouseRefused(Invalid):
    """A field of the house does not fit; the sentence says which."""


class HouseInUse(Conflict):
    """Something refers to the house, so it stays."""


INSERT = insert_into(HouseRow)
INSERT_INTERVAL = insert_into(OpeningIntervalRow)
INSERT_EXCEPTION = insert_into(OpeningExceptionRow)
CLEAR_WEEK = Statement(
    delete(OpeningIntervalRow).where(
        OpeningIntervalRow.house_id == bindparam("of_house", required=True)
    )
)
CLEAR_DAY = Statement(
    delete(OpeningExceptionRow).where(
        OpeningExceptionRow.house_id == bindparam("of_house", required=True),
        OpeningExceptionRow.day == bindparam("on_day", required=True),
    )
)
TOUCH = Statement(
    update(HouseRow)
    .where(HouseRow.id == bindparam("of_house", required=True))
    .values(version=HouseRow.version + 1, updated_at=bindparam("now", required=True))
)
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
        raise SlugTaken(f"Another house is called {draft.slug!r} in links already.")
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
    """Change named fields, and the whole week if `hours` are given. Raises HouseNotFound,
    HouseRefused.
    """
    row = await uow.session.get(HouseRow, house_id, with_for_update=True)
    if row is None:
        raise HouseNotFound("We have no such house.")
    merged = {name: getattr(row, name) for name in HouseDraft.__dataclass_fields__} | dict(changes)
    check_house(merged)
    before = {name: getattr(row, name) for name in changes}
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
        before=before,
        after=dict(changes),
    )
    # Not kept in memory: if this transaction is undone, the next change has the same version.
    return await read_house(uow, house_id)


async def replace_week(uow: UnitOfWork, house_id: str, hours: Sequence[IntervalDraft]) -> None:
    await uow.run(CLEAR_WEEK, of_house=house_id)
    rows = []
    for draft in hours:
        opens, closes = span_of(draft.opens, draft.closes)
        rows.append(
            {
                "id": new_id(),
                "house_id": house_id,
                "weekday": draft.weekday,
                "opens": opens,
                "closes": closes,
            }
        )
    await uow.many(INSERT_INTERVAL, rows)


async def set_exception(
    uow: UnitOfWork,
    house_id: str,
    day: date,
    spans: Sequence[tuple[str, str]],
    *,
    note: str | None = None,
) -> House:
    """Other hours on one date; no spans means closed. Raises HouseNotFound, HouseRefused."""
    await load_house(uow, house_id)
    await uow.run(CLEAR_DAY, of_house=house_id, on_day=day)
    minutes: list[tuple[int | None, int | None]] = [span_of(*span) for span in spans]
    await uow.many(
        INSERT_EXCEPTION,
        [
            {
                "id": new_id(),
                "house_id": house_id,
                "day": day,
                "opens": o,
                "closes": c,
                "note": note,
            }
            for o, c in minutes or [(None, None)]
        ],
    )
    await uow.run(TOUCH, of_house=house_id, now=uow.now)
    await audit.record(
        uow,
        action="update",
        entity="Location",
        entity_id=house_id,
        after={"day": day.isoformat(), "hours": [list(span) for span in spans], "note": note},
    )
    return await read_house(uow, house_id)


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
            f"{house.name} has orders or dishes of its own. Switch it off instead of deleting it."
        ) from error
    await audit.record(
        uow, action="delete", entity="Location", entity_id=house_id, before={"slug": house.slug}
    )


def span_of(opens: str, closes: str) -> tuple[int, int]:
    """Two wall times as minutes; the second may be on the next day. Raises HouseRefused."""
    try:
        start, end = parse_wall(opens), parse_wall(closes)
    except ValueError as error:
        raise HouseRefused(f"Opening hours: {error}.") from error
    if start >= DAY_MINUTES:
        raise HouseRefused("Opening hours begin before midnight: 00:00 to 23:59.")
    return start, end if end > start else end + DAY_MINUTES


def check_house(values: Mapping[str, Any]) -> None:
    """Raises HouseRefused with a sentence about the first field that does not fit."""
    if not SLUG.fullmatch(values["slug"]):
        raise HouseRefused("slug: small letters, digits and single hyphens, like mill-lane.")
    if not CURRENCY.fullmatch(values["currency"]):
        raise HouseRefused("currency: three capital letters, like EUR.")
    try:
        ZoneInfo(values["zone"])
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise HouseRefused(f"zone: {values['zone']!r} is no time zone.") from error
    for name in ("name", "address", "city", "postal_code"):
        if not values[name].strip():
            raise HouseRefused(f"{name}: please fill this in.")
    for name in (
        "min_delivery_minor", "min_pickup_minor", "delivery_fee_minor", "free_delivery_from_minor"
    ):  # fmt: skip
        if (values[name] or 0) < 0:
            raise HouseRefused(f"{name.removesuffix('_minor')}: not below zero.")
