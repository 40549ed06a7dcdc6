"""How often one address or one person may ask, and whose address it is.

The limiter keeps one number for each key, the instant at which it will have recovered in full
(the generic cell rate algorithm): `burst` requests at once, then one every `interval_seconds`.
Memory is bounded: the keys that were quiet for longest are forgotten first.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

KEYS_MAX = 50_000
ADDRESSES_REMEMBERED = 4_096
IPV6_PREFIX_BITS = 64

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Policy:
    """`burst` at once, then one more every `interval_seconds`. What is general keeps hasty visitors
    from taking all of the server, and an owner may lift it; the others keep guesses few.
    """

    name: str
    burst: int
    interval_seconds: float
    is_general: bool = False

    def __post_init__(self) -> None:
        assert self.burst >= 1
        assert self.interval_seconds > 0


@dataclass(frozen=True, slots=True)
class Verdict:
    allowed: bool
    remaining: int
    retry_after_seconds: int
    """Whole seconds until one more is allowed; 0 when this one was."""


class Limits:
    """All limits of one process; N processes allow N times as much."""

    def __init__(
        self,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        keys_max: int = KEYS_MAX,
        enabled: bool = True,
    ) -> None:
        self._monotonic = monotonic
        self._keys_max = keys_max
        self.is_enabled = enabled
        self.are_general_on = enabled
        """Whether general limits hold; owners switch them while the process runs."""
        self._recovered_at: OrderedDict[tuple[str, str], float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._recovered_at)

    def take(self, policy: Policy, key: str) -> Verdict:
        """Take one of the key's permits, or say how long to wait. A refusal costs nothing."""
        if not (self.are_general_on if policy.is_general else self.is_enabled):
            return Verdict(allowed=True, remaining=policy.burst, retry_after_seconds=0)
        now = self._monotonic()
        slot = (policy.name, key)
        recovered_at = max(self._recovered_at.get(slot, now), now) + policy.interval_seconds
        excess_seconds = recovered_at - now - policy.burst * policy.interval_seconds
        # A billionth of a permit is rounding, not a guess too many.
        if excess_seconds > policy.interval_seconds * 1e-9:
            return Verdict(
                allowed=False,
                remaining=0,
                retry_after_seconds=max(1, math.ceil(excess_seconds)),
            )
        self._remember(slot, recovered_at)
        remaining = policy.burst - math.ceil((recovered_at - now) / policy.interval_seconds - 1e-9)
        return Verdict(allowed=True, remaining=remaining, retry_after_seconds=0)

    def give_back(self, policy: Policy, key: str) -> None:
        """Undo one `take`: a sign-in that succeeded was no guess."""
        slot = (policy.name, key)
        recovered_at = self._recovered_at.get(slot)
        if recovered_at is not None:
            self._recovered_at[slot] = recovered_at - policy.interval_seconds

    def forget(self, policy: Policy, key: str) -> None:
        self._recovered_at.pop((policy.name, key), None)

    def _remember(self, slot: tuple[str, str], recovered_at: float) -> None:
        self._recovered_at[slot] = recovered_at
        self._recovered_at.move_to_end(slot)
        while len(self._recovered_at) > self._keys_max:
            self._recovered_at.popitem(last=False)


def parse_networks(cidrs: Iterable[str]) -> tuple[Network, ...]:
    """Networks from CIDRs or single addresses; ValueError names the one that is neither."""
    return tuple(ip_network(cidr.strip()) for cidr in cidrs if cidr.strip())


def client_address(
    peer: str | None, forwarded_for: Sequence[str], trusted: Sequence[Network]
) -> str:
    """The address that asked: the socket's, or what trusted proxies say about it.

    Every proxy appends the address it saw, so only the entries that our own proxies added can be
    believed: walk from the right and stop at the first address that is not one of ours. Without a
    configured proxy the header is what anybody may have written, and is ignored.
    """
    if peer is None:
        return "unknown"
    address = plain_address(peer)
    if address is None or not is_within(address, trusted):
        return address or peer
    hops = [hop for header in forwarded_for for hop in header.split(",")]
    for hop in reversed(hops):
        seen = plain_address(hop)
        if seen is None:
            return address  # nonsense: believe what was established so far
        address = seen
        if not is_within(address, trusted):
            return address
    return address


@lru_cache(maxsize=ADDRESSES_REMEMBERED)
def plain_address(text: str) -> str | None:
    """`1.2.3.4`, `1.2.3.4:5678`, `[::1]:5678` or `::ffff:1.2.3.4` as one spelling, else None."""
    bare = text.strip().strip('"')
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(address)


def is_within(address: str, networks: Sequence[Network]) -> bool:
    if not networks:
        return False  # most houses have no proxy, and each request asks
    parsed = ip_address(address)
    return any(parsed.version == network.version and parsed in network for network in networks)


@lru_cache(maxsize=ADDRESSES_REMEMBERED)
def address_key(address: str) -> str:
    """What a limit counts by: an IPv6 customer owns a whole /64, so that is one key."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, IPV6_PREFIX_BITS), strict=False))
    return address
