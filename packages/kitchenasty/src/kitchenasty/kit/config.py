"""What is set from outside, read once at start from `KITCHENASTY_*` and passed in."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from enum import StrEnum
from pathlib import Path

from basis.kit.limits import Network, parse_networks
from basis.kit.secret import Secret
from basis.kit.texts import whole_in

PREFIX = "KITCHENASTY_"
SECRET_LENGTH_MIN = 32
KNOWN = {
    "DATABASE_URL",
    "SECRET_KEY",
    "PUBLIC_URL",
    "DATA_DIR",
    "TRUSTED_PROXIES",
    "PRODUCTION",
    "LOG_FORMAT",
    "RATE_LIMITS",
    "CORS_ORIGINS",
    "HEARTBEAT_SECONDS",
    "METRICS_TOKEN",
    "OUTGOING_NETWORKS",
    "SMTP_HOST",
    "SMTP_PORT",
    "SMTP_TLS",
    "SMTP_USER",
    "SMTP_PASSWORD",
    "SMTP_FROM",
}
PROVIDER_KEYS = {
    "STRIPE_PUBLISHABLE_KEY",
    "STRIPE_SECRET_KEY",
    "STRIPE_WEBHOOK_SECRET",
    "STRIPE_API_BASE",
    "PAYPAL_CLIENT_ID",
    "PAYPAL_CLIENT_SECRET",
    "PAYPAL_WEBHOOK_ID",
    "PAYPAL_SANDBOX",
    "PAYPAL_API_BASE",
    "OPENID_ISSUER",
    "OPENID_CLIENT_ID",
    "OPENID_CLIENT_SECRET",
    "TWILIO_ACCOUNT_SID",
    "TWILIO_AUTH_TOKEN",
    "TWILIO_FROM_NUMBER",
    "TWILIO_API_BASE",
    "EXPO_ACCESS_TOKEN",
    "EXPO_API_BASE",
}
SETTABLE = (
    PROVIDER_KEYS
    | {"RATE_LIMITS", "PUBLIC_URL", "OUTGOING_NETWORKS"}
    | {name for name in KNOWN if name.startswith("SMTP_")}
)
"""What is set in the office counts before these (the slice `settings`)."""
# Words of six letters and more: a random key has none of them by chance.
PLACEHOLDERS = (
    "change", "secret", "correct horse", "default", "develop", "example", "generate", "insecure",
    "keyboard", "password", "placeholder", "production", "random", "replace", "undefined",
)  # fmt: skip
# What tools print for nothing at all: the digests of an empty text and of "password".
PUBLISHED = {
    "d41d8cd98f00b204e9800998ecf8427e",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "5f4dcc3b5aa765d61d8327deb882cf99",
}
GUESSES_LOG10_MIN = 20
STRENGTH_LENGTH_MAX = 72  # of a longer key the beginning is measured
ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?")
METRICS_TOKEN_LENGTH_MIN = 16
SENDER = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
PORT_MAX = 65_535
TRUE = ("yes", "on", "true", "1")
SWITCH = (*TRUE, "no", "off", "false", "0")
LOG_FORMATS = ("text", "json")
HEARTBEAT_SECONDS_MAX = 60
"""A proxy closes a socket on which nothing moves for longer."""
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


class ConfigRefused(ValueError):
    """A setting is unknown, malformed or unsafe; the message says which and what to do."""


class SmtpTls(StrEnum):
    """How the way to the mail server is closed to others."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


SMTP_PORTS = {SmtpTls.STARTTLS: 587, SmtpTls.TLS: 465, SmtpTls.NONE: 25}


@dataclass(frozen=True, slots=True, kw_only=True)
class Smtp:
    """The mail server of the house; `sender` is the address that letters come from, `public_url`
    where their links lead.
    """

    host: str
    port: int
    tls: SmtpTls
    sender: str
    sender_name: str
    public_url: str
    user: str | None = None
    password: Secret | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The settings of one process."""

    data_dir: Path
    database_url: str
    secret_key: Secret
    public_url: str | None = None
    trusted_proxies: tuple[Network, ...] = ()
    outgoing_networks: tuple[Network, ...] = ()
    """Of the house's own, where servers may be called that the office names."""
    production: bool = False
    log_format: str = "text"
    rate_limits: bool = True
    cors_origins: tuple[str, ...] = ()
    heartbeat_seconds: float = 10.0
    metrics_token: Secret | None = None
    smtp: Smtp | None = None
    """None: letters are kept until there is a mail server."""
    given: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What the office may set too, by name without the prefix; what was saved there wins."""

    @property
    def secure_cookies(self) -> bool:
        return self.public_url is not None and self.public_url.startswith("https://")


def load_config(environment: Mapping[str, str], *, data_dir: Path | None = None) -> Config:
    """The configuration of an environment. Raises ConfigRefused."""
    given = {
        name.removeprefix(PREFIX): value.strip()
        for name, value in environment.items()
        if name.startswith(PREFIX) and value.strip()
    }
    if unknown := given.keys() - KNOWN - PROVIDER_KEYS:
        names = ", ".join(sorted(PREFIX + name for name in unknown))
        raise ConfigRefused(f"Unknown setting: {names}. docs/operators/configuration.md lists all.")
    folder = data_dir or Path(given.get("DATA_DIR", "var"))
    return Config(
        data_dir=folder,
        database_url=given.get("DATABASE_URL", f"sqlite:///{folder}/kitchenasty.db"),
        secret_key=chosen_secret(given["SECRET_KEY"])
        if "SECRET_KEY" in given
        else own_secret(folder),
        public_url=given.get("PUBLIC_URL", "").rstrip("/") or None,
        trusted_proxies=read_networks(given, "TRUSTED_PROXIES"),
        outgoing_networks=read_networks(given, "OUTGOING_NETWORKS"),
        production=read_choice(given, "PRODUCTION", SWITCH, otherwise="no") in TRUE,
        log_format=read_choice(given, "LOG_FORMAT", LOG_FORMATS, otherwise="text"),
        rate_limits=read_choice(given, "RATE_LIMITS", SWITCH, otherwise="on") in TRUE,
        cors_origins=read_origins(given.get("CORS_ORIGINS", "")),
        heartbeat_seconds=read_heartbeat(given.get("HEARTBEAT_SECONDS", "10")),
        metrics_token=check_metrics_token(given.get("METRICS_TOKEN")),
        smtp=read_smtp(given),
        given={name: value for name, value in given.items() if name in SETTABLE},
    )


def read_smtp(given: Mapping[str, str]) -> Smtp | None:
    """The mail server, if one is named. Raises ConfigRefused for what could not work or would send
    a password in the open.
    """
    host = given.get("SMTP_HOST")
    if host is None:
        if stray := sorted(PREFIX + name for name in given if name.startswith("SMTP_")):
            raise ConfigRefused(f"{', '.join(stray)}: without {PREFIX}SMTP_HOST no mail is sent.")
        return None
    if "PUBLIC_URL" not in given:
        raise ConfigRefused(f"Mail needs {PREFIX}PUBLIC_URL: the links in letters lead there.")
    tls = read_tls(given.get("SMTP_TLS", SmtpTls.STARTTLS))
    password = given.get("SMTP_PASSWORD")
    if password is not None and tls is SmtpTls.NONE and host not in THIS_MACHINE:
        raise ConfigRefused(
            f"{PREFIX}SMTP_TLS=none would send the password to {host} in the open. "
            "Use starttls or tls."
        )
    if (password is None) != ("SMTP_USER" not in given):
        raise ConfigRefused(f"{PREFIX}SMTP_USER and {PREFIX}SMTP_PASSWORD belong together.")
    name, sender = parseaddr(given.get("SMTP_FROM", ""))
    if not SENDER.fullmatch(sender) or not given["SMTP_FROM"].isprintable():
        raise ConfigRefused(
            f"{PREFIX}SMTP_FROM is the name and address that letters come from: "
            "Juniper & Rye <hello@juniper.example>"
        )
    return Smtp(
        host=host,
        port=read_port(given.get("SMTP_PORT"), otherwise=SMTP_PORTS[tls]),
        tls=tls,
        sender=sender,
        sender_name=name or sender.rpartition("@")[2],
        public_url=given["PUBLIC_URL"].rstrip("/"),
        user=given.get("SMTP_USER"),
        password=None if password is None else Secret(password),
    )


def read_tls(text: str) -> SmtpTls:
    try:
        return SmtpTls(text.lower())
    except ValueError as error:
        raise ConfigRefused(f"{PREFIX}SMTP_TLS is one of {', '.join(SmtpTls)}.") from error


def read_port(text: str | None, *, otherwise: int) -> int:
    if text is None:
        return otherwise
    port = whole_in(text)
    if port is None or not 1 <= port <= PORT_MAX:
        raise ConfigRefused(f"{PREFIX}SMTP_PORT is a number from 1 to {PORT_MAX}.")
    return port


def read_choice(
    given: Mapping[str, str], name: str, choices: tuple[str, ...], *, otherwise: str
) -> str:
    """One of the choices, in small letters. Raises ConfigRefused: a word that is not understood
    must not silently mean the opposite.
    """
    value = given.get(name, otherwise).lower()
    if value not in choices:
        raise ConfigRefused(f"{PREFIX}{name} is one of {', '.join(choices)}.")
    return value


def read_heartbeat(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= HEARTBEAT_SECONDS_MAX:
        raise ConfigRefused(
            f"{PREFIX}HEARTBEAT_SECONDS is a number above 0, of at most {HEARTBEAT_SECONDS_MAX}."
        )
    return seconds


def read_networks(given: Mapping[str, str], name: str) -> tuple[Network, ...]:
    try:
        return parse_networks(given.get(name, "").split(","))
    except ValueError as error:
        raise ConfigRefused(f"{PREFIX}{name}: {error}") from error


def read_origins(text: str) -> tuple[str, ...]:
    """Whole origins, since a browser sends them so. Raises ConfigRefused, also for `*`."""
    origins = tuple(part.strip().lower() for part in text.split(",") if part.strip())
    for origin in origins:
        if not ORIGIN.fullmatch(origin):
            raise ConfigRefused(
                f"{PREFIX}CORS_ORIGINS: {origin!r} is no origin. Write each one out, with scheme "
                "and without a path: https://app.example"
            )
    return origins


def check_metrics_token(value: str | None) -> Secret | None:
    if value is not None and len(value) < METRICS_TOKEN_LENGTH_MIN:
        raise ConfigRefused(
            f"{PREFIX}METRICS_TOKEN needs at least {METRICS_TOKEN_LENGTH_MIN} characters."
        )
    return None if value is None else Secret(value)


def check_secret(value: str) -> Secret:
    """A key nobody else knows. Raises ConfigRefused for short and for published ones."""
    low = value.lower()
    if len(value) < SECRET_LENGTH_MIN or len(set(value)) < SECRET_LENGTH_MIN // 4:
        raise ConfigRefused(
            f"{PREFIX}SECRET_KEY needs at least {SECRET_LENGTH_MIN} random characters. "
            "Leave it out, and one is made and kept in the data folder."
        )
    if low in PUBLISHED or any(word in low for word in PLACEHOLDERS):
        raise ConfigRefused(
            f"{PREFIX}SECRET_KEY is a known placeholder, so anybody could forge sessions. "
            "Leave it out, and one is made and kept in the data folder."
        )
    return Secret(value)


def chosen_secret(value: str) -> Secret:
    """A key that a person chose must also not be a phrase. Raises ConfigRefused."""
    secret = check_secret(value)
    # Half a megabyte of words, read only where a key is given from outside.
    from zxcvbn import zxcvbn  # noqa: PLC0415

    if zxcvbn(value[:STRENGTH_LENGTH_MAX])["guesses_log10"] < GUESSES_LOG10_MIN:
        raise ConfigRefused(
            f"{PREFIX}SECRET_KEY can be guessed: it is made of words or repeats itself. "
            "Leave it out, and one is made and kept in the data folder."
        )
    return secret


def own_secret(folder: Path) -> Secret:
    """The key in the data folder, made on the first start and readable by its owner only."""
    path = folder / "secret.key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return check_secret(path.read_text(encoding="ascii").strip())
