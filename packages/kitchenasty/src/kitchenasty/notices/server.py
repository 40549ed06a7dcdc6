"""The mail server, as the owner set it: read when it is needed, so that a change counts for the
next letter in every process.
"""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parseaddr

from basis.kit.secret import Secret
from basis.sentences import word
from kitchenasty import settings
from kitchenasty.kit.books import Look
from kitchenasty.kit.config import PORT_MAX, SENDER, SMTP_PORTS, THIS_MACHINE, Smtp, SmtpTls
from kitchenasty.settings import Field, Group, Kind, SettingRefused, Value

TLS_OF = {"none": SmtpTls.NONE, "tls": SmtpTls.STARTTLS, "ssl": SmtpTls.TLS}
"""The contract's words: `tls` begins in the open, `ssl` is closed from the first byte."""
WORD_OF = {tls.value: code for code, tls in TLS_OF.items()}
OPEN_PASSWORD = word("Without encryption the password would travel in the open.")
TOGETHER = word("User and password belong together.")
NO_SENDER = word("Say from which address letters come.")


def check(values: Mapping[str, Value]) -> None:
    """Raises SettingRefused for what could not work or would send a password in the open."""
    host, password = values["smtpHost"], values["smtpPass"]
    problems = {}
    if host and not values["senderEmail"]:
        problems["senderEmail"] = NO_SENDER
    if password and values["encryption"] == "none" and host not in THIS_MACHINE:
        problems["encryption"] = OPEN_PASSWORD
    if bool(values["smtpUser"]) != bool(password):
        problems["smtpUser"] = TOGETHER
    if problems:
        raise SettingRefused(next(iter(problems.values())), problems)


def receiver(values: Mapping[str, Value]) -> tuple[Value, Value] | None:
    """Who is sent the password: an account on a server."""
    return (values["smtpHost"], values["smtpUser"]) if values["smtpHost"] else None


MAIL = Group(
    "mail",
    (
        Field(
            name="smtpHost",
            label=word("Mail server"),
            environment="SMTP_HOST",
            length_max=253,
            can_be_empty=True,
            hint=word("Its name, like smtp.provider.example. Empty: no letter is sent."),
        ),
        Field(
            name="encryption",
            label=word("Encryption"),
            default="tls",
            environment="SMTP_TLS",
            translate=lambda text: WORD_OF.get(text.lower()),
            choices=(
                ("tls", word("STARTTLS, mostly port 587")),
                ("ssl", word("TLS from the first byte, mostly port 465")),
                ("none", word("None, for a server on this machine")),
            ),
            hint=word("Certificates are always checked."),
        ),
        Field(
            name="smtpPort",
            label=word("Port"),
            kind=Kind.WHOLE,
            environment="SMTP_PORT",
            least=1,
            most=PORT_MAX,
            hint=word("A number from 1 to 65535. None: the usual one of the encryption."),
        ),
        Field(
            name="smtpUser",
            label=word("User"),
            environment="SMTP_USER",
            can_be_empty=True,
            hint=word("The name that the mail server knows us by. Empty: it asks for none."),
        ),
        Field(
            name="smtpPass",
            label=word("Password"),
            is_secret=True,
            environment="SMTP_PASSWORD",
            hint=word(
                "Kept encrypted. Left as it is, it stays; for another server or user it is typed "
                "again."
            ),
        ),
        Field(
            name="senderName",
            label=word("Name of the sender"),
            environment="SMTP_FROM",
            translate=lambda text: parseaddr(text)[0] or None,
            length_max=80,
            can_be_empty=True,
            hint=word("Letters come from this name. Empty: from the domain."),
        ),
        Field(
            name="senderEmail",
            label=word("Address of the sender"),
            environment="SMTP_FROM",
            translate=lambda text: parseaddr(text)[1] or None,
            shape=SENDER,
            length_max=254,
            hint=word("An address like hello@juniper.example."),
        ),
    ),
    check,
    (settings.Bond("smtpPass", receiver, ("smtpHost", "smtpUser")),),
)


async def load_smtp(look: Look) -> Smtp | None:
    """The mail server that counts now; None as long as the house has none, or no address on the web
    to which links in letters could lead.
    """
    values = await settings.load(look, MAIL)
    host, sender = str(values["smtpHost"] or ""), str(values["senderEmail"] or "")
    public_url = look.given.get("PUBLIC_URL", "").rstrip("/")
    if not (host and sender and public_url):
        return None
    tls = TLS_OF[str(values["encryption"])]
    password, port = values["smtpPass"], values["smtpPort"]
    return Smtp(
        host=host,
        port=port if isinstance(port, int) else SMTP_PORTS[tls],
        tls=tls,
        sender=sender,
        sender_name=str(values["senderName"] or sender.rpartition("@")[2]),
        public_url=public_url,
        user=str(values["smtpUser"]) if values["smtpUser"] else None,
        password=Secret(str(password)) if password else None,
    )
