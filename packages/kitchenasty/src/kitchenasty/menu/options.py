"""Option groups: several dishes can share one, each in its own order of groups.

A group that is changed on its own page changes for every dish that has it. A dish that is changed
as a whole (the API sends its options with it) must not change its neighbours: it gets a group of
its own as soon as what was sent differs from what the others share.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import delete, func, not_, select, update

from basis.errors import Conflict, NotFound
from kitchenasty import audit
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.menu import catalog
from kitchenasty.menu.models import DishOptionRow, DishRow, OptionGroupRow, OptionValueRow
from kitchenasty.menu.reach import check_reach
from kitchenasty.menu.service import (
    GroupDraft,
    MenuRefused,
    ValueDraft,
    add_group,
    add_values,
    check_group,
    link_groups,
    move_version,
)

ENTITY = "MenuOption"
GROUPS_OF_DISH_MAX = 30


class GroupNotFound(NotFound):
    """There is no such option group."""


class GroupChanged(Conflict):
    """Somebody has changed the same group meanwhile."""


class GroupInUse(Conflict):
    """Dishes have it, so it cannot be put away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedGroup:
    """A group with the dishes that have it, by id with their names."""

    id: str
    draft: GroupDraft
    dishes: Mapping[str, str]
    may_change: bool


async def list_shared_groups(look: Look) -> list[SharedGroup]:
    """The groups of one's own houses' dishes; for who works in every house, the unused ones too."""
    rows = await look.session.execute(
        select(DishOptionRow.group_id, DishRow.id, DishRow.name, DishRow.house_id)
        .join(DishRow, DishRow.id == DishOptionRow.dish_id)
        .order_by(DishRow.name, DishRow.id)
    )
    own = look.actor.house_ids
    dishes: dict[str, dict[str, str]] = defaultdict(dict)
    out_of_reach: set[str] = set()
    for group_id, dish_id, name, house_id in rows:
        if own is not None and house_id not in own:
            out_of_reach.add(group_id)
        if own is None or house_id is None or house_id in own:
            dishes[group_id][dish_id] = name
    wanted = select(OptionGroupRow).where(not_(OptionGroupRow.is_retired))
    groups = list(await look.session.scalars(wanted.order_by(OptionGroupRow.name)))
    values = await catalog.values_of(look, [group.id for group in groups])
    return [
        SharedGroup(
            id=group.id,
            draft=draft_of(group, values[group.id]),
            dishes=dishes[group.id],
            may_change=own is None or (group.id not in out_of_reach and bool(dishes[group.id])),
        )
        for group in groups
        if own is None or dishes[group.id]
    ]


async def load_shared_group(look: Look, group_id: str) -> SharedGroup:
    """Raises GroupNotFound."""
    for group in await list_shared_groups(look):
        if group.id == group_id:
            return group
    raise GroupNotFound("There is no such option group.")


def draft_of(group: OptionGroupRow, values: Sequence[OptionValueRow]) -> GroupDraft:
    return GroupDraft(
        id=group.id,
        name=group.name,
        display=group.display,
        is_required=group.is_required,
        min_select=group.min_select,
        max_select=group.max_select,
        values=tuple(
            ValueDraft(
                id=value.id,
                name=value.name,
                modifier_minor=value.modifier_minor,
                is_default=value.is_default,
                allergens=tuple(sorted(value.allergens)),
            )
            for value in values
        ),
    )


async def add_shared_group(uow: UnitOfWork, draft: GroupDraft, dish_ids: Collection[str]) -> str:
    """A new group of these dishes; answers its id.

    Raises MenuRefused, DishNotFound, NotYourMenu.
    """
    if not dish_ids:
        check_reach(uow, None)
    group_id = await add_group(uow, draft)
    await audit.record(
        uow, action="create", entity=ENTITY, entity_id=group_id, after={"name": draft.name}
    )
    for dish_id in sorted(dish_ids):
        await link(uow, dish_id, group_id)
    await move_version(uow)
    return group_id


async def change_shared_group(
    uow: UnitOfWork,
    group_id: str,
    *,
    seen: GroupDraft,
    wanted: GroupDraft,
    dish_ids: Collection[str],
) -> None:
    """Change a group for every dish that has it, and which of one's dishes those are.

    Raises GroupNotFound, GroupChanged, MenuRefused, DishNotFound, NotYourMenu.
    """
    await hold(uow, [group_id])
    now = await load_shared_group(uow, group_id)
    if now.draft not in (seen, wanted):
        raise GroupChanged("Somebody has changed this group meanwhile.")
    if wanted != now.draft:
        check_group(wanted)
        await check_group_reach(uow, group_id)
        await write_group(uow, now.draft, wanted)
    for dish_id in sorted(set(dish_ids) - set(now.dishes)):
        await link(uow, dish_id, group_id)
    for dish_id in sorted(set(now.dishes) - set(dish_ids)):
        await unlink(uow, dish_id, group_id)
    await move_version(uow)


async def check_group_reach(uow: UnitOfWork, group_id: str) -> None:
    """Whoever changes a group changes all its dishes, so all must be theirs. Raises NotYourMenu."""
    houses = await uow.session.scalars(
        select(DishRow.house_id)
        .join(DishOptionRow, DishOptionRow.dish_id == DishRow.id)
        .where(DishOptionRow.group_id == group_id)
    )
    for house_id in set(houses) or {None}:
        check_reach(uow, house_id)


async def hold(uow: UnitOfWork, group_ids: Collection[str]) -> None:
    """Nobody else changes these groups, or who has them, before this is done."""
    await uow.session.scalars(
        select(OptionGroupRow.id)
        .where(OptionGroupRow.id.in_(group_ids))
        .order_by(OptionGroupRow.id)
        .with_for_update()
    )


async def write_group(uow: UnitOfWork, before: GroupDraft, wanted: GroupDraft) -> None:
    """The group keeps its id, and so do its values: by their ids, or else their names."""
    assert before.id is not None
    row = await uow.session.get(OptionGroupRow, before.id)
    assert row is not None
    row.name, row.display, row.is_required = wanted.name, wanted.display, wanted.is_required
    row.min_select, row.max_select = wanted.min_select, wanted.max_select
    values = (await catalog.values_of(uow, [before.id]))[before.id]
    await replace_values(uow, before.id, values, wanted.values)
    await uow.session.flush()  # so that readers of the next statement see it
    await audit.record(
        uow,
        action="update",
        entity=ENTITY,
        entity_id=before.id,
        before=told(before),
        after=told(wanted),
    )


def told(draft: GroupDraft) -> dict[str, object]:
    """A group as the audit trail keeps it."""
    return {
        "name": draft.name,
        "display": draft.display,
        "required": draft.is_required,
        "choose": [draft.min_select, draft.max_select],
        "values": [
            [v.name, v.modifier_minor, v.is_default, list(v.allergens)] for v in draft.values
        ],
    }


async def replace_values(
    uow: UnitOfWork,
    group_id: str,
    present: Sequence[OptionValueRow],
    drafts: Sequence[ValueDraft],
) -> None:
    by_id, by_name = {v.id: v for v in present}, {v.name: v for v in present}
    kept: set[str] = set()
    for place, draft in enumerate(drafts):
        known = by_id.get(draft.id or "") or by_name.get(draft.name)
        if known is None or known.id in kept:
            await add_values(uow, group_id, [draft], first_place=place)
            continue
        kept.add(known.id)
        known.name, known.modifier_minor = draft.name, draft.modifier_minor
        known.is_default, known.sort_order = draft.is_default, place
        known.allergens = sorted(draft.allergens)
    for value in present:
        value.is_retired = value.id not in kept


async def link(uow: UnitOfWork, dish_id: str, group_id: str) -> None:
    """Give a dish a group, behind those that it has.

    Raises DishNotFound, NotYourMenu, MenuRefused.
    """
    row = await catalog.load_seen_dish(uow, dish_id, to_change=True)
    check_reach(uow, row.house_id)
    ids = await linked_ids(uow, dish_id)
    if group_id in ids:
        return
    if len(ids) >= GROUPS_OF_DISH_MAX:
        raise MenuRefused("This dish has as many option groups as a dish can have.")
    await relink(uow, dish_id, ids, [*ids, group_id])


async def unlink(uow: UnitOfWork, dish_id: str, group_id: str) -> None:
    """Take a group off a dish; it stays for the others. Raises DishNotFound, NotYourMenu."""
    row = await catalog.load_seen_dish(uow, dish_id, to_change=True)
    check_reach(uow, row.house_id)
    ids = await linked_ids(uow, dish_id)
    await relink(uow, dish_id, ids, [one for one in ids if one != group_id])


async def relink(
    uow: UnitOfWork, dish_id: str, before: Sequence[str], after: Sequence[str]
) -> None:
    """Write down which groups a dish has, in this order."""
    await uow.session.execute(delete(DishOptionRow).where(DishOptionRow.dish_id == dish_id))
    await link_groups(uow, dish_id, after)
    if list(before) != list(after):
        await audit.record(
            uow,
            action="update",
            entity="MenuItem",
            entity_id=dish_id,
            before={"options": list(before)},
            after={"options": list(after)},
        )
    await move_version(uow)


async def linked_ids(look: Look, dish_id: str) -> list[str]:
    """The groups of a dish in its order."""
    found = await look.session.scalars(
        select(DishOptionRow.group_id)
        .join(OptionGroupRow, OptionGroupRow.id == DishOptionRow.group_id)
        .where(DishOptionRow.dish_id == dish_id, not_(OptionGroupRow.is_retired))
        .order_by(DishOptionRow.sort_order, DishOptionRow.group_id)
    )
    return list(found)


async def link_group(uow: UnitOfWork, dish_id: str, group_id: str) -> None:
    """Raises GroupNotFound, DishNotFound, NotYourMenu, MenuRefused."""
    await hold(uow, [group_id])
    await load_shared_group(uow, group_id)
    await link(uow, dish_id, group_id)


async def take_off_group(uow: UnitOfWork, dish_id: str, group_id: str) -> None:
    """Raises DishNotFound, NotYourMenu."""
    await hold(uow, [group_id])
    await unlink(uow, dish_id, group_id)


async def copy_group(uow: UnitOfWork, dish_id: str, group_id: str) -> str:
    """The dish goes on with a group of its own, the others keep theirs; answers the new id.

    Raises GroupNotFound, DishNotFound, NotYourMenu.
    """
    row = await catalog.load_seen_dish(uow, dish_id, to_change=True)
    check_reach(uow, row.house_id)
    ids = await linked_ids(uow, dish_id)
    if group_id not in ids:
        raise GroupNotFound("There is no such option group.")
    draft = (await load_shared_group(uow, group_id)).draft
    copy_id = await add_group(uow, as_new(draft))
    await relink(uow, dish_id, ids, [copy_id if one == group_id else one for one in ids])
    return copy_id


def as_new(draft: GroupDraft) -> GroupDraft:
    """The same for a group that is not there yet."""
    return replace(draft, id=None, values=tuple(replace(v, id=None) for v in draft.values))


async def order_groups(uow: UnitOfWork, dish_id: str, group_ids: Sequence[str]) -> None:
    """Show the groups of a dish in this order. Raises DishNotFound, GroupChanged, NotYourMenu."""
    row = await catalog.load_seen_dish(uow, dish_id, to_change=True)
    check_reach(uow, row.house_id)
    ids = await linked_ids(uow, dish_id)
    if sorted(ids) != sorted(group_ids):
        raise GroupChanged("This list has changed meanwhile. Please look at it again.")
    await relink(uow, dish_id, ids, group_ids)


async def put_away_group(uow: UnitOfWork, group_id: str) -> None:
    """Offer a group no longer; orders that have it keep it. Raises GroupNotFound, GroupInUse."""
    await hold(uow, [group_id])
    group = await load_shared_group(uow, group_id)
    if group.dishes:
        raise GroupInUse("Dishes have this group. Take it off them first.")
    check_reach(uow, None)
    await retire(uow, [group_id])
    await move_version(uow)
    await audit.record(
        uow, action="delete", entity=ENTITY, entity_id=group_id, before={"name": group.draft.name}
    )


async def retire(uow: UnitOfWork, group_ids: Collection[str]) -> None:
    await uow.session.execute(
        update(OptionGroupRow).where(OptionGroupRow.id.in_(group_ids)).values(is_retired=True)
    )


async def shared_ids(look: Look, group_ids: Collection[str]) -> set[str]:
    """Those of the groups that more than one dish has."""
    found = await look.session.scalars(
        select(DishOptionRow.group_id)
        .where(DishOptionRow.group_id.in_(group_ids))
        .group_by(DishOptionRow.group_id)
        .having(func.count() > 1)
    )
    return set(found)


async def replace_options(uow: UnitOfWork, dish_id: str, drafts: Sequence[GroupDraft]) -> None:
    """The options of one dish as a whole. Groups that are named by id, or have the same name, stay
    the same ones; one that other dishes have too stays as it is, and this dish gets its own.
    """
    ids = await linked_ids(uow, dish_id)
    await hold(uow, ids)
    groups = {
        group.id: draft_of(group, values)
        for group, values in await catalog.list_groups(uow, dish_id)
    }
    by_name = {draft.name: draft for draft in groups.values()}
    shared = await shared_ids(uow, ids)
    after: list[str] = []
    for draft in drafts:
        check_group(draft)
        known = groups.get(draft.id or "") or by_name.get(draft.name)
        if known is None or known.id is None or known.id in after:
            after.append(await add_group(uow, as_new(draft)))
        elif told(draft) == told(known):
            after.append(known.id)
        elif known.id in shared:
            after.append(await add_group(uow, as_new(draft)))
        else:
            await write_group(uow, known, draft)
            after.append(known.id)
    await relink(uow, dish_id, ids, after)
    await retire(uow, [one for one in ids if one not in after and one not in shared])
