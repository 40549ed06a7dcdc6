"""Making rules, and letting them act."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import bindparam, delete, update

from basis.errors import Conflict, Invalid
from basis.ids import new_id
from basis.kit.data.statements import Statement, insert_into
from basis.kit.texts import one_line
from basis.sentences import Sentence
from kitchenasty import audit
from kitchenasty.automation.engine import Engine
from kitchenasty.automation.listening import begin_edition
from kitchenasty.automation.models import RuleRow, RuleVersionRow
from kitchenasty.automation.queries import KeptRule, load_rule
from kitchenasty.automation.rules import Written
from kitchenasty.kit.books import UnitOfWork

NAME_LENGTH_MAX = 120
ADD = insert_into(RuleRow)
ADD_VERSION = insert_into(RuleVersionRow)
OF_RULE = RuleRow.id == bindparam("rule_id", required=True)
CHANGE = Statement(
    update(RuleRow)
    .where(OF_RULE, RuleRow.version == bindparam("seen_version", required=True))
    .values(
        name=bindparam("new_name", required=True),
        topic=bindparam("new_topic", required=True),
        version=bindparam("new_version", required=True),
        is_on=bindparam("is_to_be_on", required=True),
        updated_at=bindparam("now", required=True),
    )
)
SWITCH = Statement(
    update(RuleRow)
    .where(OF_RULE)
    .values(
        is_on=bindparam("is_to_be_on", required=True), updated_at=bindparam("now", required=True)
    )
)
REMOVE = Statement(delete(RuleRow).where(OF_RULE))


class RuleRefused(Invalid):
    """The rule has no name, or nothing to look at."""


class RuleHasMistakes(Conflict):
    """It can be kept as it is, but not be switched on."""


class RuleChanged(Conflict):
    def __init__(self) -> None:
        super().__init__("Somebody else has changed this rule meanwhile. Look at it again.")


async def add_rule(uow: UnitOfWork, name: str, written: Written) -> str:
    """A new rule, switched off; its id. Raises RuleRefused."""
    rule_id = new_id()
    await uow.run(
        ADD,
        id=rule_id,
        name=checked_name(name),
        is_on=False,
        topic=written.topic,
        version=1,
        created_at=uow.now,
        updated_at=uow.now,
    )
    await add_version(uow, rule_id, 1, written)
    await begin_edition(uow)
    await write_down(uow, "create", rule_id, None, {"name": name})
    return rule_id


async def change_rule(
    uow: UnitOfWork,
    engine: Engine,
    rule_id: str,
    *,
    name: str,
    written: Written,
    seen_version: int,
) -> None:
    """Keep a new version. One with mistakes is kept too, but it is switched off.

    Raises RuleNotFound, RuleRefused, RuleChanged.
    """
    found = await load_rule(uow, rule_id)
    is_other = msgspec.to_builtins(written) != found.written
    version = seen_version + 1 if is_other else seen_version
    if not await uow.run(
        CHANGE,
        rule_id=rule_id,
        seen_version=seen_version,
        new_name=checked_name(name),
        new_topic=written.topic,
        new_version=version,
        is_to_be_on=found.is_on and not engine.mistakes(written),
        now=uow.now,
    ):
        raise RuleChanged
    await begin_edition(uow)
    if is_other:
        await add_version(uow, rule_id, version, written)
    before = {"name": found.name, "version": found.version}
    await write_down(uow, "update", rule_id, before, {"name": name, "version": version})


async def switch_rule(uow: UnitOfWork, engine: Engine, rule_id: str, *, is_on: bool) -> None:
    """Raises RuleNotFound, RuleHasMistakes."""
    found = await load_rule(uow, rule_id)
    why = engine.explain(found.written) if is_on else ""
    if why:
        raise RuleHasMistakes(why)
    await uow.run(SWITCH, rule_id=rule_id, is_to_be_on=is_on, now=uow.now)
    await begin_edition(uow)
    await write_down(uow, "update", rule_id, {"isOn": found.is_on}, {"isOn": is_on})


async def remove_rule(uow: UnitOfWork, rule_id: str) -> KeptRule:
    """With all its versions and traces. Raises RuleNotFound."""
    found = await load_rule(uow, rule_id)
    await uow.run(REMOVE, rule_id=rule_id)
    await begin_edition(uow)
    await write_down(uow, "delete", rule_id, {"name": found.name}, None)
    return found


async def add_version(uow: UnitOfWork, rule_id: str, number: int, written: Written) -> None:
    await uow.run(
        ADD_VERSION,
        id=new_id(),
        rule_id=rule_id,
        number=number,
        written=msgspec.to_builtins(written),
        made_at=uow.now,
        made_by_name=uow.actor.name[:NAME_LENGTH_MAX],
    )


async def write_down(
    uow: UnitOfWork,
    action: str,
    rule_id: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> None:
    await audit.record(
        uow, action=action, entity="Rule", entity_id=rule_id, before=before, after=after
    )


def checked_name(name: str) -> str:
    """Raises RuleRefused."""
    kept = one_line(name)
    if not 1 <= len(kept) <= NAME_LENGTH_MAX:
        raise RuleRefused(
            Sentence.of("Give the rule a name of at most {most} characters.", most=NAME_LENGTH_MAX)
        )
    return kept
