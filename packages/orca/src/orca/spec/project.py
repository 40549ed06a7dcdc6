"""A project of files becomes typed services, or one refusal with everything that is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from orca.spec.checks import Declared, check_alone, check_together
from orca.spec.documents import Document, read_document
from orca.spec.names import LABEL
from orca.spec.problems import Code, Problem, SpecRefused
from orca.spec.types import Cluster, ClusterFile, Machine, Notify, ServiceFile

CLUSTER = "cluster.toml"
SERVICES = re.compile(r"^services/([^/]+)/service\.toml$")
FILES_MAX = 200


@dataclass(frozen=True, slots=True)
class Project:
    """All that is declared: the services by their ids, `project/name`, in the order of the ids."""

    cluster: Cluster
    nodes: tuple[Machine, ...]
    services: Mapping[str, Declared]
    notify: Notify | None = None


def read_project(files: Mapping[str, bytes]) -> Project:
    """The whole project from its files by their names. Raises SpecRefused."""
    documents: list[Document] = []
    cluster = read_cluster(files, documents)
    services: list[Declared] = []
    for name in sorted(files):
        if found := SERVICES.match(name):
            services += read_services(name, files[name], found[1], documents)
    if len(files) > FILES_MAX:
        lot = Document(CLUSTER)
        words = f"The project has {len(files)} files."
        lot.refuse((), Code.TOO_MANY, words, f"At most {FILES_MAX} are read.")
        documents.append(lot)
    check_together(services, cluster)
    problems: list[Problem] = [each for document in documents for each in document.problems]
    if problems or cluster is None:
        raise SpecRefused(problems)
    ordered = sorted(services, key=lambda one: one.id)
    services_by_id = {one.id: one for one in ordered}
    return Project(cluster.cluster, cluster.node, services_by_id, cluster.notify)


def read_cluster(files: Mapping[str, bytes], documents: list[Document]) -> ClusterFile | None:
    if CLUSTER not in files:
        missing = Document(CLUSTER)
        words = "There is no cluster.toml here."
        missing.refuse((), Code.FILE_MISSING, words, 'Two lines are enough: [cluster] name = "…".')
        documents.append(missing)
        return None
    document, cluster = read_document(CLUSTER, files[CLUSTER], ClusterFile)
    documents.append(document)
    if cluster is not None:
        check_nodes(document, cluster)
    return cluster


def check_nodes(document: Document, cluster: ClusterFile) -> None:
    seen: set[str] = set()
    for index, node in enumerate(cluster.node):
        if node.name in seen:
            words = f"Two nodes are called {node.name}."
            advice = "Give one of them another name."
            document.refuse(("node", index, "name"), Code.DUPLICATE, words, advice)
        seen.add(node.name)


def read_services(name: str, raw: bytes, project: str, documents: list[Document]) -> list[Declared]:
    document, file = read_document(name, raw, ServiceFile)
    documents.append(document)
    if not re.fullmatch(LABEL, project):
        words = f"The folder {project!r} gives the project its name."
        advice = "Small letters, digits and hyphens; a letter first, 40 at most."
        document.refuse((), Code.MALFORMED, words, advice)
    if file is None:
        return []
    services = [
        Declared(project, service, document, ("service", index))
        for index, service in enumerate(file.service)
    ]
    for one in services:
        check_alone(one)
    return services
