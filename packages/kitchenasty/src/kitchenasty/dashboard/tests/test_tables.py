"""Tables of the office are cards on phones, where each cell has to say its column itself."""

import re
from pathlib import Path

import kitchenasty

TABLE = re.compile(r'<table class="table office-table">.*?</table>', re.DOTALL)
BODY = re.compile(r"<tbody>.*</tbody>", re.DOTALL)
CELL = re.compile(r"<td[^>]*>")


def tables() -> dict[str, list[str]]:
    """The cells of a row of each table of the office, by the template it is in."""
    folder = Path(kitchenasty.__file__).parent / "dashboard/templates/dashboard"
    return {
        path.name: CELL.findall(BODY.findall(table)[0])
        for path in sorted(folder.glob("*.html"))
        for table in TABLE.findall(path.read_text("utf-8"))
    }


def test_every_cell_of_a_table_says_its_column() -> None:
    """But the first, which is the title of the card, and the last, which may hold buttons."""
    found = tables()
    assert len(found) >= 4
    mute = [
        f"{name}: cell {number} has no data-label"
        for name, cells in found.items()
        for number, cell in enumerate(cells[1:-1], start=2)
        if "data-label" not in cell
    ]
    assert "\n".join(mute) == ""
