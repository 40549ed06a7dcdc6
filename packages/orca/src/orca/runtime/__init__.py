"""Engines behind one contract: Docker, and one in memory that fulfils the same suite."""

from orca.runtime.contract import (
    BuildFailed,
    BuildSpec,
    Container,
    ContainerMissing,
    ContainerSpec,
    EngineAway,
    Executed,
    FolderUse,
    Happened,
    HealthCommand,
    ImageMissing,
    ImageUnreadable,
    NameTaken,
    NetworkInUse,
    RegistryAway,
    Runtime,
    StartRefused,
    Told,
    VolumeInUse,
    VolumeUse,
    ending_in_words,
    name_of,
)
from orca.runtime.docker import DockerRuntime
from orca.runtime.memory import MemoryEngine, MemoryRuntime
from orca.runtime.memory_images import MemoryImage

__all__ = [
    "BuildFailed", "BuildSpec", "Container", "ContainerMissing", "ContainerSpec", "DockerRuntime",
    "EngineAway", "Executed", "FolderUse", "Happened", "HealthCommand", "ImageMissing",
    "ImageUnreadable", "MemoryEngine", "MemoryImage", "MemoryRuntime", "NameTaken", "NetworkInUse",
    "RegistryAway", "Runtime", "StartRefused", "Told", "VolumeInUse", "VolumeUse",
    "ending_in_words", "name_of",
]  # fmt: skip
