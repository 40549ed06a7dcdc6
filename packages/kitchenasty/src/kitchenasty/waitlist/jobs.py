"""What is done about the waiting list when nobody says anything."""

from basis.kit.data.jobs import Every, Job
from kitchenasty.waitlist.service import LAPSE_JOB, forget_past, lapse

LAPSES = (Job(LAPSE_JOB, lapse),)
REGULAR = (Every(86_400, Job("waitlist.forget", forget_past)),)
