"""GPUs: whoever has one has it alone, and whoever has none is told why."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from orca.planning import Deploy, Drain, Redeploy, Scale, State, Stop, Undrain, fingerprint
from orca.planning.tests.cluster import Cluster, declared, node
from orca.scheduling import GpuDevice
from orca.spec import Machine

GIB = 1 << 30
L4, W7900 = ("nvidia", "L4", 24 * GIB), ("amd", "W7900", 48 * GIB)
OLD_FIRST = {"max_surge": 0, "max_unavailable": 1}


def box() -> Cluster:
    """One node with two of NVIDIA and one of AMD, and one with none."""
    cluster = Cluster()
    gpus = (GpuDevice(0, *L4), GpuDevice(1, *L4), GpuDevice(128, *W7900))
    cluster.join(node("bare"), node("box", gpus=gpus))
    cluster.watches.append(check_nobody_shares)
    return cluster


def check_nobody_shares(_before: State, after: State) -> None:
    """What is not yet gone has its GPU still."""
    given = Counter(
        (copy.node, number)
        for service in after.services.values()
        for copy in service.copies
        for number in copy.gpus
    )
    assert set(given.values()) <= {1}, given


def asks(count: int = 1, **more: Any) -> dict[str, Any]:
    return {"resources": {"gpu": {"count": count, **more}}}


def given_to(cluster: Cluster, name: str = "shop/web") -> list[tuple[str, tuple[int, ...]]]:
    return sorted((copy.node, copy.gpus) for copy in cluster.service(name).copies)


def test_each_copy_has_a_gpu_of_its_own_and_the_next_is_told_why_not() -> None:
    """Scenario 21."""
    cluster = box()
    cluster.deploy(declared(replicas=3, **asks(vendor="nvidia")))
    assert given_to(cluster) == [("box", (0,)), ("box", (1,))]
    [why] = cluster.service().waits
    lacks = "1 GPUs (nvidia) are asked for, 0 are free"
    assert why == f"shop/web.2.g3 has no place. bare: {lacks}; box: {lacks}."
    cluster.deploy(declared("shop/draw", **asks(vram_min="30Gi")))
    assert given_to(cluster, "shop/draw") == [("box", (128,))]


def test_another_wish_for_gpus_is_another_container() -> None:
    before, after = (declared(**asks(count)).service for count in (1, 2))
    assert fingerprint(before) != fingerprint(after)
    cluster = box()
    cluster.deploy(declared(deploy=OLD_FIRST, **asks(vendor="nvidia")))
    cluster.deploy(declared(deploy=OLD_FIRST, **asks(2, vendor="nvidia")), seconds=60)
    assert given_to(cluster) == [("box", (0, 1))]
    assert cluster.service().rollout is None


def test_a_gpu_that_is_taken_out_of_the_files_is_left() -> None:
    """It may be broken, or another one has its number now."""
    cluster = box()
    service = declared(**asks(vendor="nvidia"))
    cluster.deploy(service)
    assert given_to(cluster) == [("box", (0,))]
    cluster.tell(Deploy((service,), is_whole=True, machines={"box": machine(first=1)}))
    cluster.wait(60)
    assert given_to(cluster) == [("box", (1,))]


def machine(first: int) -> Machine:
    gpus = [{"vendor": "nvidia", "model": "L4", "vram": "24Gi", "first": first}]
    return msgspec.convert({"name": "box", "address": "10.0.0.1", "gpus": gpus}, Machine)


WISHES = st.one_of(
    st.builds(
        lambda count, image, replicas, vendor: Deploy(
            (declared(image=image, replicas=replicas, deploy=OLD_FIRST, **asks(count, **vendor)),)
        ),
        st.integers(1, 3),
        st.sampled_from(["web:1", "web:2"]),
        st.integers(0, 4),
        st.sampled_from([{}, {"vendor": "nvidia"}, {"vendor": "amd"}]),
    ),
    st.builds(
        lambda count: Deploy((declared("shop/draw", replicas=count, **asks()),)), st.integers(0, 3)
    ),
    st.just(Redeploy("shop/draw")),
    st.builds(Scale, st.just("shop/draw"), st.integers(0, 4)),
    st.just(Stop("shop/draw")),
    st.sampled_from([Drain("box"), Undrain("box"), Drain("twin"), Undrain("twin")]),
    st.sampled_from(["box", "twin"]),
)


@given(st.lists(st.tuples(WISHES, st.integers(0, 20)), max_size=14))
def test_no_gpu_is_given_twice_whatever_happens(history: list[tuple[Any, int]]) -> None:
    """Through deploys, drains, silence and returns; what nodes hold is looked at too."""
    cluster = box()
    cluster.join(node("twin", gpus=(GpuDevice(0, *L4), GpuDevice(7, *L4))))
    cluster.deploy(declared("shop/draw", **asks()), seconds=2)
    for wish, seconds in history:
        if isinstance(wish, str):
            cluster.nodes[wish].is_silent = not cluster.nodes[wish].is_silent
        else:
            cluster.tell(wish)
        cluster.wait(seconds)
