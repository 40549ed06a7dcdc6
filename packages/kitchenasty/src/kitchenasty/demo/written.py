"""The invented house as it is written in the .toml files beside this, turned into drafts."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from basis.money import Rate
from kitchenasty import locations, menu

HERE = Path(__file__).parent
PICTURES = HERE / "pictures"
FILES = ("house.toml", "dishes.toml", "regulars.toml", "site.toml")
GROUP_KEYS = {"name": "name", "required": "is_required", "min": "min_select", "max": "max_select"}
HOUSE_KEYS_APART = {"hours", "exceptions", "picture", "zones", "charges", "tables", "asks"}

Written = Mapping[str, Any]


def read_written() -> dict[str, Any]:
    """All files as one document."""
    document: dict[str, Any] = {}
    for name in FILES:
        document |= tomllib.loads((HERE / name).read_text(encoding="utf-8"))
    return document


def house_draft(written: Written, image: str | None) -> locations.HouseDraft:
    fields = {key: value for key, value in written.items() if key not in HOUSE_KEYS_APART}
    return locations.HouseDraft(**fields, image=image)


def zone_drafts(written: Written) -> Iterator[locations.ZoneDraft]:
    for one in written.get("zones", ()):
        yield locations.ZoneDraft(**one)


def charges(written: Written) -> locations.Charges:
    return locations.Charges(**written.get("charges", {}))


def intervals(written: Written) -> list[locations.IntervalDraft]:
    return [
        locations.IntervalDraft(weekday, opens, closes)
        for block in written["hours"]
        for weekday in block["days"]
        for opens, closes in block["spans"]
    ]


def tax_rates(written: Written) -> list[locations.TaxRate]:
    return [
        locations.TaxRate(
            tax=one["tax"],
            category=one["category"],
            millionths=Rate.parse(one["rate"]).millionths,
            valid_from=one.get("from", date.min),
            valid_until=one.get("until"),
        )
        for one in written["taxes"]
    ]


def exceptions(written: Written, today: date) -> Iterator[tuple[date, Written]]:
    """The dated exceptions of this year and the next, and those of the coming days."""
    for one in written.get("exceptions", ()):
        if "in_days" in one:
            yield today + timedelta(days=one["in_days"]), one
            continue
        for year in (today.year, today.year + 1):
            yield date(year, one["month"], one["day"]), one


def table_drafts(written: Written) -> list[locations.TableDraft]:
    return [
        locations.TableDraft(
            name=name, seats=one["seats"], seats_min=one["least"], area=one["area"]
        )
        for one in written.get("tables", ())
        for name in locations.read_names(one["names"])
    ]


def mealtime_draft(written: Written) -> menu.MealtimeDraft:
    return menu.MealtimeDraft(
        name=written["name"],
        starts=locations.parse_wall(written["starts"]),
        ends=locations.parse_wall(written["ends"]),
        days=tuple(written["days"]),
    )


def group_draft(written: Written) -> menu.GroupDraft:
    fields = {ours: written[theirs] for theirs, ours in GROUP_KEYS.items() if theirs in written}
    return menu.GroupDraft(
        **fields,
        display=menu.Display(written["display"]),
        values=tuple(
            menu.ValueDraft(
                name=value["name"],
                modifier_minor=value.get("modifier", 0),
                is_default=value.get("default", False),
                allergens=tuple(value.get("allergens", ())),
            )
            for value in written["values"]
        ),
    )


def picture_of(slug: str) -> bytes | None:
    """The picture of a dish or a house, None where nobody has made one."""
    path = PICTURES / f"{slug}.webp"
    return path.read_bytes() if path.is_file() else None
