"""What pictures of the gallery show. Pure."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType

from basis.sentences import word


class GalleryCategory(StrEnum):
    FOOD = "FOOD"
    INTERIOR = "INTERIOR"
    GARDEN = "GARDEN"
    EVENTS = "EVENTS"


CATEGORY_WORDS = MappingProxyType(
    {
        GalleryCategory.FOOD: word("Food"),
        GalleryCategory.INTERIOR: word("Rooms"),
        GalleryCategory.GARDEN: word("Garden"),
        GalleryCategory.EVENTS: word("Events"),
    }
)
