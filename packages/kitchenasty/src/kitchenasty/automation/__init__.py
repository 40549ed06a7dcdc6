"""Rules that owners make without code: when something happens, on a condition, do this.

The engine knows no slice: each brings its facts, `main` hands them in.
"""

from kitchenasty.automation.acting import KEPT_DAYS, remember
from kitchenasty.automation.channels import Channel
from kitchenasty.automation.checker import Mistake
from kitchenasty.automation.conditions import (
    ALWAYS,
    Condition,
    Every,
    Not,
    Operator,
    Question,
    Some,
    Value,
    read_condition,
    write_condition,
)
from kitchenasty.automation.engine import Deed, Doing, Engine
from kitchenasty.automation.evaluation import ALLOWED, Answer, Asked
from kitchenasty.automation.jobs import job_of, listen, watch_clock
from kitchenasty.automation.presets import PRESETS, Preset
from kitchenasty.automation.queries import (
    Effect,
    KeptRule,
    RuleNotFound,
    Run,
    list_rules,
    list_runs,
    load_rule,
    load_version,
    tally,
)
from kitchenasty.automation.rehearsal import DAYS_MAX, Rehearsal, Rehearsed, only_in, rehearse
from kitchenasty.automation.rules import (
    Reach,
    Role,
    Step,
    StepKind,
    TextField,
    Written,
    read_document,
    read_recipient,
)
from kitchenasty.automation.service import (
    NAME_LENGTH_MAX,
    RuleChanged,
    RuleHasMistakes,
    RuleRefused,
    add_rule,
    change_rule,
    remove_rule,
    switch_rule,
)
from kitchenasty.automation.states import OUTCOME_WORDS, EffectState, Outcome
from kitchenasty.automation.templates import (
    Place,
    Template,
    TemplateUnreadable,
    fill,
    read_template,
)

__all__ = [
    "ALLOWED",
    "ALWAYS",
    "DAYS_MAX",
    "KEPT_DAYS",
    "NAME_LENGTH_MAX",
    "OUTCOME_WORDS",
    "PRESETS",
    "Answer",
    "Asked",
    "Channel",
    "Condition",
    "Deed",
    "Doing",
    "Effect",
    "EffectState",
    "Engine",
    "Every",
    "KeptRule",
    "Mistake",
    "Not",
    "Operator",
    "Outcome",
    "Place",
    "Preset",
    "Question",
    "Reach",
    "Rehearsal",
    "Rehearsed",
    "Role",
    "RuleChanged",
    "RuleHasMistakes",
    "RuleNotFound",
    "RuleRefused",
    "Run",
    "Some",
    "Step",
    "StepKind",
    "Template",
    "TemplateUnreadable",
    "TextField",
    "Value",
    "Written",
    "add_rule",
    "change_rule",
    "fill",
    "job_of",
    "list_rules",
    "list_runs",
    "listen",
    "load_rule",
    "load_version",
    "only_in",
    "read_condition",
    "read_document",
    "read_recipient",
    "read_template",
    "rehearse",
    "remember",
    "remove_rule",
    "switch_rule",
    "tally",
    "watch_clock",
    "write_condition",
]
