"""Which account at a provider is which guest, and which trips to a provider have ended."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Id
from kitchenasty.kit.tables import Model, Record


class GuestIdentityRow(Record):
    """A guest may come in by this. The subject is the provider's own name for the person, which
    never changes and is never given to another; the mail is kept to tell several apart.
    """

    __tablename__ = "guest_identities"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    customer_id: Mapped[Id] = mapped_column(
        ForeignKey("customers.id", ondelete="CASCADE"), index=True
    )
    issuer: Mapped[str] = mapped_column(String(300))
    subject: Mapped[str] = mapped_column(String(255))
    email: Mapped[str | None] = mapped_column(String(254))
    created_at: Mapped[datetime]
    used_at: Mapped[datetime]


class SpentTripRow(Model):
    """A trip to a provider that came back; none comes back twice."""

    __tablename__ = "spent_trips"

    id: Mapped[Id] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
