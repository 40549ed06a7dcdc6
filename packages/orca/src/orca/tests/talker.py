"""An image with a Python in it: the interpreter that runs the tests, as many modules of its library
as `talking_server.py` needs, and that server. Nothing is fetched from anywhere.
"""

from __future__ import annotations

import functools
import io
import re
import subprocess
import sys
import sysconfig
import tarfile
from pathlib import Path

from orca.testing import RealEngine, add_file, load_image
from orca.tests import talking_server

TALKER = "test/talker:1"
SERVER = "server.py"
INTERPRETER = Path(sys.executable).resolve()
# Without TLS and its libraries, which the library can do without.
LIST_MODULES = """
import sys
sys.modules["_ssl"] = sys.modules["_hashlib"] = None
import encodings.idna, runpy
runpy.run_path(sys.argv[1])
for module in list(sys.modules.values()):
    if getattr(module, "__file__", None):
        print(module.__file__)
"""


def make_talker(engine: RealEngine) -> None:
    load_image(engine, TALKER, talking_root(), (str(INTERPRETER), "-I", "-S", f"/{SERVER}"))


@functools.cache
def talking_root() -> bytes:
    """Everything lies where it lies on this machine, so that the interpreter finds it."""
    server = Path(talking_server.__file__)
    listed = said_by(str(INTERPRETER), "-I", "-S", "-c", LIST_MODULES, str(server))
    modules = [Path(line) for line in listed]
    libraries = {one for file in (INTERPRETER, *modules) for one in libraries_of(file)}
    landmarks = [Path(sysconfig.get_path("stdlib")) / "os.py"]
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as tar:
        for path in sorted({*modules, *libraries, *landmarks, INTERPRETER}):
            add_file(tar, str(path).lstrip("/"), path.read_bytes(), mode=0o755)
        add_file(tar, SERVER, server.read_bytes())
    return made.getvalue()


def libraries_of(file: Path) -> set[Path]:
    """What the loader would open for it."""
    if file.suffix == ".py":
        return set()
    found = (re.search(r"(?:=> |^\s*)(/\S+) \(0x", line) for line in said_by("ldd", str(file)))
    return {Path(match[1]) for match in found if match}


def said_by(*command: str) -> list[str]:
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    return done.stdout.splitlines()
