"""Texts with places for facts, and what hostile facts do to them: nothing."""

import html
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kitchenasty.automation.channels import FACT_LENGTH_MAX, Channel, write_fact
from kitchenasty.automation.templates import (
    LENGTH_MAX,
    PLACES_MAX,
    Place,
    Template,
    TemplateUnreadable,
    fill,
    read_template,
)
from kitchenasty.automation.tests.builders import FACTS, VOCABULARY


def filled(text: str, channel: Channel = Channel.TEXT, **others: object) -> str:
    facts = {**FACTS, **{name.replace("__", "."): value for name, value in others.items()}}
    return fill(read_template(text), facts, VOCABULARY, channel)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello", "Hello"),
        ("", ""),
        ("{{ guest.name }}", "Anna"),
        ("{{guest.name}}", "Anna"),
        ("Dear {{ guest.name }}, it is {{ order.total }}.", "Dear Anna, it is 64.00 EUR."),
        ("{{ order.promised }}", "2026-11-22 19:00"),
        ("{{ order.is_late }}", "yes"),
        ("{{ order.names }}", "Soup, Bread"),
        ("{{ order.dishes }}", "3"),
        ("{{ guest.phone }}", ""),
        ('{{ guest.phone or "no phone" }}', "no phone"),
        ('{{ guest.name or "guest" }}', "Anna"),
        ('{{ "{{" }}', "{{"),
        ('{{ "}}" }}', "}}"),
        ('{{ guest.phone or "}}" }}', "}}"),
        ("{ guest.name } %} }} {% if %}", "{ guest.name } %} }} {% if %}"),
        ("${7*7} <%= 7 %> #{7}", "${7*7} <%= 7 %> #{7}"),
    ],
)
def test_puts_facts_into_their_places(text: str, expected: str) -> None:
    assert filled(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "{{",
        "{{ guest.name",
        "{{ guest.name }",
        "{{ }}",
        "{{ guest }}",
        "{{ guest.name | upper }}",
        "{{ guest.name() }}",
        "{{ guest['name'] }}",
        "{{ guest.__class__ }}",
        "{{ a.b.__init__.__globals__ }}",
        "{{ guest.name or guest.email }}",
        "{{ guest.name or 'x' }}",
        "{{ 7*7 }}",
        "{{ guest.name }} {{ {{ guest.name }} }}",
        '{{ guest.name or "open }}',
        '{{ "a" "b" }}',
    ],
)
def test_refuses_whatever_else_stands_in_a_place(text: str) -> None:
    with pytest.raises(TemplateUnreadable) as refused:
        read_template(text)
    assert 0 <= refused.value.details["at"] < len(text)


def test_refuses_what_is_too_long() -> None:
    for text in ("x" * (LENGTH_MAX + 1), "{{ a.b }}" * (PLACES_MAX + 1)):
        with pytest.raises(TemplateUnreadable):
            read_template(text)


HOSTILE = [
    "{{order.customer.email}}",
    "{{ guest.email }}",
    "{{guest.name.__class__.__mro__}}",
    '{{ "{{" }}',
    "}} {{ guest.email }} {{",
]


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("name", HOSTILE)
def test_never_reads_again_what_was_put_in(name: str, channel: Channel) -> None:
    written = filled("Dear {{ guest.name }}!", channel, guest__name=name)
    assert written == f"Dear {write_fact(name, channel)}!"
    assert "anna@example.com" not in written


@given(st.text(max_size=100))
def test_puts_any_text_in_as_it_is_and_only_once(name: str) -> None:
    facts = {"guest.name": name, "guest.email": "canary@example.com"}
    written = fill(read_template("{{ guest.name }}|"), facts, VOCABULARY, Channel.TEXT)
    assert written == write_fact(name, Channel.TEXT) + "|"


@given(st.text(alphabet='{}" abc.orguest_', max_size=60))
def test_reads_any_text_or_refuses_it(text: str) -> None:
    try:
        template = read_template(text)
    except TemplateUnreadable:
        assert "{{" in text
    else:
        assert all(isinstance(piece, str | Place) for piece in template.pieces)


@given(st.text(max_size=80).filter(lambda text: "{{" not in text))
def test_leaves_a_text_without_places_alone(text: str) -> None:
    assert fill(read_template(text), {}, {}, Channel.HTML) == text


def test_shows_nothing_of_a_fact_that_its_vocabulary_does_not_have() -> None:
    template = read_template("[{{ secrets.x }}]")
    assert template == Template(("[", Place("secrets.x"), "]"))
    assert fill(template, {"secrets.x": "canary"}, VOCABULARY, Channel.TEXT) == "[]"


@given(st.text(max_size=200))
def test_a_header_stays_one_line(text: str) -> None:
    for channel in (Channel.LINE, Channel.SMS):
        assert len(write_fact(text, channel).splitlines()) <= 1


@given(st.text(max_size=200))
def test_a_fact_in_html_is_text(text: str) -> None:
    written = write_fact(text, Channel.HTML)
    assert not set(written) & set("<>\"'")
    assert html.unescape(written) == write_fact(text, Channel.TEXT)


@given(st.text(max_size=200))
def test_a_fact_in_json_is_that_text_again(text: str) -> None:
    written = write_fact(text, Channel.JSON)
    assert json.loads(f'"{written}"') == text
    assert "</" not in written


def test_a_fact_brings_no_control_codes_into_a_letter() -> None:
    assert write_fact("a\x1b[31m\u202eb\r\nc\x00", Channel.TEXT) == "a[31mb\nc"
    assert write_fact("Anna\r\nBcc: all@example.com", Channel.LINE) == "Anna Bcc: all@example.com"


def test_a_long_fact_does_not_fill_the_letter() -> None:
    assert len(write_fact("x" * 10_000, Channel.SMS)) == FACT_LENGTH_MAX
