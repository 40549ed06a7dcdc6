"""Options of the whole test run; fixtures live beside what they serve."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--postgres` runs every database test a second time, on PostgreSQL."""
    parser.addoption(
        "--postgres",
        action="store_true",
        default=False,
        help="run the database tests on PostgreSQL as well",
    )
