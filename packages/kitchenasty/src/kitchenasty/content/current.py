"""The site that the page being made shows."""

from __future__ import annotations

from contextvars import ContextVar

from kitchenasty.content.looks import Site

current_site: ContextVar[Site] = ContextVar("current_site", default=Site())  # noqa: B039  # frozen
