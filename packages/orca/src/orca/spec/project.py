"""A project of files becomes typed services, or one refusal with everything that is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_network

from orca.spec.checks import Declared, check_alone, check_together, nearest
from orca.spec.documents import Document, read_document
from orca.spec.gpus import check_gpus
from orca.spec.names import LABEL
from orca.spec.problems import Code, Problem, SpecRefused
from orca.spec.types import ClusterFile, ServiceFile

CLUSTER = "cluster.toml"
SERVICES = re.compile(r"^services/([^/]+)/service\.toml$")
FILES_MAX = 200
OWN_PORTS = (6_880, 6_881, 6_882, 6_883)
"""What control plane, agents and proxies talk by."""


@dataclass(frozen=True, slots=True)
class Project:
    """All that is declared: the services by their ids, `project/name`, in the order of the ids."""

    settings: ClusterFile
    services: Mapping[str, Declared]

    @property
    def name(self) -> str:
        """Of the cluster that all of it is for."""
        return self.settings.cluster.name


def read_project(files: Mapping[str, bytes]) -> Project:
    """The whole project from its files by their names. Raises SpecRefused."""
    documents: list[Document] = []
    cluster = read_cluster(files, documents)
    services: list[Declared] = []
    for name in sorted(files):
        if found := SERVICES.match(name):
            services += read_services(name, files[name], found[1], documents)
        elif name != CLUSTER:
            documents.append(unread(name))
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
    return Project(cluster, {one.id: one for one in ordered})


def unread(name: str) -> Document:
    """Whoever sends a file means something by it. To skip it would be to guess what."""
    document = Document(name)
    words = "Nothing reads a file of this name here."
    advice = f"Services are in services/PROJECT/service.toml, all else in {CLUSTER}."
    document.refuse((), Code.FILE_UNREAD, words, advice)
    return document


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
        check_edge(document, cluster)
        check_gpus(document, cluster)
    return cluster


def check_nodes(document: Document, cluster: ClusterFile) -> None:
    seen: set[str] = set()
    for index, node in enumerate(cluster.node):
        if node.name in seen:
            words = f"Two nodes are called {node.name}."
            advice = "Give one of them another name."
            document.refuse(("node", index, "name"), Code.DUPLICATE, words, advice)
        seen.add(node.name)


def check_edge(document: Document, cluster: ClusterFile) -> None:
    edge, names = cluster.edge, [node.name for node in cluster.node]
    for index, name in enumerate(edge.nodes or ()):
        if name not in names:
            words = f"There is no node {name} in this file."
            document.refuse(
                ("edge", "nodes", index), Code.UNKNOWN_NAME, words, nearest(name, names)
            )
    for index, network in enumerate(edge.trusted):
        try:
            ip_network(network)
        except ValueError as error:
            words = f"{error}."
            advice = "Write the network's first address, like 10.0.0.0/8."
            document.refuse(("edge", "trusted", index), Code.MALFORMED, words, advice)
    taken = (edge.http_port, *OWN_PORTS)
    for key, port, others in (
        ("http_port", edge.http_port, OWN_PORTS),
        ("https_port", edge.https_port, taken),
    ):
        if port in others:
            words = f"Port {port} has another use on an edge."
            document.refuse(("edge", key), Code.CONTRADICTION, words, "Take another one.")


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
