"""Units for systemd, as text. Pure.

Both run as root without its powers: what they may write and which calls they may make is said here,
and a drop-in (`systemctl edit`) says more where somebody needs it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from basis.errors import Invalid

HEAD = "# Written by `orca install-service`. Change it by `systemctl edit {name}`. Sum: "
PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:@,=+")

UNIT = """\
[Unit]
Description={words}
After={after}
Wants={after}
StartLimitIntervalSec=0

[Service]
Type=exec
ExecStart={command}
Restart=always
RestartSec=2
KillMode={kill}
TimeoutStopSec=30
UMask=0077
ReadWritePaths={data}
CapabilityBoundingSet={powers}
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=read-only
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
PrivateDevices=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
{more}
[Install]
WantedBy=multi-user.target
"""


@dataclass(frozen=True, slots=True)
class Kind:
    """What one of the two needs of the system, and nothing more."""

    words: str
    after: str
    kill: str
    powers: str
    more: str = ""


KINDS = {
    "server": Kind(
        # No power at all, and nothing to write but its data.
        words="Orca: the control plane",
        after="network-online.target",
        kill="mixed",
        powers="",
        more="PrivateTmp=yes\n",
    ),
    "agent": Kind(
        # It alone is ended and begun again: proxy and containers outlive it. It may open the ports
        # of the web, since its proxy does.
        words="Orca: the agent of this node",
        after="network-online.target docker.service",
        kill="process",
        powers="CAP_NET_BIND_SERVICE",
    ),
}
UNITS = {what: f"orca-{what}.service" for what in KINDS}


class NotAWord(Invalid):
    """A value that cannot stand in a unit."""


def unit_of(what: str, command: Sequence[str], data: Path) -> str:
    """Raises NotAWord."""
    kind = KINDS[what]
    text = UNIT.format(
        words=kind.words,
        after=kind.after,
        command=line_of(command),
        kill=kind.kill,
        data=word(str(data)),
        powers=kind.powers,
        more=kind.more,
    )
    return with_sum(UNITS[what], text)


def line_of(command: Sequence[str]) -> str:
    return " ".join(map(word, command))


def word(text: str) -> str:
    """One word as systemd reads it: no variable, no specifier, no second word. Raises NotAWord."""
    if not text.isprintable() or not text:
        raise NotAWord(f"{text!r} cannot stand in a unit: only what can be printed can.")
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return escaped if set(text) <= PLAIN else f'"{escaped}"'


def with_sum(name: str, text: str) -> str:
    return f"{HEAD.format(name=name)}{sum_of(text)}\n{text}"


def is_untouched(written: str) -> bool:
    """Whether nobody has changed a unit since it was written by us."""
    first, _, rest = written.partition("\n")
    return first.startswith(HEAD.partition("{")[0]) and first.endswith(f": {sum_of(rest)}")


def sum_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
