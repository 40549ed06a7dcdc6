"""What a rule does about some facts: decided here, and done elsewhere. Pure, so a rehearsal decides
what the rule itself would.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from basis.facts import Fact, Facts
from basis.sentences import word
from kitchenasty.automation.channels import Channel
from kitchenasty.automation.compiling import Known
from kitchenasty.automation.evaluation import Answer, Vocabulary
from kitchenasty.automation.rules import DEPTH_MAX, Reach, ReadStep, Recipient, Role, Rule, StepKind
from kitchenasty.automation.states import Outcome
from kitchenasty.automation.templates import Show, fill

HOUSE = "house.id"
NOBODY_THERE = word("Nobody is reached so: no address is known.")
NOT_KNOWN_TO_AGREE = word("This guest has not agreed to advertising.")
WINS_BACK = word("This is advertising, since it wins guests back: choose a step that advertises.")
Verdicts = Mapping[tuple[Reach, str], str]
"""Why somebody is sent no advertising, empty if they may be. Who is not in it may not."""
NOBODY = ""
"""The recipient of what goes to nobody in particular."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One thing to be done for one recipient, unless `why_not` says why it is not done."""

    step: int
    kind: str
    recipient: str
    texts: Mapping[str, str]
    language: str | None = None
    is_to_guest: bool = False
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    outcome: Outcome
    planned: tuple[Planned, ...] = ()


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a decision takes besides the rule: what is known, as it is and as it is compared, what
    the names mean, who works here, what can be done, and how a value reads in a language.
    """

    facts: Facts
    known: Known
    vocabulary: Vocabulary
    kinds: Mapping[str, StepKind]
    staff: Mapping[str, Sequence[str]]
    show: Show
    depth: int = 0
    verdicts: Verdicts = field(default_factory=dict)
    wins_back: bool = False
    """Whether it looks because a guest was not here for long: whatever they read is advertising."""


def decide(rule: Rule, said: Answer, here: Circumstances) -> Decision:
    """If its condition holds, what is to be done, for whom and in which words."""
    if said is Answer.NO:
        return Decision(Outcome.NO)
    if said is Answer.UNKNOWN:
        return Decision(Outcome.UNKNOWN)
    if here.depth >= DEPTH_MAX:
        return Decision(Outcome.CUT)
    planned = [
        one for number, step in enumerate(rule.steps) for one in plan_step(number, step, here)
    ]
    return Decision(Outcome.ACTED, tuple(planned))


def plan_step(number: int, step: ReadStep, here: Circumstances) -> Iterator[Planned]:
    """Once for each who gets it; an address that is named twice gets it once."""
    kind = here.kinds[step.kind]
    texts = {
        field.name: written(step, field.name, field.channel, field.length_max, here)
        for field in kind.fields
    }
    is_to_guest = step.to.role is Role.GUEST
    if not kind.takes:
        yield Planned(number, step.kind, NOBODY, texts, why_not=why_not(kind, NOBODY, here))
        return
    language = here.facts.get("guest.language") if is_to_guest else None
    addresses = list(dict.fromkeys(addresses_of(step.to, kind.reach, here)))
    for address in addresses:
        reason = why_not(kind, address, here) if is_to_guest else ""
        yield Planned(number, step.kind, address, texts, language, is_to_guest, reason)
    if not addresses:
        yield Planned(number, step.kind, NOBODY, texts, None, is_to_guest, NOBODY_THERE)


def why_not(kind: StepKind, address: str, here: Circumstances) -> str:
    """Whether the law lets it go to this guest."""
    if kind.advertises:
        return here.verdicts.get((kind.reach, address), NOT_KNOWN_TO_AGREE)
    is_seen = kind.is_shown_to_guests or Role.GUEST in kind.takes
    return WINS_BACK if here.wins_back and is_seen else ""


def written(
    step: ReadStep, name: str, channel: Channel, length_max: int, here: Circumstances
) -> str:
    filled = fill(step.texts[name], here.facts, here.vocabulary, channel, here.show)
    return filled[: 2 * length_max]


def addresses_of(recipient: Recipient, reach: Reach, here: Circumstances) -> list[str]:
    """Mail addresses, numbers, the id of a webhook; none if nobody is reached so."""
    if recipient.role in (Role.ADDRESS, Role.WEBHOOK):
        return [recipient.what]
    if recipient.role is Role.STAFF:
        return list(here.staff.get(recipient.what, ()))
    whose = "guest" if recipient.role is Role.GUEST else "house"
    address = here.facts.get(f"{whose}.{reach}")
    return [address] if address else []


def vocabulary_of(facts: Sequence[Fact]) -> Vocabulary:
    return {fact.name: fact for fact in facts}


def ids_in(facts: Facts) -> list[str]:
    """What the facts are about, by name: the ids of orders, reservations and their guests."""
    return [
        str(value)
        for name, value in sorted(facts.items())
        if name.endswith(".id") and name != HOUSE and value
    ]
