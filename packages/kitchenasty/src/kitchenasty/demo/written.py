"""The invented house as it is written in house.toml and dishes.toml, turned into drafts."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from basis.money import Rate
from kitchenasty import locations, menu

HERE = Path(__file__).parent
PICTURES = HERE / "pictures"
GROUP_KEYS = {"name": "name", "required": "is_required", "min": "min_select", "max": "max_select"}
HOUSE_KEYS_APART = {"hours", "exceptions", "picture", "zones", "charges"}

Written = Mapping[str, Any]


def read_written() -> dict[str, Any]:
    """Both files as one document."""
    house = tomllib.loads((HERE / "house.toml").read_text(encoding="utf-8"))
    dishes = tomllib.loads((HERE / "dishes.toml").read_text(encoding="utf-8"))
    return {**house, **dishes}


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


def exceptions(written: Written, first_year: int) -> Iterator[tuple[date, Written]]:
    """The dated exceptions of this year and the next."""
    for year in (first_year, first_year + 1):
        for one in written.get("exceptions", ()):
            yield date(year, one["month"], one["day"]), one


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
