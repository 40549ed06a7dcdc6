"""From the files of a project to what the plan is told, and from a name to a copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from basis.errors import Conflict, Invalid, NotFound
from orca.contexts import Shelf
from orca.control.control import Control
from orca.control.settling import ABOUT, Settled, settled_by
from orca.planning import (
    Change,
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
from orca.spec import (
    ClusterFile,
    Declared,
    Project,
    check_against,
    dependencies_of,
    nearest,
    read_project,
)


class NotDeclared(Invalid):
    """A service that the files do not declare."""


class NotSettled(Conflict):
    """A service alone, that needs other settings than the cluster has."""


class ContextUnsaid(Invalid):
    """A service that is built, without the name of what it is built from."""


class ContextAway(Conflict):
    """A context that nobody has brought, or so long ago that it was swept."""


class NoSuchCopy(NotFound):
    """No container of that name, or none that runs."""


class OtherCluster(Conflict):
    """Files of one cluster, brought to the control plane of another."""


@dataclass(frozen=True, slots=True)
class Wished:
    """What the plan is told, and what is to hold for all."""

    event: Deploy
    settled: Settled


def deploy_of(
    control: Control,
    files: Mapping[str, str],
    only: Sequence[str],
    contexts: Mapping[str, str] | None = None,
) -> Wished:
    """Where services are named, settings stay as they are, and the services have to fit these.
    `contexts` are those of services that are built, by their names. Raises SpecRefused,
    NotDeclared, OtherCluster, NotSettled, ContextUnsaid.
    """
    project = read_project({name: text.encode() for name, text in files.items()})
    if project.name != control.name:
        raise OtherCluster(
            f"These files are of the cluster {project.name}, and here is {control.name}. "
            "Ask its own control plane: --server, or ORCA_SERVER."
        )
    for name in only:
        if name not in project.services:
            near = nearest(name, project.services)
            raise NotDeclared(f"The files declare no service {name}. {near}")
    declarations = tuple(
        declaration_of(project, name, (contexts or {}).get(name, ""))
        for name in project.services
        if not only or name in only
    )
    if only:
        check_fits(control.settings, [project.services[name] for name in only])
        return Wished(Deploy(declarations), Settled(control.settings, control.settings))
    machines = {machine.name: machine for machine in project.settings.node}
    deploy = Deploy(declarations, is_whole=True, machines=machines)
    return Wished(deploy, settled_by(control.settings, project.settings))


def check_fits(settings: ClusterFile, services: Sequence[Declared]) -> None:
    """Files may allow themselves what the cluster does not. Raises NotSettled."""
    check_against(services, settings)
    for one in services:
        for problem in one.document.problems:
            raise NotSettled(
                f"{one.id} needs what cluster.toml says here and the cluster does not have yet. "
                f"As it is: {problem.words} Deploy all, not this service alone."
            )


def declaration_of(project: Project, name: str, context: str) -> Declaration:
    declared = project.services[name]
    if declared.service.build is not None:
        if not context:
            raise ContextUnsaid(f"{name} is built, and nobody said from what: `contexts` names it.")
        depends_on = dependencies_of(declared)
        return Declaration(name, declared.service, depends_on, is_sought=True, context=context)
    is_sought = not is_pinned(declared.service.image or "")
    return Declaration(name, declared.service, dependencies_of(declared), is_sought=is_sought)


def check_contexts(shelf: Shelf, deploy: Deploy) -> None:
    """All that is built from has to be here before anything begins. Raises ContextAway."""
    for declared in deploy.services:
        if declared.context and not shelf.has(declared.context):
            raise ContextAway(
                f"What {declared.id} is built from is not here: "
                f"PUT /api/v1/contexts/{declared.context}",
                service=declared.id,
            )


def redeploy_of(state: State, name: str) -> Redeploy:
    """The same declaration, with the image that its name means now, or that is built now."""
    found = state.services.get(name)
    if found is not None and found.target.declared.context:
        return Redeploy(name, is_sought=True)
    image = (found.spec.image if found else None) or ""
    return Redeploy(name, is_sought=bool(image) and not is_pinned(image))


def lines_of(state: State, wished: Wished) -> tuple[Line, ...]:
    settings = (
        Line(ABOUT, Change.IN_PLACE, words=setting.words) for setting in wished.settled.changes
    )
    return (*settings, *make_plan(state, wished.event))


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
