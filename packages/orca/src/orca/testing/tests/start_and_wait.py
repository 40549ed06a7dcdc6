"""Starts so many engines with a container in each, says where, and waits to be killed."""

from __future__ import annotations

import json
import signal
import sys
from contextlib import ExitStack

from orca.testing import PORT, RealEngine, ask, make_image, real_engine, real_nodes


def begin_container(engine: RealEngine) -> None:
    """With a published port, so that there are rules and a process for it."""
    make_image(engine, "test/web:1")
    wish = {
        "Image": "test/web:1",
        "ExposedPorts": {f"{PORT}/tcp": {}},
        "HostConfig": {"PortBindings": {f"{PORT}/tcp": [{"HostPort": "0"}]}},
    }
    made = json.loads(ask(engine, "POST", "/containers/create", json.dumps(wish).encode()))
    ask(engine, "POST", f"/containers/{made['Id']}/start")


def main(count: int) -> None:
    """None for one engine that stands alone, or so many on a bridge."""
    with ExitStack() as ends:
        if not count:
            engines, pids = [ends.enter_context(real_engine())], []
        else:
            nodes = ends.enter_context(real_nodes(count))
            engines, pids = [node.engine for node in nodes.nodes], [nodes.pid]
        for engine in engines:
            begin_container(engine)
        folders = [str(engine.folder) for engine in engines]
        pids += [engine.pid for engine in engines]
        print(json.dumps({"folders": folders, "pids": pids}), flush=True)
        signal.pause()


if __name__ == "__main__":
    main(int(sys.argv[1]))
