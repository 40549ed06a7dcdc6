"""Engines behind one contract: Docker, and one in memory that fulfils the same suite."""

from orca.runtime.contract import (
    Container,
    ContainerMissing,
    ContainerSpec,
    EngineAway,
    Executed,
    FolderUse,
    Happened,
    HealthCommand,
    ImageMissing,
    NameTaken,
    RegistryAway,
    Runtime,
    StartRefused,
    VolumeInUse,
    VolumeUse,
    ending_in_words,
    name_of,
)
from orca.runtime.docker import DockerRuntime
from orca.runtime.memory import MemoryEngine, MemoryImage, MemoryRuntime

__all__ = [
    "Container", "ContainerMissing", "ContainerSpec", "DockerRuntime", "EngineAway", "Executed",
    "FolderUse", "Happened", "HealthCommand", "ImageMissing", "MemoryEngine", "MemoryImage",
    "MemoryRuntime", "NameTaken", "RegistryAway", "Runtime", "StartRefused", "VolumeInUse",
    "VolumeUse", "ending_in_words", "name_of",
]  # fmt: skip
