"""Which GPU of a node is which: by the numbers that its driver gives them."""

from __future__ import annotations

from collections.abc import Iterator

from orca.spec.documents import Document
from orca.spec.problems import Code
from orca.spec.types import AMD_FIRST, ClusterFile, Device, Machine

NUMBERS = {"nvidia": range(AMD_FIRST), "amd": range(AMD_FIRST, 2 * AMD_FIRST)}
"""As `nvidia-smi` counts them; of AMD those of /dev/dri/renderD128 and up. They never overlap."""


def numbered(machine: Machine) -> Iterator[tuple[int, Device]]:
    """Those of a vendor follow each other, from where `first` says."""
    coming = {vendor: numbers.start for vendor, numbers in NUMBERS.items()}
    for device in machine.gpus:
        first = coming[device.vendor] if device.first is None else device.first
        coming[device.vendor] = first + device.count
        for number in range(first, first + device.count):
            yield number, device


def check_gpus(document: Document, cluster: ClusterFile) -> None:
    for index, machine in enumerate(cluster.node):
        given: set[int] = set()
        for number, device in numbered(machine):
            at = ("node", index, "gpus")
            if number not in NUMBERS[device.vendor]:
                numbers = NUMBERS[device.vendor]
                words = f"{number} is no number of a GPU of {device.vendor}."
                advice = f"They are numbered from {numbers.start} to {numbers.stop - 1}."
                document.refuse(at, Code.OUT_OF_BOUNDS, words, advice)
            elif number in given:
                words = f"The GPU {number} of {machine.name} is there twice."
                document.refuse(at, Code.DUPLICATE, words, "Say another `first`.")
            given.add(number)
