"""Tables of the office are cards on phones, where each cell has to say its column itself."""

import re
from pathlib import Path

import kitchenasty

PRODUCT = Path(kitchenasty.__file__).parent
# The list of orders is laid out by hand on phones, and says no columns there.
TABLE = re.compile(
    r'<table class="(?![^"]*office-orders)[^"]*\boffice-table\b[^"]*".*?</table>', re.DOTALL
)
BODY = re.compile(r"<tbody[^>]*>.*</tbody>", re.DOTALL)
CELL = re.compile(r"<td[^>]*>")


def tables() -> list[tuple[str, list[str]]]:
    """The cells of a row of each table of the office, with the template it is in, whichever slice
    and folder that lies in.
    """
    return [
        (str(path.relative_to(PRODUCT)), CELL.findall("".join(BODY.findall(table))))
        for path in sorted(PRODUCT.glob("*/templates/**/*.html"))
        for table in TABLE.findall(path.read_text("utf-8"))
    ]


def test_every_cell_of_a_table_says_its_column() -> None:
    """But the first, which is the title of the card, and the last, which may hold buttons."""
    found = tables()
    assert len({Path(name).parent for name, _ in found}) >= 4, "not the folder at the top only"
    mute = [
        f"{name}: cell {number} has no data-label"
        for name, cells in found
        for number, cell in enumerate(cells[1:-1], start=2)
        if "data-label" not in cell
    ]
    assert "\n".join(mute) == ""
