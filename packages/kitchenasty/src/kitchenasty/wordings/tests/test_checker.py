"""What owners are told while they write: every mistake, in its place, and what has to stay."""

from __future__ import annotations

import pytest

from kitchenasty.notices import BUTTON, GUEST, HOUSE, TABLE, Area, Pattern, Wording
from kitchenasty.wordings import BODY_LENGTH_MAX, SUBJECT_LENGTH_MAX, mistakes_in

RECEIPT = Pattern(
    key="test.receipt",
    words="A receipt",
    area=Area.PAYMENTS,
    subject=("Receipt", "{house}"),
    lines=("Hello {name},",),
    button="Open it",
    places={"name": GUEST, "house": HOUSE},
    rows=(("Soup", "€9.80"),),
    needs=frozenset({TABLE, BUTTON, HOUSE.name}),
)
TEXT = Pattern(
    key="test.text",
    words="Ready",
    area=Area.ORDERS,
    lines=("{house}: ready.",),
    places={"house": HOUSE},
    needs=frozenset({HOUSE.name}),
    is_text=True,
)
GOOD = Wording(
    "Thank you, {{ guest.name }}",
    "From {{ house.name }}\n\n{{ letter.table }}\n{{ letter.button }}\nBye.",
)


def told(body: str = GOOD.body, subject: str = GOOD.subject) -> list[tuple[str, int, str]]:
    found = mistakes_in(RECEIPT, Wording(subject, body))
    return [(one.where, one.line, str(one.words)) for one in found]


def test_words_with_all_that_has_to_stay_have_no_mistake() -> None:
    assert told() == []


def test_the_usual_words_are_as_they_should_be() -> None:
    standard = RECEIPT.standard()
    assert standard.subject == "Receipt, {{ house.name }}"
    assert standard.body == "Hello {{ guest.name }},\n\n{{ letter.table }}\n\n{{ letter.button }}"


@pytest.mark.parametrize("name", [TABLE, BUTTON, HOUSE.name])
def test_what_a_letter_needs_cannot_be_taken_out(name: str) -> None:
    body = GOOD.body.replace(f"{{{{ {name} }}}}", "")
    [(where, line, words)] = told(body)
    assert (where, line) == ("body", 0)
    assert words.startswith(f"{{{{ {name} }}}} is missing")


def test_a_place_in_the_subject_does_not_stand_for_one_in_the_text() -> None:
    [(where, _, _)] = told("{{ letter.table }}\n{{ letter.button }}", "{{ house.name }}")
    assert where == "body"


def test_says_in_which_line_a_mistake_is() -> None:
    [(where, line, words)] = told(GOOD.body + "\nDear {{ guest.nmae }}")
    assert (where, line) == ("body", 6)
    assert words == "Nothing is known here under guest.nmae."


def test_a_place_that_is_not_closed_is_found() -> None:
    assert [(where, line) for where, line, _ in told(GOOD.body + "\nDear {{ guest.name")] == [
        ("body", 6)
    ]


def test_the_table_and_the_button_stand_on_lines_of_their_own() -> None:
    body = GOOD.body.replace("{{ letter.button }}", "Press {{ letter.button }} now")
    assert [words for _, _, words in told(body)] == [
        "letter.button stands on a line of its own in the text."
    ]
    assert told(subject="{{ letter.table }}")[0][0] == "subject"


def test_the_button_stands_there_once() -> None:
    assert [words for _, _, words in told(GOOD.body + "\n{{ letter.button }}")] == [
        "letter.button can stand there once only."
    ]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r", "\x0b", "\x85", "\u2028"])
def test_a_subject_is_one_line(ending: str) -> None:
    assert [where for where, _, _ in told(subject=f"Hello{ending}Bcc: eve@evil.example")] == [
        "subject"
    ]


def test_nothing_and_too_much_are_refused() -> None:
    assert [where for where, _, _ in told("  ", " ")] == ["subject", "body"]
    long = told("x" * (BODY_LENGTH_MAX + 1), "x" * (SUBJECT_LENGTH_MAX + 1))
    assert [where for where, _, _ in long] == ["subject", "body"]


@pytest.mark.parametrize(
    "inside",
    [
        "house.__class__",
        "house.name.__init__.__globals__",
        "config",
        "7*7",
        "house.name|attr('x')",
        "secrets.key",
        "letter",
        "self",
    ],
)
def test_a_place_names_a_fact_and_nothing_else(inside: str) -> None:
    assert len(told(GOOD.body + f"\n{{{{ {inside} }}}}")) == 1


def test_a_text_message_has_no_subject_and_no_button() -> None:
    assert mistakes_in(TEXT, Wording("", "{{ house.name }}: come.")) == []
    assert len(mistakes_in(TEXT, Wording("", "{{ house.name }}\n{{ letter.button }}"))) == 1
    assert len(mistakes_in(TEXT, Wording("", "Come."))) == 1
