"""The doors of this part of the office, for the composition root."""

from __future__ import annotations

from litestar.types import ControllerRouterHandler

from kitchenasty.dashboard.system.audit_pages import AuditExport, AuditPages
from kitchenasty.dashboard.system.key_pages import KeyPages
from kitchenasty.dashboard.system.metrics_pages import MetricsExport, MetricsPages
from kitchenasty.dashboard.system.routes import DeveloperApi, MetricsApi
from kitchenasty.dashboard.webhooks.pages import WebhookPages

SYSTEM_DOORS: list[ControllerRouterHandler] = [
    KeyPages,
    WebhookPages,
    AuditPages,
    AuditExport,
    MetricsPages,
    MetricsExport,
    DeveloperApi,
    MetricsApi,
]
