"""The doors of webhooks, for the composition root."""

from kitchenasty.webhooks.jobs import REGULAR
from kitchenasty.webhooks.letters import WRITERS
from kitchenasty.webhooks.routes import WebhooksApi
from kitchenasty.webhooks.subscriptions import listen

__all__ = ["REGULAR", "WRITERS", "WebhooksApi", "listen"]
