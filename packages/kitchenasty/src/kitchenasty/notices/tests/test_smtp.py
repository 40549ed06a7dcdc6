"""Real SMTP on this machine: every way of closing the line, and what each refusal means."""

from __future__ import annotations

import ssl
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from basis.kit.secret import Secret
from basis.kit.testing import HandClock
from kitchenasty.kit.config import Smtp, SmtpTls
from kitchenasty.notices import Letter, PostAway, PostRefused, SmtpPost, compose, sender_of
from kitchenasty.notices.tests.mail_server import (
    PASSWORD,
    USER,
    make_certificate,
    open_mail_server,
)


def settings(port: int, tls: SmtpTls = SmtpTls.NONE) -> Smtp:
    return Smtp(
        host="localhost",
        port=port,
        tls=tls,
        sender="hello@juniper.example",
        sender_name="Juniper & Rye",
        public_url="https://juniper.example",
    )


def letter(to: str = "ada@guest.example") -> EmailMessage:
    return compose(
        Letter(subject="Grüße", paragraphs=("Straße",)),
        sender=sender_of(settings(25)),
        recipient=to,
        notice_id="0189",
        written_at=HandClock().now,
    )


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's certificate that this process trusts, as it would one of a known authority."""
    certificate, key = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


async def test_hands_over_a_letter() -> None:
    async with open_mail_server() as server:
        await SmtpPost(settings(server.port)).send(letter())
    assert server.recipients == [["ada@guest.example"]]
    assert server.letters[0]["subject"] == "Grüße"


@pytest.mark.parametrize("tls", [SmtpTls.STARTTLS, SmtpTls.TLS])
async def test_signs_in_behind_closed_doors(trusted: ssl.SSLContext, tls: SmtpTls) -> None:
    wrapped = tls is SmtpTls.TLS
    async with open_mail_server(tls=trusted, wrapped=wrapped, needs_password=True) as server:
        given = replace(settings(server.port, tls), user=USER, password=Secret(PASSWORD))
        await SmtpPost(given).send(letter())
    assert server.signed_in == [USER]
    assert server.was_private == [True]


async def test_a_server_that_cannot_close_the_line_gets_nothing() -> None:
    async with open_mail_server() as server:
        with pytest.raises(PostAway):
            await SmtpPost(settings(server.port, SmtpTls.STARTTLS)).send(letter())
    assert server.letters == []


async def test_a_certificate_of_nobody_gets_nothing(
    trusted: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    async with open_mail_server(tls=trusted) as server:
        with pytest.raises(PostAway):
            await SmtpPost(settings(server.port, SmtpTls.STARTTLS)).send(letter())
    assert server.letters == []


@pytest.mark.parametrize(("answer", "is_final"), [("550 no such box", True), ("451 later", False)])
async def test_knows_whether_trying_again_helps(answer: str, *, is_final: bool) -> None:
    async with open_mail_server() as server:
        server.answers.append(answer)
        with pytest.raises(PostRefused) as refused:
            await SmtpPost(settings(server.port)).send(letter())
    assert refused.value.is_final is is_final


async def test_a_wrong_password_is_for_the_owner_to_mend(trusted: ssl.SSLContext) -> None:
    async with open_mail_server(tls=trusted, needs_password=True) as server:
        given = settings(server.port, SmtpTls.STARTTLS)
        post = SmtpPost(replace(given, user=USER, password=Secret("wrong")))
        with pytest.raises(PostAway, match="535"):
            await post.send(letter())
        with pytest.raises(PostAway):
            await post.greet()


async def test_nobody_at_the_door_is_told() -> None:
    async with open_mail_server() as server:
        port = server.port
    with pytest.raises(PostAway):
        await SmtpPost(settings(port)).send(letter())
