"""Counting what was noted."""

from __future__ import annotations

from basis.kit.data.jobs import Every, Job
from kitchenasty.reports.counting import COUNT_JOB, take_turn

JOBS = (Job(COUNT_JOB, take_turn),)
# Whatever was noted while no event came: all orders, after an upgrade.
REGULAR = (Every(600, Job("reports.count_rest", take_turn)),)
