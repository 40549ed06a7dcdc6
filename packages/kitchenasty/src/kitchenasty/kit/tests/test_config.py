"""A9: no key that anybody could know, and no setting that means nothing."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from basis.kit.secret import Secret
from kitchenasty.kit.config import ConfigRefused, load_config
from kitchenasty.kit.identity.passwords import PLACEHOLDER_SECRETS

# Keys as they stand in public templates, examples and tutorials, long enough to look like one.
PUBLISHED = [
    "change-me-change-me-change-me-change-me",
    "changethis-changethis-changethis-1",
    "please-change-this-to-a-long-random-string",
    "CHANGE_THIS_TO_A_RANDOM_SECRET_KEY",
    "change-this-to-a-random-secret-in-production",
    "your-secret-key-at-least-32-characters-long",
    "your_super_secret_jwt_key_here_min_32_chars",
    "super-secret-jwt-token-with-at-least-32-characters-long",
    "my_super_secret_key_which_has_32_chars",
    "django-insecure-0123456789abcdefghijklmnop",
    "insecure-key-for-development-only-1234",
    "development_key_do_not_use_in_production",
    "REPLACE_ME_WITH_THE_OUTPUT_OF_OPENSSL",
    "replace-with-openssl-rand-hex-32-output",
    "placeholder-placeholder-placeholder-0",
    "example-key-example-key-example-key-1",
    "default_key_for_jwt_tokens_0123456789",
    "generate-one-with-openssl-rand-base64",
    "ThisIsASecretKeyThatShouldBeReplaced",
    "this is my password this is my password",
    "keyboard cat keyboard cat keyboard cat",
    "correct horse battery staple correct",
    "0123456789abcdef0123456789abcdef",
    "12345678901234567890123456789012",
    "abcdefghijklmnopqrstuvwxyz123456",
    "qwertyuiopasdfghjklzxcvbnm123456",
    "deadbeefdeadbeefdeadbeefdeadbeef",
    "00000000000000000000000000000000",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "test-test-test-test-test-test-test-test",
    "kitchenasty-kitchenasty-kitchenasty-1",
    "d41d8cd98f00b204e9800998ecf8427e",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "letmeinletmeinletmeinletmeinletmein",
    "${SECRET_KEY:-undefined-undefined-undefined}",
]


def test_refuses_every_key_that_was_published(tmp_path: Path) -> None:
    known = [*PUBLISHED, *sorted(PLACEHOLDER_SECRETS - {""})]
    accepted = []
    for value in known:
        try:
            load_config({"KITCHENASTY_SECRET_KEY": value}, data_dir=tmp_path)
        except ConfigRefused:
            continue
        accepted.append(value)
    print(f"A9: {len(known)} known placeholder keys, {len(accepted)} accepted")
    assert len(known) >= 30
    assert accepted == []


@pytest.mark.parametrize("make", [secrets.token_urlsafe, secrets.token_hex])
def test_accepts_random_keys(tmp_path: Path, make: object) -> None:
    assert callable(make)
    for _ in range(20):
        value = make(32)
        found = load_config({"KITCHENASTY_SECRET_KEY": value}, data_dir=tmp_path)
        assert found.secret_key == value


def test_a_key_of_its_own_is_made_once_for_the_owner_alone(tmp_path: Path) -> None:
    first = load_config({}, data_dir=tmp_path).secret_key
    assert load_config({}, data_dir=tmp_path).secret_key == first
    assert (tmp_path / "secret.key").stat().st_mode & 0o077 == 0
    assert len(first) >= 32


def test_a_key_does_not_show_itself(tmp_path: Path) -> None:
    config = load_config({}, data_dir=tmp_path)
    assert str(config.secret_key) not in repr(config)
    assert repr(Secret("anything")) == "***"


def test_refuses_a_setting_that_means_nothing(tmp_path: Path) -> None:
    with pytest.raises(ConfigRefused, match="KITCHENASTY_SECRETKEY"):
        load_config({"KITCHENASTY_SECRETKEY": "x"}, data_dir=tmp_path)


MAIL = {
    "KITCHENASTY_PUBLIC_URL": "https://juniper.example/",
    "KITCHENASTY_SMTP_HOST": "smtp.example",
    "KITCHENASTY_SMTP_USER": "juniper",
    "KITCHENASTY_SMTP_PASSWORD": "nine small onions",
    "KITCHENASTY_SMTP_FROM": "Juniper & Rye <hello@juniper.example>",
}


def test_reads_the_mail_server_and_hides_its_password(tmp_path: Path) -> None:
    smtp = load_config(MAIL, data_dir=tmp_path).smtp
    assert smtp is not None
    assert (smtp.host, smtp.port, smtp.tls) == ("smtp.example", 587, "starttls")
    assert (smtp.sender, smtp.sender_name) == ("hello@juniper.example", "Juniper & Rye")
    assert smtp.public_url == "https://juniper.example"
    assert "onions" not in repr(smtp)
    given = MAIL | {"KITCHENASTY_SMTP_TLS": "tls"}
    assert getattr(load_config(given, data_dir=tmp_path).smtp, "port", None) == 465


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"KITCHENASTY_SMTP_TLS": "none"}, "in the open"),
        ({"KITCHENASTY_SMTP_TLS": "ssl3"}, "starttls, tls, none"),
        ({"KITCHENASTY_SMTP_PORT": "70000"}, "from 1 to 65535"),
        ({"KITCHENASTY_SMTP_USER": ""}, "belong together"),
        ({"KITCHENASTY_SMTP_FROM": ""}, "name and address"),
        ({"KITCHENASTY_SMTP_FROM": "x <a@b.example\r\nBcc: c@d.example>"}, "name and address"),
        ({"KITCHENASTY_PUBLIC_URL": ""}, "PUBLIC_URL"),
        ({"KITCHENASTY_SMTP_HOST": ""}, "SMTP_HOST"),
        ({"KITCHENASTY_SMTP_COLOUR": "red"}, "Unknown setting"),
    ],
)
def test_refuses_mail_settings_that_cannot_work(
    tmp_path: Path, change: dict[str, str], words: str
) -> None:
    with pytest.raises(ConfigRefused, match=words):
        load_config(MAIL | change, data_dir=tmp_path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PRODUCTION", "ja"),
        ("RATE_LIMITS", "enabled"),
        ("LOG_FORMAT", "xml"),
        ("HEARTBEAT_SECONDS", "often"),
        ("HEARTBEAT_SECONDS", "nan"),
        ("HEARTBEAT_SECONDS", "0"),
        ("HEARTBEAT_SECONDS", "3600"),
        ("TWILIO_TOKEN", "read-by-nobody"),
    ],
)
def test_refuses_a_value_that_is_not_understood(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ConfigRefused, match=f"KITCHENASTY_{name}"):
        load_config({f"KITCHENASTY_{name}": value}, data_dir=tmp_path)


def test_a_switch_is_said_in_several_ways(tmp_path: Path) -> None:
    said = ("yes", "On", "TRUE", "1", "no", "OFF", "false", "0")
    found = [load_config({"KITCHENASTY_PRODUCTION": one}, data_dir=tmp_path) for one in said]
    assert [config.production for config in found] == [True] * 4 + [False] * 4
