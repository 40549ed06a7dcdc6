"""The cells of the menu's sheet as people type them, and what they mean. Pure but for words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from basis.errors import Invalid
from basis.kit.http.wire import amount, bounded_minor
from basis.kit.texts import decimal_in, whole_in
from basis.sentences import Sentence, word
from kitchenasty import menu
from kitchenasty.kit.http.i18n import translate

NONE_WORD = word("none")
NONES = {"none", "-", "–", "0"}
STOCK_MAX = 1_000_000
FIELDS = ("name", "price", "allergens", "stock", "is86", "active")
CELL_OF = {
    "name": "name",
    "price": "price_minor",
    "allergens": "allergens",
    "stock": "stock",
    "is86": "is_86",
    "active": "is_active",
}
FIELD_OF = {cell: field for field, cell in CELL_OF.items()}


class CellRefused(Invalid):
    """What was typed cannot stand in this cell. `details` has the field."""


@dataclass(frozen=True)
class Legend:
    """What the texts of cells are read with: the currency, and every allergen's name by code."""

    currency: str
    allergens: Mapping[str, str]

    def texts(self, cells: menu.Cells) -> dict[str, str]:
        """A line as one would type it."""
        return {
            "name": cells.name,
            "price": str(amount(cells.price_minor, self.currency)),
            "allergens": self.allergens_text(cells.allergens),
            "stock": "" if cells.stock is None else str(cells.stock),
            "is86": "on" if cells.is_86 else "",
            "active": "on" if cells.is_active else "",
        }

    def allergens_text(self, codes: Iterable[str] | None) -> str:
        """`Eggs, Milk`; `none` when that was declared; nothing when nobody has declared any."""
        if codes is None:
            return ""
        names = [self.short_names.get(code, code) for code in codes]
        return ", ".join(sorted(names)) or translate(NONE_WORD)

    @cached_property
    def short_names(self) -> dict[str, str]:
        """`Milk` for `Milk (lactose included)`, where nothing else is called so."""
        names = {code: without_commas(translate(name)) for code, name in self.allergens.items()}
        short = {code: name.partition(" (")[0] for code, name in names.items()}
        times = Counter(short.values())
        return {code: names[code] if times[short[code]] > 1 else short[code] for code in names}

    def read(self, field: str, text: str) -> Any:
        """What a text means in a cell. Raises CellRefused."""
        try:
            return self._read(field, text.strip())
        except CellRefused:
            raise
        except Invalid as refusal:
            raise CellRefused(refusal.sentence, field=field) from refusal

    def _read(self, field: str, text: str) -> Any:
        match field:
            case "price":
                return read_price(text, self.currency)
            case "allergens":
                return self.read_allergens(text)
            case "stock":
                return read_stock(text)
            case "is86" | "active":
                return bool(text)
            case _:
                return text

    def read_allergens(self, text: str) -> tuple[str, ...] | None:
        """Names, codes, or their beginnings, with commas between them. Raises CellRefused."""
        if not text:
            return None
        if text.casefold() in NONES | {translate(NONE_WORD).casefold()}:
            return ()
        parts = [part.strip().casefold() for part in text.replace(";", ",").split(",")]
        return tuple(sorted({self.code_of(part) for part in parts if part}))

    def code_of(self, wanted: str) -> str:
        """The one allergen that is called so, or the only one whose name begins so."""
        names = {
            code: {
                without_commas(one).casefold()
                for one in (code, name, translate(name), self.short_names[code])
            }
            for code, name in self.allergens.items()
        }
        exact = [code for code, called in names.items() if wanted in called]
        begun = [code for code in names if any(one.startswith(wanted) for one in names[code])]
        found = exact or groups_first(begun)
        if len(found) == 1:
            return found[0]
        sentence = (
            Sentence.of("{text}: which allergen is that? Write more of its name.", text=wanted)
            if found
            else Sentence.of("{text} is no allergen that we know.", text=wanted)
        )
        raise CellRefused(sentence, field="allergens")


def without_commas(name: str) -> str:
    """A name as it stands in a list: a house may have called its own allergen anything."""
    return name.replace(",", "").replace(";", "")


def groups_first(codes: list[str]) -> list[str]:
    """A group before its members: `nuts` begins the code of each nut too."""
    return [code for code in codes if ":" not in code] or codes


def read_price(text: str, currency: str) -> int:
    value = decimal_in(text)
    if value is None:
        raise CellRefused("Please write a price like 10 or 12.50.", field="price")
    return bounded_minor(value, currency)


def read_stock(text: str) -> int | None:
    if not text:
        return None
    stock = whole_in(text)
    if stock is None or stock > STOCK_MAX:
        raise CellRefused("Please write a whole number, like 45.", field="stock")
    return stock


def edits_of(
    typed: Mapping[str, str], seen: Mapping[str, str], legend: Legend
) -> dict[str, tuple[Any, Any]]:
    """What to write where: the fields that were seen and hold something else now.

    Raises CellRefused.
    """
    return {
        CELL_OF[field]: (legend.read(field, seen[field]), legend.read(field, typed[field]))
        for field in FIELDS
        if field in seen and typed[field] != seen[field]
    }
