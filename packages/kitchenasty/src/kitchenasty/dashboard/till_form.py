"""What is typed when the drawer is counted, read with bounds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from basis.kit.texts import one_line, whole_in
from kitchenasty import till
from kitchenasty.dashboard.typed_numbers import minor_or_none, typed, whole_or_none
from kitchenasty.locations import House

FIELDS_MAX = 80
LENGTH_MAX = 300
PIECE = "piece-"
AMOUNTS = ("float", "in", "out")
CLOSE, COUNT = "close", "count"


@dataclass(frozen=True, slots=True)
class TillTyped:
    """What stands in the form, right or wrong. `pieces` are texts by the value of the piece."""

    pieces: Mapping[int, str] = field(default_factory=dict)
    amounts: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    seen: str = "0"
    step: str = COUNT
    key: str = ""
    """Of one intent: a form that comes twice with it is kept once."""

    @classmethod
    def of(cls, found: till.CashDay) -> TillTyped:
        """What was counted last, else an empty drawer with what it usually begins with."""
        last = found.last
        if last is None:
            return cls(amounts={"float": typed(found.usual_float_minor or None, found.house)})
        amounts = (last.float_minor, last.paid_in_minor, last.paid_out_minor)
        return cls(
            pieces={value: str(count) for value, count in last.pieces.items()},
            amounts={
                name: typed(minor or None, found.house)
                for name, minor in zip(AMOUNTS, amounts, strict=True)
            },
            seen=str(found.number),
        )

    @property
    def seen_number(self) -> int:
        """The last count that the page showed."""
        return whole_or_none(self.seen) or 0

    def to_drawer(self, house: House) -> till.Drawer:
        """Raises NumberUnreadable, BadAmount."""
        minors = {name: minor_or_none(self.amounts.get(name, ""), house) or 0 for name in AMOUNTS}
        return till.Drawer(
            pieces={value: whole_or_none(text) or 0 for value, text in self.pieces.items()},
            float_minor=minors["float"],
            paid_in_minor=minors["in"],
            paid_out_minor=minors["out"],
        )


def read_till(fields: Iterable[tuple[str, object]]) -> TillTyped:
    """Files, what is too long and what is beyond the bound are left out."""
    texts = [(name, one_line(text)) for name, text in fields if isinstance(text, str)]
    said = {name: text for name, text in texts[:FIELDS_MAX] if len(text) <= LENGTH_MAX}
    pieces = {piece_in(name): text for name, text in said.items() if text}
    return TillTyped(
        pieces={minor: text for minor, text in pieces.items() if minor is not None},
        amounts={name: said.get(name, "") for name in AMOUNTS},
        reason=said.get("reason", ""),
        seen=said.get("seen", "0"),
        step=CLOSE if said.get("step") == CLOSE else COUNT,
        key=said.get("key", ""),
    )


def piece_in(name: str) -> int | None:
    """Which coin or note a field counts; None for other fields."""
    return whole_in(name.removeprefix(PIECE)) if name.startswith(PIECE) else None
