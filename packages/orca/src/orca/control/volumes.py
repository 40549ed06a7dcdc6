"""Volumes: which there are, where, of whom; and how those of removed services are given up."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from orca.control.control import Control, VolumesGoing
from orca.planning import ALL_SLOTS, GiveUp, Kept, State, kept_of, load_kept, volumes_on


class VolumeView(msgspec.Struct, kw_only=True, rename="camel"):
    """`slot` is nothing for one that all replicas share; `is_kept`: its service is gone."""

    service: str
    name: str
    slot: int | None
    node: str
    is_kept: bool


def volumes_in(state: State) -> Iterator[VolumeView]:
    for name in sorted({*state.services, *state.kept}):
        kept, service = state.kept.get(name), state.services.get(name)
        found = kept if service is None else kept_of(service, kept)
        if found is not None:
            yield from views_of(name, found, is_kept=service is None)


def views_of(service: str, kept: Kept, *, is_kept: bool) -> Iterator[VolumeView]:
    for node in sorted({*kept.homes.values()}):
        for name, slot in named_on(kept, node):
            yield VolumeView(service=service, name=name, slot=slot, node=node, is_kept=is_kept)


def named_on(kept: Kept, node: str) -> list[tuple[str, int | None]]:
    return [
        (volume.name, None if slot == ALL_SLOTS else slot)
        for volume, slot in volumes_on(kept, node)
    ]


async def give_up(control: Control, service: str) -> None:
    """Node by node, each written down when it has answered: what fails on the way is asked for
    again. Raises NothingKept, VolumesInUse, VolumesGoing, NodeAway, NotAnswered.
    """
    async with control.deciding:
        # No deploy of it is under way now, and until all is gone none begins.
        kept = load_kept(control.state, service)
        if service in control.giving_up:
            raise VolumesGoing(f"Somebody takes the volumes of {service} away already.")
        control.giving_up.add(service)
    try:
        for node in sorted({*kept.homes.values()}):
            await control.links.discard(node, service, named_on(kept, node))
            await control.tell(GiveUp(service, node))
    finally:
        control.giving_up.discard(service)
