from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import ClassVar

from basis.events import Event


class Colour(StrEnum):
    RED = "RED"


@dataclass(frozen=True, slots=True, kw_only=True)
class PotPainted(Event):
    topic: ClassVar[str] = "pot.painted"
    colour: Colour
    at: datetime
    coats: tuple[int, ...] = ()


def test_a_payload_is_plain_json() -> None:
    event = PotPainted(colour=Colour.RED, at=datetime(2030, 1, 1, tzinfo=UTC), coats=(1, 2))
    assert event.to_payload() == {
        "colour": "RED",
        "at": "2030-01-01T00:00:00+00:00",
        "coats": [1, 2],
    }
