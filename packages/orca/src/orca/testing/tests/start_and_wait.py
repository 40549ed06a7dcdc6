"""Starts an engine with a container in it, says where, and waits to be killed."""

from __future__ import annotations

import json
import signal

from orca.testing import ask, make_image, real_engine

if __name__ == "__main__":
    with real_engine() as engine:
        make_image(engine, "test/web:1")
        made = json.loads(ask(engine, "POST", "/containers/create", b'{"Image": "test/web:1"}'))
        ask(engine, "POST", f"/containers/{made['Id']}/start")
        print(json.dumps(str(engine.folder)), flush=True)
        signal.pause()
