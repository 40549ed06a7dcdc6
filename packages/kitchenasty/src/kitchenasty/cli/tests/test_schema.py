"""The migrations end where the models are, on both databases."""

from alembic import command
from sqlalchemy import Connection, text

from basis.clock import system_clock
from basis.ids import new_id
from basis.kit.data import schema
from basis.kit.testing import differences_from
from kitchenasty.kit.schema import SCHEMA
from kitchenasty.kit.tables import METADATA


async def test_migrations_end_at_the_models(empty_url: str) -> None:
    assert await SCHEMA.migrate(empty_url) is True
    assert await SCHEMA.migrate(empty_url) is False
    assert await SCHEMA.version_of(empty_url) == SCHEMA.newest_version()
    assert await schema.on_database(empty_url, differences_from(METADATA)) == []


BEFORE_SHARING = "0032"
ONE_DISH = [
    (
        "INSERT INTO categories (id, slug, name, sort_order, is_active, created_at, updated_at) "
        "VALUES (:c, 'c', 'C', 0, :yes, :now, :now)"
    ),
    (
        "INSERT INTO dishes (id, slug, name, price_minor, is_active, is_86, sort_order, "
        "tracks_stock, stock, category_id, closed_to, allergens_declared, marks, "
        "work_minutes, tax_category, "
        "created_at, updated_at) VALUES (:d, 'd', 'D', 100, :yes, :no, 0, :no, 0, :c, '[]', :yes, "
        "'[]', 0, 'standard', :now, :now)"
    ),
    (
        "INSERT INTO option_groups (id, dish_id, name, display, is_required, min_select, "
        "max_select, sort_order, is_retired) VALUES (:g, :d, 'Size', 'RADIO', :no, 0, 1, 3, :no)"
    ),
    (
        "INSERT INTO option_groups (id, dish_id, name, display, is_required, min_select, "
        "max_select, sort_order, is_retired) VALUES (:r, :d, 'Old', 'RADIO', :no, 0, 1, 4, :yes)"
    ),
    (
        "INSERT INTO option_values (id, group_id, name, modifier_minor, is_default, sort_order, "
        "is_retired, allergens) VALUES (:v, :g, 'Large', 5, :no, 0, :no, '[]')"
    ),
]


async def test_groups_and_values_keep_their_ids_when_they_are_shared(empty_url: str) -> None:
    ids = {name: new_id() for name in "cdgrv"}

    def open_the_old_house(connection: Connection) -> None:
        command.upgrade(SCHEMA.configuration(connection), BEFORE_SHARING)
        # SQLite's own texts are what columns write there; PostgreSQL takes instants.
        is_sqlite = connection.dialect.name == "sqlite"
        instant = system_clock()
        facts: dict[str, object] = ids | {"yes": True, "no": False}
        facts["now"] = instant.isoformat(timespec="microseconds") if is_sqlite else instant
        for statement in ONE_DISH:
            connection.execute(text(statement), facts)

    await schema.on_database(empty_url, open_the_old_house)
    assert await SCHEMA.migrate(empty_url) is True
    assert await schema.on_database(empty_url, kept) == [(ids["d"], ids["g"], 3, ids["v"])]
    await schema.on_database(empty_url, back_and_forth)
    assert await schema.on_database(empty_url, kept) == [(ids["d"], ids["g"], 3, ids["v"])]


def kept(connection: Connection) -> list[tuple[str, str, int, str]]:
    rows = connection.execute(
        text(
            "SELECT l.dish_id, g.id, l.sort_order, v.id FROM dish_options l "
            "JOIN option_groups g ON g.id = l.group_id JOIN option_values v ON v.group_id = g.id"
        )
    )
    return [(str(d), str(g), place, str(v)) for d, g, place, v in rows]


def back_and_forth(connection: Connection) -> None:
    command.downgrade(SCHEMA.configuration(connection), BEFORE_SHARING)
    command.upgrade(SCHEMA.configuration(connection), "head")
