"""Tables that a house pushes together for large parties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, delete

from basis.errors import Invalid
from basis.ids import new_id
from basis.kit.data.statements import Statement, insert_into
from basis.kit.texts import one_line
from basis.sentences import Sentence
from kitchenasty import audit, locations
from kitchenasty.availability.models import CombinationRow, CombinedTableRow
from kitchenasty.availability.queries import COMBINATIONS, load_floor
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.reservation_terms import PARTY_MAX

NAME_LENGTH_MAX, TOGETHER_MAX, COMBINATIONS_MAX = 40, 12, 200
INSERT = insert_into(CombinationRow)
INSERT_TABLE = insert_into(CombinedTableRow)
REMOVE = Statement(
    delete(CombinationRow).where(
        CombinationRow.id == bindparam("combination_id", required=True),
        CombinationRow.house_id == bindparam("of_house", required=True),
    )
)


class CombinationRefused(Invalid):
    """Something about the combination does not fit; the sentence says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Combination:
    """Tables that are pushed together for `seats_min` to `seats` people."""

    id: str
    name: str
    seats_min: int
    seats: int
    table_ids: tuple[str, ...]


async def list_combinations(look: Look, house_id: str) -> list[Combination]:
    """By name; those too of which a table is not in use just now."""
    members: dict[tuple[str, str, int, int], list[str]] = {}
    for *key, table_id in await look.rows(COMBINATIONS, of_house=house_id):
        members.setdefault((key[0], key[1], key[2], key[3]), []).append(table_id)
    return [
        Combination(
            id=found, name=name, seats_min=seats_min, seats=seats, table_ids=tuple(table_ids)
        )
        for (found, name, seats_min, seats), table_ids in members.items()
    ]


async def combine(
    uow: UnitOfWork,
    house_id: str,
    name: str,
    table_ids: Sequence[str],
    *,
    seats: int,
    seats_min: int,
) -> str:
    """From now on these tables can be given to one party together; the combination's id. Raises
    HouseNotFound, NotYourHouse, CombinationRefused.
    """
    house = await locations.load_own_house(uow, house_id)
    floor = await load_floor(uow, house.id)
    members, words = tuple(sorted(set(table_ids))), one_line(name)
    if not 1 <= len(words) <= NAME_LENGTH_MAX:
        raise CombinationRefused("Please give the combination a short name, like 4+5.")
    if not 2 <= len(members) <= TOGETHER_MAX or not set(members) <= set(floor.table_ids):
        raise CombinationRefused(
            Sentence.of("Choose 2 to {most} tables of this house.", most=TOGETHER_MAX)
        )
    if any(seat.table_ids == members for seat in floor.seats):
        raise CombinationRefused("These tables are combined already.")
    if any(one.name == words for one in await list_combinations(uow, house.id)):
        raise CombinationRefused("There are pushed tables of that name. Please choose another.")
    if not 1 <= seats_min <= seats or not 2 <= seats <= PARTY_MAX:
        raise CombinationRefused("The fewest people are not more than the seats.")
    combination_id = new_id()
    values = {"name": words, "seats": seats, "seats_min": seats_min}
    await uow.run(INSERT, id=combination_id, house_id=house.id, created_at=uow.now, **values)
    for table_id in members:
        await uow.run(INSERT_TABLE, combination_id=combination_id, table_id=table_id)
    await audit.record(
        uow,
        action="create",
        entity="TableCombination",
        entity_id=combination_id,
        after={**values, "tables": members},
    )
    return combination_id


async def take_apart(
    uow: UnitOfWork, house_id: str, combination_id: str, *, they_keep_it: bool = False
) -> None:
    """Who is expected at all of its tables is named first; with `they_keep_it` they have them
    together all the same. Raises HouseNotFound, NotYourHouse, TableExpected; a combination that is
    not there is gone already.
    """
    house = await locations.load_own_house(uow, house_id)
    if not they_keep_it:
        await check_passes_over_nobody(uow, house, combination_id)
    if await uow.run(REMOVE, combination_id=combination_id, of_house=house.id):
        await audit.record(
            uow, action="delete", entity="TableCombination", entity_id=combination_id
        )


async def check_passes_over_nobody(look: Look, house: locations.House, combination_id: str) -> None:
    """Raises TableExpected."""
    known = await list_combinations(look, house.id)
    members = next((one.table_ids for one in known if one.id == combination_id), ())
    parties = [
        one
        for one in await locations.list_expected(look, members)
        if one.tables == len(members) and set(one.table_ids) == set(members)
    ]
    if parties:
        raise locations.TableExpected(parties, house.zone)
