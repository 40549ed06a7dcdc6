"""The controllers of the pages of rules, for the composition root."""

from kitchenasty.dashboard.automation.pages import RulePages

RULE_DOORS = (RulePages,)
