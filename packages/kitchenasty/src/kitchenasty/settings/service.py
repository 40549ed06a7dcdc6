"""Reading and changing settings. They are read whenever they are needed, so that a change counts at
once in every process. What must not cost a statement is kept in memory by the revision, which every
change moves on (`revision` rides along with other statements).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, ScalarSelect, and_, bindparam, delete, literal, select, update

from basis.ids import new_id
from basis.kit.data.statements import Statement, insert_unless_there, one_of
from kitchenasty import audit
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.settings.bonds import Found
from kitchenasty.settings.events import SettingsChanged
from kitchenasty.settings.fields import Field, Group, mask
from kitchenasty.settings.kinds import Value, write_value
from kitchenasty.settings.models import SettingRow
from kitchenasty.settings.sealing import seal, unseal

REVISION = "revision"
"""The name of the row whose value is new after every change of any setting."""
NAMED = Statement(
    select(SettingRow.name, SettingRow.value, SettingRow.is_sealed).where(
        one_of(SettingRow.name, "names")
    )
)
FORGET = Statement(delete(SettingRow).where(SettingRow.name == bindparam("wanted", required=True)))
ADD = insert_unless_there(SettingRow)
REPLACE = Statement(
    update(SettingRow)
    .where(SettingRow.name == bindparam("wanted", required=True))
    .values(
        value=bindparam("text", required=True),
        updated_at=bindparam("now", required=True),
    )
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A setting as a page may show it: a secret is masked. `source` is `saved`, `environment` or
    `default`; `otherwise` is what counts once nothing is saved here any more.
    """

    field: Field
    value: Value
    source: str
    otherwise: Value = None

    @property
    def is_set(self) -> bool:
        return self.value is not None


def is_saved_as(group: Group, name: str, *, value: bool) -> ColumnElement[bool]:
    """For a statement that asks for one saved switch on its way: whether a row of settings says
    this. A switch that was never saved is neither on nor off; its default counts.
    """
    field = group.field(name)
    assert field.is_switch
    return and_(
        SettingRow.name == literal(group.key(field)),
        SettingRow.value == literal(write_value(value)),
    )


def revision() -> ScalarSelect[str]:
    """For a statement that asks on its way whether any setting was changed: a text that is another
    one after every change, in every process; NULL while nothing was ever saved.
    """
    return select(SettingRow.value).where(SettingRow.name == literal(REVISION)).scalar_subquery()


async def load(look: Look, group: Group) -> dict[str, Value]:
    """The values that count now, secrets in the clear: for calling out, never for showing."""
    return {field.name: value for field, value, _ in await read(look, group)}


async def show(look: Look, group: Group) -> list[Shown]:
    """The group for people."""
    return [
        Shown(field, masked(field, value), source, masked(field, unsaved(look, field)[0]))
        for field, value, source in await read(look, group)
    ]


def masked(field: Field, value: Value) -> Value:
    return mask(value) if field.is_secret and isinstance(value, str) and value else value


async def change(
    uow: UnitOfWork, group: Group, given: Mapping[str, Value], *, forgotten: Collection[str] = ()
) -> None:
    """Save what differs. A secret that comes back masked, in part or not at all stays as it is;
    only what `forgotten` names is erased. A secret that would be sent to another receiver has to be
    typed again. The trail says which secret was changed, not to what.

    Raises SettingRefused; then nothing is saved.
    """
    wanted = {k: v for k, v in group.read_given(given).items() if k not in forgotten}
    # The row of the revision is locked until the commit: two changes at once, each sound alone,
    # could not be so together.
    await keep(uow, REVISION, new_id(), is_sealed=False)
    before = {field.name: (value, source) for field, value, source in await read(uow, group)}
    for field in group.fields:
        if field.name in forgotten:
            await uow.run(FORGET, wanted=group.key(field))
        elif field.name in wanted and wanted[field.name] != before[field.name][0]:
            text = write_value(wanted[field.name])
            key = group.key(field)
            kept = seal(uow.secret, key, text) if field.is_secret else text
            await keep(uow, key, kept, is_sealed=field.is_secret)
    after = {field.name: (value, source) for field, value, source in await read(uow, group)}
    group.check_change(before, after, wanted)
    await tell(uow, group, before, after)


async def tell(
    uow: UnitOfWork, group: Group, before: Mapping[str, Found], after: Mapping[str, Found]
) -> None:
    """Write down what is another now, or comes from elsewhere, and say so."""
    changed = [field for field in group.fields if before[field.name] != after[field.name]]
    if not changed:
        return
    await audit.record(
        uow,
        action="update",
        entity="Settings",
        entity_id=group.name,
        before={field.name: told(field, before[field.name][0]) for field in changed},
        after={field.name: told(field, after[field.name][0]) for field in changed},
    )
    uow.emit(SettingsChanged(group=group.name, names=tuple(field.name for field in changed)))


async def read(look: Look, group: Group) -> list[tuple[Field, Value, str]]:
    found = await look.rows(NAMED, names=[group.key(field) for field in group.fields])
    saved = {name: (value, is_sealed) for name, value, is_sealed in found}
    values = []
    for field in group.fields:
        key = group.key(field)
        if key in saved:
            text, is_sealed = saved[key]
            clear = unseal(look.secret, key, text) if is_sealed else text
            values.append((field, field.read(clear), "saved"))
        else:
            values.append((field, *unsaved(look, field)))
    return values


def unsaved(look: Look, field: Field) -> Found:
    """What counts as long as nothing is saved, and where it comes from."""
    outside = field.outside(look.given.get(field.environment or ""))
    return (field.default, "default") if outside is None else (outside, "environment")


def told(field: Field, value: Value) -> str | bool | None:
    """The value as the trail keeps it."""
    if field.is_secret:
        return "set" if value else None
    return value if value is None or isinstance(value, bool) else write_value(value)


async def keep(uow: UnitOfWork, key: str, text: str, *, is_sealed: bool) -> None:
    added = await uow.run(ADD, name=key, value=text, is_sealed=is_sealed, updated_at=uow.now)
    if not added:
        await uow.run(REPLACE, wanted=key, text=text, now=uow.now)
