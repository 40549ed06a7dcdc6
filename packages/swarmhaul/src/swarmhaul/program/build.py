"""Builds the program from its source: the same bytes on every machine."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from basis.errors import Unavailable

SOURCE = Path(__file__).parent / "source"
COMPILER = ("ziglang", "elftools")
FLAGS = (
    "-target", "bpfel-freestanding",
    "-mcpu=v2",          # the machine of the chain knows no 32-bit jumps
    "-O2",
    "-ffreestanding",
    "-nostdinc",
    "-fno-builtin",
    "-fno-jump-tables",  # they would be writable data
    "-Wall",
    "-Wextra",
    "-Werror",
    "-g0",
)  # fmt: skip


class CompilerMissing(Unavailable):
    """The compiler is needed only by those who change the program."""


def build_program(source: Path = SOURCE) -> bytes:
    """Raises CompilerMissing; a mistake in the source is a CalledProcessError with its output."""
    if any(find_spec(name) is None for name in COMPILER):
        raise CompilerMissing(
            "Building the program needs ziglang and pyelftools, as requirements/dev.txt pins them."
        )
    # Only now: whoever runs the program has no need of the tools that make it.
    from swarmhaul.program.link import link  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        return link(compile_program(source, Path(folder)))


def compile_program(source: Path, folder: Path) -> bytes:
    made = folder / "program.o"
    subprocess.run(  # noqa: S603  # our own compiler on our own source
        [sys.executable, "-m", "ziglang", "cc", *FLAGS, "-c", "program.c", "-o", str(made)],
        cwd=source,  # so that no path of this machine gets into the object
        env={"ZIG_LOCAL_CACHE_DIR": str(folder), "ZIG_GLOBAL_CACHE_DIR": str(folder)},
        check=True,
        capture_output=True,
        text=True,
    )
    return made.read_bytes()
