"""An image with Python and what the products run on, made of this machine: nobody is asked for one.

It stands in for the base and the first stage of the Dockerfiles in `deploy/`, which need a registry
and an index of packages. What comes after is built as it is written there.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import sysconfig
import tarfile
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import urlencode

from orca.testing import BUSYBOX, RealEngine, ask

ROOT = Path(__file__).parents[2]
NEEDLESS = {
    "__pycache__", "ensurepip", "idlelib", "lib2to3", "site-packages", "dist-packages", "test",
    "tests", "tkinter", "turtledemo",
}  # fmt: skip
APPLETS = ("sh", "mkdir", "chown", "ls", "cat")
LIBRARIES = "usr/local/lib/closure"


def make_product(engine: RealEngine, product: str, name: str) -> None:
    """The image `name` in this engine: its last stage is built as the Dockerfile says it."""
    base = f"{name}-base"
    repository, _, tag = base.partition(":")
    changes = [("changes", line) for line in settings(product)]
    query = urlencode([("fromSrc", "-"), ("repo", repository), ("tag", tag), *changes])
    ask(engine, "POST", f"/images/create?{query}", python_root(product))
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as tar:
        put(tar, "Dockerfile", last_stage(product, base).encode(), mode=0o644)
    said = ask(engine, "POST", f"/build?{urlencode({'t': name, 'version': '1'})}", made.getvalue())
    if "Successfully built" not in said:
        raise AssertionError(said)


def last_stage(product: str, base: str) -> str:
    text = (ROOT / f"deploy/{product}.Dockerfile").read_text(encoding="utf-8")
    _, _, stage = text.rpartition("\nFROM ")
    lines = [line for line in stage.splitlines()[1:] if not line.startswith("COPY --from=made ")]
    return "\n".join([f"FROM {base}", *lines])


def python_root(product: str) -> bytes:
    """A tar of it, with the product and all that it is pinned to below /opt."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as tar:
        put(tar, "bin/busybox", BUSYBOX.read_bytes(), mode=0o755)
        for applet in APPLETS:
            link(tar, f"bin/{applet}", "busybox")
        files = {name: path for path, name in [*interpreter(), *packages(product)]}
        for name, path in files.items():
            tar.add(path, name, recursive=False, filter=owned_by_root)
        put(tar, f"opt/{product}/bin/{product}", starter(product), mode=0o755)
        for name in ("tmp", "etc"):
            folder = tarfile.TarInfo(name)
            folder.type, folder.mode = tarfile.DIRTYPE, 0o1777
            tar.addfile(folder)
    return made.getvalue()


def settings(product: str) -> list[str]:
    """Where it all lies, as the image says it."""
    return [
        "ENV PYTHONHOME=/usr/local",
        f"ENV PYTHONPATH=/opt/{product}/site",
        f"ENV LD_LIBRARY_PATH=/{LIBRARIES}",
    ]


def interpreter() -> Iterator[tuple[Path, str]]:
    """The program, its library and every shared object that one of them asks for."""
    program = Path(sys.executable).resolve()
    library = Path(sysconfig.get_path("stdlib"))
    yield program, "usr/local/bin/python3"
    files = list(files_below(library))
    for path in files:
        yield path, f"usr/local/lib/{library.name}/{path.relative_to(library)}"
    yield from shared_by([program, *(path for path in files if path.suffix == ".so")])


def files_below(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name in NEEDLESS or path.name.startswith("config-"):
            continue
        if path.is_dir():
            yield from files_below(path)
        else:
            yield path


def shared_by(programs: list[Path]) -> Iterator[tuple[Path, str]]:
    said = subprocess.run(
        ["ldd", *map(str, programs)],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    for found in sorted(set(re.findall(r"=> (/\S+)", said))):
        if "site-packages" in found:
            continue  # wheels bring it along, and find it by themselves
        yield Path(found).resolve(), f"{LIBRARIES}/{Path(found).name}"
    for loader in sorted(set(re.findall(r"^\s+(/\S*ld-linux\S*)", said, re.MULTILINE))):
        yield Path(loader).resolve(), loader.removeprefix("/")


def packages(product: str) -> Iterator[tuple[Path, str]]:
    """What requirements/run.txt pins, and our own packages as they lie here."""
    base = f"opt/{product}/site"
    shared: list[Path] = []
    for found, name in pinned_files():
        yield found, f"{base}/{name}"
        shared += [found] if ".so" in found.suffixes else []
    for own in ("basis", product):
        source = ROOT / "packages" / own / "src"
        for path in files_below(source / own):
            yield path, f"{base}/{path.relative_to(source)}"
    yield from shared_by(shared)


def pinned_files() -> Iterator[tuple[Path, str]]:
    pinned = (ROOT / "requirements/run.txt").read_text(encoding="utf-8")
    names = set(re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==", pinned, re.MULTILINE))
    for name in sorted(names):
        with suppress(PackageNotFoundError):  # some are for other systems
            for path in distribution(name).files or []:
                found = Path(str(path.locate()))
                if ".." not in path.parts and "__pycache__" not in path.parts and found.is_file():
                    yield found, str(path)


def starter(product: str) -> bytes:
    """What pip would have written."""
    [entry] = [
        each for each in distribution(product).entry_points if each.group == "console_scripts"
    ]
    module, _, name = entry.value.partition(":")
    lines = ["#!/usr/local/bin/python3", f"from {module} import {name}", f"{name}()"]
    return "\n".join(lines).encode() + b"\n"


def owned_by_root(found: tarfile.TarInfo) -> tarfile.TarInfo:
    found.uid = found.gid = 0
    found.uname = found.gname = "root"
    found.mode |= 0o444
    return found


def put(tar: tarfile.TarFile, name: str, content: bytes, *, mode: int) -> None:
    file = tarfile.TarInfo(name)
    file.size, file.mode = len(content), mode
    tar.addfile(file, io.BytesIO(content))


def link(tar: tarfile.TarFile, name: str, to: str) -> None:
    made = tarfile.TarInfo(name)
    made.type, made.linkname = tarfile.SYMTYPE, to
    tar.addfile(made)
