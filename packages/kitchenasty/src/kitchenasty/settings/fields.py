"""What a setting is: its name, where it may come from, what it must look like. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from basis.errors import Invalid
from basis.sentences import Sentence

Value = str | bool | None
MASK = "••••••••"
SHOWN_LAST = 4
SHOWN_LENGTH_MIN = 16
"""Of a shorter secret nothing is shown: its end would be too much of it."""
LENGTH_MAX = 500
TRUE = {"1", "true", "yes", "on"}


class SettingRefused(Invalid):
    """What was typed cannot be the value of this setting; nothing was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One setting. `environment` names the variable without its prefix that counts as long as
    nothing was saved; `shape` is what the whole text must match.
    """

    name: str
    label: str
    is_secret: bool = False
    default: Value = None
    environment: str | None = None
    shape: re.Pattern[str] | None = None
    hint: str = ""

    @property
    def is_switch(self) -> bool:
        return isinstance(self.default, bool)

    def read(self, text: str) -> Value:
        """The value of a text from the environment."""
        return text.strip().lower() in TRUE if self.is_switch else text.strip()

    def check(self, value: Value) -> Value:
        """The value to be kept. Raises SettingRefused, without repeating what was typed."""
        if self.is_switch:
            return bool(value)
        text = str(value).strip()
        if len(text) > LENGTH_MAX or (self.shape is not None and not self.shape.fullmatch(text)):
            raise SettingRefused(
                Sentence.of(
                    "{setting}: {hint} Nothing was saved.", setting=self.label, hint=self.hint
                )
            )
        return text


@dataclass(frozen=True, slots=True)
class Group:
    """Settings that are shown and saved together."""

    name: str
    fields: tuple[Field, ...]

    def key(self, field: Field) -> str:
        return f"{self.name}.{field.name}"


def mask(secret: str) -> str:
    """Enough to tell two keys apart, and nothing to use."""
    return MASK + (secret[-SHOWN_LAST:] if len(secret) >= SHOWN_LENGTH_MIN else "")


def is_untouched(value: Value) -> bool:
    """Whether a form sends a secret as it was shown, whole or in part, or nothing at all."""
    return value is None or isinstance(value, bool) or not value.strip() or "•" in value
