"""What a setting is: its name, where it may come from, what it must look like. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from basis.errors import Invalid
from basis.sentences import Sentence
from kitchenasty.settings.bonds import TYPE_AGAIN, Bond, Found, plain
from kitchenasty.settings.kinds import LENGTH_MAX, Kind, Unfit, Value, read_value

MASK = "••••••••"
SHOWN_LAST = 4
SHOWN_LENGTH_MIN = 16
"""Of a shorter secret nothing is shown: its end would be too much of it."""


class SettingRefused(Invalid):
    """What was typed cannot be the value of a setting; nothing was changed. `problems` says by the
    name of the setting what is wrong, without repeating what was typed.
    """

    def __init__(self, message: str, problems: Mapping[str, str]) -> None:
        told = [{"key": name, "message": str(problem)} for name, problem in problems.items()]
        super().__init__(message, fields=told)
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One setting. `environment` names the variable without its prefix that counts as long as
    nothing was saved, and `translate` makes a value of what stands there; `shape` is what a whole
    text must match, `least` and `most` bound numbers.
    """

    name: str
    label: str
    kind: Kind = Kind.TEXT
    is_secret: bool = False
    default: Value = None
    environment: str | None = None
    translate: Callable[[str], str | None] | None = None
    shape: re.Pattern[str] | None = None
    hint: str = ""
    length_max: int = LENGTH_MAX
    least: int = 0
    most: int = 1_000_000
    choices: tuple[tuple[str, str], ...] = ()
    can_be_empty: bool = False
    """Whether an emptied text is a value; else it stays what it was."""

    @property
    def is_switch(self) -> bool:
        return self.kind is Kind.SWITCH or isinstance(self.default, bool)

    def read(self, text: str) -> Value:
        """The value of a text that was kept or stands in the environment; the default if it is none
        any more.
        """
        if self.is_switch:
            return read_value(Kind.SWITCH, text)
        try:
            return read_value(self.kind, text.strip(), self.least, self.most)
        except Unfit:
            return self.default

    def outside(self, text: str | None) -> Value:
        """The value of the variable in the environment, None if it says nothing."""
        said = self.translate(text) if text and self.translate else text
        return self.read(said) if said else None

    def check(self, value: Value) -> Value:
        """The value to be kept. Raises Unfit, without repeating what was typed."""
        if self.is_switch:
            return read_value(Kind.SWITCH, value)
        read = read_value(self.kind, value, self.least, self.most)
        if isinstance(read, str):
            self.check_text(read)
        return read

    def check_text(self, text: str) -> None:
        if not text and self.can_be_empty:
            return
        if len(text) > self.length_max or (self.shape and not self.shape.fullmatch(text)):
            raise Unfit
        if self.choices and text not in {code for code, _ in self.choices}:
            raise Unfit


def no_check(_values: Mapping[str, Value]) -> None:
    """For groups whose settings have nothing to do with each other."""


@dataclass(frozen=True, slots=True)
class Group:
    """Settings that are shown and saved together. `check` looks at all their values at once and
    raises SettingRefused; `bonds` are the secrets that are for one receiver alone.
    """

    name: str
    fields: tuple[Field, ...]
    check: Callable[[Mapping[str, Value]], None] = no_check
    bonds: tuple[Bond, ...] = ()

    def key(self, field: Field) -> str:
        return f"{self.name}.{field.name}"

    def field(self, name: str) -> Field:
        return next(one for one in self.fields if one.name == name)

    def read_given(self, given: Mapping[str, Value]) -> dict[str, Value]:
        """The values to be kept of what was sent; secrets that come back masked, and what was left
        out, are not among them. Raises SettingRefused, which names all that does not fit.
        """
        read: dict[str, Value] = {}
        problems: dict[str, str] = {}
        for field in self.fields:
            if field.name not in given or stays(field, given[field.name]):
                continue
            try:
                read[field.name] = field.check(given[field.name])
            except Unfit:
                problems[field.name] = field.hint or "This cannot be read."
        if problems:
            first = self.field(next(iter(problems)))
            raise refusal_of(first, problems)
        return read

    def check_change(
        self, before: Mapping[str, Found], after: Mapping[str, Found], typed: Collection[str]
    ) -> None:
        """Raises SettingRefused, for values that do not go together as for secrets that would be
        sent to somebody new without having been `typed`.
        """
        self.check(plain(after))
        for bond in self.bonds:
            if not bond.is_kept(before, after, typed):
                raise refusal_of(self.field(bond.secret), {bond.secret: TYPE_AGAIN})


def refusal_of(field: Field, problems: Mapping[str, str]) -> SettingRefused:
    sentence = Sentence.of(
        "{setting}: {hint} Nothing was saved.",
        setting=Sentence.of(field.label),
        hint=Sentence.of(problems[field.name]),
    )
    return SettingRefused(sentence, problems)


def mask(secret: str) -> str:
    """Enough to tell two keys apart, and nothing to use."""
    return MASK + (secret[-SHOWN_LAST:] if len(secret) >= SHOWN_LENGTH_MIN else "")


def stays(field: Field, value: Value) -> bool:
    """Whether nothing is sent for the setting, or a secret as it was shown, in part or whole."""
    if value is None:
        return True
    if field.is_switch or not isinstance(value, str):
        return False
    return (not value.strip() and not (field.can_be_empty and not field.is_secret)) or (
        field.is_secret and "•" in value
    )
