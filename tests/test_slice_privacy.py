"""The contract of tools/slice_privacy.py, tried on a house of three slices."""

import pytest
from grimp import ImportGraph
from importlinter import ContractCheck

from tools.slice_privacy import SlicePrivacyContract

MODULES = (
    "house",
    "house.main",
    "house.kit",
    "house.kit.data.database",
    "house.menu",
    "house.menu.models",
    "house.menu.tests",
    "house.menu.tests.test_models",
    "house.menus",
    "house.menus.rules",
    "house.orders",
    "house.orders.service",
)


def trespasses(importer: str, imported: str) -> list[tuple[str, str, int]]:
    graph = ImportGraph()
    for module in MODULES:
        graph.add_module(module)
    graph.add_import(importer=importer, imported=imported, line_number=7, line_contents="import")
    contract = SlicePrivacyContract(
        name="front door",
        session_options={"root_packages": ["house"]},
        contract_options={"root": "house", "shared": ["kit"], "composition_roots": ["main"]},
    )
    check = contract.check(graph, verbose=False)
    assert check.kept is not bool(check.metadata["trespasses"])
    found: list[tuple[str, str, int]] = check.metadata["trespasses"]
    return found


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("house.orders.service", "house.menu"),
        ("house.orders.service", "house.kit.data.database"),
        ("house.menu.tests.test_models", "house.menu.models"),
        ("house.menu", "house.menu.models"),
        ("house.main", "house.menu.models"),
    ],
)
def test_lets_in_by_the_front_door(importer: str, imported: str) -> None:
    assert trespasses(importer, imported) == []


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("house.orders.service", "house.menu.models"),
        ("house.kit.data.database", "house.orders.service"),
        ("house.menu.models", "house.menus.rules"),
        ("house.orders.service", "house.menu.tests"),
    ],
)
def test_stops_who_enters_a_room_from_outside(importer: str, imported: str) -> None:
    assert trespasses(importer, imported) == [(importer, imported, 7)]


def test_names_the_door_to_take(capsys: pytest.CaptureFixture[str]) -> None:
    contract = SlicePrivacyContract(
        name="front door", session_options={}, contract_options={"root": "house", "shared": ["kit"]}
    )
    trespass = ("house.orders.service", "house.menu.models", 7)
    check = ContractCheck(kept=False, metadata={"trespasses": [trespass]})
    contract.render_broken_contract(check)
    shown = " ".join(capsys.readouterr().out.split())
    assert "house.orders.service, line 7, enters house.menu.models" in shown
    assert "ask house.menu instead" in shown
