"""A registry for tests: serves what lies in its folder, in the mood that the folder says.

It runs in the network of an engine, where `127.0.0.1` needs no certificate; images are put into
the folder from outside, and a tag is a file that can be moved or taken away.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from orca.testing.engine import RealEngine
from orca.testing.images import ECHO_AND_SERVE, config_of, digest_of, root_with

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
CONFIG = "application/vnd.docker.container.image.v1+json"
LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"
START_SECONDS_MAX = 60
BEGIN = f"import sys; from {__name__} import main; main(sys.argv[1])"
WELL, HANGS, FAILS = "well", "hangs", "fails"


@dataclass(frozen=True)
class Registry:
    """As it is known in the network of its engine. Its mood is one of the three above."""

    folder: Path
    port: int

    def name_of(self, name: str) -> str:
        return f"127.0.0.1:{self.port}/{name}"

    def be(self, mood: str) -> None:
        (self.folder / "mood").write_text(mood)

    def put(self, name: str, page: str, command: tuple[str, ...] = ECHO_AND_SERVE) -> str:
        """The digest of a web server that says `page`; `name` is `repository:tag` and means it."""
        files = {"www/index.html": f"{page}\n", "www/healthz": "ok\n"}
        root = root_with(files)
        layer = gzip.compress(root, mtime=0)
        config = config_of(root, command)
        manifest = {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": described(CONFIG, config),
            "layers": [described(LAYER, layer)],
        }
        content = json.dumps(manifest).encode()
        for each in (layer, config, content):
            self.path_of(digest_of(each)).write_bytes(each)
        self.path_of(name).write_text(digest_of(content))
        return digest_of(content)

    def take_away(self, name: str) -> None:
        self.path_of(name).unlink()

    def path_of(self, name: str) -> Path:
        return self.folder / name.replace("/", "_")


def described(kind: str, content: bytes) -> dict[str, object]:
    return {"mediaType": kind, "size": len(content), "digest": digest_of(content)}


@contextmanager
def registry_beside(engine: RealEngine, folder: Path) -> Iterator[Registry]:
    folder.mkdir(exist_ok=True)
    served = Registry(folder, 0)
    served.be(WELL)
    command = engine.inside([sys.executable, "-c", BEGIN, str(folder)])
    process = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", *command])  # noqa: S603, S607
    try:
        yield Registry(folder, port_in(folder, process))
    finally:
        process.kill()
        process.wait()


def port_in(folder: Path, process: subprocess.Popen[bytes]) -> int:
    until = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < until and process.poll() is None:
        if (folder / "port").exists():
            return int((folder / "port").read_text())
        time.sleep(0.02)
    raise AssertionError("The registry did not start.")


class Door(BaseHTTPRequestHandler):
    """`/v2/<repository>/manifests/<tag or digest>` and `/v2/<repository>/blobs/<digest>`."""

    protocol_version = "HTTP/1.1"
    registry: Registry
    over = threading.Event()

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        mood = (self.registry.folder / "mood").read_text()
        if mood == HANGS:
            self.over.wait()
        if mood == FAILS:
            return self.answer(500, b'{"errors": [{"code": "UNKNOWN", "message": "disk full"}]}')
        if self.path == "/v2/":
            return self.answer(200, b"{}")
        repository, _, wanted = self.path.removeprefix("/v2/").rsplit("/", 2)
        found = self.registry.path_of(
            wanted if wanted.startswith("sha256:") else f"{repository}:{wanted}"
        )
        if not found.exists():
            said = b'{"errors": [{"code": "MANIFEST_UNKNOWN", "message": "manifest unknown"}]}'
            return self.answer(404, said)
        if not wanted.startswith("sha256:"):
            found = self.registry.path_of(found.read_text())
        return self.answer(200, found.read_bytes())

    def answer(self, status: int, content: bytes) -> None:
        self.send_response(status)
        kind = MANIFEST if "/manifests/" in self.path and status < 400 else "application/json"
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Docker-Content-Digest", digest_of(content))
        self.send_header("Docker-Distribution-Api-Version", "registry/2.0")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    def log_message(self, *_arguments: object) -> None:
        """Nobody reads it."""


def main(path: str) -> None:
    folder = Path(path)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    Door.registry = Registry(folder, server.server_port)
    beside = folder / "port.new"
    beside.write_text(str(server.server_port))
    beside.rename(folder / "port")
    server.serve_forever()
