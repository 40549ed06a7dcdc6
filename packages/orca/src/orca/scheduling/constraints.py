"""What a node must be and have for a copy. Each constraint is an object that objects in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

from orca.scheduling.asks import Ask, GpuAsk
from orca.scheduling.rooms import Room, fits, gpu_choices

MIB = 1 << 20


class Constraint(Protocol):
    """Something that a copy needs. `holds_on` says whether it also moves who is there already."""

    holds_on: ClassVar[bool]

    def objection(self, ask: Ask, room: Room) -> str | None:
        """Why the copy may not be there, or None."""


@dataclass(frozen=True, slots=True)
class IsThere:
    """A node that is away takes nothing. What ran there is moved by whoever knows for how long."""

    holds_on: ClassVar[bool] = False

    def objection(self, ask: Ask, room: Room) -> str | None:
        return room.node.away or None


@dataclass(frozen=True, slots=True)
class IsNotDraining:
    holds_on: ClassVar[bool] = True

    def objection(self, ask: Ask, room: Room) -> str | None:
        return "it is being drained" if room.node.is_draining else None


@dataclass(frozen=True, slots=True)
class IsTheNamedOne:
    holds_on: ClassVar[bool] = True

    def objection(self, ask: Ask, room: Room) -> str | None:
        if ask.node in {None, room.node.name}:
            return None
        return f"the service asks for the node {ask.node}"


@dataclass(frozen=True, slots=True)
class HasTheLabels:
    holds_on: ClassVar[bool] = True

    def objection(self, ask: Ask, room: Room) -> str | None:
        has = room.node.labels
        lacks = [f"{key}={value}" for key, value in ask.labels.items() if has.get(key) != value]
        return f"it lacks the label {', '.join(sorted(lacks))}" if lacks else None


@dataclass(frozen=True, slots=True)
class HasTheVolume:
    """Data do not travel by themselves: a copy goes where its volume is."""

    holds_on: ClassVar[bool] = True

    def objection(self, ask: Ask, room: Room) -> str | None:
        if ask.home in {None, room.node.name}:
            return None
        return f"the volume is on {ask.home}"


@dataclass(frozen=True, slots=True)
class IsFreeOfItsService:
    holds_on: ClassVar[bool] = False

    def objection(self, ask: Ask, room: Room) -> str | None:
        if ask.spread == "require" and room.neighbours(ask.copy):
            return f"another replica of {ask.copy.service} is there, and spread is required"
        return None


@dataclass(frozen=True, slots=True)
class HasTheProcessor:
    holds_on: ClassVar[bool] = False

    def objection(self, ask: Ask, room: Room) -> str | None:
        if ask.cpu_milli <= room.cpu_milli:
            return None
        return f"{cores(ask.cpu_milli)} processors are asked for, {cores(room.cpu_milli)} are free"


@dataclass(frozen=True, slots=True)
class HasTheMemory:
    holds_on: ClassVar[bool] = False

    def objection(self, ask: Ask, room: Room) -> str | None:
        if ask.memory_bytes <= room.memory_bytes:
            return None
        asked, free = -(-ask.memory_bytes // MIB), room.memory_bytes // MIB
        return f"{asked} MiB of memory are asked for, {free} are free"


@dataclass(frozen=True, slots=True)
class HasTheGpus:
    holds_on: ClassVar[bool] = False

    def objection(self, ask: Ask, room: Room) -> str | None:
        if ask.gpu is None or any(True for _ in gpu_choices(ask.gpu, room.gpus)):
            return None
        free = sum(fits(ask.gpu, one) for one in room.gpus)
        return f"{ask.gpu.count} GPUs{kind(ask.gpu)} are asked for, {free} are free"


def kind(ask: GpuAsk) -> str:
    least = f"{ask.vram_bytes_min // MIB} MiB or more" if ask.vram_bytes_min else None
    said = [one for one in (ask.vendor, ask.model, least) if one]
    return f" ({', '.join(said)})" if said else ""


def cores(milli: int) -> str:
    whole, rest = divmod(milli, 1_000)
    return f"{whole}.{rest:03}".rstrip("0").rstrip(".") if rest else str(whole)


CONSTRAINTS: tuple[Constraint, ...] = (
    IsThere(),
    IsTheNamedOne(),
    HasTheVolume(),
    HasTheLabels(),
    IsNotDraining(),
    IsFreeOfItsService(),
    HasTheProcessor(),
    HasTheMemory(),
    HasTheGpus(),
)


def objection_to(ask: Ask, room: Room) -> str | None:
    """The first thing that keeps the copy from the node, what lies deepest first."""
    said = (constraint.objection(ask, room) for constraint in CONSTRAINTS)
    return next((words for words in said if words), None)


def reason_to_move(ask: Ask, room: Room) -> str | None:
    """Why a copy may not stay where it is: because of what the node is, never of how full it is."""
    said = (each.objection(ask, room) for each in CONSTRAINTS if each.holds_on)
    return next((words for words in said if words), None)
