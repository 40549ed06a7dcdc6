"""What goes wrong in a second, if anything does. Storms, in which all goes wrong at once, take
turns with lulls, in which things come to an end and begin from somewhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from orca.planning import Deploy, Event
from orca.simulation.wishes import draw_wish

if TYPE_CHECKING:
    from orca.simulation.world import World

HOUR_MS = 3_600_000
TURN = 0.02
"""How likely it is in each second that a storm begins, or ends."""
QUIET_SHARE = (0.55, 0.93)
"""Of the seconds of a storm, and of a lull, in which nothing goes wrong that did not before."""

FILLS = 0.3
"""How likely it is that a disk with room is full when somebody writes much."""


def suffer(world: World) -> None:
    draw = world.chance
    if draw.random() < TURN:
        world.is_lull = not world.is_lull
        world.write("a lull" if world.is_lull else "a storm")
    if draw.random() < QUIET_SHARE[world.is_lull]:
        return
    what = draw.choices(NAMES, WEIGHTS)[0]
    FAULTS[what][1](world, draw.choice(world.names))


def wish(world: World, _name: str) -> None:
    if world.state.nodes:
        world.wishes += 1
        wished = draw_wish(world.chance, world.state, world.wishes)
        world.write(f"wish: {in_short(wished)}")
        world.decide(wished)


def in_short(wished: Event) -> str:
    if not isinstance(wished, Deploy):
        return str(wished)
    said = ((each.id, each.service) for each in wished.services)
    return "deploy " + ", ".join(
        f"{name} {service.image} × {service.replicas} {service.deploy.strategy}"
        for name, service in said
    )


def cut(world: World, name: str) -> None:
    world.links.cut_off(name)
    world.write(f"cut: {name}")


def join(world: World, name: str) -> None:
    world.links.join(name)
    world.write(f"joined again: {name}")


def turn(world: World, name: str) -> None:
    world.links.turn(name)
    world.write(f"the links are {'well' if name in world.links.well else 'ill'}: {name}")


def agent_dies(world: World, name: str) -> None:
    world.machines[name].is_up = False
    world.write(f"the agent dies: {name}")


def power(world: World, name: str) -> None:
    world.machines[name].lose_power()
    world.write(f"no power: {name}")


def boot(world: World, name: str) -> None:
    if not world.machines[name].is_up:
        world.machines[name].boot()
        world.write(f"boot: {name}")


def kill(world: World, name: str) -> None:
    world.machines[name].kill_one()
    world.write(f"a container is removed: {name}")


def fill(world: World, name: str) -> None:
    machine = world.machines[name]
    machine.is_full = not machine.is_full and world.chance.random() < FILLS
    world.write(f"the disk is {'full' if machine.is_full else 'free'}: {name}")


def fill_store(world: World, _name: str) -> None:
    world.stored.is_full = not world.stored.is_full and world.chance.random() < FILLS
    world.write(f"the disk of the control plane is {'full' if world.stored.is_full else 'free'}")


def leap(world: World, _name: str) -> None:
    """The wall's clock is set while the control plane runs."""
    world.skew += world.chance.choice([-HOUR_MS, HOUR_MS, world.chance.randint(-90_000, 90_000)])
    world.write(f"the clock of the control plane is {world.skew / 1_000} s ahead")


FAULTS: dict[str, tuple[int, Callable[[World, str], None]]] = {
    "wish": (30, wish),
    "cut": (10, cut),
    "join": (16, join),
    "turn": (10, turn),
    "agent dies": (7, agent_dies),
    "power": (5, power),
    "boot": (18, boot),
    "kill": (7, kill),
    "full": (10, fill),
    "store full": (6, fill_store),
    "leap": (3, leap),
}
NAMES = list(FAULTS)
WEIGHTS = [weight for weight, _ in FAULTS.values()]
