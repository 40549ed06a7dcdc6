"""The command line: `swarmhaul build-program` and what keeps a market running."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

import click
import uvloop

from basis.errors import DomainError
from basis.kit.data.schema import UnknownSchema
from basis.kit.logs import set_up_logs
from swarmhaul.bridge import carry_tools
from swarmhaul.kit.config import ConfigRefused, load_config
from swarmhaul.kit.keyfiles import KeyFileDamaged
from swarmhaul.program import IMAGE, IMAGE_SHA256, CompilerMissing, build_program
from swarmhaul.serving import Place, PortTaken, serve
from swarmhaul.settlement import JournalDamaged, JournalInUse

PORT = 8100
WONT_START = (
    ConfigRefused,
    DomainError,
    JournalDamaged,
    JournalInUse,
    KeyFileDamaged,
    PortTaken,
    UnknownSchema,
)


@click.group()
def main() -> None:
    """Couriers and agents who do not trust each other share a delivery."""


@main.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", default=PORT, show_default=True, help="0: one that is free.")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where books, keys and the rail's journal are kept.",
)
def serve_market(*, host: str, port: int, data: Path | None) -> None:
    """Hold a market: jobs, bids, awards, and the rail on which they are paid."""
    try:
        config = load_config(os.environ, data_dir=data)
        set_up_logs(config.log_format)
        uvloop.run(serve(config, Place(host, port)))
    except WONT_START as error:
        raise click.ClickException(str(error)) from error


@main.command("mcp")
@click.option("--url", default=f"http://127.0.0.1:{PORT}", show_default=True, help="The market.")
def speak(*, url: str) -> None:
    """Offer the tools of a market over standard input and output, to a program that thinks."""
    set_up_logs("text")
    uvloop.run(carry_tools(url))


@main.command("build-program")
@click.option("--write", is_flag=True, help="Keep what was built, with its hash.")
def build(*, write: bool) -> None:
    """Build the program on chain from its source, and compare it with the one that is kept."""
    try:
        image = build_program()
    except CompilerMissing as missing:
        raise click.ClickException(missing.sentence) from missing
    except subprocess.CalledProcessError as failed:
        raise click.ClickException(failed.stderr) from failed
    told = hashlib.sha256(image).hexdigest()
    if write:
        IMAGE.write_bytes(image)
        IMAGE_SHA256.write_text(f"{told}  {IMAGE.name}\n")
    elif image != IMAGE.read_bytes():
        raise click.ClickException(
            f"The source makes {told}, which is not the image that is kept. Keep it with --write."
        )
    print(f"{told}  {IMAGE.name}, {len(image):,} bytes")
