"""Lines that make other template engines run programs: here they are refused, or they are text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from basis.facts import Facts
from kitchenasty.automation.channels import Channel, write_fact
from kitchenasty.automation.conditions import ConditionUnreadable, read_condition
from kitchenasty.automation.templates import Place, TemplateUnreadable, fill, read_template
from kitchenasty.automation.tests.builders import FACTS, VOCABULARY
from tests.security.corpora import lines_of

CANARY = "canary@example.com"


class Watched(dict[str, Any]):
    """Facts that note every name under which something is looked for."""

    def __init__(self, facts: Facts) -> None:
        super().__init__(facts)
        self.asked: list[str] = []

    def get(self, name: str, instead: Any = None) -> Any:
        self.asked.append(name)
        return super().get(name, instead)


def attacks() -> Iterator[str]:
    for line in lines_of("template-injection"):
        yield line
        yield f"Dear {line}, {{{{ guest.name }}}}"


def test_knows_the_published_attacks() -> None:
    assert len(lines_of("template-injection")) >= 100


def test_a_template_is_refused_or_says_what_it_says() -> None:
    refused = 0
    for line in attacks():
        facts = Watched({**FACTS, "guest.email": CANARY})
        try:
            template = read_template(line)
        except TemplateUnreadable:
            refused += 1
            continue
        written = fill(template, facts, VOCABULARY, Channel.TEXT)
        assert written == line.replace("{{ guest.name }}", "Anna")
        assert set(facts.asked) <= {"guest.name"}
        assert [one for one in template.pieces if isinstance(one, Place)] == [
            Place(name) for name in facts.asked
        ]
    print(f"{refused} of {len(list(attacks()))} lines refused, the others are text")
    assert refused > 50


def test_a_guest_of_such_a_name_is_called_so() -> None:
    template = read_template("Dear {{ guest.name }}, we write to you.")
    for channel in Channel:
        for line in [*lines_of("template-injection"), "{{order.customer.email}}"]:
            facts = Watched({"guest.name": line, "guest.email": CANARY})
            written = fill(template, facts, VOCABULARY, channel)
            assert written == f"Dear {write_fact(line, channel)}, we write to you."
            assert facts.asked == ["guest.name"]
            assert CANARY not in written


def test_none_of_them_is_a_condition() -> None:
    for line in lines_of("template-injection"):
        try:
            read_condition(line)
        except ConditionUnreadable:
            continue
        raise AssertionError(line)
