"""What is said of a rule while it is typed."""

from dataclasses import replace
from typing import Any

import pytest

from basis.facts import Fact
from kitchenasty.automation.checker import check
from kitchenasty.automation.rules import (
    LANGUAGE,
    STEPS_MAX,
    Recipient,
    Role,
    RuleUnreadable,
    Step,
    Written,
    read_document,
    read_recipient,
    read_rule,
)
from kitchenasty.automation.tests.builders import KINDS, VOCABULARIES, a_mail, a_rule


def places(written: Written) -> list[str]:
    return [mistake.where for mistake in check(written, VOCABULARIES, KINDS)]


def said(written: Written) -> list[str]:
    return [str(mistake.words) for mistake in check(written, VOCABULARIES, KINDS)]


def test_says_nothing_of_a_good_rule() -> None:
    note = Step("note", "", {"text": "Called {{ guest.name }}"})
    assert check(a_rule("order.total > 50", a_mail(), note), VOCABULARIES, KINDS) == []


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("order.total >", "Here a value is missing: a number, yes, no, or a text in quotes."),
        ("order.sum > 5", "Nothing is known here under order.sum."),
        ('order.total > "5"', "order.total is compared with an amount, like 50 or 12.90."),
        ("order.dishes = yes", "order.dishes is compared with a number."),
        ("order.is_late = 1", "order.is_late is compared with yes or no."),
        ("guest.name = 1", "guest.name is compared with a text."),
        ('order.type = "BALLOON"', "order.type is never BALLOON."),
        ('order.type contains "P"', "order.type cannot be compared with “contains”."),
        ('order.names = "x"', "order.names cannot be compared with “=”."),
        (
            'order.promised > "soon"',
            "order.promised is compared with a day or a time, like 2026-12-24T18:00.",
        ),
    ],
)
def test_says_what_is_wrong_with_a_condition(when: str, words: str) -> None:
    assert said(a_rule(when)) == [words]
    assert places(a_rule(when)) == ["when"]


@pytest.mark.parametrize(
    ("step", "place"),
    [
        (a_mail(subject=" "), "steps.0.subject"),
        (a_mail(subject="x" * 151), "steps.0.subject"),
        (a_mail(body="{{ guest.name"), "steps.0.body"),
        (a_mail(body="{{ guest.phone }}"), "steps.0.body"),
        (a_mail(to=""), "steps.0.to"),
        (a_mail(to="nobody"), "steps.0.to"),
        (a_mail(to="a@b@c.example"), "steps.0.to"),
        (a_mail(to="a@example.com\nBcc: b@example.com"), "steps.0.to"),
        (a_mail(to="staff:COOK"), "steps.0.to"),
        (Step("fax"), "steps.0.kind"),
        (Step("note", "customer", {"text": "x"}), "steps.0.to"),
        (Step("note", "", {"text": "x", "colour": "red"}), "steps.0.colour"),
    ],
)
def test_says_what_is_wrong_with_a_step(step: Step, place: str) -> None:
    assert places(a_rule("", step)) == [place]


def test_says_every_mistake_at_once() -> None:
    rule = a_rule("order.sum > 5 and order.late = yes", a_mail(), a_mail(to="", subject=""))
    assert places(rule) == ["when", "when", "steps.1.to", "steps.1.subject"]


def test_wants_an_occasion_and_something_to_do_but_not_everything() -> None:
    assert places(a_rule(topic="moon.rose")) == ["topic"]
    assert places(Written("order.moved")) == ["steps"]
    assert places(Written("order.moved", "", (a_mail(),) * (STEPS_MAX + 1))) == ["steps"]


def test_wants_what_a_step_cannot_do_without() -> None:
    vocabularies: dict[str, dict[str, Fact]] = {"review.submitted": {}}
    rule = a_rule("", Step("note", "", {"text": "x"}), topic="review.submitted")
    assert [one.where for one in check(rule, vocabularies, KINDS)] == ["steps.0.kind"]
    rule = a_rule("", a_mail(), topic="review.submitted")
    assert [one.where for one in check(rule, vocabularies, KINDS)] == ["steps.0.to"]


def test_does_not_read_a_language_of_the_future() -> None:
    written = a_rule()
    written = Written(written.topic, written.when, written.steps, LANGUAGE + 1)
    assert places(written) == ["language"]
    with pytest.raises(RuleUnreadable, match="written in language 3"):
        read_rule(written)


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        "",
        {},
        {"topic": 1},
        {"topic": "a.b", "steps": [{"kind": "mail", "run": "rm"}]},
        {"topic": "a.b", "else": []},
        {"topic": "a.b", "steps": [{"kind": "mail", "texts": {"body": 1}}]},
    ],
)
def test_says_of_what_is_no_rule_that_it_is_none(document: Any) -> None:
    with pytest.raises(RuleUnreadable):
        read_document(document)


def test_a_rule_of_the_first_language_keeps_its_meaning() -> None:
    """Written out by hand, as it was kept on the first day: never edit this one."""
    kept = {
        "language": 1,
        "topic": "order.moved",
        "when": 'order.type = "PICKUP" and not order.total < 20 or guest.name in ("A", "B")',
        "steps": [
            {
                "kind": "mail",
                "to": "customer",
                "texts": {"subject": "Hi", "body": 'Dear {{ guest.name or "guest" }}'},
            }
        ],
    }
    rule = read_rule(read_document(kept))
    assert repr(rule.condition) == (
        "Some(of=(Every(of=(Question(fact='order.type', operator=<Operator.IS: '='>, "
        "values=('PICKUP',)), Not(of=Question(fact='order.total', operator=<Operator.LESS: '<'>, "
        "values=(Decimal('20'),))))), Question(fact='guest.name', operator=<Operator.IN: 'in'>, "
        "values=('A', 'B'))))"
    )
    assert rule.steps[0].to == Recipient(Role.GUEST)
    assert repr(rule.steps[0].texts["body"].pieces) == (
        "('Dear ', Place(fact='guest.name', instead='guest'))"
    )


@pytest.mark.parametrize(
    ("text", "recipient"),
    [
        ("customer", Recipient(Role.GUEST)),
        (" house ", Recipient(Role.HOUSE)),
        ("staff:MANAGER", Recipient(Role.STAFF, "MANAGER")),
        ("", Recipient(Role.NOBODY)),
        ("anna@example.com", Recipient(Role.ADDRESS, "anna@example.com")),
    ],
)
def test_reads_to_whom(text: str, recipient: Recipient) -> None:
    assert read_recipient(text) == recipient
    assert replace(recipient) == recipient
