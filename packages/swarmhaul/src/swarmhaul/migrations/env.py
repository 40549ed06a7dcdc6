"""Run by Alembic inside `basis.kit.data.schema`, which hands over an open connection."""

from alembic import context

from swarmhaul.kit.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    # SQLite cannot alter most of a table; batches make a new one and copy the rows.
    render_as_batch=True,
    transactional_ddl=True,
    user_module_prefix="columns.",
)
context.run_migrations()
