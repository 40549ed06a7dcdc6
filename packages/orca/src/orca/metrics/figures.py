"""What the control plane knows, as families of figures. Labels are names of services, nodes and
certificates, which people gave and which are bounded; nothing that anybody sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from orca.certificates import CertificateLine
from orca.control import Control, Outcome
from orca.metrics.outcomes import Outcomes
from orca.planning import ServiceState, State


def families_of(
    control: Control,
    outcomes: Outcomes,
    certificates: Sequence[CertificateLine],
    *,
    revision: int,
) -> list[Metric]:
    state = control.state
    running = sum(job.outcome is Outcome.RUNNING for job in control.jobs.values())
    return [
        *families_of_services(state),
        *families_of_nodes(control),
        *families_of_certificates(certificates),
        counter(
            "orca_releases",
            "How releases ended since the control plane was started",
            "outcome",
            outcomes.counted,
        ),
        GaugeMetricFamily("orca_jobs_running", "Deploys and other wishes on their way", running),
        GaugeMetricFamily("orca_plan_revision", "Changes of what is wanted", state.revision),
        GaugeMetricFamily("orca_store_revision", "Writes of the store", revision),
    ]


def families_of_services(state: State) -> Iterable[Metric]:
    services = state.services
    yield gauge(
        "orca_service_copies_wanted",
        "Copies that a service shall have",
        "service",
        {name: each.replicas for name, each in services.items()},
    )
    yield gauge(
        "orca_service_copies_ready",
        "Copies that serve, on nodes that are heard of",
        "service",
        {name: ready_of(state, each) for name, each in services.items()},
    )
    yield gauge(
        "orca_service_copies_failures",
        "How often the copies that there are have ended or did not answer",
        "service",
        {name: sum(copy.crashes for copy in each.copies) for name, each in services.items()},
    )
    yield gauge(
        "orca_service_release",
        "The number of the release that is wanted",
        "service",
        {name: each.target.number for name, each in services.items()},
    )


def ready_of(state: State, service: ServiceState) -> int:
    return sum(map(state.is_available, service.copies))


def families_of_nodes(control: Control) -> Iterable[Metric]:
    nodes, links = control.state.nodes, control.links
    yield gauge(
        "orca_node_connected",
        "1 while a node is connected",
        "node",
        {name: int(name in links.by_node) for name in nodes},
    )
    yield gauge(
        "orca_node_silent_seconds",
        "For how long nothing was heard of a node",
        "node",
        {name: control.state.silence_of(name) / 1_000 for name in nodes},
    )
    yield gauge(
        "orca_node_doubted",
        "1 while a node says that it obeys what was never given",
        "node",
        {name: int(control.state.is_doubted(name)) for name in nodes},
    )
    yield counter(
        "orca_node_links",
        "Links that a node has opened since the control plane was started",
        "node",
        {name: links.opened[name] for name in nodes},
    )


def families_of_certificates(
    certificates: Sequence[CertificateLine],
) -> Iterable[Metric]:
    yield gauge(
        "orca_certificate_expiry_timestamp_seconds",
        "When a certificate ends, as seconds since 1970",
        "certificate",
        {line.name: line.ends_at.timestamp() for line in certificates if line.ends_at is not None},
    )
    yield gauge(
        "orca_certificate_trouble",
        "1 while a certificate cannot be had or renewed",
        "certificate",
        {line.name: int(bool(line.trouble)) for line in certificates},
    )


def gauge(name: str, words: str, label: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, words, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([key], value)
    return family


def counter(name: str, words: str, label: str, values: Mapping[str, float]) -> CounterMetricFamily:
    family = CounterMetricFamily(name, words, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([key], value)
    return family
