"""The parts of a service of a compose file, one function each."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from orca.importing.notes import Reading
from orca.importing.values import filled, memory_of, port_of

VARIABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
LOOKS_SECRET = re.compile(
    r"PASSWORD|PASSWD|SECRET|TOKEN|PRIVATE|API_?KEY|CREDENTIAL", re.IGNORECASE
)
ROOMY = "256Mi and a quarter of a processor"
REPLICAS_MAX = 100
TIMEOUT_SECONDS_MAX = 60
PORT_KEYS = {"target", "published", "host_ip", "protocol"}
VOLUME_KEYS = {"type", "source", "target", "read_only"}
HEALTH_KEYS = {"test", "interval", "timeout", "retries", "start_period", "disable"}


def words_of(reading: Reading, key: str) -> list[str]:
    given = reading.take(key)
    if given is None:
        return []
    found = [filled(str(word), is_env=False) for word in as_words(given)]
    if missing := [name for one in found for name in one.open]:
        reading.tell(key, f"needs a value for {', '.join(missing)}: write it in.")
    return [one.text for one in found]


def as_words(given: Any) -> list[Any]:
    if isinstance(given, list):
        return given
    try:
        return list(shlex.split(str(given)))
    except ValueError:  # a quote that is not closed
        return [str(given)]


def resources(reading: Reading) -> dict[str, Any]:
    deploy = as_map(reading, "deploy")
    limits = (deploy.get("resources") or {}).get("limits") or {}
    memory = limits.get("memory") or reading.take("mem_limit")
    cpu = limits.get("cpus") or reading.take("cpus")
    reading.taken |= {"mem_limit", "cpus", "scale"}
    for key in deploy.keys() - {"replicas", "resources"}:
        reading.tell(f"deploy.{key}", "not carried over.")
    for key in (deploy.get("resources") or {}).keys() - {"limits"}:
        reading.tell(f"deploy.resources.{key}", "not carried over: what is limited is reserved.")
    reading.tell_keys("deploy.resources.limits", limits, {"memory", "cpus"})
    made: dict[str, Any] = {}
    replicas = deploy.get("replicas", reading.given.get("scale"))
    if isinstance(replicas, int):
        made["replicas"] = reading.bounded("deploy.replicas", replicas, 0, REPLICAS_MAX)
    said: dict[str, Any] = {}
    if memory is not None and (size := memory_of(memory)):
        said["memory"] = size
    if cpu is not None and re.fullmatch(r"\d+(\.\d+)?", str(cpu)):
        said["cpu"] = max(0.01, number_of(cpu))
    if len(said) < 2:
        reading.tell("resources", f"not all are limited: {ROOMY} where nothing else is said here.")
    return made | ({"resources": said} if said else {})


def number_of(given: Any) -> Any:
    whole, _, part = str(given).partition(".")
    return int(whole) + int(part or 0) / 10 ** len(part)


def ports(reading: Reading) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for given in as_list(reading, "ports"):
        found = port_of(filled(given, is_env=False).text if isinstance(given, str) else given)
        if found is None or not found.is_tcp:
            reading.tell("ports", f"{given} is not carried over: TCP ports by number only.")
            continue
        if found.is_range:
            reading.tell("ports", f"of {given} only the first is carried over.")
        if "port" in made:
            reading.tell("ports", f"{given} is not carried over: a service has one port.")
            continue
        made["port"] = found.port
        if isinstance(given, dict):
            reading.tell_keys("ports", given, PORT_KEYS)
        if found.published:
            reading.tell(
                "ports",
                f"{found.published} of the machine is not published: give it a domain instead.",
            )
    return made


def health(reading: Reading) -> dict[str, Any]:
    given = as_map(reading, "healthcheck")
    test = given.get("test")
    if not given or given.get("disable") or test in ("NONE", ["NONE"], None):
        return {}
    probe: dict[str, Any] = {"command": command_of(test)}
    for key, here, most in [
        ("interval", "interval_secs", 3_600),
        ("timeout", "timeout_secs", TIMEOUT_SECONDS_MAX),
        ("start_period", "initial_delay_secs", 3_600),
    ]:
        if key in given and (seconds := reading.seconds(f"healthcheck.{key}", given[key], most)):
            probe[here] = seconds
    if isinstance(given.get("retries"), int):
        probe["failure_threshold"] = reading.bounded(
            "healthcheck.retries", given["retries"], 1, 100
        )
    reading.tell_keys("healthcheck", given, HEALTH_KEYS)
    return {"readiness": probe, "liveness": probe}


def command_of(test: Any) -> list[str]:
    if isinstance(test, str):
        return ["/bin/sh", "-c", test.replace("$$", "$")]
    words = [str(word).replace("$$", "$") for word in test]
    if words[:1] == ["CMD-SHELL"]:
        return ["/bin/sh", "-c", " ".join(words[1:])]
    return words[1:] if words[:1] == ["CMD"] else words


def waits_for(reading: Reading, names: Mapping[str, str]) -> dict[str, Any]:
    given = reading.take("depends_on") or []
    made = []
    for name in given:
        details = given[name] if isinstance(given, dict) else {}
        condition = (details or {}).get("condition", "service_started")
        reading.tell_keys(f"depends_on.{name}", details or {}, {"condition"})
        if condition == "service_completed_successfully":
            reading.tell("depends_on", f"{name} is one that ends, which is not waited for here.")
            continue
        if condition == "service_started":
            reading.tell("depends_on", f"waits until {name} serves, not only until it is started.")
        made.append(names.get(str(name), str(name)))
    return {"depends_on": made} if made else {}


def networks(reading: Reading) -> dict[str, Any]:
    given = reading.take("networks") or []
    own = [str(name) for name in given if name != "default"]
    made: dict[str, Any] = {}
    if len(own) == 1 and len(given) == 1:
        made["network"] = re.sub(r"[^a-z0-9]+", "-", own[0].lower()).strip("-")
    elif own:
        reading.tell("networks", f"{', '.join(own)} are not carried over: a service has one.")
    if isinstance(given, dict):
        for name, details in given.items():
            reading.tell_keys(f"networks.{name}", details or {}, {"aliases"})
        aliases = [
            str(one) for details in given.values() for one in (details or {}).get("aliases", ())
        ]
        made |= {"aliases": sorted(set(aliases))} if aliases else {}
    return made


def environment(reading: Reading, env_files: Mapping[str, str]) -> dict[str, Any]:
    made: dict[str, str] = {}
    for name in as_list(reading, "env_file"):
        path = str(name.get("path") if isinstance(name, dict) else name)
        if isinstance(name, dict):
            reading.tell_keys("env_file", name, {"path", "required"})
        made |= dict(of_env_file(reading, path, env_files))
    for name, value in pairs_of(reading):
        if not VARIABLE_NAME.fullmatch(name):
            reading.tell("environment", f"{name!r} is no name of a variable.")
            continue
        if value is None:
            reading.tell("environment", f"{name} comes from outside: orca secrets set {name}")
            made[name] = f"${{secrets.{name}}}"
            continue
        found = filled(value, is_env=True)
        for missing in found.open:
            reading.tell("environment", f"{name} needs a secret: orca secrets set {missing}")
        for default in found.defaults:
            reading.tell("environment", f"{name} has the default of {default} now.")
        if LOOKS_SECRET.search(name) and not found.open and value:
            reading.tell(
                "environment", f"{name} looks like a secret and stands in the file as it is."
            )
        made[name] = found.text
    return {"env": made} if made else {}


def of_env_file(
    reading: Reading, path: str, env_files: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """What stands in such files is mostly secret, so none of it is copied."""
    if path not in env_files:
        reading.tell("env_file", f"{path} is not carried over: it cannot be read beside the file.")
        return
    names = []
    for line in env_files[path].splitlines():
        name = line.strip().removeprefix("export ").partition("=")[0].strip()
        if "=" in line and VARIABLE_NAME.fullmatch(name):
            names.append(name)
            yield name, f"${{secrets.{name}}}"
    reading.tell(
        "env_file", f"values of {path} were not copied; set as secrets: {', '.join(names)}"
    )


def pairs_of(reading: Reading) -> Iterator[tuple[str, str | None]]:
    given = reading.take("environment") or {}
    for each in given:
        if isinstance(given, dict):
            value = given[each]
            yield str(each), None if value is None else text_of(value)
        else:
            name, equals, value = str(each).partition("=")
            yield name, value if equals else None


def text_of(value: Any) -> str:
    """As compose hands it over: `true`, not Python's word for it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def volumes(reading: Reading, *, replicas: int) -> dict[str, Any]:
    own: list[dict[str, Any]] = []
    for given in as_list(reading, "volumes"):
        source, target, is_read_only = volume_of(given)
        if not target.startswith("/"):
            reading.tell("volumes", f"{given} is not carried over.")
        elif source.startswith("/"):
            way = "read_only = true" if is_read_only else "read_only = false"
            reading.tell(
                "volumes",
                f"{source} of the machine is not carried over. If it has to be: [mounts] allow in "
                f'cluster.toml; here [[service.mounts]] host = "{source}" path = "{target}" {way}',
            )
        elif source.startswith((".", "~")) or "$" in source:
            reading.tell(
                "volumes", f"{source} is not on the nodes: put what it holds into the image."
            )
        else:
            name = re.sub(r"[^a-z0-9]+", "-", (source or f"data-{len(own)}").lower()).strip("-")
            own.append({"name": name, "path": target, "per": "service" if replicas > 1 else "slot"})
            reading.tell("volumes", f"{name} begins empty: what it holds is not moved.")
            if is_read_only:
                reading.tell("volumes", f"{name} can be written here: read only is for mounts.")
            if isinstance(given, dict):
                reading.tell_keys("volumes", given, VOLUME_KEYS)
    return {"volumes": own} if own else {}


def volume_of(given: Any) -> tuple[str, str, bool]:
    """Where from, where to, and whether it is read only; of both forms."""
    if isinstance(given, dict):
        if given.get("type") not in ("bind", "volume", None):
            return "", "", False
        read_only = bool(given.get("read_only"))
        return str(given.get("source") or ""), str(given.get("target") or ""), read_only
    parts = str(given).split(":")
    if len(parts) == 1:
        return "", parts[0], False
    return parts[0], parts[1], "ro" in parts[2:] or any("ro" in p.split(",") for p in parts[2:])


def as_list(reading: Reading, key: str) -> list[Any]:
    given = reading.take(key)
    if given is None:
        return []
    return given if isinstance(given, list) else [given]


def as_map(reading: Reading, key: str) -> dict[str, Any]:
    given = reading.take(key)
    return given if isinstance(given, dict) else {}
