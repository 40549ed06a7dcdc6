"""Clusters and asks that hypothesis draws, small enough that they crowd each other."""

from __future__ import annotations

from hypothesis import strategies as st

from orca.scheduling import Ask, CopyId, GpuAsk, GpuDevice, Node

GIB = 1 << 30
MODELS = (("nvidia", "L4", 24 * GIB), ("nvidia", "T4", 16 * GIB), ("amd", "W7900", 48 * GIB))
LABELS = st.dictionaries(st.sampled_from(["zone", "disk"]), st.sampled_from(["a", "b"]))


@st.composite
def gpus(draw: st.DrawFn) -> tuple[GpuDevice, ...]:
    kinds = draw(st.lists(st.sampled_from(MODELS), max_size=2))
    return tuple(GpuDevice(number, *kind) for number, kind in enumerate(kinds))


@st.composite
def nodes(draw: st.DrawFn, *, count_max: int = 4) -> tuple[Node, ...]:
    return tuple(
        Node(
            f"n{number}",
            cpu_milli=draw(st.integers(1, 6)) * 500,
            memory_bytes=draw(st.integers(1, 6)) * GIB,
            labels=draw(LABELS),
            gpus=draw(gpus()),
            is_draining=draw(st.sampled_from([False, False, False, True])),
            away=draw(st.sampled_from(["", "", "", "it is away"])),
        )
        for number in range(draw(st.integers(0, count_max)))
    )


GPU_ASKS = (
    st.none()
    | st.none()
    | st.builds(
        GpuAsk,
        count=st.integers(1, 2),
        vendor=st.sampled_from([None, "nvidia", "amd"]),
        model=st.sampled_from([None, None, "L4", "T4"]),
        vram_bytes_min=st.sampled_from([0, 20 * GIB]),
    )
)


@st.composite
def asks(draw: st.DrawFn, *, count_max: int = 5) -> tuple[Ask, ...]:
    """Slots of up to three services, each slot once."""
    slots = draw(
        st.lists(
            st.tuples(st.sampled_from(["a/x", "a/y", "b/z"]), st.integers(0, 2)),
            unique=True,
            max_size=count_max,
        )
    )
    return tuple(
        Ask(
            CopyId(service, slot, 1),
            cpu_milli=draw(st.integers(1, 4)) * 250,
            memory_bytes=draw(st.integers(1, 4)) * GIB // 2,
            gpu=draw(GPU_ASKS),
            node=draw(st.sampled_from([None, None, None, None, "n0", "n1"])),
            labels=draw(st.sampled_from([{}, {}, {"zone": "a"}])),
            spread=draw(st.sampled_from(["prefer", "require", "none"])),
            home=draw(st.sampled_from([None, None, None, "n0", "n2"])),
        )
        for service, slot in slots
    )
