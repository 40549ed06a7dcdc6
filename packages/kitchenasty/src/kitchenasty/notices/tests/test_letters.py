"""What a letter looks like on its way: both forms, one line to each header, always the same."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import SMTP
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from basis.ids import new_id
from basis.kit.testing import HandClock
from kitchenasty.notices import Action, Letter, Sender, compose

SENDER = Sender("hello@juniper.example", "Juniper & Rye", "https://juniper.example")
NOTICE_ID = new_id()
LETTER = Letter(
    subject="Your order 017",
    paragraphs=("We have your order.",),
    rows=(("2 × Soup", "€9.80"),),
    action=Action("Follow the order", "https://juniper.example/t/abc?x=1&y=2"),
    house="Juniper & Rye",
)


def composed(letter: Letter = LETTER, recipient: str = "ada@guest.example") -> Any:
    """As it comes out at the other end."""
    mail = compose(
        letter,
        sender=SENDER,
        recipient=recipient,
        notice_id=NOTICE_ID,
        written_at=HandClock().now,
    )
    return message_from_bytes(mail.as_bytes(), policy=SMTP)


def test_says_the_same_in_plain_text_and_in_html() -> None:
    mail = composed()
    plain = mail.get_body(("plain",)).get_content()
    html = mail.get_body(("html",)).get_content()
    for words in ("We have your order.", "2 × Soup", "€9.80", "Follow the order"):
        assert words in plain
        assert words in html
    assert "https://juniper.example/t/abc?x=1&y=2" in plain
    assert 'href="https://juniper.example/t/abc?x=1&amp;y=2"' in html
    assert mail["from"].addresses[0].display_name == "Juniper & Rye"


def test_is_the_same_mail_however_often_it_is_written() -> None:
    assert composed().as_bytes().count(NOTICE_ID.encode()) == 1
    assert composed()["message-id"] == composed()["message-id"]
    assert composed()["date"] == composed()["date"]


def test_fetches_nothing_from_outside() -> None:
    html = composed().get_body(("html",)).get_content()
    assert "src=" not in html
    assert "<script" not in html
    assert "@import" not in html


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_name_becomes_a_header_or_markup(name: str, words: str) -> None:
    mail = composed(
        Letter(
            subject=f"Hello {name}", paragraphs=(words,), house=f"House {name}\r\nBcc: x@y.example"
        )
    )
    assert mail["bcc"] is None
    assert set(mail.keys()) == set(composed().keys())
    html = mail.get_body(("html",)).get_content()
    assert html.count("<p ") == 2  # the house and the one paragraph


@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r", "\x0b", "\x85", "\u2028"])
def test_a_line_end_in_a_subject_begins_no_header(ending: str) -> None:
    mail = composed(Letter(subject=f"Soup{ending}Bcc: eve@evil.example", paragraphs=("x",)))
    assert mail["subject"] == "Soup Bcc: eve@evil.example"
    assert mail["bcc"] is None


def test_a_letter_box_in_another_script_is_spelt_for_the_wires() -> None:
    assert composed(recipient="ada@grün.example")["to"] == "ada@xn--grn-ioa.example"
