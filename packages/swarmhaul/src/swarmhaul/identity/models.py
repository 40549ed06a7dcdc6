"""Nonces that were spent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from swarmhaul.kit.tables import KEY_LENGTH, Model


class SpentNonce(Model):
    """Kept until the statement it belonged to has expired: then time refuses it."""

    __tablename__ = "spent_nonces"

    signer: Mapped[str] = mapped_column(String(KEY_LENGTH), primary_key=True)
    nonce: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
