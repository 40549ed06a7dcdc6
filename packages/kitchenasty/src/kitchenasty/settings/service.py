"""Reading and changing settings. They are read whenever they are needed, so that a change counts at
once in every process.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, bindparam, delete, literal, select

from kitchenasty import audit
from kitchenasty.kit.data.statements import Statement, insert_into, one_of
from kitchenasty.kit.data.work import Look, UnitOfWork
from kitchenasty.settings.fields import Field, Group, Value, is_untouched, mask
from kitchenasty.settings.models import SettingRow
from kitchenasty.settings.sealing import seal, unseal

ON, OFF = "on", "off"
NAMED = Statement(
    select(SettingRow.name, SettingRow.value, SettingRow.is_sealed).where(
        one_of(SettingRow.name, "names")
    )
)
FORGET = Statement(delete(SettingRow).where(SettingRow.name == bindparam("wanted", required=True)))
KEEP = insert_into(SettingRow)


@dataclass(frozen=True, slots=True)
class Shown:
    """A setting as a page may show it: a secret is masked. `source` is `saved`, `environment` or
    `default`.
    """

    field: Field
    value: Value
    source: str

    @property
    def is_set(self) -> bool:
        return self.value is not None


def is_saved_as(group: Group, name: str, *, value: bool) -> ColumnElement[bool]:
    """For a statement that asks for one saved switch on its way: whether a row of settings says
    this. A switch that was never saved is neither on nor off; its default counts.
    """
    field = next(one for one in group.fields if one.name == name)
    assert field.is_switch
    return and_(
        SettingRow.name == literal(group.key(field)),
        SettingRow.value == literal(ON if value else OFF),
    )


async def load(look: Look, group: Group) -> dict[str, Value]:
    """The values that count now, secrets in the clear: for calling out, never for showing."""
    return {field.name: value for field, value, _ in await read(look, group)}


async def show(look: Look, group: Group) -> list[Shown]:
    """The group for people."""
    return [
        Shown(field, mask(value) if field.is_secret and isinstance(value, str) else value, source)
        for field, value, source in await read(look, group)
    ]


async def change(
    uow: UnitOfWork, group: Group, given: Mapping[str, Value], *, forgotten: Collection[str] = ()
) -> None:
    """Save what differs. A secret that comes back masked, in part or not at all stays as it is;
    only what `forgotten` names is erased. The trail says which secret was changed, not to what.

    Raises SettingRefused; then nothing is saved.
    """
    now = {field.name: value for field, value, source in await read(uow, group)}
    before: dict[str, Value] = {}
    after: dict[str, Value] = {}
    for field in group.fields:
        if field.name in forgotten:
            await uow.run(FORGET, wanted=group.key(field))
            before[field.name], after[field.name] = told(field, now[field.name]), None
        elif field.name in given and not stays(field, given[field.name]):
            value = field.check(given[field.name])
            if value != now[field.name]:
                await keep(uow, group.key(field), field, value)
                before[field.name] = told(field, now[field.name])
                after[field.name] = told(field, value)
    if after:
        await audit.record(
            uow,
            action="update",
            entity="Settings",
            entity_id=group.name,
            before=before,
            after=after,
        )


async def read(look: Look, group: Group) -> list[tuple[Field, Value, str]]:
    found = await look.rows(NAMED, names=[group.key(field) for field in group.fields])
    saved = {name: (value, is_sealed) for name, value, is_sealed in found}
    values = []
    for field in group.fields:
        key = group.key(field)
        outside = look.given.get(field.environment or "")
        if key in saved:
            text, is_sealed = saved[key]
            clear = unseal(look.secret, key, text) if is_sealed else text
            values.append((field, clear == ON if field.is_switch else clear, "saved"))
        elif outside:
            values.append((field, field.read(outside), "environment"))
        else:
            values.append((field, field.default, "default"))
    return values


def stays(field: Field, value: Value) -> bool:
    return value is None or (not field.is_switch and is_untouched(value))


def told(field: Field, value: Value) -> Value:
    return ("set" if value else None) if field.is_secret else value


async def keep(uow: UnitOfWork, key: str, field: Field, value: Value) -> None:
    text = (ON if value else OFF) if field.is_switch else str(value)
    await uow.run(FORGET, wanted=key)
    await uow.run(
        KEEP,
        name=key,
        value=seal(uow.secret, key, text) if field.is_secret else text,
        is_sealed=field.is_secret,
        updated_at=uow.now,
    )
