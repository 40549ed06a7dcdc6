"""How the tables became what they are; one file a step, run by Alembic on both databases."""
