"""The files in `deploy/`: a cluster that runs both products, and their images."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click
import pytest

from basis.kit.secret import Secret
from kitchenasty.cli import main as kitchenasty
from kitchenasty.kit.config import load_config as load_kitchen_config
from orca.planning import Declaration, Deploy, Join, State, make_plan, step
from orca.scheduling import Node
from orca.spec import Project, SpecRefused, dependencies_of, fill, load_project, secrets_in
from swarmhaul.cli import main as swarmhaul
from swarmhaul.kit.config import load_config as load_market_config

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy"
COMMANDS = {"kitchenasty": kitchenasty, "swarmhaul": swarmhaul}
GIB = 1 << 30
SECRET = "q8Zr2LxW5vTn9KcB3mYh7PdF4sJg6AeU"


@pytest.fixture(scope="module")
def project() -> Project:
    return load_project(FOLDER)


def dockerfile(product: str) -> str:
    return (FOLDER / f"{product}.Dockerfile").read_text(encoding="utf-8")


def test_the_ready_made_cluster_is_planned_and_finds_its_node(project: Project) -> None:
    declared = tuple(
        Declaration(name, each.service, dependencies_of(each))
        for name, each in project.services.items()
    )
    deploy = Deploy(declared, is_whole=True)
    state = State()
    for machine in project.settings.node:
        state, _ = step(state, Join(Node(machine.name, 2_000, 2 * GIB)), 1_000)
    assert [line.change.value for line in make_plan(state, deploy)] == ["new", "new"]
    state, _ = step(state, deploy, 2_000)
    for service in state.services.values():
        assert service.waits == ()
        assert [copy.node for copy in service.copies] == ["first"]


def test_a_key_that_is_not_known_is_told(tmp_path: Path) -> None:
    """The control: what is loaded above would be refused if it were wrong."""
    text = (FOLDER / "services/house/service.toml").read_text(encoding="utf-8")
    (tmp_path / "services/house").mkdir(parents=True)
    (tmp_path / "cluster.toml").write_bytes((FOLDER / "cluster.toml").read_bytes())
    (tmp_path / "services/house/service.toml").write_text(text.replace("port =", "prot =", 1))
    with pytest.raises(SpecRefused, match="Did you mean `port`"):
        load_project(tmp_path)


def test_each_product_takes_the_settings_that_it_is_given(project: Project, tmp_path: Path) -> None:
    for name, load in (("kitchenasty", load_kitchen_config), ("swarmhaul", load_market_config)):
        given = project.services[f"house/{name}"].service.env
        of_all = {secret: Secret(SECRET) for text in given.values() for secret in secrets_in(text)}
        filled = {
            key: str(fill(text, project="house", of_project={}, of_all=of_all))
            for key, text in given.items()
        }
        assert load(filled, data_dir=tmp_path).data_dir == tmp_path


@pytest.mark.parametrize("product", COMMANDS)
def test_the_image_serves_where_the_service_is_asked(product: str, project: Project) -> None:
    service = project.services[f"house/{product}"].service
    said = re.findall(r"^CMD (\[.+\])$", dockerfile(product), re.MULTILINE)[-1]
    program, name, *options = json.loads(said)
    group = COMMANDS[product]
    command = group.get_command(click.Context(group), name)
    assert command is not None
    taken = command.make_context(name, options).params
    assert (program, taken["host"], taken["port"]) == (product, "0.0.0.0", service.port)  # noqa: S104
    assert [volume.path for volume in service.volumes] == [str(taken["data"])]


@pytest.mark.parametrize("product", COMMANDS)
def test_the_image_is_pinned_and_runs_as_nobody_special(product: str) -> None:
    text = dockerfile(product)
    assert re.findall(r"^USER (\S+)$", text, re.MULTILINE) == ["10001:10001"]
    assert "--require-hashes" in text
    assert "://" not in text
    for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE):
        *sources, _ = line.split()
        assert all((ROOT / source).exists() for source in sources), line
