"""`${secrets.X}` in values: found, checked, and filled once.

`$${` stands for `${`. Anything else that begins with `${` is a mistake, not a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial

from basis.errors import NotFound
from basis.kit.secret import Secret
from orca.spec.names import SECRET_NAME

REFERENCE = re.compile(rf"\$\$\{{|\$\{{secrets\.({SECRET_NAME})\}}|\$\{{")


class SecretMissing(NotFound):
    """A deploy that names a secret nobody has set."""


def is_well_formed(template: str) -> bool:
    return all(found[0] != "${" for found in REFERENCE.finditer(template))


def secrets_in(template: str) -> Iterator[str]:
    """The names of the secrets that a value needs."""
    yield from (found[1] for found in REFERENCE.finditer(template) if found[1])


def fill(
    template: str, *, project: str, of_project: Mapping[str, Secret], of_all: Mapping[str, Secret]
) -> Secret:
    """The value with its secrets: the project's own first, then those of all.

    One pass: a secret that contains `${secrets.X}` itself stays as it is.
    """
    one = partial(filled, project=project, of_project=of_project, of_all=of_all)
    return Secret(REFERENCE.sub(one, template))


def filled(
    found: re.Match[str],
    *,
    project: str,
    of_project: Mapping[str, Secret],
    of_all: Mapping[str, Secret],
) -> str:
    name = found[1]
    if name is None:
        return "${"
    for scope in (of_project, of_all):
        if name in scope:
            return str(scope[name])
    raise SecretMissing(
        f"There is no secret {name}, neither of the project {project} nor of the cluster. "
        f"Set it: orca secrets set --project {project} {name}",
        name=name,
        project=project,
    )
