"""Drawing the zones of a house and setting their tariffs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from typing import Any

from sqlalchemy import bindparam, delete, update

from basis.errors import Invalid, NotFound
from basis.ids import new_id
from basis.kit.data.statements import Statement, insert_into
from basis.sentences import Sentence
from kitchenasty import audit
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.locations.areas import Area, read_area
from kitchenasty.locations.drafts import ZoneDraft
from kitchenasty.locations.models import DeliveryZoneRow
from kitchenasty.locations.queries import load_house, read_house
from kitchenasty.locations.versions import TOUCH
from kitchenasty.locations.views import House
from kitchenasty.locations.zones import NAME_LENGTH_MAX, RANK_MAX, Zone, read_codes

ZONES_MAX = 50
TARIFF = ("name", "rank", "fee_minor", "min_order_minor", "free_from_minor", "minutes", "is_active")


class ZoneNotFound(NotFound):
    """The house has no such zone."""


class ZoneRefused(Invalid):
    """Something about a zone does not fit; the sentence says what."""


THIS_ZONE = DeliveryZoneRow.id == bindparam("zone_id", required=True)
WRITTEN = (*TARIFF, "postal_codes", "boundary", "updated_at")
INSERT_ZONE = insert_into(DeliveryZoneRow)
CHANGE_ZONE = Statement(
    update(DeliveryZoneRow)
    .where(THIS_ZONE)
    .values({name: bindparam(name, required=True) for name in WRITTEN})
)
DELETE_ZONE = Statement(delete(DeliveryZoneRow).where(THIS_ZONE))


async def add_zone(uow: UnitOfWork, house_id: str, draft: ZoneDraft) -> Zone:
    """Raises HouseNotFound, ZoneRefused, AreaRefused, PostalCodeRefused."""
    house = await load_house(uow, house_id)
    if len(house.zones) >= ZONES_MAX:
        raise ZoneRefused(Sentence.of("A house has up to {most} zones.", most=ZONES_MAX))
    if draft.rank is None:
        last = max((zone.rank for zone in house.zones), default=0)
        draft = replace(draft, rank=min(last + 1, RANK_MAX))
    zone_id = new_id()
    written = row_of(draft)
    await uow.run(
        INSERT_ZONE,
        id=zone_id,
        house_id=house_id,
        **written,
        created_at=uow.now,
        updated_at=uow.now,
    )
    return await tell_change(uow, house, zone_id, "create", after=told(written))


async def change_zone(
    uow: UnitOfWork, house_id: str, zone_id: str, changes: Mapping[str, Any]
) -> Zone:
    """Change named fields of the draft; the place as a whole if any part of it is named.

    Raises HouseNotFound, ZoneNotFound, ZoneRefused, AreaRefused, PostalCodeRefused.
    """
    house = await load_house(uow, house_id)
    before = zone_in(house, zone_id)
    kept = draft_of(before)
    wanted = replace(kept, **changes)
    if wanted.rank is None:
        wanted = replace(wanted, rank=before.rank)
    written = row_of(wanted)
    await uow.run(CHANGE_ZONE, zone_id=zone_id, **written, updated_at=uow.now)
    return await tell_change(
        uow, house, zone_id, "update", before=told(row_of(kept)), after=told(written)
    )


async def remove_zone(uow: UnitOfWork, house_id: str, zone_id: str) -> None:
    """Raises HouseNotFound, ZoneNotFound."""
    house = await load_house(uow, house_id)
    zone = zone_in(house, zone_id)
    await uow.run(DELETE_ZONE, zone_id=zone_id)
    await uow.run(TOUCH, of_house=house.id, now=uow.now)
    await audit.record(
        uow,
        action="delete",
        entity="DeliveryZone",
        entity_id=zone_id,
        before=told(row_of(draft_of(zone))),
    )


def zone_in(house: House, zone_id: str) -> Zone:
    """Raises ZoneNotFound."""
    for zone in house.zones:
        if zone.id == zone_id:
            return zone
    raise ZoneNotFound("This house has no such zone.")


def draft_of(zone: Zone) -> ZoneDraft:
    """The zone as a draft of itself."""
    shared = {one.name for one in fields(ZoneDraft)} & {one.name for one in fields(Zone)}
    return ZoneDraft(
        **{name: getattr(zone, name) for name in shared},
        codes="\n".join(zone.postal_codes),
        boundary=None if zone.area is None else zone.area.to_geojson(),
    )


def row_of(draft: ZoneDraft) -> dict[str, Any]:
    """Raises ZoneRefused, AreaRefused, PostalCodeRefused."""
    if not 1 <= len(draft.name.strip()) <= NAME_LENGTH_MAX:
        raise ZoneRefused("Please give the zone a name that your people know it by.")
    assert draft.rank is not None
    if not 1 <= draft.rank <= RANK_MAX:
        raise ZoneRefused(Sentence.of("A rank lies between 1 and {most}.", most=RANK_MAX))
    area = area_of(draft)
    return {name: value for name, value in asdict(draft).items() if name in TARIFF} | {
        "name": draft.name.strip(),
        "postal_codes": list(read_codes(draft.codes)),
        "boundary": None if area is None else area.to_geojson(),
    }


def area_of(draft: ZoneDraft) -> Area | None:
    """Raises AreaRefused."""
    return None if draft.boundary is None else read_area(draft.boundary, draft.axis_order)


def told(written: Mapping[str, Any]) -> dict[str, Any]:
    """A zone as the trail keeps it: of a boundary, how many corners it has."""
    return dict(written) | {"boundary": corners_in(written["boundary"])}


def corners_in(boundary: Mapping[str, Any] | None) -> int:
    if boundary is None:
        return 0
    rings: Sequence[Any] = boundary["coordinates"]
    if boundary["type"] == "MultiPolygon":
        rings = [ring for polygon in rings for ring in polygon]
    return sum(len(ring) - 1 for ring in rings)


async def tell_change(
    uow: UnitOfWork,
    house: House,
    zone_id: str,
    action: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any],
) -> Zone:
    """The zone as it is now. A house is kept in memory by its version, so that has to grow."""
    await uow.run(TOUCH, of_house=house.id, now=uow.now)
    await audit.record(
        uow,
        action=action,
        entity="DeliveryZone",
        entity_id=zone_id,
        before=before,
        after=after,
    )
    return zone_in(await read_house(uow, house.id), zone_id)
