"""A contract for import-linter: other slices see a slice's package, never a module inside it.

`from kitchenasty import orders` is the front door; `kitchenasty.orders.models` is a room. Shared
packages have no front door, and a composition root may enter every room, because joining the
rooms is its job. Tests of a slice live inside it and count as the slice itself.
"""

from typing import cast

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class SlicePrivacyContract(Contract):
    """Settings: `root` package, its `shared` children and its `composition_roots`."""

    root = fields.StringField()
    shared = fields.SetField(subfield=fields.StringField())
    composition_roots = fields.SetField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Report every import that enters a slice by another way than its package."""
        output.verbose_print(verbose, f"Looking at the slices of {self.root}...")
        free = self._children(self.composition_roots)
        private = graph.find_children(str(self.root)) - self._children(self.shared) - free
        trespasses = [
            (importer, room, line_of(graph, importer, room))
            for owner in sorted(private)
            for room in sorted(graph.find_descendants(owner))
            for importer in sorted(graph.find_modules_that_directly_import(room))
            if not belongs_to(importer, owner)
            and not any(belongs_to(importer, f) for f in free)
            and not is_builder_for_tests(importer, room)
        ]
        return ContractCheck(kept=not trespasses, metadata={"trespasses": trespasses})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Say for each trespass where it happens and which door to take."""
        for importer, room, line in check.metadata["trespasses"]:
            door = room.rsplit(".", 1)[0]
            output.print_error(f"{importer}, line {line}, enters {room}: ask {door} instead")

    def _children(self, names: object) -> set[str]:
        return {f"{self.root}.{name}" for name in cast("set[str] | None", names) or set()}


def belongs_to(module: str, package: str) -> bool:
    """A module is its own package, or lies somewhere below it."""
    return f"{module}.".startswith(f"{package}.")


def is_builder_for_tests(importer: str, room: str) -> bool:
    """Tests may borrow the builders of the slices below theirs: they make what a test stands on."""
    return ".tests." in importer and room.endswith(".tests.builders")


def line_of(graph: ImportGraph, importer: str, imported: str) -> int:
    """Where the import is written, for the person who has to change it."""
    details = graph.get_import_details(importer=importer, imported=imported)
    return details[0]["line_number"] if details else 0
