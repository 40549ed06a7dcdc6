"""What goes on while the house is closed to guests."""

from __future__ import annotations

OPEN_IN_MAINTENANCE = (
    # The staff comes in, and letters lead where they say.
    "/sign-in", "/sign-out", "/setup", "/invite/", "/reset/", "/forgotten", "/confirm/", "/move/",
    "/api/auth/", "/api/staff/invite/", "/api/staff/accept-invite",
    # What was ordered is followed and paid, and providers tell what they know.
    "/t/", "/push/", "/api/payments/", "/api/orders/", "/live", "/socket.io",
    # The law wants these to be read at any time.
    "/legal/", "/api/legal",
    # Machines look after the server, and pages look as they should.
    "/health/", "/api/health", "/metrics", "/api/docs", "/api/openapi", "/static/", "/style.css",
    "/uploads/", "/looks", "/brand.css", "/site.webmanifest", "/kitchen/sw.js",
)  # fmt: skip
"""Where guests still get to while the house is closed for maintenance."""
