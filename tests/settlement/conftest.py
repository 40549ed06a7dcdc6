from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.settlement.houses import MEMORY, OPENERS, House, house


@pytest.fixture(params=sorted(OPENERS))
def here(request: pytest.FixtureRequest) -> Iterator[House]:
    """A house on each rail, where everybody has some money."""
    with TemporaryDirectory(dir=MEMORY) as folder, house(request.param, Path(folder)) as opened:
        opened.fund_everybody()
        yield opened
