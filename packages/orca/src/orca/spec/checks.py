"""What no single value can tell: services that do not fit themselves, each other or the cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from posixpath import normpath

from orca.spec.documents import Document
from orca.spec.graph import cycles
from orca.spec.problems import Code, Path
from orca.spec.templates import is_well_formed, secrets_in
from orca.spec.types import ClusterFile, Probe, Service


@dataclass(frozen=True, slots=True)
class Declared:
    """A service of a project, and the place where it is declared."""

    project: str
    service: Service
    document: Document
    path: Path

    @property
    def id(self) -> str:
        return f"{self.project}/{self.service.name}"

    def refuse(self, at: Path, code: Code, words: str, advice: str) -> None:
        self.document.refuse((*self.path, *at), code, words, advice)


def dependencies_of(declared: Declared) -> tuple[str, ...]:
    """The ids of the services that this one waits for."""
    return tuple(
        name if "/" in name else f"{declared.project}/{name}"
        for name in declared.service.depends_on
    )


def check_alone(declared: Declared) -> None:
    """A service by itself."""
    check_image(declared)
    check_traffic(declared)
    check_probes(declared)
    check_secrets(declared)
    check_ends(declared)
    check_volumes(declared)
    check_rollout(declared)


def check_image(declared: Declared) -> None:
    service = declared.service
    if (service.image is None) == (service.build is None):
        words = "A service has either `image` or `build`."
        advice = "Say one of them." if service.image is None else "Take one of them away."
        declared.refuse(("build",) if service.build else (), Code.CONTRADICTION, words, advice)
    if service.build is None:
        return
    for key in ("context", "dockerfile"):
        if leaves(getattr(service.build, key)):
            words = f"`{key}` leads out of the folder of this file."
            declared.refuse(
                ("build", key), Code.PATH_OUTSIDE, words, "Move what is built below it."
            )


def leaves(path: str) -> bool:
    return normpath(path).split("/")[0] == ".." or ".." in path.split("/")


def check_traffic(declared: Declared) -> None:
    service = declared.service
    domains = domains_of(service)
    if domains and service.port is None:
        declared.refuse(
            ("domain",),
            Code.NEEDS,
            "A domain leads to a port, and there is none.",
            "Add port = …, the one the container listens on.",
        )
    if service.rate_limit and not domains:
        declared.refuse(
            ("rate_limit",),
            Code.NEEDS,
            "Without a domain the proxy brings nothing that could be limited.",
            "Add domain = …, or take rate_limit away.",
        )
    for key, values in (("domains", domains), ("routes", service.routes)):
        for twice in doubles(values):
            declared.refuse(
                (key,), Code.DUPLICATE, f"{twice} is said twice.", "Take one of them away."
            )


def domains_of(service: Service) -> tuple[str, ...]:
    return (*((service.domain,) if service.domain else ()), *service.domains)


def check_probes(declared: Declared) -> None:
    service = declared.service
    for key in ("readiness", "liveness"):
        probe: Probe | None = getattr(service, key)
        if probe is None:
            continue
        asked = [way for way in ("path", "tcp", "command") if getattr(probe, way)]
        if len(asked) != 1:
            declared.refuse(
                (key,),
                Code.CONTRADICTION,
                "A probe asks in one way: path, tcp or command.",
                f"This one has {' and '.join(asked) or 'none of them'}.",
            )
        elif asked != ["command"] and probe.port is None and service.port is None:
            words = "The probe asks a port, and the service has none."
            declared.refuse((key,), Code.NEEDS, words, "Add port = … here or to the service.")
    if service.health and service.port is None:
        words = "`health` asks a port, and the service has none."
        declared.refuse(("health",), Code.NEEDS, words, "Add port = ….")


def check_secrets(declared: Declared) -> None:
    service = declared.service
    args = service.build.args if service.build else {}
    for table, values in ((("env",), service.env), (("build", "args"), args)):
        for name, value in values.items():
            if not is_well_formed(value):
                declared.refuse(
                    (*table, name),
                    Code.SECRET_MALFORMED,
                    "What begins with ${ has to be ${secrets.NAME}.",
                    "Write $${ for the two characters themselves.",
                )
    for name, value in args.items():
        if any(secrets_in(value)):
            declared.refuse(
                ("build", "args", name),
                Code.SECRET_IN_BUILD,
                "A secret would stay in the image, for everybody who has it.",
                "Give it to the container: [service.env].",
            )


def check_ends(declared: Declared) -> None:
    """The system ends a text at its first NUL: no program would see what follows."""
    service = declared.service
    said: list[tuple[Path, str]] = [(("env", name), value) for name, value in service.env.items()]
    said += [(("command", index), word) for index, word in enumerate(service.command or ())]
    args = service.build.args if service.build else {}
    said += [(("build", "args", name), value) for name, value in args.items()]
    for path, text in said:
        if "\0" in text:
            declared.refuse(path, Code.MALFORMED, "It holds a NUL.", "Programs see no such text.")


def check_volumes(declared: Declared) -> None:
    service = declared.service
    paths = [
        *(("volumes", index, each.path) for index, each in enumerate(service.volumes)),
        *(("mounts", index, each.path) for index, each in enumerate(service.mounts)),
    ]
    for key, index, path in paths:
        if ".." in path.split("/") or "." in path.split("/"):
            words = f"{path} goes up or stays."
            declared.refuse((key, index, "path"), Code.MALFORMED, words, "Write the path straight.")
    for path in doubles(path for _, _, path in paths):
        words = f"Two volumes or mounts lie at {path}."
        declared.refuse((paths[-1][0],), Code.DUPLICATE, words, "Give one of them another path.")
    for name in doubles(each.name for each in service.volumes):
        words = f"Two volumes are called {name}."
        declared.refuse(("volumes",), Code.DUPLICATE, words, "Give one of them another name.")


def check_rollout(declared: Declared) -> None:
    service, rollout = declared.service, declared.service.deploy
    if service.volumes and rollout.max_surge:
        declared.refuse(
            ("deploy", "max_surge"),
            Code.CONTRADICTION,
            "New beside old, two containers would write one volume.",
            "Take max_surge away: with volumes the old one ends before the new one begins.",
        )
    if service.volumes and rollout.strategy == "canary":
        declared.refuse(
            ("deploy", "strategy"),
            Code.CONTRADICTION,
            "A canary beside the old version would write its volumes too.",
            'Write strategy = "rolling", or move the data to a service of its own.',
        )
    no_room = rollout.max_surge == 0 and rollout.max_unavailable == 0
    if no_room or (service.volumes and rollout.max_unavailable == 0):
        declared.refuse(
            ("deploy", "max_unavailable"),
            Code.CONTRADICTION,
            "With neither more nor fewer replicas for a moment, nothing can be replaced.",
            "Allow max_surge = 1 or max_unavailable = 1.",
        )
    if rollout.strategy == "canary" and not domains_of(service):
        declared.refuse(
            ("deploy", "strategy"),
            Code.NEEDS,
            "A canary gets a share of what the proxy brings, and there is no domain.",
            'Add domain = …, or write strategy = "rolling".',
        )


def check_together(services: Iterable[Declared], cluster: ClusterFile | None) -> None:
    """All services of all projects, and what the cluster knows."""
    declared = sorted(services, key=lambda one: one.id)
    check_names(declared)
    check_routes(declared)
    check_dependencies(declared)
    if cluster is not None:
        check_against(declared, cluster)


def check_against(services: Iterable[Declared], cluster: ClusterFile) -> None:
    """What services ask for that only the cluster can allow."""
    for one in services:
        check_node(one, cluster)
        check_mounts(one, cluster)


def check_names(services: list[Declared]) -> None:
    seen: dict[str, Declared] = {}
    for one in services:
        first = seen.setdefault(one.id, one)
        if first is not one:
            line = first.document.line_of((*first.path, "name"))
            words = f"There is a service {one.service.name} in this project already (line {line})."
            one.refuse(("name",), Code.DUPLICATE, words, "Give one of them another name.")


def check_routes(services: list[Declared]) -> None:
    taken: dict[tuple[str, str], Declared] = {}
    for one in services:
        for domain in domains_of(one.service):
            for route in one.service.routes:
                owner = taken.setdefault((domain, route), one)
                if owner is not one:
                    words = f"{domain}{route} belongs to {owner.id} already."
                    advice = "Two services can share a domain by different routes."
                    one.refuse(("routes",), Code.DUPLICATE, words, advice)


def check_dependencies(services: list[Declared]) -> None:
    by_id = {one.id: one for one in services}
    for one in services:
        for index, wanted in enumerate(dependencies_of(one)):
            if wanted not in by_id:
                words = f"There is no service {wanted}."
                one.refuse(("depends_on", index), Code.UNKNOWN_NAME, words, nearest(wanted, by_id))
    graph = {one.id: [name for name in dependencies_of(one) if name in by_id] for one in services}
    for circle in cycles(graph):
        words = f"These wait for each other: {' → '.join((*circle, circle[0]))}."
        advice = "Take one of the arrows away."
        by_id[circle[0]].refuse(("depends_on",), Code.CYCLE, words, advice)


def check_node(one: Declared, cluster: ClusterFile) -> None:
    wanted = one.service.placement.node
    names = [node.name for node in cluster.node]
    if wanted is not None and wanted not in names:
        words = f"There is no node {wanted} in cluster.toml."
        one.refuse(("placement", "node"), Code.UNKNOWN_NAME, words, nearest(wanted, names))


def check_mounts(one: Declared, cluster: ClusterFile) -> None:
    for index, host in forbidden_mounts(one.service, cluster):
        one.refuse(
            ("mounts", index, "host"),
            Code.MOUNT_FORBIDDEN,
            f"{host} may not be mounted.",
            "Whoever runs the cluster allows folders in cluster.toml: [mounts] allow = [...].",
        )


def forbidden_mounts(service: Service, cluster: ClusterFile) -> Iterator[tuple[int, str]]:
    """Folders of nodes that the cluster does not allow, with their places in the list."""
    for index, mount in enumerate(service.mounts):
        straight = normpath(mount.host)
        allowed = any(
            straight == folder or straight.startswith(f"{folder}/")
            for folder in map(normpath, cluster.mounts.allow)
        )
        if not allowed:
            yield index, mount.host


def nearest(wanted: str, known: Iterable[str]) -> str:
    names = sorted(known)
    near = get_close_matches(wanted, names, 1, 0.5)
    if near:
        return f"Did you mean {near[0]}?"
    return f"Known are: {', '.join(names[:10])}." if names else "None is declared yet."


def doubles(values: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            yield value
        seen.add(value)
