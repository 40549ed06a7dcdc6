"""What is to be placed, and where it could be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True, order=True)
class CopyId:
    """One container that is wanted: which service, which slot, and the how-manieth of the slot."""

    service: str
    slot: int
    generation: int

    def __str__(self) -> str:
        return f"{self.service}.{self.slot}.g{self.generation}"


@dataclass(frozen=True, slots=True)
class GpuAsk:
    """GPUs a copy has to itself; what is None does not matter."""

    count: int
    vendor: str | None = None
    model: str | None = None
    vram_bytes_min: int = 0


@dataclass(frozen=True, slots=True)
class Ask:
    """A copy that wants a node. `home` is where its volume was made, if it was."""

    copy: CopyId
    cpu_milli: int
    memory_bytes: int
    gpu: GpuAsk | None = None
    node: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    spread: Literal["prefer", "require", "none"] = "prefer"
    home: str | None = None


@dataclass(frozen=True, slots=True)
class GpuDevice:
    """One GPU of a node, by the number its node gives it."""

    number: int
    vendor: str
    model: str
    vram_bytes: int


@dataclass(frozen=True, slots=True)
class Node:
    """A server as the scheduler sees it. `away` says in words why it is not there, if it is not."""

    name: str
    cpu_milli: int
    memory_bytes: int
    labels: Mapping[str, str] = field(default_factory=dict)
    gpus: tuple[GpuDevice, ...] = ()
    is_draining: bool = False
    away: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A copy that has its node, and the numbers of the GPUs it has there."""

    ask: Ask
    node: str
    gpus: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a copy has no node: what each node lacks, in words, by the names of the nodes."""

    copy: CopyId
    reasons: Mapping[str, str]

    @property
    def words(self) -> str:
        if not self.reasons:
            return f"{self.copy} has no place: there is no node."
        said = "; ".join(f"{node}: {why}" for node, why in sorted(self.reasons.items()))
        return f"{self.copy} has no place. {said}."


@dataclass(frozen=True, slots=True)
class Schedule:
    """Where the copies go that had no node, and why the others have none still."""

    placed: tuple[Placed, ...]
    refused: tuple[Refusal, ...]
