"""What is done about dockets when nobody says anything."""

from basis.kit.data.jobs import Every, Job
from kitchenasty.printing.service import forget_old_printouts

REGULAR = (Every(86_400, Job("printing.forget", forget_old_printouts)),)
