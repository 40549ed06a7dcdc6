"""Owners' words with facts in them: what a guest typed stays what it is, on every way."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import SMTP
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from basis.ids import new_id
from basis.kit.testing import HandClock
from kitchenasty.notices import Action, Block, Letter, Sender, Wording, compose
from kitchenasty.texting import Said
from kitchenasty.wordings import worded, worded_text

SENDER = Sender("hello@juniper.example", "Juniper & Rye", "https://juniper.example")
OWN = Wording("For {{ guest.name }}", "Dear {{ guest.name }},\n{{ letter.button }}\nBye.")
HEADERS = (
    "Ada\r\nBcc: eve@evil.example",
    "Ada\nBcc: eve@evil.example",
    "Ada\rBcc: eve@evil.example",
    "Ada\r\n\r\n<html>another mail</html>",
    "Ada\x0bBcc: eve@evil.example",
    "Ada\x0cBcc: eve@evil.example",
    "Ada\x1cBcc: eve@evil.example",
    "Ada\x85Bcc: eve@evil.example",
    "Ada\u2028Bcc: eve@evil.example",
    "Ada\u2029Bcc: eve@evil.example",
    "Ada\x00Bcc: eve@evil.example",
    "=?utf-8?q?Ada=0ABcc=3A_eve=40evil.example?=",
    "Ada\r\n Bcc: eve@evil.example",
    "Ada\r\nContent-Type: text/html",
    "Ada\u202egro.live",
)


def a_letter(name: str = "Ada", **fields: Any) -> Letter:
    usual: dict[str, Any] = {
        "subject": "The usual",
        "paragraphs": ("The usual words.",),
        "rows": (("Soup", "€9.80"),),
        "action": Action("Open it", "https://juniper.example/t/abc"),
        "after": ("Long Lane 1",),
        "pattern": "test",
        "facts": {"guest.name": name},
    }
    return Letter(**usual | fields)


def sent(letter: Letter) -> Any:
    mail = compose(
        letter,
        sender=SENDER,
        recipient="ada@guest.example",
        notice_id=new_id(),
        written_at=HandClock().now,
    )
    return message_from_bytes(mail.as_bytes(), policy=SMTP)


def test_the_owners_words_stand_where_the_usual_ones_stood_in_their_order() -> None:
    own = Wording("For {{ guest.name }}", "One\n\n{{ letter.button }}\nTwo\n{{ letter.table }}")
    letter = worded(a_letter(), own)
    assert letter.subject == "For Ada"
    assert letter.body == ("One", Block.BUTTON, "Two", Block.TABLE)
    mail = sent(letter)
    for kind in ("plain", "html"):
        text = mail.get_body((kind,)).get_content()
        places = [text.index(one) for one in ("One", "Open it", "Two", "€9.80")]
        assert places == sorted(places)
        assert "usual" not in text
        assert "Long Lane" not in text


def test_what_a_letter_needs_is_in_it_though_the_words_were_written_for_less() -> None:
    letter = a_letter(needs=frozenset({"letter.table", "letter.button"}))
    assert worded(letter, Wording("Hi", "Hello.")).body == ("Hello.", Block.TABLE, Block.BUTTON)


@pytest.mark.parametrize("name", HEADERS)
def test_no_name_becomes_a_header(name: str) -> None:
    mail, plain = sent(worded(a_letter(name), OWN)), sent(worded(a_letter(), OWN))
    assert mail["bcc"] is None
    assert mail.keys() == plain.keys()
    assert len(mail["subject"].splitlines()) == 1
    assert mail.get_content_type() == plain.get_content_type()


@pytest.mark.parametrize("subject", HEADERS)
def test_no_subject_of_an_owner_becomes_a_header(subject: str) -> None:
    mail = sent(worded(a_letter(), Wording(subject, "Hello.")))
    assert mail["bcc"] is None
    assert len(mail["subject"].splitlines()) == 1


@given(st.text(max_size=80))
def test_no_name_becomes_markup_or_a_part_of_the_letter(name: str) -> None:
    mail = sent(worded(a_letter(name), OWN))
    html = mail.get_body(("html",)).get_content()
    assert html.count("<a ") == 1
    assert html.count("<img") == 0
    assert html.count("<script") == 0
    assert html.count("<table") == 0  # the owner left it out


def test_a_name_that_looks_like_a_place_is_a_name() -> None:
    letter = worded(a_letter("{{ letter.table }}"), OWN)
    assert letter.body is not None
    assert Block.TABLE not in letter.body
    assert letter.subject == "For {{ letter.table }}"


def test_a_line_of_which_nothing_is_known_is_left_out() -> None:
    own = Wording("{{ guest.name }}", "Phone: {{ house.phone }}\nBye.")
    letter = worded(a_letter(facts={}), own)
    assert letter.body == ("Bye.",)
    assert letter.subject == "The usual"


def test_what_stands_instead_of_something_unknown_keeps_its_line() -> None:
    own = Wording("x", 'Dear {{ guest.name or "guest" }},')
    assert worded(a_letter(facts={}), own).body == ("Dear guest,",)


def test_a_text_message_is_one_line_whatever_a_guest_is_called() -> None:
    said = Said("The usual.", "test", {"guest.name": "Ada\nSTOP"})
    own = Wording("", "For {{ guest.name }}.\n\nFrom {{ house.name }}.\nCome.")
    assert worded_text(said, own) == "For Ada STOP. Come."


def test_a_text_message_of_which_nothing_is_left_has_its_usual_words() -> None:
    assert worded_text(Said("The usual.", "test"), Wording("", "{{ guest.name }}")) == "The usual."
