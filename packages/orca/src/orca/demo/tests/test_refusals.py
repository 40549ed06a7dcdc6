"""Why the demo cannot be shown, in words; and what it hands over to whoever came by sudo."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from orca.demo.cluster import Cluster, DidNotStart
from orca.demo.project import service_file, write_project
from orca.demo.story import check_ports, deploy, hand_over
from orca.testing import RealNodes

NOBODY = 65_534
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")


def test_where_no_engine_can_run_it_says_so_and_what_to_do() -> None:
    """Whether it is root or the programs that are missing."""
    done = subprocess.run(
        [sys.executable, "-m", "orca.demo"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PATH": "/nowhere"},
    )
    assert done.returncode == 1
    assert "Orca cannot be shown here: no engine can run" in done.stderr
    assert "sudo make demo-orca" in done.stderr
    assert "tools/system_packages.sh" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == "", "nothing was begun"


def test_a_port_that_is_taken_is_named_before_anything_starts() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(DidNotStart, match=rf"Port {port} .* make demo-orca PORT="):
            check_ports(port - 1 if port == 65_535 else port)


def test_a_deploy_that_fails_is_not_called_ready(tmp_path: Path) -> None:
    """Nobody listens there."""
    (tmp_path / "server").mkdir()
    (tmp_path / "server/admin.token").write_text("a token")
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    cluster = Cluster(tmp_path, RealNodes(0, ()), f"http://127.0.0.1:{port}")
    with pytest.raises(DidNotStart, match="orca deploy ended with"):
        asyncio.run(deploy(cluster, write_project(tmp_path, ())))


@as_root
def test_who_came_by_sudo_may_change_every_file_of_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "server").mkdir()
    token = tmp_path / "server/admin.token"
    token.write_text("a token")
    project = write_project(tmp_path, ())
    (tmp_path / "server/ca.key").write_text("nobody else's")
    monkeypatch.setenv("SUDO_UID", str(NOBODY))
    hand_over(tmp_path)
    given = [tmp_path, token, project, project / "cluster.toml", service_file(project)]
    assert [path.stat().st_uid for path in given] == [NOBODY] * len(given)
    assert (tmp_path / "server/ca.key").stat().st_uid == 0
