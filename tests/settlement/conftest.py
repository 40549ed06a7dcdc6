from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.settlement.houses import OPENERS, House, house


@pytest.fixture(params=sorted(OPENERS))
def here(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """A house on each rail, where everybody has some money."""
    with house(request.param, tmp_path) as opened:
        opened.fund_everybody()
        yield opened
