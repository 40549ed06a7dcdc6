"""Whether a container may be asked, and whether it lives: what probes said, weighed. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from orca.agent.specs import liveness_of, readiness_of
from orca.runtime import Container
from orca.spec import Probe, Service

UNPROBED_READY_AFTER_SECS = 2.0
FIRST_PROBES_SECS = 1.0
BACK_OFF_SECS = (1, 2, 4, 8, 16, 32, 60)
STEADY_SECS = 600.0
"""After so long without trouble the next one is a first one."""
BACK_WITHIN_SECS = 10
"""What ends for the first time runs again by then and is ready, on a machine that is not busy, if
it is ready at once. docs/operators/orca/running.md says so.
"""


@dataclass(frozen=True, slots=True)
class Watch:
    """What is known of one run of a container; `started` says which run."""

    started: str
    since: float
    is_ready: bool = False
    misses: int = 0
    failures: int = 0
    """Of readiness and of liveness, one after the other."""
    asked: float | None = None
    looked: float | None = None


def watch_of(watch: Watch | None, container: Container, since: float) -> Watch:
    """The same, or a new one when the container was started again."""
    if watch is None or watch.started != container.started:
        return Watch(container.started, since)
    return watch


def is_readiness_due(watch: Watch, service: Service, now: float) -> bool:
    """Often until it is ready for the first time, then as often as was said."""
    probe = readiness_of(service)
    if probe is None or probe.command is not None:
        return False
    interval = probe.interval_secs if watch.is_ready else FIRST_PROBES_SECS
    return is_due(watch.since + probe.initial_delay_secs, watch.asked, interval, now)


def is_liveness_due(watch: Watch, service: Service, now: float) -> bool:
    """Only of what was ready once: until then the rollout judges it, not this."""
    probe = liveness_of(service)
    if probe is None or not (watch.is_ready or watch.looked is not None):
        return False
    return is_due(watch.since + probe.initial_delay_secs, watch.looked, probe.interval_secs, now)


def is_due(first: float, last: float | None, interval: float, now: float) -> bool:
    return now >= first and (last is None or now - last >= interval)


def asked(watch: Watch, probe: Probe, now: float, *, is_well: bool) -> Watch:
    """Ready at the first good answer, no longer ready after so many bad ones."""
    misses = 0 if is_well else watch.misses + 1
    is_ready = is_well or (watch.is_ready and misses < probe.failure_threshold)
    return replace(watch, is_ready=is_ready, misses=misses, asked=now)


def looked(watch: Watch, now: float, *, is_well: bool) -> Watch:
    return replace(watch, failures=0 if is_well else watch.failures + 1, looked=now)


def is_dead(watch: Watch, service: Service) -> bool:
    probe = liveness_of(service)
    return probe is not None and watch.failures >= probe.failure_threshold


def unprobed(watch: Watch, container: Container, service: Service, now: float) -> Watch:
    """Readiness without a question of ours: the engine's answer, or that it stays up a while."""
    probe = readiness_of(service)
    if probe is None:
        return replace(watch, is_ready=now - watch.since >= UNPROBED_READY_AFTER_SECS)
    if probe.command is not None:
        return replace(watch, is_ready=container.health == "healthy")
    return watch


def back_off(times: int) -> float:
    """How long to wait after so many failures."""
    return BACK_OFF_SECS[min(times, len(BACK_OFF_SECS)) - 1] if times else 0
