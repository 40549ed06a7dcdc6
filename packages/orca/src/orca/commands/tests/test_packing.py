"""What the command line packs of a project, before anything is sent."""

from __future__ import annotations

import tarfile
from pathlib import Path

import click
import pytest

from orca.commands.contexts import packed_contexts
from orca.spec import load_project

WEB, API = "shop/web", "shop/api"


def write(folder: Path, *services: str) -> Path:
    below = folder / "services/shop"
    (below / "api").mkdir(parents=True, exist_ok=True)
    (folder / "cluster.toml").write_text('[cluster]\nname = "quay"\n')
    (below / "service.toml").write_text("\n".join(services))
    for name in ("Dockerfile", "api/Dockerfile"):
        (below / name).write_text("FROM scratch\n")
    return folder


def service(name: str, *lines: str) -> str:
    return "\n".join(["[[service]]", f'name = "{name}"', *lines, ""])


def names(folder: Path, *only: str) -> dict[str, str]:
    with packed_contexts(load_project(folder), folder, only) as contexts:
        return contexts.names


def test_what_the_declaration_says_is_no_part_of_what_is_built(tmp_path: Path) -> None:
    """Else other replicas would be another image."""
    before = names(write(tmp_path, service("web", "build = {}", "replicas = 1")))
    after = names(write(tmp_path, service("web", "build = {}", "replicas = 3")))
    assert before == after
    with packed_contexts(load_project(tmp_path), tmp_path, ()) as contexts:
        [packed] = contexts.by_service.values()
        with tarfile.open(contexts.folder / packed.name) as tar:
            assert tar.getnames() == ["Dockerfile", "api", "api/Dockerfile"]
    assert not contexts.folder.exists()


def test_only_what_is_meant_is_packed(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        service("web", 'image = "web:1"'),
        service("api", 'build = { context = "api" }'),
        service("other", 'build = { context = "missing" }'),
    )
    assert {*names(folder, API)} == {API}
    assert names(folder, WEB) == {}
    with pytest.raises(
        click.ClickException, match="shop/other cannot be built: There is no folder"
    ):
        names(folder)


def test_a_context_behind_a_link_that_leads_out_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "project", service("api", 'build = { context = "out" }'))
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/Dockerfile").touch()
    (folder / "services/shop/out").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(click.ClickException, match="leads out"):
        names(folder)
