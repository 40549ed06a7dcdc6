"""Small images without a registry: a busybox, its web server, and a page that says the version."""

from __future__ import annotations

import hashlib
import http.client
import io
import json
import socket
import tarfile
from collections.abc import Mapping
from pathlib import Path

from orca.testing.engine import BUSYBOX, RealEngine

PORT = 8080
APPLETS = (
    "cat", "echo", "env", "false", "httpd", "kill", "ls", "mkdir", "nc", "sh", "sleep", "touch",
    "true", "wget",
)  # fmt: skip
SERVE = ("/bin/httpd", "-f", "-p", str(PORT), "-h", "/www")
ECHO_AND_SERVE = ("/bin/sh", "-c", "echo it begins; exec " + " ".join(SERVE))


class UnixConnection(http.client.HTTPConnection):
    """HTTP to a socket in the file system."""

    def __init__(self, path: Path) -> None:
        super().__init__("engine", timeout=60)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


def make_image(
    engine: RealEngine,
    name: str,
    command: tuple[str, ...] = ECHO_AND_SERVE,
    files: Mapping[str, str] | None = None,
) -> None:
    """`name` is `repository:tag`; the page says it whole, and /healthz answers. The same image on
    every engine: its id is made of what is in it.
    """
    pages = {"www/index.html": f"{name}\n", "www/healthz": "ok\n"}
    load_image(engine, name, root_with({**pages, **(files or {})}), command)


def load_image(engine: RealEngine, name: str, root: bytes, command: tuple[str, ...]) -> None:
    """One layer, which is a tar, and what is run in it."""
    config = config_of(root, command)
    listed = [{"Config": "config.json", "RepoTags": [name], "Layers": ["layer.tar"]}]
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as tar:
        add_file(tar, "manifest.json", json.dumps(listed).encode())
        add_file(tar, "config.json", config)
        add_file(tar, "layer.tar", root)
    ask(engine, "POST", "/images/load?quiet=1", made.getvalue())


def config_of(root: bytes, command: tuple[str, ...]) -> bytes:
    """What an image of one layer says of itself."""
    config = {
        "architecture": "amd64",
        "os": "linux",
        "config": {"Cmd": command},
        "rootfs": {"type": "layers", "diff_ids": [digest_of(root)]},
    }
    return json.dumps(config).encode()


def digest_of(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def ask(engine: RealEngine, method: str, path: str, body: bytes = b"") -> str:
    """What people do with an engine behind the back of everybody: `docker kill` and the like."""
    connection = UnixConnection(engine.folder / "socket")
    try:
        kind = "application/json" if body.startswith(b"{") else "application/x-tar"
        connection.request(method, path, body, {"Content-Type": kind})
        answer = connection.getresponse()
        said = answer.read().decode()
    finally:
        connection.close()
    if answer.status >= 400:
        raise AssertionError(f"{method} {path}: {answer.status} {said}")
    return said


def root_with(files: dict[str, str]) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as tar:
        add_file(tar, "bin/busybox", BUSYBOX.read_bytes(), mode=0o755)
        for applet in APPLETS:
            link = tarfile.TarInfo(f"bin/{applet}")
            link.type, link.linkname = tarfile.SYMTYPE, "busybox"
            tar.addfile(link)
        for name in ("tmp", "etc", "data"):
            folder = tarfile.TarInfo(name)
            folder.type, folder.mode = tarfile.DIRTYPE, 0o777
            tar.addfile(folder)
        for name, text in files.items():
            add_file(tar, name, text.encode())
    return made.getvalue()


def add_file(tar: tarfile.TarFile, name: str, content: bytes, *, mode: int = 0o644) -> None:
    file = tarfile.TarInfo(name)
    file.size, file.mode = len(content), mode
    tar.addfile(file, io.BytesIO(content))
