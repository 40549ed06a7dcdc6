"""What is set from outside, read once at start from `SWARMHAUL_*` and passed in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from basis.kit.limits import Network, parse_networks

PREFIX = "SWARMHAUL_"
KNOWN = {
    "ARBITER",
    "DATABASE_URL",
    "DATA_DIR",
    "HOSTS",
    "LOG_FORMAT",
    "MARKET",
    "RAIL",
    "RATE_LIMITS",
    "TRUSTED_PROXIES",
}
HOST_NAME = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")
MARKET_NAME = re.compile(r"[a-z0-9][a-z0-9.:-]{1,62}")
LOG_FORMATS = ("text", "json")
SWITCH = ("on", "off")


class ConfigRefused(ValueError):
    """A setting is unknown or malformed; the message says which and what to do."""


class RailKind(StrEnum):
    SVM = "svm"
    LEDGER = "ledger"


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The settings of one process."""

    data_dir: Path
    database_url: str
    market: str = "swarmhaul"
    """Part of everything that is signed: a market that is renamed knows no old signature."""
    rail: RailKind = RailKind.SVM
    arbiter: str | None = None
    """The public key of whoever rules; None: one that is made and kept in the data folder."""
    trusted_proxies: tuple[Network, ...] = ()
    hosts: frozenset[str] = frozenset()
    """Names, without a port, under which tools may be asked for; addresses need none."""
    rate_limits: bool = True
    log_format: str = "text"


def load_config(environment: Mapping[str, str], *, data_dir: Path | None = None) -> Config:
    """The configuration of an environment. Raises ConfigRefused."""
    given = {
        name.removeprefix(PREFIX): value.strip()
        for name, value in environment.items()
        if name.startswith(PREFIX) and value.strip()
    }
    if unknown := given.keys() - KNOWN:
        names = ", ".join(sorted(PREFIX + name for name in unknown))
        raise ConfigRefused(
            f"Unknown setting: {names}. docs/operators/swarmhaul.md lists all of them."
        )
    folder = data_dir or Path(given.get("DATA_DIR", "var/swarmhaul"))
    return Config(
        data_dir=folder,
        database_url=given.get("DATABASE_URL", f"sqlite:///{folder}/market.db"),
        market=read_market(given.get("MARKET", "swarmhaul")),
        rail=RailKind(read_choice(given, "RAIL", tuple(RailKind), otherwise=RailKind.SVM)),
        arbiter=given.get("ARBITER"),
        trusted_proxies=read_networks(given),
        hosts=read_hosts(given),
        rate_limits=read_choice(given, "RATE_LIMITS", SWITCH, otherwise="on") == "on",
        log_format=read_choice(given, "LOG_FORMAT", LOG_FORMATS, otherwise="text"),
    )


def read_market(name: str) -> str:
    if not MARKET_NAME.fullmatch(name):
        raise ConfigRefused(
            f"{PREFIX}MARKET is a name of small letters, digits, dots, colons and hyphens."
        )
    return name


def read_choice(
    given: Mapping[str, str], name: str, choices: tuple[str, ...], *, otherwise: str
) -> str:
    value = given.get(name, otherwise).lower()
    if value not in choices:
        raise ConfigRefused(f"{PREFIX}{name} is one of {', '.join(choices)}.")
    return value


def read_hosts(given: Mapping[str, str]) -> frozenset[str]:
    names = frozenset(name.strip().lower() for name in given.get("HOSTS", "").split(",")) - {""}
    if not all(HOST_NAME.fullmatch(name) for name in names):
        raise ConfigRefused(f"{PREFIX}HOSTS are names without a port, with commas between them.")
    return names


def read_networks(given: Mapping[str, str]) -> tuple[Network, ...]:
    try:
        return parse_networks(given.get("TRUSTED_PROXIES", "").split(","))
    except ValueError as error:
        raise ConfigRefused(f"{PREFIX}TRUSTED_PROXIES: {error}") from error
