"""`orca secrets`, `orca token`, `orca journal` and `orca check`, against a real server."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from basis.kit.secret import Secret
from orca.access import Role
from orca.calling import Calling
from orca.cli import MODULES, WHERE, main
from orca.control import Control
from orca.planning import Kept
from orca.spec import Volume
from orca.store import Put
from orca.tests.served import Served, served

EXAMPLE = Path(__file__).parents[5] / "docs/operators/orca/example"
VALUE = "planted ${secrets.X} 8f2c61"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("served")) as made:
        yield made


def run(calling: Calling | None, *words: str, piped: str = "") -> Result:
    return CliRunner().invoke(main, list(words), input=piped, obj=calling)


def test_a_secret_comes_in_by_a_pipe_and_never_goes_out(server: Served) -> None:
    """Scenario 26: never in arguments, never in what is printed."""
    deployer = server.calling(Role.DEPLOYER)
    made = run(deployer, "secrets", "set", "DB_URL", "--project", "shop", piped=f"{VALUE}\n")
    assert (made.exit_code, "version 1" in made.output) == (0, True)
    again = run(deployer, "secrets", "set", "DB_URL", "--project", "shop", piped=VALUE)
    assert "version 2" in again.output
    listed = run(deployer, "secrets", "list")
    assert listed.output.split()[:3] == ["shop", "DB_URL", "2"]
    turned = run(server.calling(Role.ADMIN), "secrets", "rotate-key")
    assert turned.output.startswith("1 sealed anew")
    gone = run(deployer, "secrets", "remove", "DB_URL", "--project", "shop")
    assert gone.exit_code == 0
    for one in (made, again, listed, turned, gone):
        assert VALUE not in one.output
    assert run(deployer, "secrets", "list").output == ""
    assert run(deployer, "secrets", "set", "DB_URL", VALUE).exit_code == 2  # no such argument


def test_what_is_refused_is_said_as_a_sentence(server: Served) -> None:
    viewer = server.calling(Role.VIEWER)
    for calling, words, said in [
        (viewer, ["secrets", "list"], "needs the role deployer"),
        (server.calling(Role.DEPLOYER), ["secrets", "remove", "1A"], "no name of a secret"),
        (server.calling(Role.DEPLOYER), ["secrets", "remove", "NONE"], "There is no secret"),
        (server.calling(Role.DEPLOYER), ["secrets", "set", "A"], "Nothing came in"),
        (Calling(server.address, Secret("no")), ["token", "list"], "A valid token is needed"),
        (Calling("http://127.0.0.1:1", Secret("no")), ["token", "list"], "No control plane"),
    ]:
        told = run(calling, *words)
        assert told.exit_code == 1, told.output
        assert said in told.output
        assert "Traceback" not in told.output


def test_a_token_is_made_used_and_revoked(server: Served) -> None:
    admin = server.calling(Role.ADMIN)
    token = run(admin, "token", "create", "ci", "--role", "deployer", "--days", "7").output.strip()
    own = Calling(server.address, Secret(token))
    assert run(own, "secrets", "list").exit_code == 0
    [line] = [line for line in run(admin, "token", "list").output.splitlines() if " ci " in line]
    assert token not in line
    assert run(admin, "token", "revoke", line.split()[0]).output == "Revoked.\n"
    assert run(own, "secrets", "list").exit_code == 1
    told = run(admin, "journal", "--limit", "2").output.splitlines()
    assert "DELETE /api/v1/tokens/{token_id}" in told[0]
    assert told[1].endswith("POST /api/v1/tokens done")


def test_an_empty_cluster_says_what_comes_next(server: Served) -> None:
    viewer = server.calling(Role.VIEWER)
    assert "orca deploy" in run(viewer, "status").output
    assert "orca nodes token" in run(viewer, "nodes", "list").output


def test_to_forget_a_node_is_asked_for(server: Served) -> None:
    admin = server.calling(Role.ADMIN)
    asked = run(admin, "nodes", "forget", "gone", piped="n\n")
    assert (asked.exit_code, "Forget gone?" in asked.output) == (1, True)
    assert "There is no node gone" not in asked.output
    told = run(admin, "nodes", "forget", "gone", "--yes")
    assert (told.exit_code, "There is no node gone" in told.output) == (1, True)


def test_a_token_is_read_from_its_file(server: Served, tmp_path: Path) -> None:
    assert server.world is not None
    path = tmp_path / "token"
    path.write_text(f"{server.world.issued[Role.VIEWER].token!s}\n")
    told = run(None, "--server", server.address, "--token-file", str(path), "token", "list")
    assert "needs the role admin" in told.output


def test_a_token_comes_by_a_variable_and_never_in_the_arguments(
    server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert server.world is not None
    token = str(server.world.issued[Role.VIEWER].token)
    refused = run(None, "--server", server.address, "--token", token, "token", "list")
    assert (refused.exit_code, "No such option" in refused.output) == (2, True)
    monkeypatch.setenv("ORCA_TOKEN", token)
    told = run(None, "--server", server.address, "token", "list")
    assert "needs the role admin" in told.output


def test_a_deploy_is_of_all_in_the_folder_or_of_what_is_named(
    server: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "services/shop").mkdir(parents=True)
    (tmp_path / "cluster.toml").write_text('[cluster]\nname = "quay"\n')
    services = "\n".join(f'[[service]]\nname = "{name}"\nimage = "x:1"' for name in ("web", "db"))
    (tmp_path / "services/shop/service.toml").write_text(services)
    deployer = server.calling(Role.DEPLOYER)

    elsewhere = run(deployer, "plan", "-f", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    here = run(deployer, "plan")
    assert here.output == elsewhere.output == "+ shop/db: new, 1 × x:1\n+ shop/web: new, 1 × x:1\n"
    assert run(deployer, "plan", "shop/web").output == "+ shop/web: new, 1 × x:1\n"

    done = run(deployer, "deploy", "shop/web", "--yes", "--no-wait")
    assert (done.exit_code, "shop/web: new" in done.output) == (0, True)
    assert "= shop/web: unchanged" in run(deployer, "plan").output
    assert run(deployer, "plan", "shop/db", "shop/web").output.count("\n") == 2

    wrong = run(deployer, "deploy", "shop/wbe", "--yes")
    assert (wrong.exit_code, "Did you mean shop/web?" in wrong.output) == (1, True)
    wrong = run(deployer, "plan", "web")
    assert "Did you mean shop/web?" in wrong.output
    wrong = run(deployer, "deploy", str(tmp_path))
    assert (wrong.exit_code, f"-f {tmp_path}" in wrong.output) == (2, True)


def test_data_of_a_removed_service_are_listed_and_given_up_only_after_a_question(
    server: Served,
) -> None:
    assert server.world is not None
    control: Control = server.world.app.state.control
    kept = Kept((Volume(name="data", path="/data"),), {0: "n1"})
    control.state = replace(control.state, kept={"shop/gone": kept})
    admin = server.calling(Role.ADMIN)
    line = "shop/gone                data.0 on n1  kept, its service is gone\n"
    assert run(admin, "volumes", "list").output == line
    asked = run(admin, "volumes", "remove", "shop/gone", piped="n\n")
    assert (asked.exit_code, asked.output.startswith(line)) == (1, True)
    sure = run(admin, "volumes", "remove", "shop/gone", "--yes")
    assert (sure.exit_code, "n1 is not connected" in sure.output) == (1, True)
    none = run(admin, "volumes", "remove", "shop/none")
    assert "Those of these are: shop/gone." in none.output
    control.state = replace(control.state, kept={})


def test_a_project_is_checked_without_a_server(tmp_path: Path) -> None:
    assert "nothing wrong" in run(None, "check", "-f", str(EXAMPLE)).output
    (tmp_path / "cluster.toml").write_text("[cluster]\nnam = 'x'\n")
    told = run(None, "check", "-f", str(tmp_path))
    assert (told.exit_code, "cluster.toml:2" in told.output) == (1, True)


def test_every_command_is_found_where_it_is_said_to_be() -> None:
    for module, names in WHERE.items():
        found = {command.name for command in import_module(module).COMMANDS}
        assert found == {*names.split()}, module
    told = run(None, "--help").output
    for name in (*MODULES, "check"):
        assert f"\n  {name} " in told, name


def test_a_command_that_only_asks_loads_neither_server_nor_engine() -> None:
    """Loading all of it took longer than most answers."""
    program = (
        "import atexit, sys; atexit.register(lambda: print(*sys.modules)); "
        "from orca.cli import main; main(['--server', 'http://127.0.0.1:1', 'status'])"
    )
    done = subprocess.run(  # noqa: S603 - this very Python
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert "No control plane answers" in done.stderr
    heavy = {"litestar", "uvicorn", "aiohttp", "aiodocker", "acme", "cryptography", "aiosmtplib"}
    assert heavy & {*done.stdout.split()} == set()


def test_a_failed_order_is_listed_and_tried_again_by_whoever_deploys(server: Served) -> None:
    world = server.world
    assert world is not None
    tries = {"failures": 3, "failed_at": "2030-05-17T16:00:00Z", "reason": "nobody answers"}
    put = Put("certificate-tries/shop.example", msgspec.json.encode(tries))
    assert server.loop is not None
    asyncio.run_coroutine_threadsafe(world.store.transact([put]), server.loop).result(60)
    listed = run(server.calling(Role.VIEWER), "certificates").output.splitlines()
    assert listed == ["shop.example: ordered, not there yet", "  ! nobody answers"]
    deployer = server.calling(Role.DEPLOYER)
    assert run(deployer, "certificates", "retry", "shop.example").exit_code == 0
    refused = run(server.calling(Role.VIEWER), "certificates", "retry", "shop.example")
    assert "needs the role deployer" in refused.output
    told = run(deployer, "certificates", "retry", "none.example")
    assert "No order for 'none.example' has failed" in told.output
