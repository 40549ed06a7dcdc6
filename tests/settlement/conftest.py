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


@pytest.fixture(params=sorted(OPENERS))
def here_on_disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """As `here`, on a disk that is waited for."""
    with house(request.param, tmp_path) as opened:
        opened.fund_everybody()
        yield opened
