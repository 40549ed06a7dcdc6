"""Projects of a few lines for the tests of this slice."""

from __future__ import annotations

from collections.abc import Mapping

from orca.spec import Problem, Project, Service, SpecRefused, read_project

CLUSTER = b'[cluster]\nname = "harbour"\n'
WEB = '[[service]]\nname = "web"\nimage = "myorg/web:1"\n'


def project(
    text: str = WEB, *, cluster: bytes = CLUSTER, others: Mapping[str, str] | None = None
) -> Project:
    """A project `shop` of this text, and others by their names."""
    files = {
        f"services/{name}/service.toml": said.encode() for name, said in (others or {}).items()
    }
    files["services/shop/service.toml"] = text.encode()
    return read_project({"cluster.toml": cluster, **files})


def service(text: str = WEB) -> Service:
    [one] = project(text).services.values()
    return one.service


def problems(
    text: str = WEB, *, cluster: bytes = CLUSTER, others: Mapping[str, str] | None = None
) -> tuple[Problem, ...]:
    """What is wrong with it; nothing if it is taken."""
    try:
        project(text, cluster=cluster, others=others)
    except SpecRefused as refused:
        return refused.problems
    return ()
