"""The form of a zone: what a manager types, and what it means."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from basis.errors import Invalid
from basis.kit.http.wire import Form
from kitchenasty import locations
from kitchenasty.dashboard.typed_numbers import (
    NumberUnreadable,
    minor_in,
    minor_or_none,
    typed,
    whole_in,
    whole_or_none,
)

DAY_MINUTES = 1_440
BOUNDARY_LENGTH_MAX = 400_000
Line = Annotated[str, msgspec.Meta(max_length=80)]


class FileUnreadable(Invalid):
    """What was sent is no file with a boundary in it."""


class ZoneForm(Form, kw_only=True):
    """What a manager types. `boundary` is pasted GeoJSON or pairs; `look` asks for its drawing."""

    PARAGRAPHS = frozenset({"codes", "boundary"})

    name: Line = ""
    charge: Line = ""
    min_order: Line = ""
    free_from: Line = ""
    minutes: Line = ""
    rank: Line = ""
    codes: Annotated[str, msgspec.Meta(max_length=20_000)] = ""
    boundary: Annotated[str, msgspec.Meta(max_length=BOUNDARY_LENGTH_MAX)] = ""
    axis: Line = ""
    is_active: Line = ""
    look: Line = ""


def form_of(house: locations.House, zone: locations.Zone) -> ZoneForm:
    area = zone.area
    return ZoneForm(
        name=zone.name,
        charge=typed(zone.fee_minor, house),
        min_order=typed(zone.min_order_minor, house),
        free_from=typed(zone.free_from_minor, house),
        minutes="" if zone.minutes is None else str(zone.minutes),
        rank=str(zone.rank),
        codes=", ".join(zone.postal_codes),
        boundary="" if area is None else msgspec.json.encode(area.to_geojson()).decode(),
        is_active="on" if zone.is_active else "",
    )


def draft_of(form: ZoneForm, house: locations.House) -> locations.ZoneDraft:
    """Raises NumberUnreadable, BadAmount, AreaRefused."""
    return locations.ZoneDraft(
        name=form.name,
        fee_minor=minor_in(form.charge or "0", house),
        min_order_minor=minor_or_none(form.min_order, house),
        free_from_minor=minor_or_none(form.free_from, house),
        minutes=minutes_in(form.minutes),
        rank=whole_in(form.rank) if form.rank else None,
        codes=form.codes,
        boundary=boundary_of(form),
        axis_order=axis_of(form),
        is_active=bool(form.is_active),
    )


def minutes_in(text: str) -> int | None:
    """Raises NumberUnreadable."""
    minutes = whole_or_none(text)
    if minutes is not None and minutes > DAY_MINUTES:
        raise NumberUnreadable("Please write a whole number, like 45.")
    return minutes


def boundary_of(form: ZoneForm) -> Any:
    """What was pasted, as JSON. Raises AreaRefused."""
    if not form.boundary.strip():
        return None
    try:
        return msgspec.json.decode(form.boundary)
    except (msgspec.DecodeError, RecursionError) as error:
        raise locations.AreaRefused(
            "The boundary is not written as GeoJSON. Paste all of it, from the first bracket to "
            "the last."
        ) from error


def axis_of(form: ZoneForm) -> locations.AxisOrder | None:
    return locations.AxisOrder(form.axis) if form.axis in set(locations.AxisOrder) else None
