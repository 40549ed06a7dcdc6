"""The settings of the cluster: what `cluster.toml` said, and who may say it otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from basis.errors import Conflict, Forbidden
from orca.access import Role
from orca.control.telling import Note
from orca.planning import Event, Rollback, State
from orca.spec import ClusterFile, Setting, changed_settings, forbidden_mounts

ABOUT = "cluster.toml"


class SettledAnew(Conflict):
    """Somebody else changed the settings between a look at them and the deploy."""


class OnlyAdminsSettle(Forbidden):
    """Settings open folders of nodes, ports and keys: who deploys services does not change them."""


@dataclass(frozen=True, slots=True)
class Settled:
    """The settings that were looked at, and those that are to hold. Often they are the same."""

    before: ClusterFile
    after: ClusterFile

    @property
    def changes(self) -> tuple[Setting, ...]:
        return changed_settings(self.before, self.after)

    def check(self, known: ClusterFile) -> None:
        """Raises SettledAnew. What services may was decided by what was looked at."""
        if known != self.before:
            raise SettledAnew("Somebody deployed another cluster.toml just now. Plan it again.")

    def check_role(self, role: Role) -> None:
        """Raises OnlyAdminsSettle."""
        if not self.changes or role.may(Role.ADMIN):
            return
        keys = ", ".join(setting.key for setting in self.changes)
        raise OnlyAdminsSettle(
            f"Only an admin changes what holds for the cluster, and cluster.toml says {keys} "
            "otherwise. Name the services to deploy them alone, or let an admin deploy this."
        )


class MountTakenBack(Conflict):
    """A release of before mounts what the cluster does not allow any more."""


def check_still_allowed(event: Event, after: State, settings: ClusterFile) -> None:
    """What is deployed is checked with its files; what comes back was allowed once. Raises
    MountTakenBack.
    """
    if not isinstance(event, Rollback):
        return
    for _, host in forbidden_mounts(after.services[event.service].spec, settings):
        raise MountTakenBack(
            f"That release of {event.service} mounts {host}, which is not allowed any more."
        )


def settled_by(before: ClusterFile, after: ClusterFile) -> Settled:
    """What says the same in another order changes nothing."""
    found = Settled(before, after)
    return found if found.changes else Settled(before, before)


def notes_of(settled: Settled | None) -> list[Note]:
    return [Note(ABOUT, setting.words) for setting in settled.changes] if settled else []
