"""`swarmhaul build-program`."""

from __future__ import annotations

import hashlib
import subprocess

import click

from swarmhaul.program import IMAGE, IMAGE_SHA256, CompilerMissing, build_program


@click.command("build-program")
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
