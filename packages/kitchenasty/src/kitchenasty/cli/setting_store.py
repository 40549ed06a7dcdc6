"""The settings of the office from the command line: for the day when nobody gets into the office,
and for those who set up many houses alike.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from basis.errors import NotFound
from kitchenasty import settings, staff
from kitchenasty.cli.serving import opened_books
from kitchenasty.dashboard import CHAPTERS
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.config import Config
from kitchenasty.kit.principals import SYSTEM

WHO = replace(SYSTEM, name="Command line")
"""As the trail names whoever has the server in their hands."""
GROUPS = {chapter.group.name: chapter.group for chapter in CHAPTERS}
OWN_WAYS: dict[str, Callable[[UnitOfWork, str], Awaitable[None]]] = {
    "staff.secondFactor": staff.change_demand,
}
"""Settings whose change does more than to be kept."""


class SettingUnknown(NotFound):
    """There is no setting of this name."""


@dataclass(frozen=True, slots=True)
class Line:
    """A setting as a terminal may show it."""

    key: str
    value: str
    source: str


def field_of(key: str) -> settings.Field:
    """Raises SettingUnknown."""
    group, _, name = key.partition(".")
    for field in GROUPS[group].fields if group in GROUPS else ():
        if field.name == name:
            return field
    raise SettingUnknown(f"There is no setting {key}. `kitchenasty settings list` shows them all.")


async def list_lines(config: Config, keys: Iterable[str] = ()) -> list[Line]:
    """These settings, or all of them. Raises SettingUnknown."""
    async with opened_books(config) as books, books.reading() as look:
        lines = await lines_of(look)
    wanted = list(keys)
    for key in wanted:
        field_of(key)
    return [line for line in lines if not wanted or line.key in wanted]


async def keep(
    config: Config, given: Mapping[str, str], *, forgotten: Iterable[str] = ()
) -> list[Line]:
    """Save these values and forget those, all or none, as the office would. Answers how they stand
    now. Raises SettingUnknown, SettingRefused.
    """
    gone = tuple(forgotten)
    for key in (*given, *gone):
        field_of(key)
    async with opened_books(config) as books, books.writing(WHO) as uow:
        for key in OWN_WAYS.keys() & given.keys():
            await OWN_WAYS[key](uow, given[key])
        rest = {key: value for key, value in given.items() if key not in OWN_WAYS}
        for name in dict.fromkeys(key.partition(".")[0] for key in (*rest, *gone)):
            await settings.change(
                uow,
                GROUPS[name],
                of_group(name, rest),
                forgotten=of_group(name, dict.fromkeys(gone, "")),
            )
        return [line for line in await lines_of(uow) if line.key in {*given, *gone}]


def of_group(name: str, values: Mapping[str, str]) -> dict[str, settings.Value]:
    return {
        key.partition(".")[2]: value for key, value in values.items() if key.startswith(f"{name}.")
    }


async def lines_of(look: Look) -> list[Line]:
    return [
        Line(group.key(one.field), told(one), one.source)
        for group in GROUPS.values()
        for one in await settings.show(look, group)
    ]


def told(shown: settings.Shown) -> str:
    """The value; of a secret, not even its end."""
    if shown.field.is_secret:
        return "(set)" if shown.value else "(not set)"
    return "" if shown.value is None else settings.write_value(shown.value)
