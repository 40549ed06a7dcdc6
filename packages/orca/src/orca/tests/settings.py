"""Other settings of a cluster, as a deploy of its `cluster.toml` alone would bring them."""

from __future__ import annotations

from typing import Any

import msgspec

from orca.control import Control, Settled
from orca.planning import Deploy


async def settle(control: Control, **tables: Any) -> None:
    after = msgspec.structs.replace(control.settings, **tables)
    machines = {machine.name: machine for machine in after.node}
    await control.tell(Deploy((), machines=machines), settled=Settled(control.settings, after))
