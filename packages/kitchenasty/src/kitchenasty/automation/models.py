"""Rules in all their versions, what they were told, what they answered, and what they did."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Id, Json, choice
from kitchenasty.automation.states import EffectState, Outcome
from kitchenasty.kit.tables import Model, Record


class RuleRow(Record):
    """A rule by its name; `version` is the number of the one that counts."""

    __tablename__ = "rules"

    name: Mapped[str] = mapped_column(String(120))
    is_on: Mapped[bool]
    topic: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class RuleVersionRow(Record):
    """A rule as it was written; never changed, so what was done can always be explained."""

    __tablename__ = "rule_versions"
    __table_args__ = (UniqueConstraint("rule_id", "number"),)

    rule_id: Mapped[Id] = mapped_column(ForeignKey("rules.id", ondelete="CASCADE"))
    number: Mapped[int]
    written: Mapped[Any] = mapped_column(Json)
    made_at: Mapped[datetime]
    made_by_name: Mapped[str] = mapped_column(String(120))


class RuleEditionRow(Model):
    """One row: the name of all rules as they are now, another one after each change."""

    __tablename__ = "rule_editions"

    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    edition: Mapped[Id]


class RuleFactsRow(Model):
    """What was known when something happened: a rehearsal sees what the rules saw."""

    __tablename__ = "rule_facts"
    __table_args__ = (Index("ix_rule_facts_topic_happened_at", "topic", "happened_at"),)

    event_id: Mapped[Id] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(String(80))
    facts: Mapped[Any] = mapped_column(Json)
    depth: Mapped[int]
    """How many rules in a row led here."""
    happened_at: Mapped[datetime] = mapped_column(index=True)


class RuleAudienceRow(Record):
    """A set of versions that are asked about the same events; its id is made from theirs."""

    __tablename__ = "rule_audiences"


class RuleAudienceMemberRow(Model):
    __tablename__ = "rule_audience_members"

    version_id: Mapped[Id] = mapped_column(
        ForeignKey("rule_versions.id", ondelete="CASCADE"), primary_key=True
    )
    audience_id: Mapped[Id] = mapped_column(
        ForeignKey("rule_audiences.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class RuleLookRow(Model):
    """All of an audience were asked about an event. What they saw is in the facts."""

    __tablename__ = "rule_looks"
    __table_args__ = (Index("ix_rule_looks_audience_id_ran_at", "audience_id", "ran_at"),)

    event_id: Mapped[Id] = mapped_column(primary_key=True)
    audience_id: Mapped[Id] = mapped_column(
        ForeignKey("rule_audiences.id", ondelete="CASCADE"), primary_key=True
    )
    ran_at: Mapped[datetime] = mapped_column(index=True)


class RuleRunRow(Record):
    """What a rule that was asked about an event said; one that said no has none."""

    __tablename__ = "rule_runs"
    __table_args__ = (
        UniqueConstraint("version_id", "event_id"),
        Index("ix_rule_runs_rule_id_id", "rule_id", "id"),
    )

    rule_id: Mapped[Id] = mapped_column(ForeignKey("rules.id", ondelete="CASCADE"))
    version_id: Mapped[Id] = mapped_column(ForeignKey("rule_versions.id", ondelete="CASCADE"))
    event_id: Mapped[Id] = mapped_column(index=True)
    outcome: Mapped[Outcome] = mapped_column(choice(Outcome))
    ran_at: Mapped[datetime] = mapped_column(index=True)


class RuleEffectRow(Record):
    """One thing done for one person because of one event; there is no second of it."""

    __tablename__ = "rule_effects"
    __table_args__ = (
        UniqueConstraint("version_id", "event_id", "step", "recipient"),
        Index("ix_rule_effects_event_id", "event_id"),
    )

    version_id: Mapped[Id] = mapped_column(ForeignKey("rule_versions.id", ondelete="CASCADE"))
    event_id: Mapped[Id]
    step: Mapped[int]
    kind: Mapped[str] = mapped_column(String(40))
    recipient: Mapped[str] = mapped_column(String(254))
    texts: Mapped[Any] = mapped_column(Json)
    about: Mapped[Any] = mapped_column(Json)
    """The ids of the order or reservation, by which it is found when its guest is forgotten."""
    state: Mapped[EffectState] = mapped_column(choice(EffectState))
    error: Mapped[str | None] = mapped_column(String(500))
    done_at: Mapped[datetime] = mapped_column(index=True)
