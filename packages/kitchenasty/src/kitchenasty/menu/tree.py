"""The categories of the menu as the office keeps them: a tree, told line by line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kitchenasty.kit.books import Look
from kitchenasty.menu import catalog
from kitchenasty.menu.models import CategoryRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A category in the tree. `dishes` are those in itself, not those further down."""

    id: str
    name: str
    slug: str
    description: str | None
    parent_id: str | None
    house_id: str | None
    is_active: bool
    depth: int
    dishes: int


async def list_branches(look: Look) -> list[Branch]:
    """Every category that whoever looks may know of, each behind the one that it is in."""
    own = look.actor.house_ids
    rows = [
        row
        for row in await catalog.list_categories(look)
        if own is None or row.house_id is None or row.house_id in own
    ]
    counts = await catalog.count_dishes(look)
    known = {row.id for row in rows}
    below: dict[str | None, list[CategoryRow]] = defaultdict(list)
    for row in rows:
        below[row.parent_id if row.parent_id in known else None].append(row)
    return [branch_of(row, depth, counts[row.id]) for row, depth in climb(below, None, 0)]


def climb(
    below: dict[str | None, list[CategoryRow]], parent_id: str | None, depth: int
) -> Iterator[tuple[CategoryRow, int]]:
    for row in below[parent_id]:
        yield row, depth
        yield from climb(below, row.id, depth + 1)


def branch_of(row: CategoryRow, depth: int, dishes: int) -> Branch:
    return Branch(
        id=row.id,
        name=row.name,
        slug=row.slug,
        description=row.description,
        parent_id=row.parent_id,
        house_id=row.house_id,
        is_active=row.is_active,
        depth=depth,
        dishes=dishes,
    )


def ids_below(branches: Sequence[Branch], category_id: str) -> set[str]:
    """A category and everything in it, however deep. Empty if there is no such one."""
    found: set[str] = set()
    # Each comes behind its parent, so one walk is enough.
    for branch in branches:
        if branch.id == category_id or branch.parent_id in found:
            found.add(branch.id)
    return found


def shown_path(branches: Iterable[Branch]) -> dict[str, str]:
    """The name of each category behind those that it is in: `Drinks › Wine`."""
    paths: dict[str, str] = {}
    for branch in branches:
        above = paths.get(branch.parent_id or "")
        paths[branch.id] = f"{above} › {branch.name}" if above else branch.name
    return paths
