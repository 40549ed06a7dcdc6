"""A compose file becomes services. Nothing is dropped in silence: what is not carried over, or
means something else here, is told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from basis.errors import Invalid
from orca.importing.notes import Note, Reading
from orca.importing.parts import (
    environment,
    health,
    networks,
    ports,
    resources,
    volumes,
    waits_for,
    words_of,
)
from orca.importing.values import filled
from orca.spec import LABEL

FILE_BYTES_MAX = 256 * 1024
SERVICES_MAX = 200
SAID_BY_ITSELF = {"version", "name", "services", "volumes", "networks"}


class NotCompose(Invalid):
    """What was given is no compose file."""


@dataclass(frozen=True, slots=True)
class Imported:
    """Services as `service.toml` says them, and everything that is to be known about them."""

    services: tuple[Mapping[str, Any], ...]
    notes: tuple[Note, ...]


def import_compose(raw: bytes, *, env_files: Mapping[str, str]) -> Imported:
    """`env_files` are the texts of the files that services name. Raises NotCompose."""
    document = parse(raw)
    services = document["services"]
    names = {name: name_here(name) for name in services}
    if len(set(names.values())) < len(names):
        raise NotCompose("Two services have the same name but for capitals, dots or underscores.")
    notes = [
        Note("(all)", key, "not carried over.")
        for key in document
        if key not in SAID_BY_ITSELF and not str(key).startswith("x-")
    ]
    notes += details_of(document)
    made = []
    for name, given in services.items():
        reading = Reading(names[name], given or {})
        if names[name] != name:
            reading.tell("name", f"{name} is called {names[name]} here, also by its neighbours.")
        try:
            made.append(service_of(reading, names, env_files))
        except (AttributeError, TypeError) as error:
            raise NotCompose(
                f"services.{name} has a value of another shape than compose allows. "
                "`docker compose config` says which."
            ) from error
        notes += reading.notes
    notes += shared_volumes(made)
    return Imported(tuple(made), tuple(sorted(set(notes))))


def parse(raw: bytes) -> dict[str, Any]:
    if len(raw) > FILE_BYTES_MAX:
        raise NotCompose(f"The file is larger than {FILE_BYTES_MAX:,} bytes.")
    try:
        document: Any = yaml.safe_load(raw)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise NotCompose(f"The file is no YAML: {error}") from error
    services = document.get("services") if isinstance(document, dict) else None
    if not isinstance(services, dict) or not 1 <= len(services) <= SERVICES_MAX:
        raise NotCompose(f"A compose file has `services`, 1 to {SERVICES_MAX} of them by name.")
    for name, given in services.items():
        if not isinstance(given, dict | None) or not isinstance(name, str):
            raise NotCompose(f"services.{name} is no service.")
    return dict(document)


def name_here(name: str) -> str:
    """Raises NotCompose where nothing like it can be a name."""
    made = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if not re.fullmatch(LABEL, made):
        raise NotCompose(
            f"The service {name!r} cannot be called so here: a letter first, 40 at most."
        )
    return made


def service_of(
    reading: Reading, names: Mapping[str, str], env_files: Mapping[str, str]
) -> dict[str, Any]:
    made: dict[str, Any] = {"name": reading.name, **image_of(reading)}
    if command := words_of(reading, "command"):
        made["command"] = command
    made |= resources(reading)
    made |= ports(reading)
    made |= health(reading)
    made |= waits_for(reading, names)
    made |= networks(reading)
    grace = reading.take("stop_grace_period")
    if grace is not None and (seconds := reading.seconds("stop_grace_period", grace, 600)):
        made["stop_grace_secs"] = seconds
    made |= environment(reading, env_files)
    made |= volumes(reading, replicas=made.get("replicas", 1))
    told_otherwise(reading)
    reading.tell_the_rest()
    return made


def image_of(reading: Reading) -> dict[str, Any]:
    image, build = reading.take("image"), reading.take("build")
    if isinstance(image, str):
        if build is not None:
            reading.tell("build", "not carried over, since there is an image: build and push it.")
        found = filled(image, is_env=False)
        if found.open:
            reading.tell("image", f"needs a value for {', '.join(found.open)}: write it in.")
        return {"image": found.text}
    context = build if isinstance(build, str) else (build or {}).get("context", ".")
    made: dict[str, Any] = {"context": str(context).removeprefix("./") or "."}
    if isinstance(build, dict):
        if "dockerfile" in build:
            made["dockerfile"] = str(build["dockerfile"])
        if args := arguments(reading, build.get("args")):
            made["args"] = args
        for key in build.keys() - {"context", "dockerfile", "args"}:
            reading.tell(f"build.{key}", "not carried over.")
    if build is None:
        reading.tell("image", "there is neither an image nor a build.")
    else:
        reading.tell("build", "the folder has to lie beside service.toml.")
    return {"build": made}


def arguments(reading: Reading, given: Any) -> dict[str, str]:
    """Of a build: a table, or a list of `NAME=value`. What comes from outside stays there, since
    everybody who has the image can read it.
    """
    pairs = given.items() if isinstance(given, dict) else (
        (name, value if has_value else None)
        for name, has_value, value in (str(one).partition("=") for one in given or ())
    )  # fmt: skip
    made: dict[str, str] = {}
    for name, value in pairs:
        found = filled("" if value is None else str(value), is_env=False)
        if value is None or found.open:
            reading.tell(f"build.args.{name}", "not carried over: write its value in.")
            continue
        made[str(name)] = found.text.replace("${", "$${")
    return made


def told_otherwise(reading: Reading) -> None:
    """Keys that mean something here without being said."""
    if (restart := reading.take("restart")) in ("no", False) or str(restart).startswith("on-"):
        reading.tell("restart", f"{restart} is not carried over: what ends is started again.")
    if reading.take("container_name"):
        reading.tell(
            "container_name", "not carried over: neighbours find it by the service's name."
        )
    reading.take("expose")  # everything of a network is open to its neighbours


def details_of(document: Mapping[str, Any]) -> list[Note]:
    """Of the volumes and networks of the whole file: that they are there is known by who uses them,
    and anything else about them is told.
    """
    return [
        Note("(all)", f"{table}.{name}.{key}", "not carried over.")
        for table in ("volumes", "networks")
        for name, details in as_table(document.get(table)).items()
        for key in as_table(details)
    ]


def as_table(given: Any) -> dict[Any, Any]:
    return given if isinstance(given, dict) else {}


def shared_volumes(made: list[dict[str, Any]]) -> list[Note]:
    users: dict[str, list[str]] = {}
    for service in made:
        for volume in service.get("volumes", ()):
            users.setdefault(volume["name"], []).append(service["name"])
    return [
        Note(user, "volumes", f"{name} was shared by {', '.join(found)}; each has its own here.")
        for name, found in users.items()
        for user in found
        if len(found) > 1
    ]
