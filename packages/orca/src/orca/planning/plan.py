"""What a deploy would do, as a value: made, printed, asked about, and only then done."""

from __future__ import annotations

from dataclasses import dataclass, replace

from orca.planning.builds import build_of
from orca.planning.events import Deploy
from orca.planning.releases import (
    Change,
    Declaration,
    change_between,
    changed_fields,
    renewing_fields,
)
from orca.planning.states import ServiceState, State
from orca.spec import Service

SIGNS = {
    Change.NEW: "+",
    Change.REPLACED: "~",
    Change.IN_PLACE: "~",
    Change.UNCHANGED: "=",
    Change.REMOVED: "-",
}


@dataclass(frozen=True, slots=True)
class Line:
    """What happens to one service, and why. Values are not shown: some of them are nobody's."""

    about: str
    change: Change
    fields: tuple[str, ...] = ()
    words: str = ""

    def __str__(self) -> str:
        return f"{SIGNS[self.change]} {self.about}: {self.words}"


def make_plan(state: State, deploy: Deploy) -> tuple[Line, ...]:
    """A line for every service that is meant, in the order of their names."""
    lines = [line_of(state, each) for each in deploy.services]
    if deploy.is_whole and deploy.services:
        named = {each.id for each in deploy.services}
        lines += [
            Line(name, Change.REMOVED, words=removed_words(service))
            for name, service in state.services.items()
            if name not in named and not service.is_removed
        ]
    return tuple(sorted(lines, key=lambda line: line.about))


def line_of(state: State, declared: Declaration) -> Line:
    line = line_for(state.services.get(declared.id), declared)
    if declared.id in state.services or declared.id not in state.kept:
        return line
    places = ", ".join(sorted({*state.kept[declared.id].homes.values()}))
    return replace(line, words=f"{line.words}; it finds the volumes that were kept on {places}")


def removed_words(service: ServiceState) -> str:
    if not service.homes:
        return "removed"
    places = ", ".join(sorted({*service.homes.values()}))
    return f"removed; its volumes stay on {places}, and orca volumes lists them"


def line_for(service: ServiceState | None, declared: Declaration) -> Line:
    after = declared.service
    if service is None or service.is_removed:
        words = f"new, {after.replicas} × {image_of(after)}"
        return Line(declared.id, Change.NEW, words=words)
    known = service.target.declared
    change = change_between(known, declared)
    is_built_anew = known.context != declared.context
    fields = with_build(changed_fields(service.spec, after), is_meant=is_built_anew)
    named = ", ".join(field_words(known, declared, field) for field in fields)
    if change is Change.UNCHANGED:
        return Line(declared.id, change, words="unchanged")
    if change is Change.IN_PLACE:
        return Line(declared.id, change, fields, f"changes in place: {named}")
    needs = with_build(renewing_fields(service.spec, after), is_meant=is_built_anew)
    return Line(
        declared.id, change, fields, f"{way_of(after)} because of {', '.join(needs)}: {named}"
    )


def with_build(fields: tuple[str, ...], *, is_meant: bool) -> tuple[str, ...]:
    """What is built from is no field, but people know it by one."""
    return ("build", *fields) if is_meant and "build" not in fields else fields


def way_of(service: Service) -> str:
    if service.volumes:
        return "replaced, old before new,"
    if service.deploy.strategy == "canary":
        return f"a canary of {service.deploy.canary_weight} %"
    return "replaced, new before old,"


def field_words(known: Declaration, declared: Declaration, field: str) -> str:
    before, after = known.service, declared.service
    if field == "build" and after.build:
        is_elsewhere = bool(known.context) and build_of(known) == build_of(declared)
        return "the same build from another folder" if is_elsewhere else "built anew"
    if field == "env":
        names = sorted(
            name
            for name in {*before.env, *after.env}
            if before.env.get(name) != after.env.get(name)
        )
        return f"env ({', '.join(names)})"
    if field in {"image", "replicas", "domain", "port"}:
        return f"{field} {getattr(before, field)} → {getattr(after, field)}"
    return field


def image_of(service: Service) -> str:
    return service.image or "an image built here"
