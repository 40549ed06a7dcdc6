"""From the files of a project to what the plan is told, and from a name to a copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from basis.errors import Invalid, NotFound
from orca.control.edges import Ground, ground_of
from orca.planning import (
    Copy,
    Declaration,
    Deploy,
    Line,
    NoSuchService,
    Redeploy,
    State,
    is_pinned,
    make_plan,
)
from orca.spec import Notify, Project, dependencies_of, nearest, read_project


class NotDeclared(Invalid):
    """A service that the files do not declare."""


class NotYet(Invalid):
    """Something that files may say, and that no node can do so far."""


class NoSuchCopy(NotFound):
    """No container of that name, or none that runs."""


@dataclass(frozen=True, slots=True)
class Wished:
    """What the plan is told, and the labels that people give their nodes."""

    event: Deploy
    labels: Mapping[str, Mapping[str, str]]
    ground: Ground
    notify: Notify | None = None


def deploy_of(files: Mapping[str, str], only: Sequence[str]) -> Wished:
    """Raises SpecRefused, NotDeclared, NotYet."""
    project = read_project({name: text.encode() for name, text in files.items()})
    for name in only:
        if name not in project.services:
            near = nearest(name, project.services)
            raise NotDeclared(f"The files declare no service {name}. {near}")
    declarations = tuple(
        declaration_of(project, name) for name in project.services if not only or name in only
    )
    labels = {machine.name: dict(machine.labels) for machine in project.nodes}
    deploy = Deploy(declarations, is_whole=not only)
    return Wished(deploy, labels, ground_of(project), project.notify)


def declaration_of(project: Project, name: str) -> Declaration:
    declared = project.services[name]
    if declared.service.build is not None:
        raise NotYet(
            f"{name}: images are not built here yet. Build it, push it, and name it under `image`."
        )
    if declared.service.resources.gpu is not None:
        # Better told now than placed on a node whose containers would not see the device.
        raise NotYet(f"{name}: GPUs are not handed to containers yet. Take `gpu` away.")
    is_sought = not is_pinned(declared.service.image or "")
    return Declaration(name, declared.service, dependencies_of(declared), is_sought=is_sought)


def redeploy_of(state: State, name: str) -> Redeploy:
    """The same declaration, with the image that its name means now."""
    found = state.services.get(name)
    image = (found.spec.image if found else None) or ""
    return Redeploy(name, is_sought=bool(image) and not is_pinned(image))


def lines_of(state: State, wished: Wished) -> tuple[Line, ...]:
    return make_plan(state, wished.event)


def find_copy(state: State, service: str, name: str | None) -> Copy:
    """The one of that name, or the first that serves. Raises NoSuchService, NoSuchCopy."""
    found = state.services.get(service)
    if found is None:
        raise NoSuchService(f"There is no service {service}.")
    ordered = sorted(found.copies, key=lambda copy: (not copy.is_ready, copy.id))
    for copy in ordered:
        if name is None or str(copy.id) == name:
            return copy
    raise NoSuchCopy(f"{service} has no container {name or 'that runs'}.")
