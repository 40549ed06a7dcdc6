"""The two versions that the demo deploys: a page that says which version and which container."""

from __future__ import annotations

from orca.testing import PORT, RealEngine, make_image

VERSIONS = (1, 2)
NAME = "demo/web"


def load_images(engine: RealEngine) -> None:
    """Into an engine, as a registry would give them."""
    for version in VERSIONS:
        make_image(engine, f"{NAME}:{version}", ("/bin/sh", "-c", serving(version)))


def serving(version: int) -> str:
    said = f"Version {version}, from the container $(cat /etc/hostname)"
    return (
        f'echo "{said}" > /tmp/index.html; cat /tmp/index.html; echo ok > /tmp/healthz; '
        f"exec /bin/httpd -f -p {PORT} -h /tmp"
    )
