"""`swarmhaul build-program` tells whether what is kept is what the source makes."""

from click.testing import CliRunner

from swarmhaul.cli import main
from swarmhaul.program import IMAGE_SHA256


def test_build_program_makes_the_image_that_is_kept() -> None:
    told = CliRunner().invoke(main, ["build-program"])
    assert told.exit_code == 0, told.output
    assert told.output.startswith(IMAGE_SHA256.read_text().strip())
