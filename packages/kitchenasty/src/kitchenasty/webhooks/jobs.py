"""What is done about deliveries when nobody says anything."""

from basis.kit.data.jobs import Every, Job
from kitchenasty.webhooks.deliveries import forget_old_deliveries

REGULAR = (Every(86_400, Job("webhooks.forget", forget_old_deliveries)),)
