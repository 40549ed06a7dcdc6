"""Options of the whole test run, and what the tests of all products share: a database server, a
database, a clock that we move. Other fixtures live beside what they serve.
"""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from basis.ids import new_id
from basis.kit.data.database import Database
from basis.kit.data.engines import open_database
from basis.kit.testing import HandClock, PostgresCluster, postgres_cluster

# The same examples on every run, and none fails because the machine is busy.
settings.register_profile(
    "house", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")

# `A6: 480 requests behind one address, 0 refused`: a promise and what was counted.
COUNTER = re.compile(r"^[A-Z]\d+: .+", re.MULTILINE)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--postgres` runs every database test a second time, on PostgreSQL."""
    parser.addoption(
        "--postgres",
        action="store_true",
        default=False,
        help="run the database tests on PostgreSQL as well",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Whoever needs `engine_name` runs on SQLite, and with --postgres once more on PostgreSQL."""
    if "engine_name" in metafunc.fixturenames:
        names = ["sqlite"]
        if metafunc.config.getoption("--postgres"):
            names.append("postgresql")
        metafunc.parametrize("engine_name", names)


@pytest.fixture(scope="session")
def cluster() -> Iterator[PostgresCluster]:
    """For tests that ask what is in the books; those that cut the power bring their own."""
    with postgres_cluster(durable=False) as running:
        yield running


@pytest.fixture
def empty_url(engine_name: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database without any table."""
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path}/new.db"
        return
    cluster: PostgresCluster = request.getfixturevalue("cluster")
    name = f"new_{new_id()}"
    cluster.create_database(name)
    yield cluster.url(name)
    cluster.drop_database(name)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Of the product whose tests these are: it says where in `database_url`."""
    opened = open_database(database_url)
    await opened.start()
    yield opened
    await opened.stop()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what the tests of the promises counted, which pytest hides when they pass.

    A line for each test function: a hundred variants of it would push the failures out of sight.
    """
    counted: dict[str, list[str]] = {}
    for report in terminalreporter.getreports("passed"):
        if report.when == "call":
            test = report.nodeid.rpartition("::")[2].partition("[")[0]
            counted.setdefault(test, []).extend(COUNTER.findall(report.capstdout))
    lines = sorted(
        f"{found[0]} ({test}{f', the first of {len(found)}' if len(found) > 1 else ''})"
        for test, found in counted.items()
        if found
    )
    if lines:
        terminalreporter.section("promises")
        for line in lines:
            terminalreporter.line(line)
